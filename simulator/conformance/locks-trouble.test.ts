import { describe, expect, test } from 'vitest'
import { damaged, hex } from '../../drivers/frame-trials.ts'
import { cu12Board } from '../devices/cu12-board.ts'
import { cu16Board } from '../devices/cu16-board.ts'
import { cu48Board } from '../devices/cu48-board.ts'
import { lock8aBoard } from '../devices/lock-8a-board.ts'
import { modbusRelayBoard } from '../devices/modbus-relay-board.ts'
import type { Latches, LockTwin, Plug } from '../devices/peripheral.ts'
import { xyMd02Sensor } from '../devices/xy-md02-sensor.ts'
import { random } from '../world/random.ts'
import { connect, lockTwins, NAMES } from './lock-bench.ts'

const twins = await lockTwins()

/** Boards of every family, at the addresses at which a driver looks for its own. */
const STRANGERS: [driver: string, board: (latches: Latches) => Plug][] = [
  ['lock-8a', latches => lock8aBoard({ address: 1, channels: 8 }, latches)],
  ['kerong-cu16', latches => cu16Board({ address: 2 }, latches)],
  ['kerong-cu12', latches => cu12Board({ address: 3 }, latches)],
  ['kerong-cu48', latches => cu48Board({ address: 1 }, latches)],
  ['modbus-relay', latches => modbusRelayBoard({ address: 5 }, latches).plug],
  ['a sensor', () => xyMd02Sensor({ address: 5 }, { celsius: 20, humidity: 50 })],
]

const pulses = (door: (number: number) => { releases: readonly unknown[] }): number[] =>
  NAMES.map(name => door(Number(name)).releases.length)

describe.each(twins)('$driver, $name', each => {
  test.each(STRANGERS.filter(([driver]) => driver !== each.driver))(
    'with %s on its path it is offline, and no latch is ever fired',
    async (_driver, board) => {
      const { pass, unlock, door, reports } = connect({ ...each, plug: board } satisfies LockTwin)
      const told = await pass(10_000)
      expect(told.filter(said => /online|open|closed/.test(said))).toEqual([])
      for (let turn = 0; turn < 5; turn++) {
        const outcome = unlock(1)
        await pass(3_000)
        expect(await outcome).toMatchObject({ ok: false, sent: false })
      }
      expect(pulses(door)).toEqual(NAMES.map(() => 0))
      expect(reports).toEqual([])
    },
  )

  test('an order given while the line is away is never sent later', async () => {
    const { pass, online, unlock, wire, door } = connect(each)
    await online()
    wire.cut()
    const outcomes = [unlock(1), unlock(2)]
    wire.mend()
    await pass(20_000)
    for (const outcome of outcomes) expect(await outcome).toMatchObject({ ok: false, sent: false })
    expect(pulses(door)).toEqual(NAMES.map(() => 0))
  })

  test('cut off in an order it is pulsed once at most, and what moved is told when the line is back', async () => {
    const { pass, online, unlock, wire, door } = connect(each)
    await online()
    const outcome = unlock(3)
    await pass(2)
    wire.cut()
    await pass(2_000)
    wire.mend()
    const told = await pass(20_000)
    expect(await outcome).toMatchObject({ ok: false })
    expect(door(3).releases.length).toBeLessThanOrEqual(1)
    expect(told).toContain(`3 ${door(3).open ? 'open' : 'closed'} (first)`)
  })

  test('a board that starts anew in the middle of an exchange is heard again, and tells the truth', async () => {
    const { pass, online, wire, door, lies } = connect(each, 3)
    await online()
    const dice = random(9)
    for (let turn = 0; turn < 50; turn++) {
      await pass(dice.between(0, 300))
      wire.kill(0)
      await pass(dice.between(1, 60))
      wire.revive(0)
      const changed = door(dice.between(1, 8))
      if (changed.open) changed.push()
      else changed.openByHand()
    }
    const told = await pass(60_000)
    for (const name of NAMES) {
      const last = told.filter(said => said.startsWith(`${name} `)).at(-1)
      if (last) expect(last).toMatch(door(Number(name)).open ? /open/ : /closed/)
    }
    expect(lies).toEqual([])
    expect(pulses(door)).toEqual(NAMES.map(() => 0))
  })

  test('half frames, from it and to it, are never taken for whole ones', async () => {
    const { pass, online, faults, lies, door, unlock } = connect(each, 5)
    await online()
    Object.assign(faults, { split: 700, lost: 100 })
    for (let turn = 0; turn < 30; turn++) {
      void unlock(1 + (turn % 8))
      await pass(4_000)
      for (const name of NAMES) door(Number(name)).push()
      await pass(2_000)
    }
    expect(lies).toEqual([])
    for (const count of pulses(door)) expect(count).toBeLessThanOrEqual(4)
  })

  test('two boards at one address: the line counts what belongs to nobody, so that a person learns of it', async () => {
    const { pass, noise } = connect(each, 1, latches => [each.plug(latches)])
    await pass(20_000)
    expect(noise()).toBeGreaterThan(20)
  })

  test('of all one- and two-bit errors of an order only what its checksum cannot see fires a latch, and none of one bit', async () => {
    const [order, fires] = await orderOf(each)
    let fired = 0
    let pairs = 0
    for (const { frame, at } of damaged(order)) {
      const moved = fires(frame)
      if (at.length === 1) expect(moved, hex(frame)).toBe(0)
      else pairs++
      fired += moved
    }
    // An 8-bit sum misses one in sixteen of the pairs, an XOR about one in eight, a CRC none.
    expect(fired / pairs).toBeLessThanOrEqual(1 / 7)
    expect(fires(order)).toBe(1)
  })
})

/** The frame that opens door 2, and how many latches a fresh board fires when it hears some frame. */
async function orderOf(each: LockTwin): Promise<[order: Uint8Array, fires: (frame: Uint8Array) => number]> {
  const heard: Uint8Array[] = []
  let opened = -1
  const plug = (latches: Latches): Plug => {
    const inner = each.plug({
      ...latches,
      energise(channel) {
        opened = heard.length - 1
        latches.energise(channel)
      },
    })
    return socket => {
      const { receive } = inner(socket)
      return {
        receive(bytes) {
          heard.push(bytes.slice())
          receive(bytes)
        },
      }
    }
  }
  const { online, unlock, pass } = connect({ ...each, plug })
  await online()
  void unlock(2)
  await pass(1_000)
  const order = heard[opened]
  if (!order) throw new Error('no latch was fired')
  return [order, frame => firedBy(each, frame)]
}

function firedBy(each: LockTwin, frame: Uint8Array): number {
  let fired = 0
  const latches: Latches = {
    energise: () => void fired++,
    locked: () => true,
    item: () => false,
    watch: () => () => {},
  }
  // What it would do later is not waited for: a latch is fired when its order is understood.
  const board = each.plug(latches)({ now: () => 1_000, after: atOnce, send: () => {}, ruined: () => {} })
  board.receive(frame)
  return fired
}

/** Wakes what waits for nothing, and nobody else. */
function atOnce(delay: number, wake: () => void): () => void {
  if (delay === 0) wake()
  return () => {}
}
