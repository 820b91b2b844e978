import type { Site } from '../../config/site.ts'
import type { Command, Outcome, Report } from '../../drivers/device.ts'
import type { Clock, Millis } from '../../drivers/host/clock.ts'
import type { LineStats } from '../../drivers/shared-line.ts'

/** The technician: told things, asked before anything moves. */
export interface Technician {
  say(line: string): void
  /** Yes or no; no whenever it is not clear. */
  asks(question: string): Promise<boolean>
}

/** The device that is brought up, alone with the technician. */
export interface Bench {
  site: Site
  device: string
  clock: Clock
  technician: Technician
  send(command: Command): Promise<Outcome>
  /** Hears each report, until the returned function is called. */
  follow(heard: (report: Report) => void): () => void
  stats(): LineStats
}

export interface Proof {
  proved: string[]
  locks: { compartment: string; channel: number; latch_ms: number }[]
}

/** Not proved: why, and what to do. Nothing is written down. */
export class NotProved extends Error {}

/** The first report that fits, or undefined when none comes in time. */
export function next(
  { follow, clock }: Pick<Bench, 'follow' | 'clock'>,
  fits: (report: Report) => boolean,
  within: Millis,
): Promise<Report | undefined> {
  return new Promise(resolve => {
    const end = (report?: Report): void => {
      stop()
      cancel()
      resolve(report)
    }
    const cancel = clock.after(within, () => end())
    const stop = follow(report => {
      if (fits(report)) end(report)
    })
  })
}

export const pause = (clock: Clock, span: Millis): Promise<void> =>
  new Promise(resolve => clock.after(span, resolve))
