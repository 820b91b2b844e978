import type { Device, HIDAsync } from 'node-hid'
import type { LineConfig } from '../../config/site.ts'
import { type Millis, systemClock } from './clock.ts'
import type { Line, Listener, OpenLine } from './line.ts'

export type HidSettings = NonNullable<LineConfig['hid']>

/** What is used of node-hid, so that a test can stand in for the machine. */
export interface HidSystem {
  devicesAsync(): Promise<Device[]>
  open(path: string): Promise<Pick<HIDAsync, 'close' | 'write' | 'sendFeatureReport' | 'on'>>
}

/** The reports that switch a device on, rather than tell it something: HID calls them feature reports. */
const FEATURE = 0xfe
const WRITE_WITHIN: Millis = 2_000

/** Loaded only by a site that has such a line: its native part wants libraries that not every machine has. */
async function nodeHid(): Promise<HidSystem> {
  const { default: hid } = await import('node-hid')
  return { devicesAsync: () => hid.devicesAsync(), open: path => hid.HIDAsync.open(path) }
}

async function systemWith(load: () => Promise<HidSystem>): Promise<{ system: HidSystem; devices: Device[] }> {
  try {
    const system = await load()
    return { system, devices: await system.devicesAsync() }
  } catch (error) {
    throw new Error(`USB HID is not to be had (${sentence(error)}): install libusb-1.0-0 and libudev1.`)
  }
}

/**
 * A USB HID device as a line whose pieces are whole reports, the report id first. Each opening looks for it anew by its
 * ids, so that it may be unplugged and plugged in elsewhere.
 */
export function hidPipe(settings: HidSettings, load: () => Promise<HidSystem> = nodeHid): OpenLine {
  return async listener => {
    const { system, devices } = await systemWith(load)
    const found = choose(devices, settings)
    let device: Awaited<ReturnType<HidSystem['open']>>
    try {
      device = await system.open(found)
    } catch (error) {
      throw new Error(
        `${nameOf(settings)} cannot be opened (${sentence(error)}): the agent needs leave for /dev/hidraw*, by a udev rule.`,
      )
    }
    return openDevice(device, nameOf(settings), listener)
  }
}

function choose(devices: Device[], settings: HidSettings): string {
  const { vendor, product, serial, usage_page, usage } = settings
  const alike = devices.filter(
    each =>
      each.vendorId === vendor &&
      (product === undefined || each.productId === product) &&
      (serial === undefined || each.serialNumber === serial) &&
      // Some systems do not tell the usage; those that do tell a scanner from the keyboard it also is.
      (each.usagePage === undefined || (each.usagePage === usage_page && each.usage === usage)),
  )
  const [first, second] = alike
  if (!first?.path)
    throw new Error(
      `${nameOf(settings)} is not there: check its cable, and that it is set to HID-POS and not to keyboard.`,
    )
  if (second?.path && second.path !== first.path)
    throw new Error(
      `There are ${alike.length} of ${nameOf(settings)}: say the serial number of the one that is meant.`,
    )
  return first.path
}

function openDevice(device: Awaited<ReturnType<HidSystem['open']>>, name: string, listener: Listener): Line {
  let over = false

  function lost(why: string): void {
    if (over) return
    over = true
    // It may be gone already, and says so by a rejection.
    device.close().catch(() => {})
    listener.lost(why)
  }

  device.on('data', (report: Uint8Array) => {
    if (!over) listener.read(Uint8Array.from(report))
  })
  device.on('error', (error: unknown) => lost(`${name} was unplugged (${sentence(error)}).`))

  return {
    write(bytes) {
      if (over) return
      const cancel = systemClock.after(WRITE_WITHIN, () => lost(`${name} takes no more reports.`))
      const report = [...bytes]
      const written = report[0] === FEATURE ? device.sendFeatureReport(report) : device.write(report)
      written.then(cancel, error => {
        cancel()
        lost(`${name} refused a report (${sentence(error)}).`)
      })
    },
    close() {
      if (over) return
      over = true
      device.close().catch(() => {})
    },
  }
}

const four = (id: number): string => id.toString(16).padStart(4, '0').toUpperCase()

export const nameOf = ({ vendor, product, serial }: HidSettings): string =>
  `USB ${four(vendor)}${product === undefined ? '' : `:${four(product)}`}${serial === undefined ? '' : ` ${serial}`}`

const sentence = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, '').split('\n')[0] ?? ''
