import type { Clock, Millis } from './clock.ts'

export interface HandClock extends Clock {
  /** Lets `span` pass: every alarm in order, and after each all that follows from it. */
  pass(span: Millis): Promise<void>
}

/** A clock that stands still until it is told otherwise, so that a test of a minute takes a moment. */
export function handClock(): HandClock {
  let now: Millis = 0
  let made = 0
  const alarms = new Map<number, { at: Millis; wake: () => void }>()

  const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

  function after(delay: Millis, wake: () => void): () => void {
    const id = made++
    alarms.set(id, { at: now + Math.max(0, delay), wake })
    return () => void alarms.delete(id)
  }

  function soonest(until: Millis): number | undefined {
    let first: number | undefined
    let at = until
    // In the order they were set, so that of two at one moment the older rings first.
    for (const [id, alarm] of alarms) {
      if (alarm.at < at || (alarm.at === at && first === undefined)) {
        first = id
        at = alarm.at
      }
    }
    return first
  }

  return {
    now: () => now,
    wall: () => 1_700_000_000_000 + now,
    after,
    soon: run => void after(0, run),
    async pass(span) {
      const until = now + span
      await settled()
      for (let id = soonest(until); id !== undefined; id = soonest(until)) {
        const alarm = alarms.get(id)
        alarms.delete(id)
        now = Math.max(now, alarm?.at ?? now)
        alarm?.wake()
        await settled()
      }
      now = until
    },
  }
}
