import type { DeviceConfig, LineConfig, Site } from '../config/site.ts'
import { type Captured, openRing, type Ring, tapInto } from '../drivers/capture.ts'
import { findDriver, type Listed } from '../drivers/catalog.ts'
import type { Command, Outcome, Report } from '../drivers/device.ts'
import type { Clock, Millis } from '../drivers/host/clock.ts'
import type { Entropy } from '../drivers/host/entropy.ts'
import type { OpenLine } from '../drivers/host/line.ts'
import { linePace } from '../drivers/host/open-line.ts'
import { type Isolated, isolate } from '../drivers/isolation.ts'
import { type LineStats, openSharedLine, type SharedLine } from '../drivers/shared-line.ts'

export interface Devices {
  /** Orders one lock. `by` is on the machine's steady clock. */
  unlock(compartment: string, by: Millis): Promise<Outcome>
  /** Turns one lane, once. */
  vend(lane: string, by: Millis): Promise<Outcome>
  send(device: string, command: Command): Promise<Outcome>
  /** What a device last said of itself. */
  health(device: string): Health
  lineStats(line: string): LineStats
  /** What passed on a line of late, the oldest first. */
  captured(line: string): Captured[]
  close(): void
}

export interface Health {
  online: boolean
  /** Why it is not; absent until it was heard of. */
  why?: string
  /** How often its driver went wrong and was started again; absent while it never did. */
  restarts?: { count: number; gaveUp: boolean; last?: string }
  /** What it measured or said last, by the kind of its report; nothing of persons. */
  said?: Record<string, unknown>
}

export interface DeviceParts {
  clock: Clock
  entropy: Entropy
  /** How to open a line of the site: the machine's ports in the field, simulated wires in the rig. */
  opener(line: LineConfig): OpenLine
  heard(device: string, report: Report): void
  /** A driver went wrong: a defect of ours. */
  bug?(device: string, why: string): void
}

/** Opens every line and every device of a site. Which contact means an open door is settled here, once. */
export function openDevices(site: Site, parts: DeviceParts): Devices {
  const { clock, heard, bug = () => {} } = parts
  const inverted = new Set(
    site.compartments
      .filter(each => each.sensor === 'inverted')
      .map(each => `${each.device}\n${each.channel}`),
  )
  const places = new Map(site.compartments.map(each => [each.name, each]))
  const lanes = new Map(site.lanes.map(each => [each.name, each]))
  const lines = new Map(site.lines.map(line => [line.name, openLine(site, line, parts)]))
  const health = new Map<string, Health>()
  const devices = new Map<string, Isolated>()

  function report(device: string, said: Report): void {
    health.set(device, after(health.get(device), said))
    heard(device, said.type === 'door' && inverted.has(`${device}\n${said.channel}`) ? turned(said) : said)
  }

  for (const { name, line, driver, options } of site.devices) {
    const { manners, open } = driverOf(driver)
    const bus = lines.get(line)?.line.join(name, manners)
    if (!bus) throw new Error(`device ${name} is on line ${line}, which the site does not have`)
    devices.set(
      name,
      isolate({
        host: { bus, clock, report: said => report(name, said) },
        open: host => open(host, options),
        bug: why => bug(name, why),
      }),
    )
  }

  function lineNamed(name: string): { line: SharedLine; ring: Ring } {
    const found = lines.get(name)
    if (!found) throw new Error(`the site has no line ${name}`)
    return found
  }

  const send = async (device: string, command: Command): Promise<Outcome> =>
    devices.get(device)?.send(command) ?? UNKNOWN

  return {
    async unlock(compartment, by) {
      const place = places.get(compartment)
      if (!place) return UNKNOWN
      return send(place.device, { type: 'unlock', channel: place.channel, by })
    },
    async vend(name, by) {
      const lane = lanes.get(name)
      if (!lane) return UNKNOWN
      return send(lane.device, { type: 'vend', channel: lane.channel, by })
    },
    send,
    health(device) {
      const restarts = devices.get(device)?.restarts()
      const known = health.get(device) ?? { online: false }
      return restarts?.last === undefined ? known : { ...known, restarts }
    },
    lineStats: name => lineNamed(name).line.stats(),
    captured: name => lineNamed(name).ring.all(),
    close() {
      for (const device of devices.values()) device.close()
      for (const { line } of lines.values()) line.close()
    },
  }
}

function openLine(site: Site, line: LineConfig, { clock, entropy, opener }: DeviceParts) {
  const ring = openRing()
  const tap = tapInto(ring, clock, isSecret(site.devices, line.name))
  const settings = { open: opener(line), clock, entropy, echo: line.echo, tap, ...linePace(line) }
  return { line: openSharedLine(settings), ring }
}

const UNKNOWN: Outcome = { ok: false, fault: 'unknown-channel', sent: false }

/** Whether something on that line reads what is nobody's business: then nobody keeps its bytes. */
export const isSecret = (devices: DeviceConfig[], line: string): boolean =>
  devices.some(device => device.line === line && driverOf(device.driver).secret)

function driverOf(name: string): Listed {
  const found = findDriver(name)
  if (!found) throw new Error(`there is no driver ${name}`)
  return found
}

/** What is known of a device after it said something. After a silence nothing it said before counts. */
function after(before: Health | undefined, report: Report): Health {
  switch (report.type) {
    case 'online':
      return { online: true }
    case 'offline':
      return { online: false, why: report.why }
    case 'climate':
    case 'printer': {
      const { type, ...said } = report
      return { ...(before ?? { online: true }), said: { ...before?.said, [type]: said } }
    }
    case 'payment':
      return { ...(before ?? { online: true }), said: { ...before?.said, payment: report.state } }
    case 'input':
      return { ...(before ?? { online: true }), said: { ...before?.said, [report.name]: report.on } }
    case 'door':
    case 'item':
    case 'dispense':
    case 'moved':
    case 'scan':
    case 'badge':
    case 'key':
      return before ?? { online: true }
  }
}

/** A switch that reads the other way round than its board documents. */
const turned = (said: Report & { type: 'door' }): Report => ({
  ...said,
  open: !said.open,
  was: said.was === undefined ? undefined : !said.was,
})
