import { expect, test } from 'vitest'
import { SiteConfig } from '../../../config/site.ts'
import { AMOX, INHALER, LISI, plainSite } from './kiosk-site.ts'
import { type Kiosk, kiosk } from './kiosk-story.ts'

const CODEINE = '00302345678907'
const INSULIN = '00342345678903'
const SPARE = '00352345678902'

/** The same kiosk, with products in its formulary that it may not hold, or does not. */
const site = SiteConfig.parse({
  ...plainSite,
  products: [
    ...plainSite.products,
    { gtin: CODEINE, name: 'Codeine', controlled: true },
    { gtin: INSULIN, name: 'Insulin', refrigerated: true },
    { gtin: SPARE, name: 'Ibuprofen' },
  ],
})

const one = (gtin: string, packs = 1) => ({ items: [{ gtin, packs }] })

test.each<[string, Parameters<Kiosk['prescribe']>[1] & object, string]>([
  ['that is over already', { until: 1_700_000_000_000 }, 'its time was over before it came'],
  [
    'of more packs than fit into the tray',
    { items: [AMOX, LISI, INHALER, SPARE].map(gtin => ({ gtin, packs: 4 })) },
    'more than 12 packs do not fit into the tray',
  ],
  [
    'that names a product twice',
    {
      items: [
        { gtin: AMOX, packs: 1 },
        { gtin: AMOX, packs: 2 },
      ],
    },
    'it names a product twice',
  ],
  ['of what nobody knows', one('00350242040600'), '00350242040600 is not in the formulary of this kiosk'],
  ['of a controlled substance', one(CODEINE), 'Codeine is a controlled substance: no kiosk gives it out'],
  ['of what must be kept cold', one(INSULIN), 'Insulin must be kept cold: this kiosk does not hold it'],
  ['of what no lane holds', one(SPARE), 'no lane holds Ibuprofen'],
])('a prescription %s is not taken in', async (_what, about, why) => {
  const s = await kiosk({ site })
  expect(await s.prescribe('RX1', about)).toEqual({ outcome: 'refused', why })
  expect(s.told()).toEqual([])
  expect(s.known().prescription('RX1')).toBeUndefined()
})

test('twelve packs are taken in', async () => {
  const s = await kiosk()
  expect(
    await s.prescribe('RX1', { items: [AMOX, LISI, INHALER].map(gtin => ({ gtin, packs: 4 })) }),
  ).toEqual({
    outcome: 'done',
  })
  expect(s.known().prescription('RX1')?.items).toHaveLength(12)
})

test('an id is taken once: while it is here, and when it is over', async () => {
  const s = await kiosk()
  await s.prescribe('RX1')
  expect(await s.prescribe('RX1')).toMatchObject({ why: 'prescription RX1 is here already' })
  await s.cloud({ kind: 'withdraw', prescription: 'RX1', reason: 'changed', by: 'physician' })
  expect(await s.prescribe('RX1')).toMatchObject({ why: 'prescription RX1 was here already' })
})

test('a policy that no pharmacist signed off takes nothing in', async () => {
  const s = await kiosk({ rules: undefined })
  expect(await s.prescribe('RX1')).toEqual({
    outcome: 'refused',
    why: 'the kiosk is out of service: no pharmacist has signed off its policy pack',
  })
})

test('a policy of refills only takes in refills only', async () => {
  const s = await kiosk({ rules: { refills_only: true } })
  expect(await s.prescribe('RX1')).toMatchObject({ why: 'the policy of this kiosk gives out refills only' })
  expect(await s.prescribe('RX2', { refill: true })).toEqual({ outcome: 'done' })
})

test('a kiosk that cannot serve takes nothing in, and says what is wrong with it', async () => {
  const s = await kiosk()
  await s.pass(10)
  await s.report('printer', { type: 'printer', ready: false })
  expect(await s.prescribe('RX1')).toMatchObject({ why: 'the kiosk is out of service: printer is not ready' })
})

test('a prescription that comes while devices have not spoken yet after a start is taken in; nobody is served before', async () => {
  const s = await kiosk()
  await s.pass(60)
  await s.cutPower(5)
  expect(await s.prescribe('RX1')).toEqual({ outcome: 'done' })
  await s.pass(11)
  expect(await s.prescribe('RX2')).toMatchObject({ outcome: 'refused' })
})

test('what a patient does at the kiosk is no reason to refuse the prescription of another', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  await s.show('RX1')
  await s.type('604938#')
  await s.printed()
  await s.falls('a1')
  await s.door(true)
  expect(s.phase()).toBe('delivering')
  expect(await s.prescribe('RX2')).toEqual({ outcome: 'done' })
})

test.each<[string, (s: Kiosk) => Promise<unknown>, string]>([
  [
    'for another content',
    s => s.state('RX1', 'release', { digest: '00'.repeat(32) }),
    'the statement is wrong-content',
  ],
  ['for another unit', s => s.state('RX1', 'release', { unit: 'clinic-2' }), 'the statement is wrong-unit'],
  [
    'of tomorrow',
    s => s.state('RX1', 'release', { at: s.clock.wall() + 121_000 }),
    'the statement is from-the-future',
  ],
  [
    'for what is not here',
    s => s.state('RX9', 'release', { digest: '00'.repeat(32) }),
    'there is no prescription RX9 here',
  ],
  [
    'that was tampered with',
    s => s.cloud({ kind: 'state', statement: tampered(s.statement('RX1', 'release')) }),
    'no pharmacist',
  ],
])('a release %s releases nothing', async (_what, release, why) => {
  const s = await kiosk()
  await s.prescribe('RX1')
  s.told()
  const answer = await release(s)
  expect(answer).toMatchObject({ outcome: 'refused', why: expect.stringContaining(why) })
  expect(s.told()[0]).toMatch(/^statement-refused/)
  expect(s.known().prescription('RX1')?.release).toBeUndefined()
})

const tampered = (text: string): string =>
  `${text.slice(0, 100)}${text[100] === 'x' ? 'y' : 'x'}${text.slice(101)}`

test('a prescription is released once', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  expect(await s.state('RX1', 'release')).toEqual({ outcome: 'refused', why: 'it is released already' })
})

test('what was changed on its way here fits no signature: the label, the packs, the price, the time', async () => {
  for (const about of [
    { due: 1 },
    { refill: true },
    { first_time: true },
    { items: [{ gtin: AMOX, packs: 2 }] },
  ]) {
    const s = await kiosk()
    await s.prescribe('RX1')
    const reviewed = s.statement('RX1', 'release')
    const other = await kiosk()
    await other.prescribe('RX1', about)
    expect(await other.cloud({ kind: 'state', statement: reviewed })).toMatchObject({
      why: 'the statement is wrong-content',
    })
  }
})

test('what is known of the patient lies nowhere in clear', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  await s.show('RX1')
  await s.type('604938#')
  expect(s.phase()).toBe('printing')
  const disk = s.store().snapshot().toString('latin1')
  expect(disk).toContain('RX1')
  expect(disk).not.toContain('Zebulon')
  expect(disk).not.toContain('Quisling')
})
