import type { Clock, Millis } from '../drivers/host/clock.ts'

/** The unit's time, made of a clock that may be wrong and one that only counts. */
export interface UnitTime {
  /** Steady over jumps and restarts: what deadlines that are kept refer to. */
  at(): Millis
  /** Unix time, never below that of the last journal row. */
  wall(): Millis
  /** False while the machine's clock is behind the unit's time: it lost power or was put back, and nobody knows by how much. */
  known(): boolean
  /** A moment of the unit's time on the machine's steady clock. */
  onClock(at: Millis): Millis
}

/** As far as clocks may be apart that are put right now and then. */
const DOUBTFUL: Millis = 120_000

/** `lastAt`: when the last journal row was written. Power may have been out since, and the machine may think it is 1970. */
export function unitTime(clock: Clock, lastAt: () => Millis): UnitTime {
  const offset = Math.max(clock.wall(), lastAt()) - clock.now()
  const at = () => clock.now() + offset
  return {
    at,
    // A clock put back must not give a lapsed right new life; one put forward may have been wrong before.
    wall: () => Math.max(clock.wall(), lastAt(), at()),
    known: () => clock.wall() >= at() - DOUBTFUL,
    onClock: at => at - offset,
  }
}
