import { expect, test } from 'vitest'
import { LISI } from './kiosk-site.ts'
import { DIGITS, type Kiosk, kiosk } from './kiosk-story.ts'
import { at, fresh, upTo } from './stages.ts'

test('what the controller says on the way is written down once each, and nothing follows from it', async () => {
  const s = await at('vending')
  for (const stage of ['moving', 'moving', 'lifting', 'moving', 'lifting'] as const) await s.turn('A1', stage)
  expect(s.told()).toEqual([
    'vend-seen A1 moving controller',
    'vend-seen A1 lifting elevator',
    'vend-seen A1 moving controller',
    'vend-seen A1 lifting elevator',
  ])
  expect(s.phase()).toBe('vending')
  expect(s.acts).toEqual([])
})

test.each([
  ['dropped', 'drop-sensor'],
  ['turned', 'motor'],
] as const)('%s is no proof of what fell: the tray is asked', async (stage, evidence) => {
  const s = await at('vending')
  await s.turn('A1', stage)
  expect(s.told()).toEqual([`vend-seen A1 ${stage} ${evidence}`])
  expect(s.phase()).toBe('checking')
  await s.readPack('a1')
  await s.pass(1.6)
  expect(s.opened()).toBe(1)
})

test.each([
  ['jammed', 'jammed', 'controller'],
  ['in-doubt', 'in-doubt', 'silence'],
] as const)('%s: everything stops until a person has looked', async (stage, why, evidence) => {
  const s = await at('vending')
  await s.turn('A1', stage)
  expect(s.told()).toEqual([`vend-seen A1 ${stage} ${evidence}`, `dispense-held RX1 A1 ${why}`])
  await nothingEndsIt(s)
})

/** Neither time, nor a patient, nor the devices, nor a restart ends what is held. */
async function nothingEndsIt(s: Kiosk): Promise<void> {
  fresh(s)
  await s.turn('A1', 'dropped')
  await s.readPack('a1')
  await s.took(s.order())
  await s.show('RX1')
  await s.type(`${DIGITS}#`)
  await s.pays('approved')
  await s.pass(3_600)
  await s.cutPower(60)
  await s.online()
  await s.pass(600)
  expect(s.phase()).toBe('held')
  expect(s.acts).toEqual([])
}

test('a pack that falls later is written down, and nothing else', async () => {
  const s = await at('vending')
  await s.turn('A1', 'jammed')
  s.told()
  await s.turn('A1', 'dropped')
  await s.turn('A2', 'dropped')
  expect(s.told()).toEqual(['vend-seen A1 dropped drop-sensor'])
})

test('a lane that is proved not to have moved is set aside; the pack is held on, and another lane serves', async () => {
  const s = await at('vending')
  await s.turn('A1', 'not-moved')
  expect(s.told()).toEqual([
    'vend-seen A1 not-moved controller',
    'recalled lane-A1 A1 a1+a2',
    'session-ended RX1 lane',
  ])
  expect(s.known().prescription('RX1')?.items).toMatchObject([{ now: 'held', serial: 'a1' }])
  await upTo(s, 'vending')
  expect(s.turned()).toEqual(['A2'])
  expect(s.told()).toContain('reserved RX1 a3')
})

test('a controller that is never heard again: in doubt after two minutes', async () => {
  const s = await at('vending')
  await s.pass(119)
  expect(s.phase()).toBe('vending')
  await s.pass(2)
  expect(s.told().at(-1)).toBe('dispense-held RX1 A1 in-doubt')
  await nothingEndsIt(s)
})

test('an order that never left moved nothing: the lane stays, the pack stays, the code stays', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  const code = s.token('RX1')
  await s.showText(code)
  await s.type(`${DIGITS}#`)
  await s.printed()
  fresh(s)
  await s.took(s.order(), { ok: false, fault: 'no-reply', sent: false })
  expect(s.told()).toEqual(['vend-failed A1 no-reply false', 'session-ended RX1 lane'])
  expect(s.known().recall('lane-A1')).toBeUndefined()
  await s.showText(code)
  await s.type(`${DIGITS}#`)
  await s.printed()
  expect(s.turned()).toEqual(['A1'])
})

test('an order that perhaps left is not repeated: the controller may still tell, or else it is in doubt', async () => {
  const told = await at('vending')
  await told.took(told.order(), { ok: false, fault: 'no-reply', sent: true })
  expect(told.told()).toEqual(['vend-failed A1 no-reply true'])
  await told.falls('a1')
  expect(told.opened()).toBe(1)
  const silent = await at('vending')
  await silent.took(silent.order(), { ok: false, fault: 'no-reply', sent: true })
  await silent.pass(121)
  expect(silent.phase()).toBe('held')
  expect(silent.turned()).toEqual([])
})

test('what another lane does, or another order, is not this turn', async () => {
  const s = await at('vending')
  await s.turn('A2', 'dropped')
  await s.turn('A2', 'not-moved')
  await s.took('o1', { ok: false, fault: 'no-reply', sent: false })
  expect(s.told()).toEqual([])
  expect(s.phase()).toBe('vending')
})

test('what lay in the tray before anything fell is nobody’s: no motor turns over it', async () => {
  const s = await at('printing')
  await s.tray(true)
  await s.printed()
  expect(s.told()).toEqual(['printed RX1', 'dispense-held RX1 tray-not-empty'])
  expect(s.turned()).toEqual([])
  await s.tray(false)
  await nothingEndsIt(s)
})

test('everything is asked once more before a motor turns', async () => {
  const closed = await at('printing', {
    rules: { opening_hours: [{ days: ['tue'], from: '16:00', to: '16:14' }] },
  })
  await closed.pass(25)
  expect(closed.phase()).toBe('printing')
  await closed.pass(4)
  closed.changePolicy({ closed_on: ['2023-11-14'] })
  await closed.printed()
  expect(closed.told().at(-1)).toBe('session-ended RX1 closed')

  const alone = await kiosk({ rules: { pharmacist_lease_seconds: 60 } })
  await alone.ready('RX1')
  await alone.onDuty(60)
  await upTo(alone, 'verifying')
  await alone.pass(50)
  await alone.type(`${DIGITS}#`)
  await alone.pass(15)
  await alone.printed()
  expect(alone.told().at(-1)).toBe('session-ended RX1 pharmacist-away')

  const late = await kiosk()
  await late.ready('RX1', { until: late.clock.wall() + 30_000 })
  await upTo(late, 'printing')
  await late.pass(29)
  await late.pass(1)
  expect([...closed.turned(), ...alone.turned(), ...late.turned()]).toEqual([])
})

test('a prescription whose time ends while its label is printed is not given out', async () => {
  const s = await kiosk()
  await s.ready('RX1', { until: s.clock.wall() + 20_000 })
  await upTo(s, 'printing')
  await s.pass(20)
  await s.printed()
  expect(s.told().at(-1)).toBe('session-ended RX1 expired')
  expect(s.turned()).toEqual([])
})

test('a pack that lies behind another is not turned for: a lane gives out what lies in front', async () => {
  const s = await kiosk()
  await s.ready('RX1', { items: [{ gtin: LISI, packs: 1 }] })
  await upTo(s, 'printing')
  await s.cloud({ kind: 'recall', recall: 'R1', scope: { gtin: LISI, serial: 'b1' }, reason: 'x', by: 'x' })
  await s.printed()
  expect(s.told().at(-1)).toBe('session-ended RX1 out-of-stock')
  expect(s.turned()).toEqual([])
})
