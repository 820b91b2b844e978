import type { ZodType } from 'zod'
import type { Device, Driver, Host, Kind, Probe } from './device.ts'
import { escposPrinter } from './escpos-printer/driver.ts'
import { faFbVmc } from './fa-fb-vmc/driver.ts'
import { firmataBoard } from './firmata-board/driver.ts'
import { gm65 } from './gm65/driver.ts'
import { hidPosScanner } from './hid-pos-scanner/driver.ts'
import { kerongCu12 } from './kerong-cu12/driver.ts'
import { kerongCu16 } from './kerong-cu16/driver.ts'
import { kerongCu48 } from './kerong-cu48/driver.ts'
import { lineScanner } from './line-scanner/driver.ts'
import { lock8a } from './lock-8a/driver.ts'
import { modbusInputs } from './modbus-inputs/driver.ts'
import { modbusRelay } from './modbus-relay/driver.ts'
import { qibixxMdb } from './qibixx-mdb/driver.ts'
import { rdm6300 } from './rdm6300/driver.ts'
import type { Manners } from './seat.ts'
import { serialKeypad } from './serial-keypad/driver.ts'
import { xyMd02 } from './xy-md02/driver.ts'
import { zebraSsi } from './zebra-ssi/driver.ts'
import { zplPrinter } from './zpl-printer/driver.ts'

/** A driver whose option type is known only to itself. */
export interface Listed {
  name: string
  about: string
  kind: Kind
  options: ZodType
  address(options: unknown): string | undefined
  channels(options: unknown): number
  wire: 'bytes' | 'hid'
  manners: Manners
  secret: boolean
  probe: Probe<object> | undefined
  open(host: Host, options: unknown): Device
}

const listed = <Options>(driver: Driver<Options>): Listed => ({
  name: driver.name,
  about: driver.about,
  kind: driver.kind,
  options: driver.options,
  wire: driver.wire ?? 'bytes',
  manners: driver.manners ?? {},
  secret: driver.secret ?? false,
  probe: driver.probe && {
    ...driver.probe,
    ask: async (bus, options, clock) => driver.probe?.ask(bus, driver.options.parse(options), clock),
  },
  address: options => driver.address(driver.options.parse(options)),
  channels: options => driver.channels(driver.options.parse(options)),
  open: (host, options) => driver.open(host, driver.options.parse(options)),
})

/** Every board the unit can drive. A new one is one line here. */
export const catalog: Listed[] = [
  listed(lock8a),
  listed(kerongCu16),
  listed(kerongCu12),
  listed(kerongCu48),
  listed(modbusRelay),
  listed(modbusInputs),
  listed(xyMd02),
  listed(lineScanner),
  listed(gm65),
  listed(zebraSsi),
  listed(hidPosScanner),
  listed(rdm6300),
  listed(serialKeypad),
  listed(faFbVmc),
  listed(qibixxMdb),
  listed(firmataBoard),
  listed(zplPrinter),
  listed(escposPrinter),
]

export const findDriver = (name: string): Listed | undefined => catalog.find(driver => driver.name === name)

/** Opens a device with options that were checked before; throws on a driver or an option that was not. */
export function openDevice(driver: string, host: Host, options: unknown): Device {
  const found = findDriver(driver)
  if (!found) throw new Error(`there is no driver ${driver}`)
  return found.open(host, options)
}
