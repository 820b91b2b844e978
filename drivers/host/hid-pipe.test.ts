import type { Device } from 'node-hid'
import { expect, test } from 'vitest'
import { type HidSystem, hidPipe } from './hid-pipe.ts'
import type { Listener } from './line.ts'

const SETTINGS = { vendor: 0x0c2e, usage_page: 0x8c, usage: 2 }

const scanner = (change: Partial<Device> = {}): Device => ({
  vendorId: 0x0c2e,
  productId: 0x0b81,
  path: '/dev/hidraw0',
  serialNumber: 'S1',
  release: 1,
  interface: 0,
  usagePage: 0x8c,
  usage: 2,
  ...change,
})

type Event = 'data' | 'error'

/** A machine with these devices on its bus; what they are told, and how to make them speak. */
function machine(devices: Device[]) {
  const ears = new Map<string, (what: unknown) => void>()
  const told: string[] = []
  let closed = 0
  const system: HidSystem = {
    devicesAsync: async () => devices,
    async open(path) {
      told.push(`open ${path}`)
      const device = {
        on(event: string, heard: (what: unknown) => void) {
          ears.set(event, heard)
          return device
        },
        async write(report: number[] | Buffer) {
          told.push(`write ${[...report]}`)
          return report.length
        },
        async sendFeatureReport(report: number[] | Buffer) {
          told.push(`feature ${[...report]}`)
          return report.length
        },
        async close() {
          closed++
        },
      }
      return device as unknown as Awaited<ReturnType<HidSystem['open']>>
    },
  }
  return {
    open: (settings: object = {}, listener: Listener = { read: () => {}, lost: () => {} }) =>
      hidPipe({ ...SETTINGS, ...settings }, async () => system)(listener),
    say: (event: Event, what: unknown) => ears.get(event)?.(what),
    told,
    closed: () => closed,
  }
}

test('the device is found by its ids, whichever path it has', async () => {
  const { open, told } = machine([
    scanner({ vendorId: 0x046d, path: '/dev/hidraw0' }),
    scanner({ path: '/dev/hidraw3', usagePage: 1, usage: 6 }),
    scanner({ path: '/dev/hidraw7' }),
  ])
  await open()
  expect(told).toEqual(['open /dev/hidraw7'])
})

test('of two that are alike neither is taken, until the serial number says which', async () => {
  const { open, told } = machine([scanner(), scanner({ path: '/dev/hidraw1', serialNumber: 'S2' })])
  await expect(open()).rejects.toThrow(
    'There are 2 of USB 0C2E: say the serial number of the one that is meant.',
  )
  await open({ serial: 'S2' })
  expect(told).toEqual(['open /dev/hidraw1'])
})

test('one that is not there, or is set to keyboard, is said', async () => {
  const { open } = machine([scanner({ usagePage: 1, usage: 6 })])
  await expect(open()).rejects.toThrow(
    /^USB 0C2E is not there: check its cable, and that it is set to HID-POS/,
  )
})

test('reports come whole; what begins with FE goes as a feature report, all else as an output report', async () => {
  const heard: Uint8Array[] = []
  const { open, say, told } = machine([scanner()])
  const line = await open({}, { read: bytes => void heard.push(bytes), lost: () => {} })
  say('data', Buffer.from([2, 1, 0x5d]))
  expect(heard).toEqual([Uint8Array.of(2, 1, 0x5d)])
  line.write(Uint8Array.of(0xfe, 1))
  line.write(Uint8Array.of(0xfd, 3, 0x16, 0x54, 0x0d))
  expect(told.slice(1)).toEqual(['feature 254,1', 'write 253,3,22,84,13'])
})

test('unplugged it is lost once, and nothing more is heard of it', async () => {
  const lost: string[] = []
  const heard: Uint8Array[] = []
  const { open, say, told, closed } = machine([scanner()])
  const line = await open({}, { read: bytes => void heard.push(bytes), lost: why => void lost.push(why) })
  say('error', new Error('could not read from HID device'))
  say('error', new Error('again'))
  say('data', Buffer.from([2]))
  line.write(Uint8Array.of(0xfd))
  expect(lost).toEqual(['USB 0C2E was unplugged (could not read from HID device).'])
  expect(heard).toEqual([])
  expect(told).toHaveLength(1)
  expect(closed()).toBe(1)
})

test('where a library of the machine is missing, it is said which to install', async () => {
  const load = async (): Promise<HidSystem> => ({
    devicesAsync: async () => {
      throw new Error('libusb-1.0.so.0: cannot open shared object file')
    },
    open: () => Promise.reject(new Error('never')),
  })
  await expect(hidPipe(SETTINGS, load)({ read: () => {}, lost: () => {} })).rejects.toThrow(
    'USB HID is not to be had (libusb-1.0.so.0: cannot open shared object file): install libusb-1.0-0 and libudev1.',
  )
})
