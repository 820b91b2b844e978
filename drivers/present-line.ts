import type { Host } from './device.ts'
import type { Millis } from './host/clock.ts'

/** A line that is only just being opened is not a fault yet. */
const GRACE: Millis = 2_000

/** For devices that speak only when they have something to say: online while their line is there. Returns how to end it. */
export function followLine(
  { bus, clock, report }: Pick<Host, 'bus' | 'clock' | 'report'>,
  turned: () => void = () => {},
): () => void {
  let online: boolean | undefined
  let closed = false

  function turn(up: boolean): void {
    cancelGrace()
    if (closed || online === up) return
    online = up
    turned()
    report(up ? { type: 'online' } : { type: 'offline', why: 'line-down' })
  }

  const cancelGrace = clock.after(GRACE, () => turn(false))
  bus.watch(up => {
    if (up || online !== undefined) turn(up)
  })
  return () => {
    closed = true
    cancelGrace()
  }
}
