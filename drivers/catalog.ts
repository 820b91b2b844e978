import type { ZodType } from 'zod'
import type { Device, Driver, Host } from './device.ts'
import { kerongCu16 } from './kerong-cu16/driver.ts'
import { lineScanner } from './line-scanner/driver.ts'
import { lock8a } from './lock-8a/driver.ts'

/** A driver whose option type is known only to itself. */
export interface Listed {
  name: string
  about: string
  options: ZodType
  address(options: unknown): string | undefined
  channels(options: unknown): number
  open(host: Host, options: unknown): Device
}

const listed = <Options>(driver: Driver<Options>): Listed => ({
  name: driver.name,
  about: driver.about,
  options: driver.options,
  address: options => driver.address(driver.options.parse(options)),
  channels: options => driver.channels(driver.options.parse(options)),
  open: (host, options) => driver.open(host, driver.options.parse(options)),
})

/** Every board the unit can drive. A new one is one line here. */
export const catalog: Listed[] = [listed(lock8a), listed(kerongCu16), listed(lineScanner)]

export const findDriver = (name: string): Listed | undefined => catalog.find(driver => driver.name === name)

/** Opens a device with options that were checked before; throws on a driver or an option that was not. */
export function openDevice(driver: string, host: Host, options: unknown): Device {
  const found = findDriver(driver)
  if (!found) throw new Error(`there is no driver ${driver}`)
  return found.open(host, options)
}
