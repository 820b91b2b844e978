import { z } from 'zod'
import type { Answer, Ordered } from './bus.ts'
import { type Device, type Host, type Outcome, REFUSED } from './device.ts'
import type { Millis } from './host/clock.ts'
import { EAGER, keepAsking, type Rhythm, rhythmOf, rhythmOptions } from './keep-asking.ts'

/** A lock board as its driver explains it: how to read its doors, how to fire one latch. Channels from 1. */
export interface DoorBoard {
  channels: number
  /** One fresh reading of every door, true for open, the first channel first. `first`: none counts now. */
  read(how: { urgent: boolean; first: boolean }): Promise<Answer<boolean[]>>
  /** Before the doors of a reading are reported: what a door's closing is judged by. `first`: none counted before. */
  before?(first: boolean): void
  /** After the doors of a reading were reported, for what else was in it. */
  heard?(first: boolean): void
  fire(channel: number, by: Millis): Promise<Ordered<unknown>>
  /** For boards that say unasked when a door moved: calls `look`, because only a reading is a reading. */
  hint?(look: () => void): void
}

export interface Timing extends Rhythm {
  /** How long after an unlock the board is read back as fast as its line allows. */
  readback: Millis
}

/** Options that every board read by `pollDoors` has, for its options object. */
export const doorTiming = {
  ...rhythmOptions(250, 2_000),
  readback_ms: z
    .int()
    .min(500)
    .max(30_000)
    .default(3_000)
    .describe('How long after an unlock the doors are read as fast as the line allows, in milliseconds.'),
}

/** As `pollDoors` takes it. */
export const timingOf = (options: { poll_ms: Millis; stale_ms: Millis; readback_ms: Millis }): Timing => ({
  ...rhythmOf(options),
  readback: options.readback_ms,
})

/**
 * Keeps asking a lock board. Reports changes, and after a silence everything; while a latch may be moving it asks as
 * fast as the line allows, until the door has moved.
 */
export function pollDoors(host: Host, board: DoorBoard, timing: Timing): Device {
  const { clock, report } = host
  /** Channels whose latch was fired and whose door has not moved yet: until when they are looked at eagerly. */
  const awaited = new Map<number, Millis>()
  let hintedUntil = -Infinity

  const eager = (): boolean => {
    const now = clock.now()
    return now < hintedUntil || [...awaited.values()].some(until => now < until)
  }

  function heard(now: boolean[], before: boolean[] | undefined): void {
    board.before?.(before === undefined)
    for (const [index, open] of now.entries()) {
      if (before?.[index] === open) continue
      // What it was looked at for has been seen: the line is everybody's again.
      awaited.delete(index + 1)
      report({ type: 'door', channel: index + 1, open, was: before?.[index] })
    }
    board.heard?.(before === undefined)
  }

  const doors = keepAsking(host, { read: board.read, heard, eager }, timing)

  board.hint?.(() => {
    hintedUntil = clock.now() + EAGER
    doors.look()
  })

  return {
    async send(command): Promise<Outcome> {
      if (command.type !== 'unlock') return REFUSED
      const { channel, by } = command
      if (channel < 1 || channel > board.channels) return { ok: false, fault: 'unknown-channel', sent: false }
      if (!doors.reading()) return doors.away()
      const ordered = await board.fire(channel, by)
      if (!ordered.ok) return ordered
      awaited.set(channel, clock.now() + timing.readback)
      doors.look()
      return { ok: true }
    },
    close: doors.close,
  }
}
