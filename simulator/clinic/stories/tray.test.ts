import { expect, test } from 'vitest'
import { packLabel } from '../hardware.ts'
import { AMOX, LISI } from './kiosk-site.ts'
import type { Kiosk } from './kiosk-story.ts'
import { at, upTo } from './stages.ts'

test('the right pack opens the door, after looking on for a second one', async () => {
  const s = await at('checking')
  await s.readPack('a1')
  expect(s.told()).toEqual(['pack-checked 00312345678906 a1'])
  await s.pass(1.4)
  expect(s.opened()).toBe(0)
  await s.pass(0.2)
  expect(s.opened()).toBe(1)
})

test.each<[string, (s: Kiosk) => Promise<void>, string]>([
  ['with another serial', s => s.readPack('a2'), 'wrong-pack'],
  ['of another product', s => s.readPack('b1', LISI), 'wrong-pack'],
  ['with the right serial of another product', s => s.readPack('a1', LISI), 'wrong-pack'],
  ['that nobody loaded', s => s.readPack('zz9', AMOX), 'wrong-pack'],
  [
    'beside the right one',
    async s => {
      await s.readPack('a1')
      await s.readPack('a2')
    },
    'two-packs',
  ],
  [
    'long after the right one',
    async s => {
      await s.readPack('a1')
      await s.pass(1.4)
      await s.readPack('b1', LISI)
    },
    'two-packs',
  ],
])('a pack %s holds everything: the door stays shut', async (_what, reads, why) => {
  const s = await at('checking')
  await reads(s)
  expect(s.told().at(-1)).toBe(`dispense-held RX1 A1 ${why}`)
  await s.readPack('a1')
  await s.pass(600)
  expect(s.phase()).toBe('held')
  expect(s.opened()).toBe(0)
})

test('two packs are two packs, whichever is read first, also while the lane still turns', async () => {
  const s = await at('vending')
  await s.readPack('a2')
  await s.readPack('a1')
  expect(s.phase()).toBe('vending')
  await s.turn('A1', 'dropped')
  expect(s.told().at(-1)).toBe('dispense-held RX1 A1 two-packs')
  expect(s.opened()).toBe(0)
})

test('what cannot be read for eight seconds holds everything', async () => {
  const s = await at('checking')
  await s.pass(7.9)
  expect(s.phase()).toBe('checking')
  await s.pass(0.2)
  expect(s.told()).toEqual(['dispense-held RX1 A1 unread-pack'])
  await s.readPack('a1')
  await s.pass(60)
  expect(s.opened()).toBe(0)
})

test('other codes on a box say nothing: not that it is right, and not that it is wrong', async () => {
  const s = await at('checking')
  const whole = packLabel(AMOX, 'a1', 'LOT1', '260101')
  for (const code of [
    '4006381333931',
    'https://leaflet.example/a1',
    `01${AMOX}`,
    whole.slice(0, -2),
    `01${LISI}21a1`,
  ])
    await s.readText(code)
  await s.report('tray-scanner', { type: 'scan', bytes: new TextEncoder().encode(whole), aim: ']E0' })
  expect(s.told()).toEqual([])
  expect(s.phase()).toBe('checking')
  await s.readPack('a1')
  await s.pass(1.6)
  expect(s.opened()).toBe(1)
})

test('a pack that is read again and again is one pack', async () => {
  const s = await at('checking')
  for (let times = 0; times < 5; times++) await s.readPack('a1')
  await s.pass(1.6)
  expect(s.told().filter(line => line.startsWith('pack-checked'))).toHaveLength(1)
  expect(s.opened()).toBe(1)
})

test('a pack that was read as it fell is right once the controller says that it fell', async () => {
  const s = await at('vending')
  await s.readPack('a1')
  expect(s.told()).toEqual([])
  await s.turn('A1', 'dropped')
  expect(s.told()).toEqual(['vend-seen A1 dropped drop-sensor', 'pack-checked 00312345678906 a1'])
})

test('a pack that was read is no drop: without the word of the controller it is in doubt', async () => {
  const s = await at('vending')
  await s.readPack('a1')
  await s.pass(121)
  expect(s.told().at(-1)).toBe('dispense-held RX1 A1 in-doubt')
  expect(s.opened()).toBe(0)
})

test('what other scanners read is not what lies in the tray', async () => {
  const s = await at('checking')
  const bytes = new TextEncoder().encode(packLabel(AMOX, 'a1', 'LOT1', '260101'))
  for (const device of ['pack-scanner', 'patient-scanner'])
    await s.report(device, { type: 'scan', bytes, aim: ']d2' })
  expect(s.told().filter(line => line.startsWith('pack-'))).toEqual([])
  await s.pass(8.1)
  expect(s.phase()).toBe('held')
})

test('what was read before the lane was told to turn does not count', async () => {
  const s = await at('printing')
  await s.readPack('a1')
  await s.printed()
  await s.turn('A1', 'dropped')
  await s.pass(8.1)
  expect(s.told().at(-1)).toBe('dispense-held RX1 A1 unread-pack')
})

test('the scanner looks from the turn until the door', async () => {
  const looks = (s: Kiosk) => s.acts.flatMap(each => (each.type === 'trigger' ? [each.on] : []))
  const s = await at('printing')
  await s.printed()
  expect(looks(s)).toEqual([true])
  await s.falls('a1')
  expect(looks(s)).toEqual([true, false])
  const held = await at('printing')
  await held.printed()
  await held.turn('A1', 'jammed')
  expect(looks(held)).toEqual([true, false])
})

test('scans while nobody is served say nothing', async () => {
  const s = await at('open')
  await s.takes()
  s.told()
  await s.readPack('a2')
  await s.turn('A1', 'dropped')
  expect(s.told()).toEqual([])
  expect(
    s
      .known()
      .packsIn('A1')
      .map(({ serial }) => serial),
  ).toEqual(['a2'])
  await upTo(s, 'verifying')
  expect(s.phase()).toBeUndefined()
})
