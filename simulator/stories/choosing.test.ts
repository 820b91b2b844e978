import { expect, test } from 'vitest'
import { story } from '../../agent/workflows/story.ts'
import { SiteConfig } from '../../config/site.ts'

const door = (name: string, channel: number, more: object = {}) => ({
  ...{ name, size: 'S', height_mm: 1_500, device: 'board', channel },
  ...more,
})
const site = SiteConfig.parse({
  unit: 'bank',
  lines: [{ name: 'bus', serial: { path: '/dev/null' } }],
  devices: [
    { name: 'board', line: 'bus', driver: 'lock-8a' },
    { name: 'scanner', line: 'bus', driver: 'line-scanner' },
  ],
  compartments: [door('A', 1), door('B', 2, { zone: 'indoors' }), door('C', 3), door('D', 4, { size: 'M' })],
})

async function bank() {
  const s = story(site)
  await s.closedAll()
  const stay = async (booking: string, zone?: string) => {
    await s.book(booking, zone === undefined ? {} : { zone })
    await s.scan(`${booking}:1111`)
    const name = s.opened().at(-1) ?? ''
    for (const open of [true, false]) await s.door(name, open)
    await s.scan(`${booking}:2222`)
    for (const open of [true, false]) await s.door(name, open)
    return name
  }
  return { ...s, stay }
}

test('doors of one kind take turns, so that all wear alike; a larger one is left alone', async () => {
  const s = await bank()
  const used: string[] = []
  for (let number = 1; number <= 6; number++) used.push(await s.stay(`K${number}`))
  expect(used).toEqual(['A', 'B', 'C', 'A', 'B', 'C'])
})

test('a booking for a zone gets a door there, or none', async () => {
  const s = await bank()
  expect(await s.stay('K1', 'indoors')).toBe('B')
  await s.book('K2', { zone: 'annexe' })
  s.lines()
  await s.scan('K2:1111')
  expect(s.lines()).toEqual(['claim-refused K2 deposit full'])
})
