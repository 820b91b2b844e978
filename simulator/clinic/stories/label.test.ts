import { expect, test } from 'vitest'
import { SiteConfig } from '../../../config/site.ts'
import { LISI, plainSite } from './kiosk-site.ts'
import { DIGITS, kiosk } from './kiosk-story.ts'
import { at, fresh, upTo } from './stages.ts'

test('the label is on paper before a motor turns', async () => {
  const s = await at('printing')
  expect(s.acts).toEqual([])
  await s.printed()
  expect(s.told()[0]).toBe('printed RX1')
  expect(s.turned()).toEqual(['A1'])
})

test('the label names the packs that will fall', async () => {
  const s = await kiosk()
  await s.ready('RX1', { items: [{ gtin: LISI, packs: 1 }] })
  await s.ready('RX2', { items: [{ gtin: LISI, packs: 1 }] })
  await upTo(s, 'printing', 'RX2')
  expect(s.told()).toContain('reservation-moved RX2 00300027597010 b2 b1')
  expect(s.act('print')?.packs.map(({ serial }) => serial)).toEqual(['b1'])
  await s.printed()
  expect(s.told()).toContain('vend-ordered RX2 B1 00300027597010 b1 LOT1 2026-01-01')
})

test.each([
  ['is not ready', 'paper-out', false],
  ['may have printed it', 'in-doubt', true],
] as const)('a printer that %s: no motor turns, and the code is still good', async (_what, fault, sent) => {
  const s = await kiosk()
  await s.ready('RX1')
  const code = s.token('RX1')
  await s.showText(code)
  await s.type(`${DIGITS}#`)
  fresh(s)
  await s.took(s.order(), { ok: false, fault, sent })
  expect(s.told()).toEqual([`print-failed RX1 ${fault} ${sent}`, 'session-ended RX1 printer'])
  expect(s.acts).toEqual([])
  await s.showText(code)
  await s.type(`${DIGITS}#`)
  await s.printed()
  expect(s.turned()).toEqual(['A1'])
})

test('a printer that says nothing for half a minute has perhaps printed it: no motor turns', async () => {
  const s = await at('printing')
  await s.pass(29)
  expect(s.phase()).toBe('printing')
  await s.pass(2)
  expect(s.told()).toEqual(['print-failed RX1 in-doubt true', 'session-ended RX1 printer'])
  expect(s.acts).toEqual([])
})

test('what the printer says of a label before, or of another order, is not this label', async () => {
  const s = await at('printing')
  const before = s.order()
  await s.pass(31)
  await upTo(s, 'printing')
  await s.took(before)
  await s.took('o1')
  expect(s.phase()).toBe('printing')
  expect(s.turned()).toEqual([])
})

test('a label that is said to be printed twice turns one lane once', async () => {
  const s = await at('printing')
  const order = s.order()
  await s.took(order)
  await s.took(order)
  await s.took(order, { ok: false, fault: 'paper-out', sent: false })
  expect(s.turned()).toEqual(['A1'])
  expect(s.phase()).toBe('vending')
})

test('a kiosk without a printer gives out without a label', async () => {
  const { printer: _none, ...dispense } = plainSite.kiosk?.dispense ?? {}
  const s = await kiosk({ site: SiteConfig.parse({ ...plainSite, kiosk: { ...plainSite.kiosk, dispense } }) })
  await s.ready('RX1')
  await s.show('RX1')
  await s.type(`${DIGITS}#`)
  expect(s.phase()).toBe('vending')
  expect(s.turned()).toEqual(['A1'])
})
