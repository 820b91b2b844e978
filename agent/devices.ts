import type { LineConfig, Site } from '../config/site.ts'
import { openDevice } from '../drivers/catalog.ts'
import type { Device, Outcome, Report } from '../drivers/device.ts'
import type { Clock, Millis } from '../drivers/host/clock.ts'
import type { Entropy } from '../drivers/host/entropy.ts'
import type { OpenLine } from '../drivers/host/line.ts'
import { linePace } from '../drivers/host/open-line.ts'
import { type LineStats, openSharedLine } from '../drivers/shared-line.ts'

export interface Devices {
  /** Orders one lock. `by` is on the machine's steady clock. */
  unlock(compartment: string, by: Millis): Promise<Outcome>
  /** What a device last said of itself. */
  health(device: string): Health
  lineStats(line: string): LineStats
  close(): void
}

export interface Health {
  online: boolean
  /** Why it is not; absent until it was heard of. */
  why?: string
}

export interface DeviceParts {
  clock: Clock
  entropy: Entropy
  /** How to open a line of the site: the machine's ports in the field, simulated wires in the rig. */
  opener(line: LineConfig): OpenLine
  heard(device: string, report: Report): void
}

/** Opens every line and every device of a site. Which contact means an open door is settled here, once. */
export function openDevices(site: Site, { clock, entropy, opener, heard }: DeviceParts): Devices {
  const inverted = new Set(
    site.compartments
      .filter(each => each.sensor === 'inverted')
      .map(each => `${each.device}\n${each.channel}`),
  )
  const places = new Map(site.compartments.map(each => [each.name, each]))
  const lines = new Map(
    site.lines.map(line => [
      line.name,
      openSharedLine({ open: opener(line), clock, entropy, echo: line.echo, ...linePace(line) }),
    ]),
  )
  const health = new Map<string, Health>()
  const devices = new Map<string, Device>()

  function report(device: string, said: Report): void {
    if (said.type === 'online') health.set(device, { online: true })
    if (said.type === 'offline') health.set(device, { online: false, why: said.why })
    heard(device, said.type === 'door' && inverted.has(`${device}\n${said.channel}`) ? turned(said) : said)
  }

  for (const { name, line, driver, options } of site.devices) {
    const bus = lines.get(line)?.join(name)
    if (!bus) throw new Error(`device ${name} is on line ${line}, which the site does not have`)
    const host = { bus, clock, report: (said: Report) => report(name, said) }
    devices.set(name, openDevice(driver, host, options))
  }

  return {
    async unlock(compartment, by) {
      const place = places.get(compartment)
      const device = place && devices.get(place.device)
      if (!device) return { ok: false, fault: 'unknown-channel', sent: false }
      return device.send({ type: 'unlock', channel: place.channel, by })
    },
    health: device => health.get(device) ?? { online: false },
    lineStats(line) {
      const stats = lines.get(line)?.stats()
      if (!stats) throw new Error(`the site has no line ${line}`)
      return stats
    },
    close() {
      for (const device of devices.values()) device.close()
      for (const line of lines.values()) line.close()
    },
  }
}

/** A switch that reads the other way round than its board documents. */
const turned = (said: Report & { type: 'door' }): Report => ({
  ...said,
  open: !said.open,
  was: said.was === undefined ? undefined : !said.was,
})
