import type { Clock } from '../../drivers/host/clock.ts'
import { keypad } from '../devices/keypad.ts'
import { lineScanner } from '../devices/line-scanner.ts'
import { lock8aBoard } from '../devices/lock-8a-board.ts'
import { modbusRelayBoard } from '../devices/modbus-relay-board.ts'
import type { Plug } from '../devices/peripheral.ts'
import { rdm6300 } from '../devices/rdm6300.ts'
import { trayScanner } from '../devices/tray-scanner.ts'
import { vmc } from '../devices/vmc.ts'
import { xyMd02Sensor } from '../devices/xy-md02-sensor.ts'
import { labelPrinter, zplPrinter } from '../devices/zpl-printer.ts'
import { cabinet } from '../world/cabinet.ts'
import { vending } from '../world/vending.ts'
import { DELIVERY, LANES } from './site.ts'

export const LINES = [
  'vending',
  'doors',
  'modbus',
  'packs',
  'tray',
  'patients',
  'keys',
  'labels',
  'badges',
] as const
export type LineName = (typeof LINES)[number]

/**
 * Everything of one simulated kiosk but the agent and the cables: the steel, the boards and what hangs on each line.
 * `pollMillis`: how often the controller speaks.
 */
export function clinicHardware(clock: Clock, pollMillis = 200) {
  const steel = cabinet({ clock, names: [DELIVERY] })
  const door = steel.door(DELIVERY)
  const tray = trayScanner({ aim: true })
  const machine = vending({
    clock,
    door,
    lanes: LANES.map(({ name, channel }) => ({ name, channel })),
    seesCode: label => tray.scan(label, ']d2'),
  })
  const packs = lineScanner({ aim: true })
  const patients = lineScanner({ aim: true })
  const pad = keypad()
  const badges = rdm6300()
  const printer = labelPrinter()
  const air = { celsius: 21.5, humidity: 40 }
  const contacts = modbusRelayBoard({ address: 2 }, steel.latches([]), {
    on: channel => channel === 1 && machine.present(),
  })
  const plugs: Record<LineName, Plug[]> = {
    vending: [vmc({ pollMillis }, machine.world)],
    doors: [lock8aBoard({ address: 1, channels: 8, statusBytes: 3 }, steel.latches([DELIVERY]))],
    modbus: [contacts.plug, xyMd02Sensor({ address: 5 }, air)],
    packs: [packs.plug],
    tray: [tray.plug],
    patients: [patients.plug],
    keys: [pad.plug],
    labels: [zplPrinter({}, printer)],
    badges: [badges.plug],
  }
  return { steel, door, machine, packs, patients, pad, badges, printer, air, plugs }
}

export type Hardware = ReturnType<typeof clinicHardware>

/** The element string of a pack's DataMatrix; `expiry` is YYMMDD. */
export const packLabel = (gtin: string, serial: string, lot: string, expiry: string): string =>
  `01${gtin}10${lot}\u001d17${expiry}21${serial}`
