import { expect, test } from 'vitest'
import { AMOX, trayless } from './kiosk-site.ts'
import type { Kiosk } from './kiosk-story.ts'
import { at, fresh } from './stages.ts'

test('taken: the door was open, the tray is empty, the door is closed', async () => {
  const s = await at('unlocking')
  await s.door(true)
  expect(s.phase()).toBe('delivering')
  await s.tray(false)
  expect(s.told()).toEqual(['door-opened DELIVERY'])
  await s.door(false)
  expect(s.told().slice(0, 2)).toEqual(['handed-over RX1 a1 sensor', 'prescription-ended RX1 handed-over'])
  expect(s.known().pack({ gtin: AMOX, serial: 'a1' })).toBeUndefined()
})

test('where no sensor sees the tray, the door that was opened and closed must do', async () => {
  const s = await at('unlocking', { site: trayless })
  await s.door(true)
  await s.door(false)
  expect(s.told()).toContain('handed-over RX1 a1 door')
})

test('a sensor at the tray that is silent when the door closes is waited for, and decides once it is heard', async () => {
  const closedUnseen = async () => {
    const s = await at('unlocking')
    await s.silent('contacts')
    await s.door(true)
    await s.door(false)
    await s.pass(9)
    expect(s.phase()).toBe('closing')
    return fresh(s)
  }
  const taken = await closedUnseen()
  await taken.tray(false)
  expect(taken.told()).toContain('handed-over RX1 a1 sensor')
  const left = await closedUnseen()
  await left.tray(true)
  await left.pass(2)
  expect(left.told()).toContain('dispense-held RX1 left-behind')
  const silent = await closedUnseen()
  await silent.pass(2)
  expect(silent.told()).toContain('dispense-held RX1 tray-unseen')
})

test('a tray that is empty a moment after the door closed is empty', async () => {
  const s = await at('closing')
  await s.pass(3.9)
  expect(s.phase()).toBe('closing')
  await s.tray(false)
  expect(s.told()).toContain('handed-over RX1 a1 sensor')
})

test('left behind: nothing is called handed over that lies in the tray, and nobody else is served over it', async () => {
  const s = await at('closing')
  await s.pass(4.1)
  expect(s.told()).toContain('dispense-held RX1 left-behind')
  fresh(s)
  await s.tray(false)
  await s.pass(600)
  expect(s.phase()).toBe('held')
  expect(s.told()).toEqual([])
  expect(s.acts).toEqual([])
})

test('a door that will not open is told three times, then a person must look', async () => {
  const s = await at('unlocking')
  await s.pass(20)
  expect(s.told()).toEqual([
    'unlock-ordered DELIVERY 2 deliver RX1',
    'unlock-ordered DELIVERY 3 deliver RX1',
    'stuck DELIVERY will-not-open',
    'dispense-held RX1 door',
    'alarm-raised will-not-open DELIVERY',
  ])
  expect(s.opened()).toBe(2)
  await s.pass(600)
  expect(s.opened()).toBe(2)
})

test('a door whose board cannot be reached is not told again', async () => {
  const s = await at('read')
  await s.pass(1.6)
  await s.outcome(s.act('unlock')?.order ?? '', 'DELIVERY', false)
  expect(s.told()).toContain('dispense-held RX1 door')
  await s.pass(600)
  expect(s.opened()).toBe(1)
})

test('a door whose board falls silent after the order is in doubt; found open soon, it was opened by it', async () => {
  const s = await at('unlocking')
  await s.silent('board')
  await s.pass(4)
  expect(s.told()).toContain('dispense-held RX1 door')
  await s.doorFound(true)
  expect(s.phase()).toBe('delivering')
  await s.tray(false)
  await s.door(false)
  expect(s.told()).toEqual(
    expect.arrayContaining(['doubt-resolved DELIVERY opened', 'handed-over RX1 a1 sensor']),
  )
})

test('found open long after, it was opened by who knows whom: it stays held', async () => {
  const s = await at('unlocking')
  await s.silent('board')
  await s.pass(60)
  await s.doorFound(true)
  expect(s.phase()).toBe('held')
  await s.door(false)
  expect(s.phase()).toBe('held')
  expect(s.told().some(line => line.startsWith('handed-over'))).toBe(false)
})

test.each<[string, (s: Kiosk) => Promise<void>]>([
  ['stands open', s => s.door(true)],
  ['cannot be seen', s => s.silent('board')],
])('a door that %s before it was to open is not told to', async (_what, door) => {
  const s = await at('read')
  await door(s)
  await s.pass(1.6)
  expect(s.told().at(-1)).toBe('dispense-held RX1 door')
  expect(s.opened()).toBe(0)
})

test('a patient who stands there with the door open has all the time they need', async () => {
  const s = await at('open')
  await s.pass(31)
  expect(s.told()).toEqual(['alarm-raised left-open DELIVERY'])
  await s.pass(3_600)
  await s.tray(false)
  await s.door(false)
  expect(s.told()).toContain('handed-over RX1 a1 sensor')
})

const openIt = {
  kind: 'open',
  compartment: 'DELIVERY',
  reason: 'let me in',
  by: 'somebody',
  clear: false,
} as const

test('the delivery door is opened for nobody else: never from afar, and not while somebody is served', async () => {
  for (const stage of ['verifying', 'checking', 'unlocking'] as const) {
    const s = await at(stage)
    expect(await s.cloud(openIt)).toEqual({
      outcome: 'refused',
      why: 'the delivery door is not opened from afar',
    })
    expect(await s.desk(openIt)).toEqual({ outcome: 'refused', why: 'somebody is at the machine' })
    expect(s.opened()).toBe(0)
  }
})

test('who must look at what is held may open the door', async () => {
  const s = await at('vending')
  await s.turn('A1', 'jammed')
  fresh(s)
  await s.desk(openIt)
  expect(s.opened()).toBe(1)
  expect(s.phase()).toBe('held')
  await s.door(true)
  await s.door(false)
  expect(s.phase()).toBe('held')
  expect(s.told().some(line => line.startsWith('handed-over'))).toBe(false)
})

test('who must look at a door in doubt may open it, too, and is told the truth about what was released', async () => {
  const s = await at('unlocking')
  await s.silent('board')
  await s.pass(60)
  await s.online()
  await s.tray(true)
  expect(s.phase()).toBe('held')
  fresh(s)
  const released = await s.desk({ kind: 'release', compartment: 'DELIVERY', by: 'staff' })
  const opened = await s.desk(openIt)
  // Refused with a reason, or released and then opened; but never released and still in doubt.
  expect([released?.outcome, opened?.outcome ?? 'opening']).not.toEqual(['done', 'refused'])
})

test('a pack that is recalled when it lies in the tray is not handed over', async () => {
  for (const stage of ['vending', 'checking', 'read'] as const) {
    const s = await at(stage)
    const recall = { kind: 'recall', recall: 'R1', scope: { gtin: AMOX, lot: 'LOT1' } } as const
    await s.cloud({ ...recall, reason: 'recalled by the maker', by: 'maker' })
    if (stage === 'vending') await s.falls('a1')
    if (stage === 'checking') await s.readPack('a1')
    await s.pass(10)
    expect(s.opened(), stage).toBe(0)
    expect(s.phase(), stage).toBe('held')
  }
})
