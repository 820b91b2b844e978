import { nextTick } from 'node:process'
import type { Clock, Millis } from '../../drivers/host/clock.ts'
import { alarms } from './alarms.ts'

/** Time that passes as fast as the work in it allows, and the same way every time. */
export interface VirtualClock extends Clock {
  /** Lives through the next `span`. Rejects with whatever an alarm throws. */
  pass(span: Millis): Promise<void>
  /** Lives on until `happened`, for at most `limit`. Says whether it did. */
  passUntil(happened: () => boolean, limit: Millis): Promise<boolean>
  /** The network corrects the wall clock, or the battery of the hardware clock was empty. The steady clock notices nothing. */
  jump(by: Millis): void
  /**
   * A clock that dies with its owner: after `stop`, none of its alarms ring. Its steady time starts at `steady`,
   * as that of a machine which was just switched on starts anew.
   */
  mortal(steady?: Millis): Clock & { stop(): void }
}

/** So many alarms at one instant mean that something waits for no time at all, for ever. */
const STANDSTILL = 100_000
/** Less than this would be lost in the rounding of `now`, and the alarm would ring at once for ever. */
const SHORTEST: Millis = 0.001
/** How often the real event loop gets its turn: a test's time limit and Ctrl-C are to work. */
const BREATHE_EVERY = 5_000

export function virtualClock(start: { wall: Millis; steady?: Millis }): VirtualClock {
  const waiting = alarms()
  let now = start.steady ?? 0
  let ahead = start.wall - now
  let passing = false

  const after = (delay: Millis, wake: () => void) =>
    waiting.set(delay > 0 ? now + Math.max(SHORTEST, delay) : now, wake)
  const soon = (run: () => void) => void waiting.set(now, run)

  /** Node runs a tick asked for by a promise job once no promise job is left: every promise that can move has moved. */
  const settled = (then: () => void) => queueMicrotask(() => nextTick(then))

  const passUntil = (happened: () => boolean, limit: Millis) =>
    new Promise<boolean>((resolve, reject) => {
      if (passing) throw new Error('time passes already')
      passing = true
      const until = now + limit
      let atOnce = 0
      let rung = 0

      const done = (settle: () => void) => {
        passing = false
        settle()
      }

      const ring = () => {
        try {
          if (happened()) return done(() => resolve(true))
          const alarm = waiting.take(until)
          if (!alarm?.wake) {
            now = until
            return done(() => resolve(false))
          }
          atOnce = alarm.at === now ? atOnce + 1 : 0
          if (atOnce > STANDSTILL) throw new Error(`time stands still at ${now} ms`)
          now = alarm.at
          alarm.wake()
        } catch (error) {
          return done(() => reject(error))
        }
        rung++
        if (rung % BREATHE_EVERY === 0) setImmediate(ring)
        else settled(ring)
      }

      settled(ring)
    })

  return {
    now: () => now,
    wall: () => Math.floor(now + ahead),
    after,
    soon,
    passUntil,
    pass: async span => void (await passUntil(() => false, span)),
    jump(by) {
      ahead += by
    },
    mortal(steady = now) {
      const offset = steady - now
      let alive = true
      return {
        now: () => now + offset,
        wall: () => Math.floor(now + ahead),
        after: (delay, wake) => after(delay, () => alive && wake()),
        soon: run => soon(() => alive && run()),
        stop() {
          alive = false
        },
      }
    },
  }
}
