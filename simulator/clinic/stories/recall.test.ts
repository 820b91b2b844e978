import { expect, test } from 'vitest'
import type { Scope } from '../../../agent/domain/recall.ts'
import { AMOX, INHALER, LISI } from './kiosk-site.ts'
import { DIGITS, type Kiosk, kiosk } from './kiosk-story.ts'
import { at, upTo } from './stages.ts'

const recall = (s: Kiosk, scope: Scope, name = 'R1') =>
  s.cloud({ kind: 'recall', recall: name, scope, reason: 'recalled by the maker', by: 'maker' })
const lift = (s: Kiosk, name = 'R1') =>
  s.cloud({ kind: 'lift', recall: name, reason: 'it was another lot', by: 'maker' })

test('a recall names the packs in the machine that it concerns, and where they lie', async () => {
  const s = await kiosk()
  expect(await recall(s, { gtin: AMOX, lot: 'LOT1' })).toEqual({ outcome: 'done' })
  expect(s.told()).toEqual([`recalled R1 ${AMOX}/LOT1 a1+a2+a3`])
  expect(await recall(s, { unit: true })).toEqual({
    outcome: 'refused',
    why: 'recall R1 is in force already',
  })
  expect(await lift(s)).toEqual({ outcome: 'done' })
  expect(await lift(s)).toEqual({ outcome: 'refused', why: 'there is no recall R1' })
})

test('before the patient comes: another pack is held, or there is none', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  await recall(s, { gtin: AMOX, serial: 'a1' })
  await s.show('RX1')
  expect(s.told().slice(-2)).toEqual(['presented RX1', 'reserved RX1 a3'])
  const none = await kiosk()
  await none.ready('RX1')
  await recall(none, { gtin: AMOX })
  await none.show('RX1')
  expect(none.told().at(-1)).toBe(`out-of-stock RX1 ${AMOX} 1`)
  expect(none.phase()).toBeUndefined()
})

test('while they type: the pack that is held then is another', async () => {
  const s = await at('verifying')
  await recall(s, { gtin: AMOX, serial: 'a1' })
  await s.type(`${DIGITS}#`)
  expect(s.act('print')?.packs.map(({ serial }) => serial)).toEqual(['a3'])
  await s.printed()
  expect(s.turned()).toEqual(['A2'])
})

test('while they type, and there is no other: nothing is printed', async () => {
  const s = await at('verifying')
  await recall(s, { gtin: AMOX })
  await s.type(`${DIGITS}#`)
  expect(s.told().at(-1)).toBe('session-ended RX1 out-of-stock')
  expect(s.acts).toEqual([])
})

test('while the label is printed: no motor turns, because the label names the other pack', async () => {
  const s = await at('printing')
  await recall(s, { gtin: AMOX, serial: 'a1' })
  await s.printed()
  expect(s.told().at(-1)).toBe('session-ended RX1 out-of-stock')
  expect(s.turned()).toEqual([])
})

test('what lies behind a recalled pack does not come out, though nothing is wrong with it', async () => {
  const s = await kiosk()
  await recall(s, { gtin: LISI, serial: 'b1' })
  await s.ready('RX1', { items: [{ gtin: LISI, packs: 1 }] })
  await s.show('RX1')
  expect(s.told().at(-1)).toBe(`out-of-stock RX1 ${LISI} 1`)
})

test('what lies before it does', async () => {
  const s = await kiosk()
  await recall(s, { gtin: LISI, serial: 'b2' })
  await s.ready('RX1', { items: [{ gtin: LISI, packs: 1 }] })
  await upTo(s, 'vending')
  expect(s.turned()).toEqual(['B1'])
})

test('lifted: given out as before', async () => {
  const s = await kiosk()
  await recall(s, { gtin: INHALER })
  await s.ready('RX1', { items: [{ gtin: INHALER, packs: 1 }] })
  await s.show('RX1')
  expect(s.phase()).toBeUndefined()
  await lift(s)
  await upTo(s, 'vending')
  expect(s.turned()).toEqual(['C1'])
})

test('one of two recalls lifted is one recall', async () => {
  const s = await kiosk()
  await recall(s, { gtin: AMOX }, 'R1')
  await recall(s, { unit: true }, 'R2')
  await s.ready('RX1')
  await lift(s, 'R1')
  await s.show('RX1')
  expect(s.told().at(-1)).toBe(`out-of-stock RX1 ${AMOX} 1`)
})

test('a recall outlives a power cut', async () => {
  const s = await kiosk()
  await recall(s, { gtin: AMOX })
  await s.ready('RX1')
  await s.cutPower(60)
  await s.online()
  await s.show('RX1')
  expect(s.phase()).toBeUndefined()
  expect(s.known().recall('R1')?.why).toBe('recalled by the maker')
})

test('what is recalled is not loaded; of what was loaded until then only that is meant', async () => {
  const s = await kiosk({ stock: [] })
  await recall(s, { gtin: AMOX, lot: 'LOT1' })
  await s.fill({ lane: 'A1', serials: ['x1'], lot: 'LOT1' })
  await s.fill({ lane: 'A1', serials: ['x2'], lot: 'LOT2' })
  expect(s.told().filter(line => /^pack-(refused|loaded)/.test(line))).toEqual([
    `pack-refused A1 recalled ${AMOX} x1`,
    `pack-loaded ${AMOX} x2 LOT2 2026-01-01 A1 1 false`,
  ])
  await recall(s, { lane: 'A1', loaded_until: s.clock.wall() }, 'R2')
  await s.pass(1)
  await s.fill({ lane: 'A1', serials: ['x3'], lot: 'LOT2' })
  const barred = s.known().packsIn('A1').map(s.known().shelf.barred)
  expect(barred).toEqual(['R2', undefined])
})
