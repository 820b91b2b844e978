import type { CompartmentConfig } from '../../config/site.ts'
import type { Report } from '../../drivers/device.ts'
import { faults } from '../../drivers/faults.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { type Bench, NotProved, next, type Proof, pause } from './bench.ts'

const MOVES_WITHIN: Millis = 8_000
const CLOSES_WITHIN: Millis = 120_000

/** Each door is read closed, opened, and read closed again, alone; the three must agree. */
export async function proveLocks(bench: Bench, doors: Map<number, boolean>): Promise<Proof['locks']> {
  const { site, device, technician } = bench
  const own = site.compartments.filter(each => each.device === device)
  if (own.length === 0)
    throw new NotProved(`No compartment of the site file is on ${device}: describe its doors first.`)
  if (!(await technician.asks(`Are all ${own.length} doors of ${device} closed now?`)))
    throw new NotProved('Close them all, then begin again.')
  await pause(bench.clock, 1_000)
  checkPolarity(own, doors, device)
  const locks: Proof['locks'] = []
  for (const place of own) locks.push(await proveLock(bench, place, doors))
  return locks
}

/** All doors are shut, says who stands before them: what does not read so has another kind of contact, or is not shut. */
function checkPolarity(own: CompartmentConfig[], doors: Map<number, boolean>, device: string): void {
  const open = own.filter(({ channel }) => doors.get(channel) !== false)
  if (open.length === 0) return
  const names = open.map(({ name }) => name).join(', ')
  if (open.length === own.length && own.length > 1)
    throw new NotProved(
      `Every door reads open. The contacts of ${device} are of the other kind: set the option for it (closed_bit: 0, closed_state: '00' or closed_input: 0, see PROTOCOL.md of its driver), then begin again.`,
    )
  throw new NotProved(
    `${names} ${open.length === 1 ? 'reads' : 'read'} open. Shut ${open.length === 1 ? 'it' : 'them'}; or, where a contact is of the other kind, set sensor: inverted at that compartment. Then begin again.`,
  )
}

async function proveLock(
  bench: Bench,
  { name, channel }: CompartmentConfig,
  doors: Map<number, boolean>,
): Promise<Proof['locks'][number]> {
  const { clock, technician, send } = bench
  if (!(await technician.asks(`${name} (channel ${channel}) will be opened. Is nobody in its way?`)))
    throw new NotProved(`${name} was not opened, because you did not want it.`)
  const before = new Map(doors)
  const ordered = clock.now()
  const moved = next(bench, isDoor(channel, true), MOVES_WITHIN)
  const outcome = await send({ type: 'unlock', channel, by: ordered + 1_500 })
  if (!outcome.ok)
    throw new NotProved(`${name} could not be opened (${outcome.fault}). ${faults[outcome.fault].tryThis}`)
  if (!(await moved))
    throw new NotProved(
      `${name} was told to open, and its sensor saw nothing. If it did open, its sensor is broken or on another channel; if not, look at its latch.`,
    )
  const took = clock.now() - ordered
  const others = [...doors].filter(([each, open]) => each !== channel && open !== before.get(each))
  if (others.length > 0)
    throw new NotProved(
      `With ${name} also channel ${others.map(([each]) => each).join(', ')} moved. Compare the channels in the site file with the wiring.`,
    )
  if (!(await technician.asks(`Is it ${name} that stands open now, and no other?`)))
    throw new NotProved(
      `Another door than ${name} opened. Compare the channels in the site file with the wiring.`,
    )
  technician.say(`Close ${name}, please.`)
  const shut = doors.get(channel) === false || (await next(bench, isDoor(channel, false), CLOSES_WITHIN))
  if (!shut)
    throw new NotProved(`${name} never read closed again. Close it; if it is closed, look at its sensor.`)
  technician.say(`${name} is good: ${took.toFixed(0)} ms from the order to the open door.`)
  return { compartment: name, channel, latch_ms: Math.round(took) }
}

const isDoor =
  (channel: number, open: boolean) =>
  (report: Report): boolean =>
    report.type === 'door' && report.channel === channel && report.open === open
