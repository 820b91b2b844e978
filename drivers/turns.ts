import type { Fault } from './faults.ts'
import type { Millis } from './host/clock.ts'
import type { Found } from './reply.ts'
import type { Rank, Seat } from './seat.ts'

/** One request that waits for the line. */
export interface Turn<Reply> {
  seat: Seat
  rank: Rank
  frame: Uint8Array
  within: Millis
  /** Not one byte after this, on the steady clock. */
  by: Millis
  /** Silence after it is no sign that the line is dead. */
  unheard?: boolean
  /** Since when it waits. */
  since?: Millis
  /** Undefined until it had its first try. */
  triesLeft?: number
  find(gathered: Uint8Array): Found<Reply>
  settle(ending: Ending<Reply>): void
}

export type Ending<Reply> =
  | { type: 'reply'; reply: Reply }
  | { type: 'silence' }
  | { type: 'failed'; fault: Fault; sent: boolean }

const FIRST: Record<Rank, number> = { order: 0, urgent: 1, poll: 2 }
/** A poll kept from the line for so long by read-backs of other devices is as urgent as they are: its device must not be taken for dead. */
const PATIENT: Millis = 1_000

/**
 * Takes out whose turn it is: by rank, then who has waited longest since its last turn of that rank, so that no
 * device is polled twice while another waits. Orders go in the order they came; a poll does not wait for ever.
 */
export function takeTurn<T extends Turn<unknown>>(waiting: T[], now: Millis): T | undefined {
  let best: T | undefined
  for (const turn of waiting) if (isReady(turn, now) && (!best || goesBefore(turn, best, now))) best = turn
  if (best) waiting.splice(waiting.indexOf(best), 1)
  return best
}

/** When the next of those that wait may go, where none may go now. */
export const nextReady = (waiting: Turn<unknown>[]): Millis =>
  Math.min(...waiting.map(turn => (turn.rank === 'order' ? 0 : turn.seat.notBefore)))

const isReady = ({ rank, seat }: Turn<unknown>, now: Millis): boolean =>
  rank === 'order' || seat.notBefore <= now

const rankOf = ({ rank, since = Infinity }: Turn<unknown>, now: Millis): Rank =>
  rank === 'poll' && now - since >= PATIENT ? 'urgent' : rank

function goesBefore(a: Turn<unknown>, b: Turn<unknown>, now: Millis): boolean {
  const [first, second] = [rankOf(a, now), rankOf(b, now)]
  if (first !== second) return FIRST[first] < FIRST[second]
  if (a.rank !== b.rank) return (a.since ?? 0) < (b.since ?? 0)
  return a.rank !== 'order' && a.seat.served[a.rank] < b.seat.served[b.rank]
}
