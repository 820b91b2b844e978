import type { Clock, Millis } from '../../drivers/host/clock.ts'

export interface TelemetryParts {
  clock: Clock
  /** The state of things at this moment, without the count of what was dropped. */
  take(): object
  /** False when the road takes nothing now. */
  publish(text: string): boolean
}

export interface Telemetry {
  /** The road may take something again. */
  roomy(): void
  close(): void
}

const EVERY: Millis = 15 * 60_000
/** Four hours of them. What is older is worth nothing to anybody. */
const MOST = 16

/**
 * How the devices do, now and then. It is no journal: kept in memory, sent when the road is free, the oldest dropped
 * when there are too many, and what was dropped is counted.
 */
export function openTelemetry({ clock, take, publish }: TelemetryParts): Telemetry {
  const waiting: object[] = []
  let dropped = 0
  let cancel = clock.after(EVERY, tick)

  function tick(): void {
    cancel = clock.after(EVERY, tick)
    waiting.push(take())
    while (waiting.length > MOST) {
      waiting.shift()
      dropped++
    }
    send()
  }

  function send(): void {
    for (let next = waiting[0]; next; next = waiting[0]) {
      if (!publish(JSON.stringify({ ...next, dropped }))) return
      waiting.shift()
      dropped = 0
    }
  }

  return { roomy: send, close: () => cancel() }
}
