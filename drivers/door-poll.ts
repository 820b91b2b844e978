import { z } from 'zod'
import type { Answer, Ordered } from './bus.ts'
import type { Device, Host, Outcome } from './device.ts'
import type { Fault } from './faults.ts'
import type { Millis } from './host/clock.ts'

/** A lock board as its driver explains it: how to read its doors, how to fire one latch. Channels from 1. */
export interface DoorBoard {
  channels: number
  /** One fresh reading of every door, true for open, the first channel first. */
  read(urgent: boolean): Promise<Answer<boolean[]>>
  fire(channel: number, by: Millis): Promise<Ordered<unknown>>
  /** For boards that say unasked when a door moved: calls `look`, because only a reading is a reading. */
  hint?(look: () => void): void
}

export interface Timing {
  /** Between the end of one reading and the next. */
  poll: Millis
  /** The age at which a reading counts no more. */
  stale: Millis
  /** How long after an unlock the board is read back as fast as its line allows. */
  readback: Millis
}

const millis = (least: number, most: number) => z.int().min(least).max(most)

/** Options that every board read by `pollDoors` has, for its options object. */
export const doorTiming = {
  poll_ms: millis(0, 10_000)
    .default(250)
    .describe('The rest between one reading of the doors and the next, in milliseconds.'),
  stale_ms: millis(300, 60_000)
    .default(2_000)
    .describe('The age at which a reading of the doors counts no more, in milliseconds.'),
  readback_ms: millis(500, 30_000)
    .default(3_000)
    .describe('How long after an unlock the doors are read as fast as the line allows, in milliseconds.'),
}

/** As `pollDoors` takes it. */
export const timingOf = (options: { poll_ms: Millis; stale_ms: Millis; readback_ms: Millis }): Timing => ({
  poll: options.poll_ms,
  stale: options.stale_ms,
  readback: options.readback_ms,
})

/** For the options of a driver: with less, every reading would be too old before the next one comes. */
export const outlivesPoll = ({ poll_ms, stale_ms }: { poll_ms: number; stale_ms: number }): boolean =>
  stale_ms > poll_ms

/** What to say where it does not. */
export const TOO_STALE = { path: ['stale_ms'], error: 'more milliseconds than poll_ms' }

/** While a latch may be moving. */
const EAGER: Millis = 40

/**
 * Keeps asking a board that speaks only when asked. Reports changes, and after a silence everything. A reading older
 * than `stale` is no reading: from then on the device is offline, until it answers again.
 */
export function pollDoors(
  { bus, clock, report }: Host,
  board: DoorBoard,
  { poll, stale, readback }: Timing,
): Device {
  /** The last reading, while it counts. */
  let doors: boolean[] | undefined
  /** What was last reported; undefined until anything was. */
  let online: boolean | undefined
  let lineUp = false
  let closed = false
  let asking = false
  /** Channels whose latch was fired and whose door has not moved yet: until when they are looked at eagerly. */
  const awaited = new Map<number, Millis>()
  let hintedUntil = -Infinity
  let failure: { fault: Fault; frame: string } = { fault: 'no-reply', frame: '' }
  let cancelPoll = () => {}
  let cancelStale = () => {}

  const eager = (): boolean => {
    const now = clock.now()
    return now < hintedUntil || [...awaited.values()].some(until => now < until)
  }

  async function read(): Promise<void> {
    if (asking || closed) return
    asking = true
    cancelPoll()
    const answer = await board.read(eager())
    asking = false
    if (closed) return
    if (answer.ok) fresh(answer.reply)
    else failed(answer)
    cancelPoll = clock.after(eager() ? EAGER : poll, read)
  }

  function fresh(now: boolean[]): void {
    cancelStale()
    cancelStale = clock.after(stale, () => silent('stale'))
    const before = doors
    doors = now
    if (online !== true) {
      online = true
      report({ type: 'online' })
    }
    for (const [index, open] of now.entries()) {
      if (before?.[index] === open) continue
      // What it was looked at for has been seen: the line is everybody's again.
      awaited.delete(index + 1)
      report({ type: 'door', channel: index + 1, open, was: before?.[index] })
    }
  }

  function failed(answer: { fault: Fault; frame: string }): void {
    if (answer.fault !== 'line-down') failure = answer
    // A board that never answered needs no waiting: there is no reading that could still count.
    if (answer.fault !== 'line-down' && online === undefined) silent(answer.fault)
  }

  function silent(why: Fault): void {
    cancelStale()
    doors = undefined
    if (online === false) return
    online = false
    const { frame } = failure
    report({ type: 'offline', why, ...(frame === '' || why === 'line-down' ? {} : { frame }) })
  }

  // A line that is only just being opened is not a fault yet; one that never opens is.
  cancelStale = clock.after(stale, () => silent(lineUp ? failure.fault : 'line-down'))
  bus.watch(up => {
    lineUp = up
    if (up) return void read()
    if (online === true) silent('line-down')
  })

  board.hint?.(() => {
    hintedUntil = clock.now() + EAGER
    void read()
  })

  return {
    async send({ channel, by }): Promise<Outcome> {
      if (channel < 1 || channel > board.channels) return { ok: false, fault: 'unknown-channel', sent: false }
      if (!doors) {
        const fault = lineUp ? failure.fault : 'line-down'
        return { ok: false, fault, sent: false, frame: failure.frame }
      }
      const ordered = await board.fire(channel, by)
      if (!ordered.ok) return ordered
      awaited.set(channel, clock.now() + readback)
      void read()
      return { ok: true }
    },
    close() {
      closed = true
      cancelPoll()
      cancelStale()
    },
  }
}
