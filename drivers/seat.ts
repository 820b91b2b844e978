import { type Breaker, openBreaker } from './breaker.ts'
import type { Clock, Millis } from './host/clock.ts'
import type { Entropy } from './host/entropy.ts'
import type { Echo, Found } from './reply.ts'

/** What goes first on a line: orders, then asks that somebody waits for, then polls. */
export type Rank = 'order' | 'urgent' | 'poll'

export interface DeviceStats {
  asked: number
  answered: number
  retried: number
  /** Asks that were tried and got nothing; not those refused while the device rests. */
  failed: number
  ordered: number
  /** Bytes in its conversations that belonged to no frame. */
  noise: number
  /** It left three asks in a row without an answer, and is only probed until it answers one. */
  resting: boolean
  /** On the steady clock. */
  lastReplyAt: Millis | undefined
  /** The frame that got no answer, in hexadecimal. */
  lastFailure?: string
  /** How often its driver or codec threw, and what it said last: always a defect of ours. */
  bugs: number
  lastBug?: string
}

/** What a line remembers of one device on it. */
export interface Seat {
  within: Millis
  tries: number
  breaker: Breaker
  echo: Echo
  /** The try before this one brought bytes but no reply: perhaps a damaged echo. */
  doubtful: boolean
  /** Replies so far with no copy of the request in front. */
  bare: number
  /** When the try before this one was made, if it brought nothing: its reply may still come, late. */
  unanswered: Millis | undefined
  /** No ask before then, on the steady clock. */
  notBefore: Millis
  /** When it last had its turn, counted in turns. */
  served: Record<Rank, number>
  stats: Omit<DeviceStats, 'resting'>
}

export interface Manners {
  /** Patience after the last byte was sent, for asks that name none. */
  within?: Millis
  /** How often a reading is asked for before it counts as failed. */
  tries?: number
  /** Silence that must lie before each frame to it, in characters: 3.5 for Modbus. The whole line keeps it. */
  quietCharacters?: number
}

export function takeSeat(
  clock: Clock,
  entropy: Entropy,
  echo: Echo,
  { within = 300, tries = 3 }: Manners,
): Seat {
  return {
    within,
    tries,
    breaker: openBreaker(clock, entropy),
    echo,
    doubtful: false,
    bare: 0,
    unanswered: undefined,
    notBefore: 0,
    served: { order: 0, urgent: 0, poll: 0 },
    stats: {
      asked: 0,
      answered: 0,
      retried: 0,
      failed: 0,
      ordered: 0,
      noise: 0,
      lastReplyAt: undefined,
      bugs: 0,
    },
  }
}

/** On a fresh line nothing is known of echo, and nothing late can come. */
export function freshSeat(seat: Seat, echo: Echo): void {
  seat.echo = echo
  seat.doubtful = false
  seat.bare = 0
  seat.unanswered = undefined
  seat.notBefore = 0
  seat.breaker.revive()
}

/** Takes from one try what it shows about the echo. */
export function learn(seat: Seat, rank: Rank, found: Found<unknown>, heard: number): void {
  const answered = found.reply !== undefined
  if (found.echo === 'yes') seat.echo = 'yes'
  // After bytes that made no reply, a late reply may stand in front of an echo that is still to come: once, not twice.
  else if (found.echo === 'no' && (++seat.bare > 1 || !seat.doubtful)) seat.echo = 'no'
  else if (!answered && !found.copied && rank !== 'order' && seat.echo === 'yes') seat.echo = 'unknown'
  seat.doubtful = !answered && heard > 0
}

/** Runs a driver's own code. What it throws is its own defect, and no reason to fail its neighbours. */
export function guarded(seat: Seat, run: () => void): void {
  try {
    run()
  } catch (error) {
    noteBug(seat, error)
  }
}

export function noteBug(seat: Seat, error: unknown): void {
  seat.stats.bugs++
  seat.stats.lastBug = error instanceof Error ? error.message : String(error)
}
