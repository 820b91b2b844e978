import { expect, test } from 'vitest'
import { newSigner } from '../../cloud/mint.ts'
import { INHALER, pharmacist } from './kiosk-site.ts'
import { DIGITS, HOUR, type Kiosk, kiosk, type Setting } from './kiosk-story.ts'
import { at, upTo } from './stages.ts'

test('who shows their code, types their digits and takes the pack has it, and each step is written down', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  await upTo(s, 'unlocking')
  await s.takes()
  expect(s.told()).toEqual([
    'prescription-received RX1 00312345678906/1 false false',
    'reserved RX1 a1',
    'prescription-released RX1',
    'presented RX1',
    'verified RX1 factor',
    'print-ordered RX1',
    'printed RX1',
    'vend-ordered RX1 A1 00312345678906 a1 LOT1 2026-01-01',
    'vend-seen A1 dropped drop-sensor',
    'pack-checked 00312345678906 a1',
    'unlock-ordered DELIVERY 1 deliver RX1',
    'door-opened DELIVERY',
    'handed-over RX1 a1 sensor',
    'prescription-ended RX1 handed-over',
    'personal-data-destroyed RX1',
  ])
  expect(s.turned()).toEqual(['A1'])
  expect(s.opened()).toBe(1)
})

const COUNSEL = { when: 'never', before_loading: true, may_decline: true, wait_seconds: 60 } as const
/** It is a Tuesday. */
const WEDNESDAYS: Setting = { rules: { opening_hours: [{ days: ['wed'], from: '08:00', to: '18:00' }] } }

/** What was done before, and what is shown then. */
type Arrange = (s: Kiosk) => Promise<void>
const show: Arrange = s => s.show('RX1')

test.each<[string, string, Setting, Arrange, Arrange?]>([
  ['not-released', 'that no pharmacist released', {}, async s => void (await s.prescribe('RX1'))],
  ['burnt', 'whose second factor was guessed at too often', {}, guessedAt],
  ['expired', 'whose time is over', {}, outlived],
  ['unknown', 'that is not here', {}, async () => {}],
  [
    'out-of-stock',
    'for which no pack is free',
    {},
    async s => {
      await s.ready('RX2', { items: [{ gtin: INHALER, packs: 1 }] })
      await s.ready('RX1', { items: [{ gtin: INHALER, packs: 1 }] })
    },
  ],
  [
    'in-progress',
    'while somebody else is served',
    {},
    async s => {
      await s.ready('RX1')
      await s.ready('RX2')
      await s.show('RX2')
    },
  ],
  [
    'in-progress',
    'while a technician fills a lane',
    {},
    async s => {
      await s.ready('RX1')
      await s.desk({ kind: 'load', lane: 'A1', by: 'tech' })
    },
  ],
  ['closed', 'outside the opening hours', WEDNESDAYS, s => s.ready('RX1')],
  ['closed', 'on a holiday', { rules: { closed_on: ['2023-11-14'] } }, s => s.ready('RX1')],
  [
    'pharmacist-away',
    'while no pharmacist supervises',
    { rules: { pharmacist_lease_seconds: 60 } },
    s => s.ready('RX1'),
  ],
  [
    'offline-too-long',
    'when the cloud was not heard for twelve hours',
    {},
    async s => {
      await s.ready('RX1')
      await s.pass(12 * 3_600)
    },
  ],
  [
    'not-a-refill',
    'that is no refill under a policy of refills only',
    {},
    async s => {
      await s.ready('RX1')
      s.changePolicy({ refills_only: true })
    },
  ],
  [
    'not-counselled',
    'of which no pharmacist spoke before, under a policy that asks for it',
    {},
    async s => {
      await s.ready('RX1')
      s.changePolicy({ counselling: COUNSEL })
    },
  ],
])('%s: a prescription %s opens nothing', async (why, _what, setting, arrange) => {
  const s = await kiosk(setting)
  await arrange(s)
  const before = s.session()
  s.told()
  await show(s)
  expect(s.told()[0]).toBe(`token-refused ${why} RX1`)
  expect(s.session()).toEqual(before)
  expect(s.acts).toEqual([])
})

async function guessedAt(s: Kiosk): Promise<void> {
  await s.ready('RX1')
  await s.show('RX1')
  for (let tries = 0; tries < 5; tries++) await s.type('1111#')
}

async function outlived(s: Kiosk): Promise<void> {
  await s.ready('RX1', { until: s.clock.wall() + 100_000 })
  await s.show('RX1')
  await s.pass(121)
}

test.each<[string, string, Parameters<Kiosk['show']>[1] | ((s: Kiosk) => Parameters<Kiosk['show']>[1])]>([
  ['wrong-unit', 'made for another unit', { unit: 'clinic-2' }],
  ['wrong-action', 'made for something else', { action: 'deposit' }],
  ['too-early', 'of tomorrow', s => ({ notBefore: s.clock.wall() + 121_000 })],
  [
    'expired',
    'that is over',
    s => ({ notBefore: s.clock.wall() - 3 * HOUR, expires: s.clock.wall() - 121_000 }),
  ],
])('%s: a code %s opens nothing', async (why, _what, terms) => {
  const s = await kiosk()
  await s.ready('RX1')
  s.told()
  await s.show('RX1', typeof terms === 'function' ? terms(s) : terms)
  expect(s.told()).toEqual([`token-refused ${why}`])
  expect(s.session()).toBeUndefined()
})

test('a code that somebody else signed, or that was tampered with, opens nothing', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  s.told()
  const terms = { subject: 'RX1', unit: 'clinic-1', action: 'collect', id: new Uint8Array(12) }
  const hours = { notBefore: s.clock.wall(), expires: s.clock.wall() + HOUR }
  const thief = newSigner('operator', new Uint8Array(32).fill(9))
  await s.showText(thief.token({ ...terms, ...hours }))
  await s.showText(pharmacist.token({ ...terms, ...hours }))
  const good = s.token('RX1')
  await s.showText(`${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`)
  await s.showText('RX1:604938')
  await s.showText('')
  const told = s.told()
  expect(told).toHaveLength(5)
  expect(told.every(line => /^token-refused (bad-signature|unknown-key|unreadable)$/.test(line))).toBe(true)
  expect(s.session()).toBeUndefined()
})

test('a code that gave something out gives nothing out again; a new one does', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  const code = s.token('RX1')
  await s.showText(code)
  await s.type(`${DIGITS}#`)
  await s.printed()
  await s.turn('A1', 'jammed')
  await s.resolve('removed')
  s.told()
  await s.showText(code)
  expect(s.told()).toEqual(['token-refused used RX1'])
  await s.show('RX1')
  expect(s.told()).toContain('presented RX1')
})

test.each<[string, Arrange]>([
  ...['vmc', 'patient-scanner', 'tray-scanner', 'keypad', 'contacts'].map((device): [string, Arrange] => [
    `${device} does not answer`,
    s => s.silent(device),
  ]),
  ['the printer has no paper', s => s.report('printer', { type: 'printer', ready: false })],
  ['the delivery door is open', s => s.door(true)],
  ['nobody knows how the delivery door is', s => s.silent('board')],
  ['something lies in the tray', s => s.tray(true)],
  [
    'the delivery door is out of use',
    async s => {
      await s.desk({ kind: 'hold', compartment: 'DELIVERY', reason: 'bent', by: 'tech' })
    },
  ],
])('out-of-service: nobody is served while %s', async (_what, arrange) => {
  const s = await kiosk()
  await s.ready('RX1')
  await arrange(s)
  s.told()
  await s.show('RX1')
  expect(s.told()).toEqual(['token-refused out-of-service RX1'])
  expect(s.session()).toBeUndefined()
})

test('what barred a prescription bars it no longer once it is over', async () => {
  const s = await kiosk({
    rules: {
      pharmacist_lease_seconds: 3_600,
      opening_hours: [{ days: ['tue'], from: '17:00', to: '18:00' }],
    },
  })
  await s.ready('RX1')
  await s.pass(47 * 60)
  await s.show('RX1')
  expect(s.told().at(-1)).toBe('token-refused pharmacist-away RX1')
  await s.onDuty(60)
  await s.show('RX1')
  expect(s.told().at(-1)).toBe('presented RX1')
})

test('a code that is shown twice is one: nothing is lost but what was typed', async () => {
  const s = await at('verifying')
  await s.type(DIGITS.slice(0, 3))
  await s.show('RX1')
  await s.type(`${DIGITS.slice(3)}#`)
  expect(s.told()).toEqual(['factor-refused RX1 1'])
  await s.type(`${DIGITS}#`)
  expect(s.phase()).toBe('printing')
})

test('after ten that are worth nothing no more of them is even written down; who was sent here is served all the same', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  for (let times = 0; times < 10; times++) await s.showText('nonsense')
  s.told()
  await s.showText('nonsense')
  expect(s.told()).toEqual([])
  await s.show('RX1')
  expect(s.told()).toEqual(['presented RX1'])
  await s.pass(901)
  expect(s.told()).toContain('lock-out-ended')
})
