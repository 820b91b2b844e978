import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { catalog, findDriver, openDevice } from './catalog.ts'
import type { Report } from './device.ts'
import { handClock } from './host/hand-clock.ts'
import { memoryLine } from './host/memory-line.ts'
import { openSharedLine } from './shared-line.ts'

const middle = { bytes: (length: number) => new Uint8Array(length), fraction: () => 0.5 }
/** What speaks only when somebody shows it something, and cannot be asked: there while its line is. */
const listens = (name: string): boolean => {
  const driver = findDriver(name)
  return driver?.probe === undefined && (driver?.kind === 'scanner' || driver?.kind === 'reader')
}
const names = catalog.map(({ name }) => name)

/** One device, with the options a site that says none gives it, on a line where nobody answers. */
function onSilence(driver: string, options: unknown = {}) {
  const clock = handClock()
  const wire = memoryLine({ clock, baud: 9_600, answer: () => undefined })
  const line = openSharedLine({ open: wire.open, clock, entropy: middle, baud: 9_600, echo: 'auto' })
  const reports: Report[] = []
  const host = { bus: line.join('it'), clock, report: (report: Report) => void reports.push(report) }
  return { clock, wire, reports, device: openDevice(driver, host, options) }
}

test('every folder of a driver is in the catalog, under its own name', () => {
  const folders = readdirSync('drivers', { withFileTypes: true }).filter(entry => entry.isDirectory())
  expect([...names, 'host'].sort()).toEqual(folders.map(({ name }) => name).sort())
  for (const name of names) expect(findDriver(name)?.name).toBe(name)
})

test.each(names)(
  '%s opens without options, opens nothing on a silent line, and is quiet once closed',
  async name => {
    const { clock, wire, reports, device } = onSilence(name)
    await clock.pass(12_000)
    expect(reports.at(-1)?.type).toBe(listens(name) ? 'online' : 'offline')
    const said = reports.length
    await expect(device.send({ type: 'unlock', channel: 1, by: clock.now() + 1_000 })).resolves.toMatchObject(
      {
        ok: false,
        sent: false,
      },
    )
    device.close()
    const written = wire.written.length
    wire.lose('unplugged')
    await clock.pass(60_000)
    expect(reports).toHaveLength(said)
    expect(wire.written).toHaveLength(written)
  },
)

test('boards know their address and their locks from their options; a scanner is alone and has none', () => {
  const told = (name: string, options: unknown) => {
    const driver = findDriver(name)
    return [driver?.address(options), driver?.channels(options)]
  }
  expect(told('lock-8a', { address: 7, channels: 12 })).toEqual(['address 7', 12])
  expect(told('kerong-cu16', {})).toEqual(['address 0', 16])
  expect(told('line-scanner', {})).toEqual([undefined, 0])
})

test('a driver or an option that nobody checked opens nothing', () => {
  expect(() => onSilence('lock-8b')).toThrow('there is no driver lock-8b')
  expect(() => onSilence('lock-8a', { address: 99 })).toThrow('address')
})
