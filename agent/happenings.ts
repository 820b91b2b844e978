import type { Outcome, Report } from '../drivers/device.ts'
import type { Answer, Ask, Asker } from './domain/ask.ts'
import type { Alarm, Leg, Proof } from './domain/journal-words.ts'
import type { Claimant } from './domain/permission.ts'

/** Everything that can happen to a unit: the values on the one queue. */
export type Happening =
  | { type: 'report'; device: string; report: Report }
  /** Whether an order was sent: the device's word, no evidence of what moved. */
  | { type: 'outcome'; order: string; compartment?: string; outcome: Outcome }
  /** From the cloud, codes already sealed, not yet known to be new or still wanted. */
  | { type: 'instruction'; id: string; expires: number; ask: Ask }
  /** From the cloud, and not to be followed; `says` why, without repeating what is in it. */
  | { type: 'unreadable'; id: string; says: string }
  | { type: 'asked'; ask: Ask; from: Asker }
  /** Asked at the console, by whoever says that it is them. */
  | { type: 'commanded'; ask: Ask; from: Asker; people: Claimant[] }
  | { type: 'answered'; to: Asker; answer: Answer }
  /** A valid credential was shown. */
  | { type: 'presented'; prescription: string; token: string; reader: string }
  | { type: 'claimed'; booking: string; leg: Leg; reader: string; proof: Proof }
  /** Somebody may put something in, once its tag was read. */
  | { type: 'tag-awaited'; booking: string; reader: string; proof: Proof }
  /** One of the staff held their badge before a reader and typed the right PIN. */
  | { type: 'staff-proved'; by: string; reader: string }
  | { type: 'alarm'; alarm: Alarm; compartment: string; on: boolean; order?: string }
  /** What was expected was put in. */
  | { type: 'stored'; booking: string }
  /** One more thing under the code of a booking. */
  | { type: 'part-booked'; booking: string; lapses: number }
  /** One of all doors that are opened, one after the other; `turn` from 0. */
  | { type: 'open-in-turn'; compartment: string; by: string; reason: string; turn: number }
  /** Staff looked at a compartment, and it is in use again. */
  | { type: 'returned'; compartment: string }
  /** The things are out, or never came, or the right to them ended. */
  | { type: 'booking-ended'; booking: string }
  /** A prescription is over here. */
  | { type: 'prescription-ended'; prescription: string }
  | { type: 'overdue'; workflow: string; key: string }
  | { type: 'restarted'; workflow: string; key: string }
