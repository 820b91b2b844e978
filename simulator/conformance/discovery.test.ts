import { expect, test } from 'vitest'
import { discover, type Found } from '../../drivers/discovery.ts'
import { cu12Board } from '../devices/cu12-board.ts'
import { cu16Board } from '../devices/cu16-board.ts'
import { cu48Board } from '../devices/cu48-board.ts'
import { escposPrinter, receiptPrinter } from '../devices/escpos-printer.ts'
import { gm65 } from '../devices/gm65.ts'
import { lock8aBoard } from '../devices/lock-8a-board.ts'
import { modbusRelayBoard } from '../devices/modbus-relay-board.ts'
import type { Plug } from '../devices/peripheral.ts'
import { ssiScanner } from '../devices/ssi-scanner.ts'
import { vmc, vmcWorld } from '../devices/vmc.ts'
import { xyMd02Sensor } from '../devices/xy-md02-sensor.ts'
import { labelPrinter, zplPrinter } from '../devices/zpl-printer.ts'
import { type Cabinet, cabinet } from '../world/cabinet.ts'
import { virtualClock } from '../world/clock.ts'
import { entropy, random } from '../world/random.ts'
import { openWire, QUIET } from '../world/wire.ts'

const NAMES = Array.from({ length: 16 }, (_, index) => String(index + 1))

/** A cable at one speed; at any other, what is said there is noise to everybody and nobody answers. */
async function scan(baud: number, plugsOf: (steel: Cabinet) => Plug[]) {
  const clock = virtualClock({ wall: 0 })
  const steel = cabinet({ clock, names: NAMES })
  const dice = random(1)
  const settings = { clock, random: dice, faults: { ...QUIET }, struck: () => {} }
  const live = openWire({ ...settings, baud, plugs: plugsOf(steel) })
  const deaf = openWire({ ...settings, baud, plugs: [] })
  const result = discover({
    opener: speed => (speed === baud ? live.open : deaf.open),
    clock,
    entropy: entropy(dice),
    thorough: false,
    trying: () => {},
  })
  let found: Found[] | undefined
  void result.then(each => {
    found = each.found
  })
  await clock.passUntil(() => found !== undefined, 600_000)
  expect(steel.doors.flatMap(({ releases }) => releases)).toEqual([])
  expect(live.ruined).toEqual([])
  return found ?? []
}

const short = (found: Found[]) =>
  found.map(
    ({ driver, options, doubts }) => `${driver} ${JSON.stringify(options)}${doubts.length > 0 ? ' ?' : ''}`,
  )

test('every lock board of its family is found by its address, and nothing moves', async () => {
  const found = await scan(19_200, steel => [
    cu16Board({ address: 0 }, steel.latches(NAMES)),
    cu12Board({ address: 3 }, steel.latches([])),
    cu48Board({ address: 9 }, steel.latches([])),
  ])
  expect(short(found)).toEqual([
    'kerong-cu16 {"address":0}',
    'kerong-cu12 {"address":3}',
    'kerong-cu48 {"address":9}',
  ])
  expect(found[0]?.says).toBe('16 of 16 locks read closed')
  expect(found[1]?.says).toContain('closed_bit: 0')
})

test('on one Modbus line relays and sensors are told apart', async () => {
  const found = await scan(9_600, steel => [
    lock8aBoard({ address: 7, channels: 8 }, steel.latches(NAMES)),
    modbusRelayBoard({ address: 2 }, steel.latches([])).plug,
    xyMd02Sensor({ address: 5 }, { celsius: 20, humidity: 50 }),
  ])
  expect(short(found)).toEqual([
    'lock-8a {"address":7}',
    'modbus-relay {"address":2}',
    'xy-md02 {"address":5}',
  ])
})

test('two boards at one address are told', async () => {
  const found = await scan(19_200, steel => [
    cu16Board({ address: 4 }, steel.latches(NAMES)),
    cu16Board({ address: 4 }, steel.latches([])),
  ])
  expect(short(found)).toEqual(['kerong-cu16 {"address":4} ?'])
  expect(found[0]?.doubts[0]).toMatch(/two devices have this address/)
})

test.each<[string, number, () => Plug]>([
  ['gm65', 9_600, () => gm65({}).plug],
  ['zebra-ssi', 9_600, () => ssiScanner({}).plug],
  ['zpl-printer', 9_600, () => zplPrinter({}, labelPrinter())],
  ['escpos-printer', 9_600, () => escposPrinter({}, receiptPrinter())],
  ['fa-fb-vmc', 57_600, () => vmc({}, vmcWorld())],
])('a %s is found', async (driver, baud, plug) => {
  expect(short(await scan(baud, () => [plug()]))).toContain(`${driver} {}`)
})
