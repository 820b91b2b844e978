import { expect, test } from 'vitest'
import { SiteConfig } from '../../config/site.ts'
import { power } from './power.ts'
import { site as locker, story } from './story.ts'

const CONTACTS = {
  mains_lost: { device: 'ups', input: 'mains-lost' },
  battery_low: { device: 'ups', input: 'battery-low' },
  battery_critical: { device: 'ups', input: 'battery-critical' },
}

const siteWith = (power?: Partial<typeof CONTACTS>) =>
  SiteConfig.parse({
    ...locker,
    devices: [
      ...locker.devices,
      { name: 'ups', line: 'bus', driver: 'modbus-inputs' },
      { name: 'cabinet', line: 'bus', driver: 'modbus-inputs' },
    ],
    ...(power ? { power } : {}),
  })

function unit(site = siteWith(CONTACTS)) {
  const played = story(site)
  const said = new Map<string, boolean>()
  return {
    ...played,
    /** A contact changes, or is read for the first time. */
    async contact(input: string, on: boolean, device = 'ups') {
      await played.report(device, { type: 'input', name: input, on, was: said.get(input) })
      said.set(input, on)
    },
    async silent() {
      said.clear()
      await played.report('ups', { type: 'offline', why: 'no-reply' })
    },
    async restart(seconds: number) {
      said.clear()
      await played.cutPower(seconds)
    },
    minutes: (minutes: number) => played.pass(minutes * 60),
    /** The stages that were written down since this was last called. */
    stages: () => played.lines().flatMap(line => (line.startsWith('power-changed ') ? [line.slice(14)] : [])),
  }
}

test('without mains it goes down by time alone, to the moment, and up again when mains has settled', async () => {
  const s = unit()
  await s.contact('mains-lost', false)
  expect(s.stages()).toEqual([])
  await s.contact('mains-lost', true)
  expect(s.stages()).toEqual(['on-battery mains-lost'])
  await s.pass(60 * 60 - 1)
  expect(s.stages()).toEqual([])
  await s.pass(1)
  expect(s.stages()).toEqual(['low time-on-battery'])
  await s.pass(180 * 60 - 1)
  expect(s.stages()).toEqual([])
  await s.pass(1)
  expect(s.stages()).toEqual(['hibernating time-on-battery'])
  await s.minutes(10_000)
  await s.contact('mains-lost', false)
  await s.pass(29)
  expect(s.stages()).toEqual([])
  await s.pass(1)
  expect(s.stages()).toEqual(['normal mains-back'])
  expect([...s.store().processes.all()].filter(({ workflow }) => workflow === 'power')).toEqual([])
})

test('the contacts of the battery come before the time, and one that goes off again on battery helps nothing', async () => {
  const s = unit()
  await s.contact('mains-lost', true)
  await s.contact('battery-low', true)
  await s.contact('battery-low', false)
  await s.contact('battery-critical', true)
  await s.contact('battery-critical', false)
  expect(s.stages()).toEqual(['on-battery mains-lost', 'low battery-low', 'hibernating battery-critical'])
  await s.minutes(1_000)
  expect(s.stages()).toEqual([])
})

test('a battery that is charged while there is mains bars nothing; without mains it counts at once', async () => {
  const s = unit()
  await s.contact('mains-lost', false)
  await s.contact('battery-low', true)
  await s.minutes(100)
  expect(s.stages()).toEqual([])
  await s.contact('mains-lost', true)
  expect(s.stages()).toEqual(['low battery-low'])
})

test('mains that comes and goes writes nothing twice, settles anew each time, and takes no time off the battery', async () => {
  const s = unit()
  await s.contact('mains-lost', true)
  for (let second = 0; second < 30 * 60; second += 60) {
    await s.pass(31)
    await s.contact('mains-lost', false)
    await s.pass(29)
    await s.contact('mains-lost', true)
  }
  expect(s.stages()).toEqual(['on-battery mains-lost'])
  await s.minutes(29)
  expect(s.stages()).toEqual([])
  await s.minutes(1)
  expect(s.stages()).toEqual(['low time-on-battery'])
})

test('while mains settles no time runs out; when it goes again, what ran out counts at once', async () => {
  const s = unit()
  await s.contact('mains-lost', true)
  await s.pass(60 * 60 - 10)
  await s.contact('mains-lost', false)
  await s.pass(20)
  expect(s.stages()).toEqual(['on-battery mains-lost'])
  await s.contact('mains-lost', true)
  expect(s.stages()).toEqual(['low time-on-battery'])
})

test('once it was normal the time on battery begins anew', async () => {
  const s = unit()
  await s.contact('mains-lost', true)
  await s.minutes(59)
  await s.contact('mains-lost', false)
  await s.pass(30)
  await s.contact('mains-lost', true)
  await s.minutes(59)
  expect(s.stages()).toEqual(['on-battery mains-lost', 'normal mains-back', 'on-battery mains-lost'])
})

test('while its board is silent a stage stands, however long; what is read then counts at once', async () => {
  const s = unit()
  await s.contact('mains-lost', true)
  await s.silent()
  await s.minutes(100)
  expect(s.stages()).toEqual(['on-battery mains-lost'])
  await s.contact('mains-lost', true)
  expect(s.stages()).toEqual(['low time-on-battery'])
})

test('mains that nobody saw while its board was silent settles anew', async () => {
  const s = unit()
  await s.contact('mains-lost', true)
  await s.contact('mains-lost', false)
  await s.pass(20)
  await s.silent()
  await s.pass(5)
  await s.contact('mains-lost', false)
  await s.pass(29)
  expect(s.stages()).toEqual(['on-battery mains-lost'])
  await s.pass(1)
  expect(s.stages()).toEqual(['normal mains-back'])
})

test('a battery on a board of its own counts on while that of the mains is silent', async () => {
  const apart = { ...CONTACTS, battery_critical: { device: 'cabinet', input: 'battery-critical' } }
  const s = unit(siteWith(apart))
  await s.contact('mains-lost', true)
  await s.silent()
  await s.contact('battery-critical', true, 'cabinet')
  expect(s.stages()).toEqual(['on-battery mains-lost', 'hibernating battery-critical'])
})

test('after a restart the stage stands until the contacts are read, and the time went on', async () => {
  const s = unit()
  await s.contact('mains-lost', true)
  await s.restart(20 * 60)
  await s.contact('mains-lost', true)
  await s.pass(40 * 60 - 1)
  expect(s.stages()).toEqual(['on-battery mains-lost'])
  await s.pass(1)
  expect(s.stages()).toEqual(['low time-on-battery'])
  await s.restart(300 * 60)
  await s.minutes(10)
  expect(s.stages()).toEqual([])
  await s.contact('mains-lost', true)
  expect(s.stages()).toEqual(['hibernating time-on-battery'])
})

test('after a restart mains must settle as if it had come just then', async () => {
  const s = unit()
  await s.contact('mains-lost', true)
  await s.contact('mains-lost', false)
  await s.pass(20)
  await s.restart(60)
  await s.minutes(10)
  await s.contact('mains-lost', false)
  await s.pass(29)
  expect(s.stages()).toEqual(['on-battery mains-lost'])
  await s.pass(1)
  expect(s.stages()).toEqual(['normal mains-back'])
})

test('a site with a contact of the battery alone is low while that is on, and goes on down by time', async () => {
  const s = unit(siteWith({ battery_low: CONTACTS.battery_low }))
  await s.contact('battery-low', true)
  await s.minutes(240)
  expect(s.stages()).toEqual(['low battery-low', 'hibernating time-on-battery'])
  await s.contact('battery-low', false)
  await s.pass(30)
  expect(s.stages()).toEqual(['normal mains-back'])
})

test('contacts of the same name elsewhere, and others of that board, are none of its business', async () => {
  const s = unit()
  await s.contact('mains-lost', true, 'cabinet')
  await s.contact('tamper', true)
  await s.silence()
  expect(s.stages()).toEqual([])
  const heard = (device: string, name: string) =>
    power.hears({ type: 'report', device, report: { type: 'input', name, on: true, was: false } }, s.known())
  expect([heard('cabinet', 'mains-lost'), heard('ups', 'tamper')]).toEqual([undefined, undefined])
  expect(heard('ups', 'mains-lost')).toMatchObject({ key: 'mains' })
})

test('a site without a plan has no stages, and one that loses its plan is normal from its next start', async () => {
  const none = unit(siteWith())
  await none.contact('mains-lost', true)
  expect(none.stages()).toEqual([])

  const site = siteWith(CONTACTS)
  const s = unit(site)
  await s.contact('mains-lost', true)
  await s.contact('battery-critical', true)
  s.stages()
  delete site.power
  await s.restart(10)
  await s.contact('mains-lost', true)
  expect(s.stages()).toEqual(['normal no-plan'])
})

test('what changes nothing is not written to the flash', async () => {
  const s = unit()
  await s.contact('mains-lost', true)
  await s.contact('battery-critical', true)
  let writes = 0
  const { processes } = s.store()
  const save = processes.save
  processes.save = (...row) => {
    if (row[0] === 'power') writes++
    save(...row)
  }
  for (const on of [false, true, false, true]) await s.contact('battery-low', on)
  expect(writes).toBe(0)
  await s.contact('mains-lost', false)
  expect(writes).toBe(1)
})
