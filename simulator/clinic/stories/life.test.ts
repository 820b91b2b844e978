import { expect, test } from 'vitest'
import { INHALER } from './kiosk-site.ts'
import { DIGITS, HOUR, type Kiosk, kiosk, type Setting } from './kiosk-story.ts'
import { fresh, upTo } from './stages.ts'

const inhaler = { items: [{ gtin: INHALER, packs: 1 }] }
const DAY = 24 * HOUR

/** Seconds pass, and the cloud is heard all the while. */
async function wait(s: Kiosk, seconds: number): Promise<void> {
  await s.pass(seconds)
  s.heard()
}

const heldFor = (s: Kiosk, serial: string, gtin = INHALER) => s.known().shelf.heldFor({ gtin, serial })
const over = (s: Kiosk, id = 'RX1') => s.known().prescription(id) === undefined

test('packs are held for as long as the lease lasts, and then they are for whoever comes', async () => {
  const s = await kiosk({ rules: { lease_hours: 2 } })
  await s.ready('RX1', inhaler)
  await wait(s, 2 * 3_600 - 1)
  expect(heldFor(s, 'c1')).toBe('RX1')
  s.told()
  await wait(s, 2)
  expect(s.told()).toEqual(['lease-ended RX1'])
  expect(heldFor(s, 'c1')).toBeUndefined()
  await s.ready('RX2', inhaler)
  expect(heldFor(s, 'c1')).toBe('RX2')
})

test('who comes after the lease gets a pack if there is one', async () => {
  const s = await kiosk({ rules: { lease_hours: 2 } })
  await s.ready('RX1', inhaler)
  await wait(s, 2 * 3_600 + 1)
  await upTo(s, 'unlocking')
  await s.takes()
  expect(s.told()).toContain('prescription-ended RX1 handed-over')
})

test('who comes after the lease and walks away does not hold the pack for ever', async () => {
  const s = await kiosk({ rules: { lease_hours: 2 } })
  await s.ready('RX1', inhaler)
  await wait(s, 2 * 3_600 + 1)
  await s.show('RX1')
  await wait(s, 121)
  expect(s.told().at(-1)).toBe('session-ended RX1 walked-away')
  await wait(s, 3 * 3_600)
  await s.ready('RX2', inhaler)
  expect(heldFor(s, 'c1')).toBe('RX2')
})

test('who is released after the lease does not hold the pack for ever', async () => {
  const s = await kiosk({ rules: { lease_hours: 2 } })
  await s.prescribe('RX1', inhaler)
  await wait(s, 2 * 3_600 + 1)
  await s.state('RX1', 'release')
  await wait(s, 3 * 3_600)
  await s.ready('RX2', inhaler)
  expect(heldFor(s, 'c1')).toBe('RX2')
})

test('what was missing is looked for again each minute, and held once it is loaded', async () => {
  const s = await kiosk({ stock: [] })
  await s.ready('RX1', inhaler)
  expect(s.told()).toContain(`out-of-stock RX1 ${INHALER} 1`)
  await s.fill({ lane: 'C1', serials: ['c1'] })
  await s.pass(61)
  expect(s.told()).toContain('reserved RX1 c1')
})

test('released and never taken: not collected; never released: expired. Its pack is free again', async () => {
  const s = await kiosk()
  const until = s.clock.wall() + HOUR
  await s.ready('RX1', { ...inhaler, until })
  await s.prescribe('RX2', { until })
  s.told()
  await s.pass(3_601)
  expect(s.told()).toEqual(
    expect.arrayContaining(['prescription-ended RX1 not-collected', 'prescription-ended RX2 expired']),
  )
  expect(heldFor(s, 'c1')).toBeUndefined()
})

test('time that ends while the power is out ends it when the unit is back', async () => {
  const s = await kiosk()
  await s.ready('RX1', { ...inhaler, until: s.clock.wall() + HOUR })
  s.told()
  await s.cutPower(7_200)
  expect(s.told()[0]).toBe('prescription-ended RX1 not-collected')
})

const withdraw = (s: Kiosk) =>
  s.cloud({ kind: 'withdraw', prescription: 'RX1', reason: 'changed', by: 'physician' })

test.each<[string, (s: Kiosk) => Promise<unknown>]>([
  ['withdrawn', withdraw],
  ['rejected', s => s.state('RX1', 'reject')],
])('%s: nothing is given out any more, and its pack is free again', async (why, ends) => {
  const s = await kiosk()
  await s.ready('RX1', inhaler)
  s.told()
  expect(await ends(s)).toEqual({ outcome: 'done' })
  expect(s.told()[0]).toBe(`prescription-ended RX1 ${why}`)
  expect(heldFor(s, 'c1')).toBeUndefined()
  await s.show('RX1')
  expect(s.told().at(-1)).toBe('token-refused unknown RX1')
  expect(await ends(s)).toMatchObject({ outcome: 'refused' })
})

test('nobody takes a prescription out of the hands of whoever is served with it', async () => {
  for (const stage of ['verifying', 'vending', 'open'] as const) {
    const s = await kiosk()
    await s.ready('RX1')
    await upTo(s, stage)
    expect(await withdraw(s)).toEqual({ outcome: 'refused', why: 'somebody is being served with it' })
    expect(await s.state('RX1', 'reject')).toEqual({
      outcome: 'refused',
      why: 'somebody is being served with it',
    })
    expect(over(s)).toBe(false)
  }
})

test('time that ends while somebody is served ends it afterwards', async () => {
  const s = await kiosk()
  await s.ready('RX1', { until: s.clock.wall() + 60_000 })
  await upTo(s, 'open')
  await s.pass(300)
  expect(over(s)).toBe(false)
  await s.takes()
  expect(s.told()).toContain('prescription-ended RX1 handed-over')
  await s.pass(300)
  expect(s.told().filter(line => line.startsWith('prescription-ended'))).toEqual([])
})

const keeping = (days: number): Setting => ({ rules: { personal_data_days: days } })

test('what is known of the patient is destroyed so many days after the end, and no trace of it is left', async () => {
  const s = await kiosk(keeping(3))
  await s.ready('RX1')
  const box = s.store().vault.get('RX1')
  await withdraw(s)
  await s.pass((3 * DAY) / 1_000 - 1)
  expect(s.store().vault.get('RX1')).toEqual(box)
  s.told()
  await s.pass(2)
  expect(s.told()).toEqual(['personal-data-destroyed RX1'])
  expect(s.store().vault.get('RX1')).toBeUndefined()
  expect(box?.key).toBeDefined()
  expect(
    s
      .store()
      .snapshot()
      .includes(box?.key ?? ''),
  ).toBe(false)
})

test('what must be destroyed while the power is out is destroyed when the unit is back', async () => {
  const s = await kiosk(keeping(1))
  await s.ready('RX1')
  await withdraw(s)
  await s.cutPower((2 * DAY) / 1_000)
  await s.pass(1)
  expect(s.store().vault.get('RX1')).toBeUndefined()
})

test('an id that was used is known for a month after its time, however it ended', async () => {
  const s = await kiosk({ stock: [] })
  const until = s.clock.wall() + HOUR
  await s.prescribe('RX1', { until })
  await withdraw(s)
  await s.pass(30 * 86_400)
  expect(await s.prescribe('RX1', { until: s.clock.wall() + HOUR })).toMatchObject({
    why: 'prescription RX1 was here already',
  })
  await s.pass(3_700)
  expect(await s.prescribe('RX1', { until: s.clock.wall() + HOUR })).toEqual({ outcome: 'done' })
})

test('what was released yesterday is still released, and its patient still proves it', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  await s.cutPower(20 * 3_600)
  await s.online()
  s.heard()
  fresh(s)
  await s.show('RX1')
  await s.type(`${DIGITS}#`)
  expect(s.told().slice(-2)).toEqual(['verified RX1 factor', 'print-ordered RX1'])
})
