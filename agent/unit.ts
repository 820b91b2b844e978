import type { Site } from '../config/site.ts'
import type { Clock, Millis } from '../drivers/host/clock.ts'
import type { Accepted } from './acceptance.ts'
import type { Devices } from './devices.ts'
import type { Answer, Ask } from './domain/ask.ts'
import type { Row } from './domain/journal.ts'
import type { Claimant } from './domain/permission.ts'
import type { Present } from './present.ts'
import type { Processes } from './processes.ts'
import type { Store } from './store/open.ts'
import type { CloudLink } from './sync/cloud-link.ts'

/** A unit at work, as those who look at it or ask it see it. */
export interface Unit {
  site: Site
  store: Store
  devices: Devices
  present: Present
  processes: Processes
  cloud: CloudLink | undefined
  /** Whether that device was brought up as it is now. */
  accepted(device: string): Accepted
  /** When it started, on the steady clock. */
  startedAt: Millis
  clock: Clock
  /** Asks as the console does; resolves when it ended. */
  ask(ask: Ask, people?: Claimant[]): Promise<Answer>
  /** Hears the rows of each commit, until the returned function is called. */
  follow(listener: (rows: Row[]) => void): () => void
  /** Writes down that this was on purpose, gives the cloud a moment to hear it, and lets go of everything. */
  stop(): Promise<void>
}
