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

/**
 * Takes out whose turn it is: by rank, then who has waited longest since its last turn of that rank, so that no
 * device is polled twice while another waits. Orders go in the order they came.
 */
export function takeTurn<T extends Turn<unknown>>(waiting: T[], now: Millis): T | undefined {
  let best: T | undefined
  for (const turn of waiting) if (isReady(turn, now) && (!best || goesBefore(turn, best))) best = turn
  if (best) waiting.splice(waiting.indexOf(best), 1)
  return best
}

/** When the next of those that wait may go, where none may go now. */
export const nextReady = (waiting: Turn<unknown>[]): Millis =>
  Math.min(...waiting.map(turn => (turn.rank === 'order' ? 0 : turn.seat.notBefore)))

const isReady = ({ rank, seat }: Turn<unknown>, now: Millis): boolean =>
  rank === 'order' || seat.notBefore <= now

function goesBefore(a: Turn<unknown>, b: Turn<unknown>): boolean {
  if (a.rank !== b.rank) return FIRST[a.rank] < FIRST[b.rank]
  return a.rank !== 'order' && a.seat.served[a.rank] < b.seat.served[b.rank]
}
