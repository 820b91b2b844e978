import type { Clock, Millis } from './host/clock.ts'
import type { Entropy } from './host/entropy.ts'

/** Keeps a dead device from taking the time of its neighbours. */
export interface Breaker {
  resting(): boolean
  /** How often an ask that begins now may be tried; 0 is not at all. While resting, one ask at a time is the probe. */
  admit(tries: number): number
  answered(): void
  failed(): void
  /** The line is a new one: what rests may be probed at once. */
  revive(): void
}

const FAILURES = 3
const FIRST_REST: Millis = 1_000
const LONGEST_REST: Millis = 15_000

export function openBreaker(clock: Clock, entropy: Entropy): Breaker {
  let failures = 0
  let probeAt: Millis = 0
  let probing = false

  const resting = (): boolean => failures >= FAILURES

  return {
    resting,
    admit(tries) {
      // Repeating is for noise. Who did not answer the last ask at all gets one chance until it does.
      if (!resting()) return failures === 0 ? tries : 1
      if (probing || clock.now() < probeAt) return 0
      probing = true
      return 1
    },
    answered() {
      failures = 0
      probing = false
    },
    failed() {
      failures++
      probing = false
      const rest = Math.min(LONGEST_REST, FIRST_REST * 2 ** Math.min(failures - FAILURES, 10))
      // Between half and all of it, so that boards that died together are not probed together.
      if (resting()) probeAt = clock.now() + rest * (0.5 + entropy.fraction() / 2)
    },
    revive() {
      probing = false
      probeAt = clock.now()
    },
  }
}
