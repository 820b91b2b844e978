import { z } from 'zod'
import type { Answer } from './bus.ts'
import type { Host, Outcome } from './device.ts'
import type { Fault } from './faults.ts'
import type { Millis } from './host/clock.ts'

/** What a driver asks over and over, and who hears the answers. */
export interface Question<Reading> {
  /** One fresh reading. `urgent`: somebody waits for it. `first`: none counts now, so the device may be another one or new. */
  read(how: { urgent: boolean; first: boolean }): Promise<Answer<Reading>>
  /** Hears each good reading, after `online` was reported; `before` is undefined for the first after a silence. */
  heard(now: Reading, before: Reading | undefined): void
  /** What its silence means; `stale` where it means no more than that. */
  silence?: Fault
  /** Whether somebody waits for the next reading at this moment. */
  eager?(): boolean
}

export interface Rhythm {
  /** Between the end of one reading and the next. */
  poll: Millis
  /** The age at which a reading counts no more. */
  stale: Millis
}

export interface Asked<Reading> {
  /** Asks now instead of at the next turn. */
  look(): void
  /** The last reading, while it counts. */
  reading(): Reading | undefined
  /** What to answer to a command while none counts: nothing left. */
  away(): Outcome & { ok: false }
  close(): void
}

const millis = (least: number, most: number) => z.int().min(least).max(most)

/** Options of every device that is asked over and over, for its options object. */
export const rhythmOptions = (poll: Millis, stale: Millis) => ({
  poll_ms: millis(0, 60_000)
    .default(poll)
    .describe('The rest between one reading and the next, in milliseconds.'),
  stale_ms: millis(300, 600_000)
    .default(stale)
    .describe('The age at which a reading counts no more, in milliseconds.'),
})

/** As `keepAsking` takes it. */
export const rhythmOf = (options: { poll_ms: Millis; stale_ms: Millis }): Rhythm => ({
  poll: options.poll_ms,
  stale: options.stale_ms,
})

/** For the options of a driver: with less, every reading would be too old before the next one comes. */
export const outlivesPoll = ({ poll_ms, stale_ms }: { poll_ms: number; stale_ms: number }): boolean =>
  stale_ms > poll_ms

/** What to say where it does not. */
export const TOO_STALE = { path: ['stale_ms'], error: 'more milliseconds than poll_ms' }

/** The rest between readings while somebody waits. */
export const EAGER: Millis = 40

/**
 * Keeps asking a device that speaks only when asked. A reading older than `stale` is no reading: from then on the
 * device is offline, said once with the fault and the frame that got no answer, until it answers again.
 */
export function keepAsking<Reading>(
  { bus, clock, report }: Host,
  question: Question<Reading>,
  { poll, stale }: Rhythm,
): Asked<Reading> {
  let reading: Reading | undefined
  /** What was last reported; undefined until anything was. */
  let online: boolean | undefined
  let lineUp = false
  let closed = false
  let asking = false
  let failure: { fault: Fault; frame: string } = { fault: 'no-reply', frame: '' }
  let cancelPoll = () => {}
  let cancelStale = () => {}

  const eager = (): boolean => question.eager?.() ?? false

  async function ask(): Promise<void> {
    if (asking || closed) return
    asking = true
    cancelPoll()
    const answer = await question.read({ urgent: eager(), first: reading === undefined })
    asking = false
    if (closed) return
    if (answer.ok) fresh(answer.reply)
    else failed(answer)
    cancelPoll = clock.after(eager() ? EAGER : poll, ask)
  }

  function fresh(now: Reading): void {
    cancelStale()
    cancelStale = clock.after(stale, () => silent(question.silence ?? 'stale'))
    const before = reading
    reading = now
    if (online !== true) {
      online = true
      report({ type: 'online' })
    }
    question.heard(now, before)
  }

  function failed(answer: { fault: Fault; frame: string }): void {
    if (answer.fault !== 'line-down') failure = answer
    // A board that never answered needs no waiting: there is no reading that could still count.
    if (answer.fault !== 'line-down' && online === undefined)
      silent(answer.fault === 'no-reply' ? (question.silence ?? 'no-reply') : answer.fault)
  }

  function silent(why: Fault): void {
    cancelStale()
    reading = undefined
    if (online === false) return
    online = false
    const { frame } = failure
    report({ type: 'offline', why, ...(frame === '' || why === 'line-down' ? {} : { frame }) })
  }

  // A line that is only just being opened is not a fault yet; one that never opens is.
  cancelStale = clock.after(stale, () => silent(lineUp ? failure.fault : 'line-down'))
  bus.watch(up => {
    lineUp = up
    if (up) return void ask()
    if (online === true) silent('line-down')
  })

  return {
    look: () => void ask(),
    reading: () => reading,
    away: () => ({
      ok: false,
      fault: lineUp ? failure.fault : 'line-down',
      sent: false,
      frame: failure.frame,
    }),
    close() {
      closed = true
      cancelPoll()
      cancelStale()
    },
  }
}
