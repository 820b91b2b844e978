import type { Millis } from '../../drivers/host/clock.ts'
import type { Happening } from '../happenings.ts'
import type { Amendment, Booking } from './booking.ts'
import type { Box } from './boxes.ts'
import type { Entry } from './journal.ts'
import type { Prescription, PrescriptionChange } from './prescription.ts'
import type { Recall } from './recall.ts'
import type { RevocationList } from './revocation.ts'
import type { Pack } from './stock.ts'

/** What a step wants done: written down and kept in one transaction; in the world only once that is committed. */
export type Effect =
  | { type: 'record'; entry: Entry }
  /** What other processes must hear of this, in the same transaction. */
  | { type: 'tell'; happening: Happening }
  | Keep
  | Act

/** Kept in the same transaction. */
export type Keep =
  | { type: 'keep-booking'; booking: Booking }
  | ({ type: 'amend-booking'; booking: string } & Amendment)
  | { type: 'forget-booking'; booking: string }
  | { type: 'keep-pack'; pack: Pack }
  | { type: 'forget-pack'; gtin: string; serial: string }
  | { type: 'keep-prescription'; prescription: Prescription }
  | ({ type: 'change-prescription'; prescription: string } & PrescriptionChange)
  | { type: 'forget-prescription'; prescription: string }
  | { type: 'keep-recall'; recall: Recall }
  | { type: 'forget-recall'; recall: string }
  /** What is known of a person, encrypted. */
  | { type: 'keep-box'; name: string; box: Box }
  /** Destroys its key, and with it what is in it. */
  | { type: 'shred-box'; name: string }
  /** A signed token opened something: it is remembered until it lapsed. */
  | { type: 'use-token'; id: string; subject: string; expires: Millis }
  | { type: 'keep-revocations'; list: RevocationList }
  | { type: 'hold'; compartment: string; why: string }
  | { type: 'release'; compartment: string }

/** Done in the world, after the commit. Each has its `…-ordered` record in the same step. `by` is on the unit's steady clock. */
export type Act =
  | { type: 'unlock'; order: string; compartment: string; by: Millis }
  /** Turns a lane once. */
  | { type: 'vend'; order: string; lane: string; by: Millis }
  /** Prints the label of a prescription for these packs. */
  | { type: 'print'; order: string; device: string; prescription: string; packs: Pack[]; by: Millis }
  | { type: 'charge'; order: string; device: string; amount: number; by: Millis }
  | { type: 'settle'; order: string; device: string; kept: boolean; by: Millis }
  /** Lets a scanner look, or ends that: nothing moves, so nothing is written down. */
  | { type: 'trigger'; device: string; on: boolean; by: Millis }

export const isAct = (effect: Effect): effect is Act => ACTS.has(effect.type)

const ACTS: ReadonlySet<string> = new Set<Act['type']>([
  'unlock',
  'vend',
  'print',
  'charge',
  'settle',
  'trigger',
])

export const record = (entry: Entry): Effect => ({ type: 'record', entry })
export const tell = (happening: Happening): Effect => ({ type: 'tell', happening })
