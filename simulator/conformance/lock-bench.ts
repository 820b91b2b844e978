import { readdirSync } from 'node:fs'
import { findDriver } from '../../drivers/catalog.ts'
import type { Report } from '../../drivers/device.ts'
import { openSharedLine } from '../../drivers/shared-line.ts'
import type { Latches, LockTwin, Plug } from '../devices/peripheral.ts'
import { cabinet } from '../world/cabinet.ts'
import { virtualClock } from '../world/clock.ts'
import { entropy, random } from '../world/random.ts'
import { openWire, QUIET } from '../world/wire.ts'
import { show as tell } from './plugged.ts'

export const DOORS = 8
/** The latest a reading arrives that was taken before a door moved. */
const MAY_BE_LATE = 2_000
export const NAMES = Array.from({ length: DOORS }, (_, index) => String(index + 1))

/** Every simulated lock board says which driver is its, and how it is set up: a new one is found by being there. */
export async function lockTwins(): Promise<LockTwin[]> {
  const folder = new URL('../devices/', import.meta.url)
  const files = readdirSync(folder).filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const modules = await Promise.all(
    files.map(name => import(new URL(name, folder).href) as Promise<{ lockTwins?: LockTwin[] }>),
  )
  return modules.flatMap(each => each.lockTwins ?? [])
}

/** One driver and one board on a simulated cable, everything the driver reported in order. */
export function connect(
  { baud, driver: name, options, plug }: LockTwin,
  seed = 1,
  others: (latches: Latches) => Plug[] = () => [],
) {
  const driver = findDriver(name)
  if (!driver) throw new Error(`there is no driver ${name}`)
  const clock = virtualClock({ wall: 0 })
  const steel = cabinet({ clock, names: NAMES })
  const faults = { ...QUIET }
  const dice = random(seed)
  const struck = new Map<string, number>()
  const wire = openWire({
    clock,
    random: dice.fork('wire'),
    baud,
    plugs: [plug(steel.latches(NAMES)), ...others(steel.latches(NAMES))],
    faults,
    struck: fault => void struck.set(fault, (struck.get(fault) ?? 0) + 1),
  })
  const line = openSharedLine({ open: wire.open, clock, entropy: entropy(dice), baud, echo: 'auto' })
  const reports: Report[] = []
  const lies: string[] = []
  const device = driver.open(
    {
      bus: line.join('board', driver.manners),
      clock,
      report(report) {
        reports.push(report)
        if (report.type === 'door' && !couldBeSeen(report)) lies.push(tell(report))
      },
    },
    options,
  )

  /** Whether the door is as told, or was within the time that a reading may take to arrive. */
  function couldBeSeen({ channel, open: isOpen }: { channel: number; open: boolean }): boolean {
    const { open: truly, openings, closings } = steel.door(String(channel))
    const moved = Math.max(openings.at(-1)?.at ?? -Infinity, closings.at(-1)?.at ?? -Infinity)
    return isOpen === truly || clock.now() - moved < MAY_BE_LATE
  }

  return {
    clock,
    wire,
    /** Bytes on the line that belonged to no conversation. */
    noise: () => line.stats().noise + (line.stats().devices.board?.noise ?? 0),
    faults,
    struck,
    device,
    reports,
    lies,
    door: (number: number) => steel.door(String(number)),
    unlock: (channel: number) => device.send({ type: 'unlock', channel, by: clock.now() + 1_500 }),
    /** Lives on for `span` and tells what was reported in it. */
    async pass(span: number): Promise<string[]> {
      await clock.pass(span)
      return reports.splice(0).map(tell)
    },
    async online(): Promise<void> {
      await clock.passUntil(() => reports.length > DOORS, 5_000)
      reports.length = 0
    },
  }
}
