import { openDevices } from '../../agent/devices.ts'
import { readSite } from '../../config/load.ts'
import { lock8aBoard } from '../../simulator/devices/lock-8a-board.ts'
import { cabinet } from '../../simulator/world/cabinet.ts'
import { virtualClock } from '../../simulator/world/clock.ts'
import { entropy, random } from '../../simulator/world/random.ts'
import { openWire, QUIET } from '../../simulator/world/wire.ts'
import { type Bench, figure } from './figure.ts'

const BOARDS = 16
const BAUD = 9_600
const THINKS = 2
/** Request of five bytes and reply of seven, at ten bits a byte, and the board's own time to think. */
const EXCHANGE = (12 * 10_000) / BAUD + THINKS

/** Sixteen 8A boards of 24 locks on one line at true byte times, polled as fast as the line goes. */
function openBus() {
  const clock = virtualClock({ wall: 0 })
  const names = Array.from({ length: BOARDS * 24 }, (_, index) => `D${index}`)
  const steel = cabinet({ clock, names })
  const plugs = Array.from({ length: BOARDS }, (_, index) =>
    lock8aBoard(
      { address: index + 1, channels: 24, statusBytes: 3, thinkMillis: THINKS },
      steel.latches(names.slice(index * 24, index * 24 + 24)),
    ),
  )
  const wire = openWire({ clock, random: random(1), baud: BAUD, plugs, faults: QUIET, struck: () => {} })
  const read = readSite(
    [
      'unit: bench',
      `lines: [{ name: bus, serial: { path: /dev/bus, baud: ${BAUD} } }]`,
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

export const bus: Bench = {
  name: 'bus',
  about: '16 boards polled on one 9,600-baud line at true byte times, on a virtual clock',
  figures: ['bus-use', 'bus-unlock-wait', 'bus-dead-board'],
  async measure(say) {
    const { clock, wire, steel, devices } = openBus()
    const answered = () => Object.values(devices.lineStats('bus').devices).map(stats => stats.answered)
    const span = 60_000
    await clock.pass(10_000)
    const before = devices.lineStats('bus')
    const [from] = [answered()]
    await clock.pass(span)
    const after = devices.lineStats('bus')
    const polls = answered().reduce((sum, count, index) => sum + count - (from[index] ?? 0), 0)
    const bytes = after.bytesRead + after.bytesWritten - before.bytesRead - before.bytesWritten
    const share = ((bytes * 10_000) / BAUD + polls * THINKS) / span

    let longest = 0
    for (let order = 0; order < 100; order++) {
      await clock.pass(97.3)
      const door = `D${(order * 29) % (BOARDS * 24)}`
      const at = clock.now()
      const count = steel.door(door).releases.length
      void devices.unlock(door, at + 1_000)
      await clock.passUntil(() => steel.door(door).releases.length > count, 2_000)
      // From the order to the coil, less the time the command itself is on the line.
      longest = Math.max(longest, clock.now() - at - (5 * 10_000) / BAUD)
      // The bolt lets go a moment after the pulse; only then can somebody close it again.
      await clock.passUntil(() => steel.door(door).open, 2_000)
      steel.door(door).push()
    }
    const cycleOf = async (live: number[]): Promise<number> => {
      const begin = answered()
      await clock.pass(span)
      const gained = answered().map((count, index) => count - (begin[index] ?? 0))
      return span / (live.reduce((sum, index) => sum + (gained[index] ?? 0), 0) / live.length)
    }
    const others = Array.from({ length: BOARDS }, (_, index) => index).filter(index => index !== 8)
    const healthy = await cycleOf(others)
    wire.kill(8)
    const wounded = await cycleOf(others)
    say(
      `one cycle of ${BOARDS} boards takes ${healthy.toFixed(0)} ms; the line alone would take ${(EXCHANGE * BOARDS).toFixed(0)} ms`,
    )
    return {
      'bus-use': figure(share, 'of the line', 1, '≥ 0.95 of the line', share >= 0.95),
      'bus-unlock-wait': figure(longest, 'ms', EXCHANGE, '≤ one exchange', longest <= EXCHANGE),
      'bus-dead-board': figure(wounded, 'ms a cycle', healthy, '< 1.1 × healthy', wounded / healthy < 1.1),
    }
  },
}
