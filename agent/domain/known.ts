import type { LaneConfig } from '../../config/kiosk.ts'
import type { PolicyPack } from '../../config/policy-pack.ts'
import type { CompartmentConfig, Site } from '../../config/site.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Booking } from './booking.ts'
import type { DoorReading } from './door.ts'
import type { Leg } from './journal-words.ts'
import type { Stage } from './power.ts'
import type { Prescription } from './prescription.ts'
import type { Recall } from './recall.ts'
import type { RevocationList, RevocationRead } from './revocation.ts'
import type { Shelf } from './shelf.ts'
import type { StatementRead } from './statement.ts'
import type { Pack, Product } from './stock.ts'
import type { Responder } from './technician-code.ts'
import type { TokenRead } from './token.ts'
import type { Visit } from './visit.ts'

/** What a unit knows at this moment, for `hears` to look at. Nothing in it can be changed through it. */
export interface Known {
  site: Site
  /** The unit's steady time: never jumps, never goes back, not even over a restart. Deadlines use it. */
  at: Millis
  /** Unix time as well as it is known, never below that of the last journal row. */
  wall: Millis
  compartment(name: string): CompartmentConfig | undefined
  compartmentAt(device: string, channel: number): CompartmentConfig | undefined
  /** By its own sensor and fresh; `unknown` as soon as its device fell silent. */
  door(compartment: string): DoorReading
  /** Whether something lies behind that door; undefined while nobody can tell, and where it has no sensor for that. */
  item(compartment: string): boolean | undefined
  booking(id: string): Booking | undefined
  bookings(): Iterable<Booking>
  bookingIn(compartment: string): Booking | undefined
  /** How often its lock was opened so far. */
  cycles(compartment: string): number
  /** Why a compartment is out of use. */
  held(compartment: string): string | undefined
  visitAt(compartment: string): Standing | undefined
  visits(): Iterable<Standing>
  /** Which leg of the booking this code opens, whether or not that right still stands. */
  legFor(booking: Booking, code: string): Leg | undefined
  /** A name for an order that was never used before in this journal. */
  nextOrder: string
  lane(name: string): LaneConfig | undefined
  /** What lies in a lane, the front first. */
  packsIn(lane: string): Pack[]
  pack(name: Pick<Pack, 'gtin' | 'serial'>): Pack | undefined
  packs(): Iterable<Pack>
  product(gtin: string): Product | undefined
  /** What can be given out today. */
  shelf: Shelf
  prescription(id: string): Prescription | undefined
  prescriptions(): Iterable<Prescription>
  recall(id: string): Recall | undefined
  recalls(): Iterable<Recall>
  /** Who stands at the machine now: a technician who fills it, or a patient. */
  machine: AtMachine | undefined
  /** A contact that is no door; undefined while nobody can tell. */
  input(device: string, name: string): boolean | undefined
  online(device: string): boolean
  /** Whether it has run for long enough that a device which was not heard is silent, and not only slow to begin. */
  awake: boolean
  /** What a climate sensor measures now; undefined while nobody can tell. */
  celsius(device: string): number | undefined
  printerReady(device: string): boolean
  /** Whom the operator sent and who proved it. */
  technician: { by: string } | undefined
  /** Eight bytes that nobody can foresee, for a challenge. */
  challengeBytes: Uint8Array
  /** Answers a challenge as the operator would; undefined where the site has no secret for it. */
  respond: Responder | undefined
  /** What the unit still does, by mains and battery. */
  stage: Stage
  /** The policy pack, if its pharmacist signed it off. */
  rules: PolicyPack | undefined
  /** When the cloud was last heard, on the wall clock. */
  contact: Millis | undefined
  /** Until when, on the wall clock, a pharmacist promised to be there. */
  pharmacistUntil: Millis | undefined
  /** The seal of a second factor with one more digit. */
  sealDigit(prescription: string, before: string, digit: string): string
  readToken(bytes: Uint8Array): TokenRead
  readStatement(text: string): StatementRead
  readRevocations(text: string): RevocationRead
  /** What was typed at a keypad of the doors and ended just now: `BOOKING*CODE`. Never kept. */
  typed(device: string): string | undefined
  /** Who of the staff is asked for their PIN now. */
  pinOf: { by: string; sealed: string } | undefined
  /** The list of tokens that open nothing any more. */
  revocations: RevocationList | undefined
  /** Whether tokens for that booking were used, and could be shown again. */
  tokensUsedFor(booking: string): boolean
  /** Whether that token opened something already, by its id. */
  tokenUsed(id: string): boolean
  /** False while the machine's clock is behind what was written down already: it lost the time. */
  timeKnown: boolean
  /** The calendar date where the unit stands, YYYY-MM-DD. */
  today: string
  /** How many doors the cloud had opened since then. */
  remoteOpens(since: Millis): number
}

/** Whoever has the machine to themselves says so by having a `machine` in their state. */
export interface AtMachine {
  workflow: string
  key: string
  /** `held`: nobody is served any more, a person must look. */
  machine: { lane: string } | { prescription: string; held?: true }
}

/** A visit and whose it is. */
export interface Standing {
  workflow: string
  key: string
  visit: Visit
}
