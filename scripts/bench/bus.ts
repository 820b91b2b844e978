import { openDevices } from '../../agent/devices.ts'
import { readSite } from '../../config/load.ts'
import { lock8aBoard } from '../../simulator/devices/lock-8a-board.ts'
import { cabinet } from '../../simulator/world/cabinet.ts'
import { virtualClock } from '../../simulator/world/clock.ts'
import { entropy, random } from '../../simulator/world/random.ts'
import { openWire, QUIET } from '../../simulator/world/wire.ts'
import { type Bench, type Figures, figure } from './figure.ts'

const BOARDS = 16
const BAUDS = [9_600, 19_200]
const THINKS = 2
const SPAN = 60_000
const STEP = 5
/** Which of them dies. */
const DEAD = 8
/** Request of five bytes and reply of seven, at ten bits a byte, and the board's own time to think. */
const exchangeAt = (baud: number): number => (12 * 10_000) / baud + THINKS

/** Sixteen 8A boards of 24 locks on one line at true byte times, polled as fast as the line goes. */
function openBus(baud: number) {
  const clock = virtualClock({ wall: 0 })
  const names = Array.from({ length: BOARDS * 24 }, (_, index) => `D${index}`)
  const steel = cabinet({ clock, names })
  const plugs = Array.from({ length: BOARDS }, (_, index) =>
    lock8aBoard(
      { address: index + 1, channels: 24, statusBytes: 3, thinkMillis: THINKS },
      steel.latches(names.slice(index * 24, index * 24 + 24)),
    ),
  )
  const wire = openWire({ clock, random: random(1), baud, plugs, faults: QUIET, struck: () => {} })
  const read = readSite(
    [
      'unit: bench',
      `lines: [{ name: bus, serial: { path: /dev/bus, baud: ${baud} } }]`,
      'devices:',
      ...plugs.map(
        (_, index) =>
          `  - { name: b${index + 1}, line: bus, driver: lock-8a, options: { address: ${index + 1}, status_bytes: 3, poll_ms: 100, stale_ms: 3000 } }`,
      ),
      'compartments:',
      ...names.map(
        (name, index) =>
          `  - { name: ${name}, size: M, height_mm: 1000, device: b${Math.floor(index / 24) + 1}, channel: ${(index % 24) + 1} }`,
      ),
    ].join('\n'),
  )
  if (!read.ok) throw new Error('the site of the bench is not right')
  const devices = openDevices(read.site, {
    clock,
    entropy: entropy(random(2)),
    opener: () => wire.open,
    heard: () => {},
  })
  return { clock, wire, steel, devices }
}

type Bus = ReturnType<typeof openBus>

const answered = ({ devices }: Bus): number[] =>
  Object.values(devices.lineStats('bus').devices).map(stats => stats.answered)

/** The share of the time in which the line carried bytes, or the board that was asked thought. */
async function lineUse(bus: Bus, baud: number): Promise<number> {
  const { clock, devices } = bus
  const [before, from] = [devices.lineStats('bus'), answered(bus)]
  await clock.pass(SPAN)
  const after = devices.lineStats('bus')
  const polls = answered(bus).reduce((sum, count, index) => sum + count - (from[index] ?? 0), 0)
  const bytes = after.bytesRead + after.bytesWritten - before.bytesRead - before.bytesWritten
  return ((bytes * 10_000) / baud + polls * THINKS) / SPAN
}

/** Of 100 orders, the longest from the order to its first byte. */
async function longestWait({ clock, steel, devices }: Bus, baud: number): Promise<number> {
  let longest = 0
  for (let order = 0; order < 100; order++) {
    await clock.pass(97.3)
    const door = `D${(order * 29) % (BOARDS * 24)}`
    const at = clock.now()
    const count = steel.door(door).releases.length
    void devices.unlock(door, at + 1_000)
    await clock.passUntil(() => steel.door(door).releases.length > count, 2_000)
    // From the order to the coil, less the time the command itself is on the line.
    longest = Math.max(longest, clock.now() - at - (5 * 10_000) / baud)
    // The bolt lets go a moment after the pulse; only then can somebody close it again.
    await clock.passUntil(() => steel.door(door).open, 2_000)
    steel.door(door).push()
  }
  return longest
}

/** The time between two answers of one board that lives: on the mean, and at the worst, to the nearest step. */
async function cycleOf(bus: Bus, live: number[]): Promise<{ mean: number; worst: number }> {
  const before = answered(bus)
  const last = before.map(count => ({ count, at: bus.clock.now() }))
  let worst = 0
  for (let at = 0; at < SPAN; at += STEP) {
    await bus.clock.pass(STEP)
    const now = answered(bus)
    for (const index of live) {
      const known = last[index]
      const count = now[index] ?? 0
      if (!known || known.count === count) continue
      worst = Math.max(worst, bus.clock.now() - known.at)
      last[index] = { count, at: bus.clock.now() }
    }
  }
  const gained = answered(bus).map((count, index) => count - (before[index] ?? 0))
  return { mean: SPAN / (live.reduce((sum, index) => sum + (gained[index] ?? 0), 0) / live.length), worst }
}

export const bus: Bench = {
  name: 'bus',
  about: '16 boards polled on one line of 9,600 and of 19,200 baud at true byte times, on a virtual clock',
  figures: BAUDS.flatMap(baud => [`bus-use-${baud}`, `bus-wait-${baud}`, `bus-dead-${baud}`]),
  async measure(say) {
    const figures: Figures = {}
    for (const baud of BAUDS) {
      const line = openBus(baud)
      const exchange = exchangeAt(baud)
      await line.clock.pass(10_000)
      const share = await lineUse(line, baud)
      const longest = await longestWait(line, baud)
      const others = Array.from({ length: BOARDS }, (_, index) => index).filter(index => index !== DEAD)
      // The boards that were opened are read back for a while.
      await line.clock.pass(10_000)
      const healthy = await cycleOf(line, others)
      line.wire.kill(DEAD)
      const wounded = await cycleOf(line, others)
      line.devices.close()
      say(
        `${baud} baud: one cycle of ${BOARDS} boards takes ${healthy.mean.toFixed(0)} ms; the line alone would take ${(exchange * BOARDS).toFixed(0)} ms; the longest cycle of one board ${healthy.worst.toFixed(0)} ms before the death, ${wounded.worst.toFixed(0)} ms after`,
      )
      figures[`bus-use-${baud}`] = figure(share, 'of line', 1, '≥ 0.95 of the line', share >= 0.95)
      figures[`bus-wait-${baud}`] = figure(longest, 'ms', exchange, '≤ one exchange', longest <= exchange)
      const { mean } = healthy
      const met = wounded.mean < 1.1 * mean
      figures[`bus-dead-${baud}`] = figure(wounded.mean, 'ms a cycle', mean, '< 1.1 × healthy', met)
    }
    return figures
  },
}
