import type { Answer, Ask, ClearAsk } from '../../agent/domain/ask.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Signer } from '../cloud/mint.ts'
import type { VirtualClock } from '../world/clock.ts'
import type { Random } from '../world/random.ts'
import type { Hardware } from './hardware.ts'
import type { ClinicWitness } from './witness.ts'

/** What the people around a kiosk can see and do. */
export interface ClinicTown {
  clock: VirtualClock
  random: Random
  hardware: Hardware
  witness: ClinicWitness
  operator: Signer
  pharmacist: Signer
  instruct(id: string, expires: Millis, ask: ClearAsk | { kind: 'nonsense' }): void
  /** At the unit itself; undefined while its power is out. */
  desk(ask: Ask): Promise<Answer | undefined>
  /** The time as it is. */
  trueTime(): Millis
}
