import { expect, test } from 'vitest'
import type { Kiosk } from './kiosk-story.ts'
import { STAGES, type Stage, strictAt } from './stages.ts'

/** What moves metal, or makes somebody pay, or promises a pack on paper. */
const moves = (s: Kiosk): string[] =>
  s.acts.flatMap(({ type }) => (['vend', 'unlock', 'print', 'charge'].includes(type) ? [type] : []))

/** The power goes for so long, and everything answers again; what lay in the tray still lies there. */
async function dark(s: Kiosk, seconds: number, tray = false): Promise<void> {
  await s.cutPower(seconds)
  await s.online()
  if (tray) await s.tray(true)
}

test.each<[Stage, string[], string | undefined]>([
  ['verifying', ['session-ended RX1 interrupted'], undefined],
  ['consulting', ['session-ended RX1 interrupted'], undefined],
  ['paying', ['payment-in-doubt RX1', 'session-ended RX1 payment'], undefined],
  [
    'printing',
    ['print-failed RX1 in-doubt true', 'settle-ordered RX1 false', 'session-ended RX1 printer'],
    undefined,
  ],
  ['vending', ['dispense-held RX1 A1 interrupted'], 'held'],
  ['checking', ['dispense-held RX1 A1 interrupted'], 'held'],
  ['read', ['dispense-held RX1 A1 interrupted'], 'held'],
  ['unlocking', ['in-doubt DELIVERY', 'dispense-held RX1 door', 'alarm-raised in-doubt DELIVERY'], 'held'],
])('the power goes while %s', async (stage, told, phase) => {
  const s = await strictAt(stage)
  await dark(s, 20, STAGES.indexOf(stage) >= STAGES.indexOf('checking'))
  expect(s.told()).toEqual(told)
  expect(s.phase()).toBe(phase)
})

test('nothing moves because of a restart: not at once, not in an hour, not after three of them', async () => {
  for (const stage of STAGES) {
    const s = await strictAt(stage)
    for (const seconds of [0.1, 12, 300]) {
      await dark(s, seconds)
      await s.turn('A1', 'dropped')
      await s.readPack('a1')
      await s.took(s.order())
      await s.pays('approved')
      await s.pass(60)
    }
    await s.pass(3_600)
    expect(moves(s), stage).toEqual([])
  }
})

test('the power goes right after the door was told, and it is found open: it was opened for them', async () => {
  const s = await strictAt('unlocking')
  await s.cutPower(3)
  await s.doorFound(true)
  expect(s.phase()).toBe('delivering')
  await s.door(false)
  await s.pass(5)
  expect(s.phase()).toBe('closing')
  await s.tray(false)
  expect(s.told()).toContain('handed-over RX1 a1 sensor')
})

test('a door found open long after the power cut was opened by who knows whom', async () => {
  const s = await strictAt('unlocking')
  await s.cutPower(60)
  await s.doorFound(true)
  expect(s.phase()).toBe('held')
  expect(s.told()).toContain('dispense-held RX1 door')
})

test('a door that nobody can see for ten seconds after a power cut is in doubt', async () => {
  const s = await strictAt('unlocking')
  await s.cutPower(1)
  await s.pass(9)
  expect(s.phase()).toBe('delivering')
  await s.pass(2)
  expect(s.told()).toContain('dispense-held RX1 door')
})

test('the power goes while the door is open: closed and empty means taken', async () => {
  const s = await strictAt('open')
  await dark(s, 60)
  expect(s.told()).toEqual(
    expect.arrayContaining([
      'door-found DELIVERY false',
      'handed-over RX1 a1 sensor',
      'settle-ordered RX1 true',
    ]),
  )
})

test('the power goes while the door is open: closed and not empty means left behind', async () => {
  const s = await strictAt('open')
  await s.cutPower(60)
  await s.tray(true)
  await s.doorFound(false)
  await s.pass(5)
  expect(s.told()).toContain('dispense-held RX1 left-behind')
})

test('the power goes after the door closed: the sensors are heard before it is called taken', async () => {
  const full = await strictAt('closing')
  await full.cutPower(60)
  expect(full.told()).toEqual([])
  await full.tray(true)
  await full.pass(11)
  expect(full.told()).toContain('dispense-held RX1 left-behind')
  const empty = await strictAt('closing')
  await empty.cutPower(60)
  await empty.tray(false)
  expect(empty.told()).toContain('handed-over RX1 a1 sensor')
})

test('what is held is held after any number of restarts, and a person ends it', async () => {
  const s = await strictAt('vending')
  await s.turn('A1', 'jammed')
  for (let times = 0; times < 3; times++) await dark(s, 30)
  expect(s.phase()).toBe('held')
  expect(await s.resolve('in-lane')).toEqual({ outcome: 'done' })
  expect(s.phase()).toBeUndefined()
})

test('the code of a session in which nothing moved is still good; that of one in which something did is not', async () => {
  const used = (s: Kiosk) =>
    s
      .known()
      .prescription('RX1')
      ?.used.includes(s.session()?.token ?? '')
  for (const stage of ['verifying', 'paying', 'printing'] as const) {
    const s = await strictAt(stage)
    const token = s.session()?.token
    await dark(s, 5)
    expect(token, stage).toBeDefined()
    expect(s.known().prescription('RX1')?.used, stage).not.toContain(token)
  }
  for (const stage of ['vending', 'checking'] as const) {
    const s = await strictAt(stage)
    await dark(s, 5)
    expect(used(s), stage).toBe(true)
  }
})
