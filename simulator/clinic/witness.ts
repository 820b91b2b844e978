import type { Millis } from '../../drivers/host/clock.ts'
import type { Seen } from '../rig/witness.ts'

/** One prescription as the world knows it, whatever the unit thinks. */
export interface Script {
  id: string
  gtin: string
  packs: number
  /** When it is over, on the steady clock of the world. */
  until: Millis
  digits: string
  /** What stands on its label, and nowhere else in the world. */
  secret: string
  /** When a pharmacist signed its release, or said no. */
  released?: Millis
  rejected?: Millis
  /** When the cloud wanted it back. */
  withdrawn?: Millis
  /** What patients carried away, by the id of each pack. */
  holds: string[]
}

/** Somebody stands before the kiosk with a token of their own and knows the second factor. */
export interface Proof {
  prescription: string
  /** When both were shown; a session that began then may go on for a while. */
  at: Millis
}

/** What lay in the tray when the lock let the delivery door go. */
export interface Opening {
  at: Millis
  tray: { id: string; label: string }[]
}

/** What stood by and saw everything. The judge believes it, and never the unit's own records alone. */
export interface ClinicWitness {
  scripts: Script[]
  proofs: Proof[]
  /** Journal rows, at the moment they were committed. */
  rows: Seen[]
  turns: { at: Millis; lane: string; underFault: boolean }[]
  openings: Opening[]
  /** What fell, with what lay under it in the way of faults. */
  falls: { at: Millis; lane: string; id: string; label: string }[]
  takings: { at: Millis; id: string }[]
  /** What came out of the printer. */
  labels: { at: Millis; text: string }[]
  /** What went up to the cloud, as bytes, and what was logged. */
  said: string[]
  lastFault: Millis
  /** When something kept the unit from seeing, or from being there at all. */
  blinded: { from: Millis; to: Millis }[]
  struck: Map<string, number>
}

export const newClinicWitness = (): ClinicWitness => ({
  scripts: [],
  proofs: [],
  rows: [],
  turns: [],
  openings: [],
  falls: [],
  takings: [],
  labels: [],
  said: [],
  lastFault: -Infinity,
  blinded: [],
  struck: new Map(),
})
