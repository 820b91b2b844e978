import { beforeAll, describe, expect, test } from 'vitest'
import { firmataBoard } from '../../drivers/firmata-board/driver.ts'
import { type FirmataSettings, firmataBoard as firmataTwin } from '../devices/firmata-board.ts'
import { plugged } from './plugged.ts'

const PARTS = [
  { type: 'light', channel: 1, pin: 3 },
  { type: 'buzzer', channel: 2, pin: 4, inverted: true },
  { type: 'relay', channel: 3, pin: 5 },
  { type: 'reed', pin: 7, name: 'tray-shut' },
  { type: 'servo', channel: 4, pin: 9, least: 10, most: 90 },
  { type: 'stepper', channel: 5, step_pin: 10, direction_pin: 11, steps_per_second: 100 },
]

/** The libraries are loaded before virtual time runs: reading them from disk takes real time. */
beforeAll(async () => {
  await Promise.all([import('johnny-five'), import('firmata-io')])
})

function board(settings: FirmataSettings = {}) {
  const levels = new Map<number, number>()
  const contacts = new Map<number, boolean>([[7, false]])
  const watchers = new Set<(pin: number) => void>()
  const plug = firmataTwin(
    { stepper: true, ...settings },
    {
      high: pin => contacts.get(pin),
      analog: () => 0,
      driven: (pin, value) => void levels.set(pin, value),
      watch(changed) {
        watchers.add(changed)
        return () => void watchers.delete(changed)
      },
    },
  )
  const bench = plugged({ driver: firmataBoard, options: { parts: PARTS }, plugs: [plug], baud: 57_600 })
  const { device, by } = bench
  return {
    ...bench,
    levels,
    /** Light, buzzer and relay; the buzzer sounds while its pin is low. */
    lit: () => [levels.get(3) !== 0, levels.get(4) === 0, levels.get(5) !== 0],
    contact(pin: number, high: boolean) {
      contacts.set(pin, high)
      for (const watcher of watchers) watcher(pin)
    },
    turn: (channel: number, on: boolean) => device.send({ type: 'switch', channel, on, by: by() }),
    move: (channel: number, amount: number) => device.send({ type: 'move', channel, amount, by: by() }),
  }
}

describe.each([
  ['as it comes', {}],
  ['silent until it is asked', { silentBoot: true }],
] satisfies [string, FirmataSettings][])('firmata-board, %s', (_name, settings) => {
  async function ready() {
    const bench = board(settings)
    await bench.online()
    return bench
  }

  test('it shakes hands, and tells its contacts', async () => {
    const { pass } = board(settings)
    const told = await pass(30_000)
    // It takes a second to start, in which it says nothing.
    expect(told).toEqual(['offline: no-reply', 'online', 'tray-shut on (first)'])
  })

  test('lights, buzzer and relay do as they are told, and nothing else moves', async () => {
    const { turn, pass, lit } = await ready()
    expect(lit()).toEqual([false, false, false])
    for (const channel of [1, 2, 3]) expect(await turn(channel, true)).toEqual({ ok: true })
    await pass(100)
    expect(lit()).toEqual([true, true, true])
    for (const channel of [1, 2, 3]) void turn(channel, false)
    await pass(100)
    expect(lit()).toEqual([false, false, false])
  })

  test('a contact that changes is told once', async () => {
    const { contact, pass } = await ready()
    contact(7, true)
    expect(await pass(10_000)).toEqual(['tray-shut off'])
    contact(7, false)
    expect(await pass(10_000)).toEqual(['tray-shut on'])
  })

  test('a servo goes no further than the site allows; a stepper says when it is there', async () => {
    const { move, pass, levels } = await ready()
    expect(await move(4, 45)).toEqual({ ok: true })
    expect(await pass(100)).toEqual(['4 moved'])
    expect(levels.get(9)).toBe(45)
    expect(await move(4, 170)).toMatchObject({ ok: false, sent: false })
    void move(5, 200)
    expect(await pass(1_900)).toEqual([])
    expect(await pass(500)).toEqual(['5 moved'])
  })

  test('dead it is offline and refuses; back it serves', async () => {
    const { turn, pass, wire } = await ready()
    wire.kill(0)
    expect(await pass(30_000)).toEqual([expect.stringMatching(/^offline/)])
    expect(await turn(1, true)).toMatchObject({ ok: false, sent: false })
    wire.revive(0)
    expect(await pass(60_000)).toContain('online')
  })

  test('an order after its time, or to a part that is not there, moves nothing', async () => {
    const { device, clock, turn } = await ready()
    expect(await device.send({ type: 'switch', channel: 1, on: true, by: clock.now() - 1 })).toMatchObject({
      fault: 'too-late',
    })
    expect(await turn(9, true)).toMatchObject({ fault: 'unknown-channel', sent: false })
  })
})

test('a board that never says its name is offline, with the question it did not answer', async () => {
  const { clock, reports } = board({ noFirmware: true })
  await clock.pass(60_000)
  expect(reports).toEqual([expect.objectContaining({ type: 'offline', frame: 'F0 79 F7' })])
})

test('a board that starts anew is set up anew, its lights off', async () => {
  const { turn, pass, wire, lit, online } = board()
  await online()
  void turn(1, true)
  await pass(100)
  wire.kill(0)
  wire.revive(0)
  await pass(30_000)
  expect(lit()).toEqual([false, false, false])
  expect(await turn(1, true)).toEqual({ ok: true })
  await pass(100)
  expect(lit()).toEqual([true, false, false])
})
