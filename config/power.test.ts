import { expect, test } from 'vitest'
import { z } from 'zod'
import { complainOf } from './complaint.ts'
import { PowerConfig } from './power.ts'

const mains_lost = { device: 'io', input: 'mains-lost' }

/** What a person is told who writes that under `power`; nothing where it is right. */
function told(power: unknown): string[] {
  const lines: string[] = []
  const schema = z.strictObject({ power: PowerConfig })
  const { error } = schema.safeParse({ power }, { reportInput: true })
  for (const issue of error?.issues ?? [])
    complainOf(
      issue,
      schema,
      (path, says, remedy) => void lines.push(`${path.join('.')} ${says} | ${remedy}`),
    )
  return lines
}

test('one contact is enough, whichever it is, and times are an hour, four hours and half a minute', () => {
  for (const name of ['mains_lost', 'battery_low', 'battery_critical'])
    expect(PowerConfig.parse({ [name]: mains_lost })).toEqual({
      [name]: mains_lost,
      low_after_minutes: 60,
      hibernate_after_minutes: 240,
      settle_seconds: 30,
    })
})

test('a plan without any contact is refused: it could never begin', () => {
  expect(told({ low_after_minutes: 5 })).toEqual([
    'power does not go with the other settings | Give it one of mains_lost, battery_low and battery_critical at least',
  ])
})

test.each([
  ['low_after_minutes', 1, 1_440],
  ['hibernate_after_minutes', 1, 1_440],
  ['settle_seconds', 5, 600],
])('%s goes from %d to %d, in whole numbers', (field, least, most) => {
  // The other time is out of the way, so that only this one is judged.
  const others = { low_after_minutes: 1, hibernate_after_minutes: 1_440 }
  const says = (value: number) => told({ mains_lost, ...others, [field]: value })
  for (const right of [least, most]) expect(says(right)).toEqual([])
  for (const wrong of [least - 1, most + 1, least + 0.5]) expect(says(wrong)).toHaveLength(1)
})

test('nearly empty never comes before low; both at once is right', () => {
  expect(told({ mains_lost, low_after_minutes: 60, hibernate_after_minutes: 60 })).toEqual([])
  expect(told({ mains_lost, low_after_minutes: 61, hibernate_after_minutes: 60 })).toEqual([
    'power.hibernate_after_minutes is 60 | Give it 61 or more, as low_after_minutes is 61',
  ])
  // Against what stands for a setting that was left out, too.
  expect(told({ mains_lost, low_after_minutes: 300 })).toEqual([
    'power.hibernate_after_minutes is 240 | Give it 300 or more, as low_after_minutes is 300',
  ])
})

test('a contact names its board and its input, and nothing else', () => {
  expect(told({ mains_lost: { device: 'io' } })).toHaveLength(1)
  expect(told({ mains_lost: { input: 'mains-lost' } })).toHaveLength(1)
  expect(told({ mains_lost: { device: 'io', input: '' } })).toHaveLength(1)
  expect(told({ mains_lost: { ...mains_lost, channel: 1 } })).toHaveLength(1)
  expect(told({ mains_lost, battery_full: mains_lost })).toHaveLength(1)
})
