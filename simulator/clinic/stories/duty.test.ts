import { expect, test } from 'vitest'
import { DIGITS, type Kiosk, kiosk } from './kiosk-story.ts'
import { upTo } from './stages.ts'

/** Supervision must be renewed each minute. */
const supervised = async (): Promise<Kiosk> => {
  const s = await kiosk({ rules: { pharmacist_lease_seconds: 60 } })
  await s.ready('RX1')
  s.told()
  return s
}

const served = async (s: Kiosk): Promise<boolean> => {
  await s.show('RX1')
  const begun = s.phase() === 'verifying'
  if (begun) await s.pass(121)
  return begun
}

test('presence is signed, written down, and lasts as long as was promised', async () => {
  const s = await supervised()
  expect(await s.onDuty(30)).toEqual({ outcome: 'done' })
  expect(s.told()).toEqual(['pharmacist-present'])
  await s.pass(29)
  expect(await served(s)).toBe(true)
  expect(await served(s)).toBe(false)
})

test('however long somebody promises to be there, supervision must be renewed as often as the policy says', async () => {
  const s = await supervised()
  await s.onDuty(8 * 3_600)
  await s.pass(59)
  expect(s.known().pharmacistUntil).toBe(s.clock.wall() + 1_000)
  await s.pass(1)
  expect(await served(s)).toBe(false)
})

test('an older promise never shortens a later one', async () => {
  const s = await supervised()
  const long = s.statement('clinic-1', 'on-duty', { until: s.clock.wall() + 50_000 })
  const short = s.statement('clinic-1', 'on-duty', { until: s.clock.wall() + 10_000 })
  await s.cloud({ kind: 'state', statement: long })
  expect(await s.cloud({ kind: 'state', statement: short })).toEqual({
    outcome: 'refused',
    why: 'a later promise is known already',
  })
  await s.pass(40)
  expect(await served(s)).toBe(true)
})

test('renewed in time, nobody is ever away', async () => {
  const s = await supervised()
  for (let times = 0; times < 5; times++) {
    await s.onDuty(60)
    await s.pass(59)
    expect(s.known().pharmacistUntil).toBeGreaterThan(s.clock.wall())
  }
})

test('a promise that is repeated does not last longer by it', async () => {
  const s = await kiosk({ rules: { pharmacist_lease_seconds: 60 } })
  const statement = s.statement('clinic-1', 'on-duty', { until: s.clock.wall() + 30_000 })
  for (let times = 0; times < 4; times++) {
    await s.cloud({ kind: 'state', statement })
    await s.pass(10)
  }
  expect(s.known().pharmacistUntil).toBeUndefined()
})

test.each<[string, (s: Kiosk) => object]>([
  ['for another unit', () => ({ prescription: 'clinic-2', unit: 'clinic-2' })],
  ['that is over', s => ({ at: s.clock.wall() - 600_000, until: s.clock.wall() - 121_000 })],
  ['of tomorrow', s => ({ at: s.clock.wall() + 121_000, until: s.clock.wall() + 900_000 })],
])('a promise %s is nobody’s presence', async (_what, terms) => {
  const s = await supervised()
  expect(await s.state('clinic-1', 'on-duty', { until: s.clock.wall() + 60_000, ...terms(s) })).toMatchObject(
    {
      outcome: 'refused',
    },
  )
  expect(s.told()).toEqual([expect.stringMatching(/^statement-refused/)])
  expect(await served(s)).toBe(false)
})

test('presence outlives a power cut, but not its end', async () => {
  const s = await supervised()
  await s.onDuty(60)
  await s.cutPower(30)
  await s.online()
  expect(s.known().pharmacistUntil).toBeGreaterThan(s.clock.wall())
  await s.cutPower(31)
  await s.online()
  expect(await served(s)).toBe(false)
})

test('a pharmacist who leaves while the label is printed supervises no motor', async () => {
  const s = await supervised()
  await s.onDuty(60)
  await s.pass(45)
  await s.show('RX1')
  await s.type(`${DIGITS}#`)
  await s.pass(20)
  await s.printed()
  expect(s.told().at(-1)).toBe('session-ended RX1 pharmacist-away')
  expect(s.turned()).toEqual([])
})

test('a policy that asks for nobody waits for nobody', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  await upTo(s, 'vending')
  expect(s.turned()).toEqual(['A1'])
})
