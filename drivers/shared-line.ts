import type { Bus } from './bus.ts'
import { openEars } from './ears.ts'
import { beginExchange, type Ended, type Exchange } from './exchange.ts'
import type { Fault } from './faults.ts'
import type { Clock, Millis } from './host/clock.ts'
import type { Entropy } from './host/entropy.ts'
import type { OpenLine } from './host/line.ts'
import { placeOnLine } from './place.ts'
import type { Echo } from './reply.ts'
import { type DeviceStats, freshSeat, learn, type Manners, noteBug, type Seat, takeSeat } from './seat.ts'
import { superviseLine } from './supervised-line.ts'
import { nextReady, type Turn, takeTurn } from './turns.ts'

/** One cable with all the devices on it. */
export interface SharedLine {
  /** Gives a device its place. Its name is what the statistics call it. */
  join(name: string, manners?: Manners): Bus
  stats(): LineStats
  /** Whatever waits fails; nothing is heard any more. */
  close(): void
}

export interface LineStats {
  up: boolean
  /** Why it is down. */
  why?: string
  /** Counts fresh openings, from 1. */
  epoch: number
  reopened: number
  /** Bytes that nobody could use. */
  noise: number
  bytesRead: number
  bytesWritten: number
  devices: Record<string, DeviceStats>
}

export interface SharedLineSettings {
  open: OpenLine
  clock: Clock
  entropy: Entropy
  baud: number
  /** Start, data, parity and stop bits. */
  bitsPerByte?: number
  echo: 'auto' | 'yes' | 'no'
  /** Silence that must lie between the end of one exchange and the next request. */
  quiet?: Millis
  /** Hears all that passes, both ways, and when the port comes and goes. */
  tap?: (what: 'sent' | 'heard' | 'up' | 'down', bytes?: Uint8Array) => void
}

/** After an order, a line on which nothing at all is heard for so long is given up. */
const MUTE: Millis = 2_000
/** No board thinks for longer than this and then still answers. */
const LATEST: Millis = 1_000
const LATE_SLACK: Millis = 20

/** Above 19,200 baud the time is fixed: Modbus over serial line V1.02, 2.5.1.1, for its 3.5 characters. */
const silence = (characters: number, baud: number, bitsPerByte: number): Millis =>
  (characters * bitsPerByte * 1_000) / Math.min(baud, 20_000)

export function openSharedLine(settings: SharedLineSettings): SharedLine {
  const { open, clock, entropy, baud, bitsPerByte = 10, echo, tap = () => {} } = settings
  const untaught: Echo = echo === 'auto' ? 'unknown' : echo
  const ears = openEars()
  const seats = new Map<string, Seat>()
  const watchers: ((up: boolean) => void)[] = []
  const waiting: Turn<unknown>[] = []
  const counts = { epoch: 0, noise: 0, bytesRead: 0, bytesWritten: 0 }
  let state: { up: true } | { up: false; why: string } = { up: false, why: 'It was not opened yet.' }
  let talk: { turn: Turn<unknown>; exchange: Exchange } | undefined
  let turns = 0
  let quiet = settings.quiet ?? 0
  let quietUntil: Millis = 0
  let cancelWake = (): void => {}
  let cancelMute = (): void => {}

  const line = superviseLine({
    open,
    clock,
    entropy,
    up(epoch) {
      counts.epoch = epoch
      tap('up')
      state = { up: true }
      ears.forget()
      for (const seat of seats.values()) freshSeat(seat, untaught)
      for (const watcher of watchers) watcher(true)
      serve()
    },
    down(why) {
      const was = state.up
      if (was) tap('down')
      breakOff(why)
      if (was) for (const watcher of watchers) watcher(false)
    },
    read(bytes) {
      counts.bytesRead += bytes.length
      tap('heard', bytes)
      cancelMute()
      ears.raw(bytes)
      if (talk) talk.exchange.read(bytes)
      else counts.noise += ears.spare(bytes)
    },
  })

  function breakOff(why: string): void {
    state = { up: false, why }
    cancelWake()
    cancelMute()
    const under = talk
    talk = undefined
    under?.exchange.stop()
    const left = waiting.splice(0)
    under?.turn.settle({ type: 'failed', fault: 'line-down', sent: true })
    for (const turn of left) turn.settle({ type: 'failed', fault: 'line-down', sent: false })
  }

  function enqueue<Reply>(turn: Turn<Reply>): void {
    if (!state.up) return turn.settle({ type: 'failed', fault: 'line-down', sent: false })
    turn.since = clock.now()
    waiting.push(turn)
    serve()
  }

  /** Writes the next request, in the same turn of the event loop in which the line became free. */
  function serve(): void {
    cancelWake()
    while (state.up && !talk && waiting.length > 0) {
      const now = clock.now()
      const turn = quietUntil <= now ? takeTurn(waiting, now) : undefined
      if (!turn) {
        cancelWake = clock.after(Math.max(quietUntil, nextReady(waiting)) - now, serve)
        return
      }
      const refusal = refuse(turn)
      if (refusal) turn.settle({ type: 'failed', fault: refusal, sent: false })
      else begin(turn)
    }
  }

  function refuse(turn: Turn<unknown>): Fault | undefined {
    const { seat, rank } = turn
    if (clock.now() > turn.by) return 'too-late'
    if (rank === 'order') return seat.breaker.resting() ? 'no-reply' : undefined
    turn.triesLeft ??= seat.breaker.admit(seat.tries)
    return turn.triesLeft === 0 ? 'no-reply' : undefined
  }

  function begin(turn: Turn<unknown>): void {
    const { seat, rank, frame, within } = turn
    seat.served[rank] = ++turns
    const airtime = (frame.length * bitsPerByte * 1_000) / baud
    const at = clock.now()
    const over = (ended: Ended<unknown>): void => finish(turn, at, ended)
    const exchange = beginExchange({ clock, patience: airtime + within, find: turn.find, over })
    talk = { turn, exchange }
    counts.bytesWritten += frame.length
    tap('sent', frame)
    line.write(counts.epoch, frame)
  }

  function finish(turn: Turn<unknown>, at: Millis, { found, heard, bug }: Ended<unknown>): void {
    const { seat, rank, triesLeft = 1 } = turn
    const { reply } = found
    talk = undefined
    quietUntil = clock.now() + quiet
    seat.stats.noise += found.noise
    learn(seat, rank, found, heard)
    if (bug !== undefined) {
      noteBug(seat, bug)
      if (rank !== 'order') seat.breaker.failed()
      turn.settle({ type: 'failed', fault: 'refused', sent: true })
    } else if (reply !== undefined) {
      seat.stats.lastReplyAt = clock.now()
      seat.breaker.answered()
      waitForLate(seat, at)
      turn.settle({ type: 'reply', reply })
    } else if (rank !== 'order' && triesLeft > 1) {
      seat.stats.retried++
      turn.triesLeft = triesLeft - 1
      waiting.push(turn)
    } else {
      if (rank !== 'order') seat.breaker.failed()
      turn.settle({ type: 'silence' })
    }
    if (rank !== 'order') seat.unanswered = heard === 0 ? at : undefined
    if (rank === 'order' && heard === 0 && !turn.unheard) expectLife()
    counts.noise += ears.spare(found.spare)
    serve()
  }

  /**
   * A reply after a silent try may be the late one to that try. The present try's own then comes as much later as
   * it was asked later, and must have come, and be dropped, before the device is asked again.
   */
  function waitForLate(seat: Seat, at: Millis): void {
    const { unanswered } = seat
    if (unanswered === undefined || at - unanswered > LATEST) return
    seat.notBefore = clock.now() + at - unanswered + LATE_SLACK
  }

  /** An order may be stuck on its way, in a network or an adapter, and come out when nobody expects it any more. */
  function expectLife(): void {
    cancelMute()
    cancelMute = clock.after(MUTE, () => line.drop('Nothing at all was heard after an order.'))
  }

  return {
    join(name, manners = {}) {
      const seat = takeSeat(clock, entropy, untaught, manners)
      seats.set(name, seat)
      quiet = Math.max(quiet, silence(manners.quietCharacters ?? 0, baud, bitsPerByte))
      return placeOnLine({
        seat,
        ears,
        enqueue,
        watch(changed) {
          watchers.push(changed)
          changed(state.up)
        },
      })
    },
    stats: () => ({
      ...state,
      ...counts,
      reopened: Math.max(0, counts.epoch - 1),
      devices: Object.fromEntries(
        Array.from(seats, ([name, { stats, breaker }]) => [name, { ...stats, resting: breaker.resting() }]),
      ),
    }),
    close() {
      line.close()
      breakOff('It was closed.')
    },
  }
}
