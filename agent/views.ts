import { portOf } from '../drivers/host/open-line.ts'
import type { DoorReading } from './domain/door.ts'
import { doorStates } from './domain/door-states.ts'
import type { Alarm } from './domain/journal-words.ts'
import { lockedNow } from './domain/lock-out.ts'
import type { DeviceHealth, Telemetry } from './sync/messages.ts'
import type { Unit } from './unit.ts'
import { VERSION } from './version.ts'
import { accessOf } from './views-access.ts'
import { kioskOf } from './views-kiosk.ts'
import type { DoorWatch } from './workflows/door-watch.ts'
import type { LatchWatch } from './workflows/latch-watch.ts'
import type { Reader } from './workflows/reader.ts'

/** What a unit shows of itself. Times in seconds; nothing here is a code or a person. */

export interface DoorView {
  compartment: string
  size: string
  height_mm: number
  device: string
  channel: number
  door: DoorReading
  /** Whether its sensor sees something inside; absent where there is none. */
  item?: boolean
  booking?: string
  held?: string
  /** Where somebody's visit stands: unlocking, open, asking, in-doubt. */
  visit?: string
  alarms: Alarm[]
  /** For whoever stands before it, while something is wrong there. */
  says?: string
  /** How its lock does; absent until it was opened once. */
  latch?: { cycles: number; typical_ms: number; last_ms: number; slow: boolean }
}

export function doorsOf({ site, present: { known }, processes }: Unit): DoorView[] {
  return site.compartments.map(({ name, size, height_mm, device, channel }) => {
    const booking = known.bookingIn(name)?.id
    const held = known.held(name)
    const item = known.item(name)
    const visit = known.visitAt(name)?.visit.phase
    const watch = processes.get('door-watch', name) as DoorWatch | undefined
    const alarms = watch?.alarms ?? []
    const [first] = alarms
    return {
      compartment: name,
      size,
      height_mm,
      device,
      channel,
      door: known.door(name),
      ...(item === undefined ? {} : { item }),
      ...(booking === undefined ? {} : { booking }),
      ...(held === undefined ? {} : { held }),
      ...(visit === undefined ? {} : { visit }),
      alarms,
      ...(first === undefined ? {} : { says: doorStates[first].person }),
      ...latchOf(processes.get('latch-watch', name) as LatchWatch | undefined),
    }
  })
}

const latchOf = (latch: LatchWatch | undefined): Pick<DoorView, 'latch'> =>
  latch
    ? {
        latch: {
          cycles: latch.cycles,
          typical_ms: Math.round(latch.typical),
          last_ms: latch.took,
          slow: latch.slow,
        },
      }
    : {}

export type LineView = ReturnType<typeof lineViews>[number]

export const lineViews = ({ site, devices }: Unit) =>
  site.lines.map(line => ({
    name: line.name,
    port: portOf(line),
    ...devices.lineStats(line.name),
  }))

export type Status = ReturnType<typeof statusOf>

export function statusOf(unit: Unit) {
  const { site, store, clock, cloud, processes } = unit
  const doors = doorsOf(unit)
  const count = (reading: DoorReading) => doors.filter(({ door }) => door === reading).length
  const head = store.journal.head().seq
  const link = cloud?.status()
  const onDevice = Map.groupBy(doors, ({ device }) => device)
  const views = lineViews(unit)
  const onLine = new Map(views.map(({ name, devices }) => [name, devices]))
  const seconds = (since: number) => Math.round((clock.now() - since) / 1_000)
  return {
    unit: site.unit,
    version: VERSION,
    up_seconds: seconds(unit.startedAt),
    epoch: store.facts.epoch(),
    session: store.facts.session(),
    cloud: link
      ? {
          configured: true,
          up: link.up,
          ...(link.why === undefined ? {} : { why: link.why }),
          for_seconds: seconds(link.since),
        }
      : { configured: false, up: false },
    ...kioskOf(unit),
    ...accessOf(unit),
    ...powerOf(unit),
    journal: { head, confirmed: link?.confirmed ?? 0, waiting: head - (link?.confirmed ?? 0) },
    devices: site.devices.map(({ name, driver, line }) => {
      const stats = onLine.get(line)?.[name]
      const acceptance = unit.accepted(name)
      return {
        name,
        driver,
        line,
        acceptance,
        ...latchesOf(onDevice.get(name) ?? []),
        ...unit.devices.health(name),
        ...quiet(stats?.lastReplyAt, unit),
        stats,
      }
    }),
    lines: views.map(({ devices: _each, ...line }) => line),
    doors: { closed: count('closed'), open: count('open'), unknown: count('unknown') },
    slow_locks: doors.filter(({ latch }) => latch?.slow).map(({ compartment }) => compartment),
    alarms: doors.flatMap(({ compartment, alarms }) => alarms.map(alarm => ({ alarm, compartment }))),
    locked_out: Array.from(processes.of('reader'), state => lockedNow(state as Reader)).flat(),
  }
}

/** How far it is down on its battery, where the site has a plan for that. */
const powerOf = ({ site, present: { known } }: Unit) => (site.power ? { power: known.stage } : {})

/** How the locks of a board do together; nothing for what has none, or none that was opened yet. */
function latchesOf(doors: DoorView[]): { latches?: { cycles: number; slow: string[] } } {
  const own = doors.filter(({ latch }) => latch)
  if (own.length === 0) return {}
  const cycles = own.reduce((sum, { latch }) => sum + (latch?.cycles ?? 0), 0)
  return {
    latches: { cycles, slow: own.filter(({ latch }) => latch?.slow).map(({ compartment }) => compartment) },
  }
}

/** How long ago the last good reply came; nothing for what was never asked. */
const quiet = (lastReplyAt: number | undefined, { clock }: Unit): { quiet_seconds?: number } =>
  lastReplyAt === undefined ? {} : { quiet_seconds: Math.round((clock.now() - lastReplyAt) / 1_000) }

/** What goes up every quarter of an hour, without the count of what was dropped. */
export function telemetryOf(unit: Unit): Omit<Telemetry, 'dropped'> {
  const { unit: name, epoch, up_seconds, devices, slow_locks } = statusOf(unit)
  const cycles = doorsOf(unit).reduce((sum, { latch }) => sum + (latch?.cycles ?? 0), 0)
  return {
    v: 1,
    unit: name,
    epoch: epoch ?? '',
    at: unit.present.known.wall,
    up_seconds,
    devices: devices.map(
      ({ name: device, online, why, said, restarts, stats, quiet_seconds }): DeviceHealth => ({
        name: device,
        online,
        ...(why === undefined ? {} : { why }),
        answered: stats?.answered ?? 0,
        retried: stats?.retried ?? 0,
        failed: stats?.failed ?? 0,
        noise: stats?.noise ?? 0,
        ...(quiet_seconds === undefined ? {} : { quiet_seconds }),
        ...(restarts === undefined ? {} : { restarts: restarts.count }),
        ...(said === undefined ? {} : { said }),
      }),
    ),
    slow_locks,
    cycles,
  }
}
