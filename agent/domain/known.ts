import type { CompartmentConfig, LaneConfig, Site } from '../../config/site.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Booking } from './booking.ts'
import type { DoorReading } from './door.ts'
import type { Leg } from './journal.ts'
import type { Pack, Product } from './stock.ts'
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
  booking(id: string): Booking | undefined
  bookingIn(compartment: string): Booking | undefined
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
  product(gtin: string): Product | undefined
  /** The lane that somebody fills now. */
  restocking: string | undefined
  /** The calendar date where the unit stands, YYYY-MM-DD. */
  today: string
  /** How many doors the cloud had opened since then. */
  remoteOpens(since: Millis): number
}

/** A visit and whose it is. */
export interface Standing {
  workflow: string
  key: string
  visit: Visit
}
