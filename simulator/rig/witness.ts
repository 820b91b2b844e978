import type { Entry } from '../../agent/domain/journal.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Door } from '../world/door.ts'

/** A right to have a door opened, as the world knows it, whatever the unit thinks. */
export interface Grant {
  at: Millis
  /** No order may come after. */
  until: Millis
  /** Not begun after this, by the unit's own clock. */
  expires: Millis
  /** A booking's code was shown, or a door was asked for by name. */
  booking?: string
  compartment?: string
}

export interface Release {
  at: Millis
  door: string
  /** Whose things were inside when the coil was driven. */
  item: string | undefined
  underFault: boolean
}

export interface Seen {
  at: Millis
  entry: Entry
}

/** What stood by and saw everything. The judge believes it, and never the unit's own records alone. */
export interface Witness {
  grants: Grant[]
  releases: Release[]
  /** Journal rows, at the moment they were committed. */
  rows: Seen[]
  openings: { at: Millis; door: string; cause: Door['openings'][number]['cause'] }[]
  /** When something kept the unit from seeing, or from being there at all. */
  blinded: { from: Millis; to: Millis }[]
  /** What was put in and taken out by hand, by booking. */
  put: { at: Millis; booking: string; door: string }[]
  taken: { at: Millis; booking: string; door: string }[]
  /** When a fault last began or had an effect. */
  lastFault: Millis
  /** How wrong the unit's clock may be: it judges expiry by that clock, and has no other. */
  clockError: Millis
  struck: Map<string, number>
}

export const newWitness = (): Witness => ({
  grants: [],
  releases: [],
  rows: [],
  openings: [],
  blinded: [],
  put: [],
  taken: [],
  lastFault: -Infinity,
  clockError: 0,
  struck: new Map(),
})
