import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { systemClock } from '../../drivers/host/clock.ts'
import { type Broker, openBroker } from '../cloud/broker.ts'
import { openOperator } from '../cloud/operator.ts'
import type { Latches, Plug } from '../devices/peripheral.ts'
import { type Cabinet, cabinet } from '../world/cabinet.ts'
import { openPty, type Pty, type PtySettings } from '../world/pty.ts'
import { agentProcess } from './agent-process.ts'

/** A cable with what hangs on it: what the site file says of it, and what it is. */
export interface LinePlan {
  baud: number
  devices: DevicePlan[]
  wear?: PtySettings['wear']
}

export interface DevicePlan {
  name: string
  driver: string
  options: object
  /** The names of its doors, the first on channel 1. */
  doors?: string[]
  plug(latches: Latches): Plug
}

export interface StationSettings {
  unit?: string
  policy?: object
  /** What else its site file says, such as lanes. */
  site?: object
  /** Files that lie beside its site file, by name. */
  beside?: Record<string, object>
  /** Its steel, where the boards are wired to it already. */
  steel?: Cabinet
  /** A broker of another kind than the embedded one. */
  broker?: Broker
  log?: string
}

const SIZES = ['S', 'S', 'S', 'S', 'M', 'M', 'L', 'L']
const POLICY = { left_open_seconds: 10, remote_opens_per_hour: 1_000 }

/** A whole unit on this machine: steel, boards on real ptys, a real broker, and the real agent beside them. */
export async function openStation<Name extends string>(
  plans: Record<Name, LinePlan>,
  settings: StationSettings = {},
) {
  const { unit = 'autocentre-1', policy = {} } = settings
  const clock = systemClock
  const folder = mkdtempSync(join(tmpdir(), 'pawl-town-'))
  const named = Object.entries(plans) as [Name, LinePlan][]
  const names = named.flatMap(([, { devices }]) => devices.flatMap(({ doors = [] }) => doors))
  const steel = settings.steel ?? cabinet({ clock, names })
  const lines = Object.fromEntries(
    named.map(([name, { baud, devices, wear }]) => {
      const plugs = devices.map(({ plug, doors = [] }) => plug(steel.latches(doors)))
      return [name, openPty({ clock, baud, plugs, wear, link: join(folder, `tty-${name}`) })]
    }),
  ) as Record<Name, Pty>
  const broker = settings.broker ?? (await openBroker())
  const operator = await openOperator(broker, unit, clock)
  const site = join(folder, 'site.yaml')
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  const described = {
    unit,
    data,
    lines: named.map(([name, { baud }]) => ({ name, serial: { path: lines[name].path, baud } })),
    devices: named.flatMap(([line, { devices }]) =>
      devices.map(({ name, driver, options }) => ({ name, line, driver, options })),
    ),
    compartments: named.flatMap(([, { devices }]) => devices.flatMap(compartments)),
    cloud: { broker: broker.url },
    policy: { ...POLICY, ...policy },
    ...settings.site,
  }
  writeFileSync(site, stringify(described))
  for (const [name, file] of Object.entries(settings.beside ?? {}))
    writeFileSync(join(folder, name), stringify(file))
  const agent = agentProcess(site, settings.log)

  return {
    clock,
    unit,
    site,
    data,
    socket: join(data, 'pawl.sock'),
    steel,
    lines,
    broker,
    operator,
    startAgent: agent.start,
    endAgent: agent.end,
    said: agent.said,
    logged: agent.logged,
    async close() {
      await agent.end('SIGTERM')
      for (const line of Object.values<Pty>(lines)) line.unplug()
      await broker.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Station = Awaited<ReturnType<typeof openStation<string>>>

const compartments = ({ name: device, doors = [] }: DevicePlan) =>
  doors.map((name, index) => ({
    name,
    size: SIZES[index % SIZES.length],
    height_mm: 1_700 - 180 * (index % SIZES.length),
    device,
    channel: index + 1,
  }))
