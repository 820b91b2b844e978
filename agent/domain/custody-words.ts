import type { Millis } from '../../drivers/host/clock.ts'
import type { Leg, Proof } from './journal-words.ts'

/** What the site file says of a locker bank and the journal does not: on which board each compartment is. */
export interface CustodyOf {
  unit: string
  /** By compartment. One that is missing here is taken to be on every device: rather blind too often than too seldom. */
  boards: Record<string, string>
}

/**
 * What happened. ordered: its lock was told to open, and nothing more is known. opened: its door was opened, and closed again
 * where that was seen. opened-again: by whoever had just closed it. not-opened: there is evidence of that. forced, wrong-door:
 * its door moved and nobody was told to open it. found-open, found-closed: nobody saw it move. unseen: nobody could see it for
 * a while. moved: another compartment was given to the booking.
 */
export type CustodyWhat =
  | 'booked'
  | 'recoded'
  | 'refused'
  | 'burnt'
  | 'ordered'
  | 'put-in'
  | 'taken'
  | 'opened'
  | 'opened-again'
  | 'not-opened'
  | 'in-doubt'
  | 'forced'
  | 'wrong-door'
  | 'found-open'
  | 'found-closed'
  | 'left-open'
  | 'unseen'
  | 'contact'
  | 'moved'
  | 'held'
  | 'released'
  | 'overdue'
  | 'ended'

/** How somebody proved that they may: what they showed at a reader, or an ask with a reason. */
export type Credential =
  | { how: Proof['how']; reader: string; token?: string; key?: string }
  | { how: 'asked'; reason: string }

/** What the sensor of a door said. */
export interface Sighting {
  seq: number
  at: Millis
  saw: 'opened' | 'closed' | 'found-open' | 'found-closed'
}

/** One link of a chain. Times are Unix milliseconds of the rows that say so. */
export interface CustodyLink {
  /** The row with which it began. */
  seq: number
  at: Millis
  what: CustodyWhat
  leg?: Leg
  compartment?: string
  /** `customer` or `staff` as the booking expected them, or a name as the journal has it; absent where nobody knows. */
  who?: string
  proof?: Credential
  order?: string
  /** In the words of the journal. */
  why?: string
  evidence: Sighting[]
  /** How a doubt ended; by whom, where somebody looked. */
  settled?: { seq: number; at: Millis; how: string; by?: string }
  /** Of what nobody could see: from when, and until when where that is over. */
  from?: Millis
  until?: Millis
  /** Something lay in the compartment, or may have, when it began or because of it. */
  lying: boolean
  /** The journal does not prove it. */
  doubt: boolean
  /** Every row it stands on. */
  rows: number[]
}

/** Where a chain has a gap, as one sentence, and the row at which. */
export interface CustodyGap {
  seq: number
  at: Millis
  says: string
}

/**
 * Through whose hands the things of one booking went, from the journal alone. It names roles, readers and whoever asked with
 * a name; no customer. That a door was opened and closed again is all that the unit knows of what was put in or taken.
 */
export interface Custody {
  /** Hash of the row that booked it: an id may come again, this does not. */
  hash: string
  unit: string
  booking: string
  size: string
  booked: Millis
  /** in: something lies there, or may. taken: until the booking ends its door may be opened once more. */
  status: 'expected' | 'in' | 'taken' | 'collected' | 'cleared' | 'cancelled' | 'expired' | 'removed'
  ended?: Millis
  links: CustodyLink[]
  /** Empty where the chain is whole. */
  broken: CustodyGap[]
}
