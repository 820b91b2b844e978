import { describe, expect, test } from 'vitest'
import { modbusInputs } from '../../drivers/modbus-inputs/driver.ts'
import { modbusRelay } from '../../drivers/modbus-relay/driver.ts'
import { xyMd02 } from '../../drivers/xy-md02/driver.ts'
import { type ModbusRelaySettings, modbusRelayBoard } from '../devices/modbus-relay-board.ts'
import { type XyMd02Settings, xyMd02Sensor } from '../devices/xy-md02-sensor.ts'
import { cabinet } from '../world/cabinet.ts'
import { virtualClock } from '../world/clock.ts'
import { plugged } from './plugged.ts'

const clock = virtualClock({ wall: 0 })
const DOORS = ['1', '2']

describe('xy-md02', () => {
  const sensor = (settings: Partial<XyMd02Settings> = {}, options: object = {}) => {
    const air = { celsius: 21.5, humidity: 40 }
    return {
      air,
      ...plugged({ driver: xyMd02, options, plugs: [xyMd02Sensor({ address: 1, ...settings }, air)] }),
    }
  }

  test.each([
    ['plain', {}, {}],
    ['echoing', { echoes: true }, {}],
    ['times a hundred', { scale: 100 }, { scale: 100 }],
  ] as const)(
    '%s: what it measures is told, and told again when it changes',
    async (_name, settings, options) => {
      const { pass, air } = sensor(settings, options)
      expect(await pass(60_000)).toEqual(['online', '21.5 °C 40 %'])
      air.celsius = -20.5
      expect(await pass(10_000)).toEqual(['-20.5 °C 40 %'])
    },
  )

  test('what cannot be is no reading: it goes offline with the reason', async () => {
    const { online, pass, air } = sensor()
    await online()
    air.humidity = 250
    const told = await pass(60_000)
    expect(told).toEqual([expect.stringMatching(/^offline/)])
    air.humidity = 41
    expect(await pass(10_000)).toEqual(['online', '21.5 °C 41 %'])
  })

  test('a scale that does not fit is found at once', async () => {
    const { pass } = sensor({ scale: 100 })
    expect(await pass(60_000)).toEqual(['offline: out-of-range'])
  })

  test('a dead sensor is told within its time', async () => {
    const { online, pass, wire } = sensor()
    await online()
    wire.kill(0)
    expect(await pass(60_000)).toEqual(['offline: stale'])
  })
})

describe('modbus-inputs', () => {
  const SIGNALS = [
    { channel: 9, name: 'tamper', on: 0 },
    { channel: 10, name: 'battery-low' },
  ]
  const inputs = (settings: Partial<ModbusRelaySettings> = {}) => {
    const on = new Set([9])
    const steel = cabinet({ clock, names: DOORS })
    const board = modbusRelayBoard({ address: 1, ...settings }, steel.latches(DOORS), {
      on: channel => on.has(channel),
    })
    return { on, ...plugged({ driver: modbusInputs, options: { signals: SIGNALS }, plugs: [board.plug] }) }
  }

  test('each contact is told by its name, and again when it changes', async () => {
    const { pass, on } = inputs()
    expect(await pass(5_000)).toEqual(['online', 'tamper off (first)', 'battery-low off (first)'])
    on.delete(9)
    expect(await pass(1_000)).toEqual(['tamper on'])
    on.add(10)
    expect(await pass(1_000)).toEqual(['battery-low on'])
  })

  test('inputs that the board does not have take it offline, with the request', async () => {
    const { clock: time, reports } = inputs({ relays: 4 })
    await time.pass(5_000)
    expect(reports).toEqual([{ type: 'offline', why: 'board-error', frame: '01 02 00 00 00 0A F8 0D' }])
  })
})

describe('modbus-relay, before and after it is trusted', () => {
  const relays = (settings: Partial<ModbusRelaySettings> = {}, options: object = {}) => {
    const steel = cabinet({ clock, names: DOORS })
    const board = modbusRelayBoard({ address: 1, ...settings }, steel.latches(DOORS), { on: () => true })
    const bench = plugged({
      driver: modbusRelay,
      options: { channels: 2, signals: [{ channel: 10, name: 'mains' }], ...options },
      plugs: [board.plug],
    })
    return { board, steel, ...bench }
  }

  test('a board that leaves the factory in linkage mode is set to normal, and then believed', async () => {
    const { board, online, steel, pass } = relays({ linkage: true })
    await online()
    steel.door('1').openByHand()
    steel.door('1').push()
    expect(board.powered(1)).toBe(false)
    await pass(1_000)
  })

  test('after its doors the other contacts are told', async () => {
    const { pass } = relays()
    expect(await pass(3_000)).toEqual(['online', '1 closed (first)', '2 closed (first)', 'mains on (first)'])
  })

  test('a clone without flash does not move, and says so', async () => {
    const { online, device, by, steel, pass } = relays({ lacks: ['flash'] })
    await online()
    const outcome = device.send({ type: 'unlock', channel: 1, by: by() })
    await pass(1_000)
    expect(await outcome).toEqual({
      ok: false,
      fault: 'board-error',
      sent: true,
      frame: '01 05 02 00 00 05 0C 71',
    })
    expect(steel.door('1').releases).toEqual([])
  })

  test('a clone without control modes is refused until the site says so', async () => {
    const refused = relays({ lacks: ['modes'] })
    await refused.clock.pass(5_000)
    expect(refused.reports).toEqual([
      { type: 'offline', why: 'board-error', frame: '01 03 10 00 00 02 C0 CB' },
    ])
    const taken = relays({ lacks: ['modes'] }, { control_mode: false })
    await taken.online()
  })

  test('a relay that does not let go takes the board offline: its lock would burn', async () => {
    const { online, device, by, board, pass } = relays()
    await online()
    void device.send({ type: 'unlock', channel: 1, by: by() })
    await pass(100)
    board.weld(1)
    const told = await pass(10_000)
    expect(told.at(-1)).toMatch(/^offline/)
  })
})
