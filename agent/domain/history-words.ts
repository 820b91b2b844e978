import type { Millis } from '../../drivers/host/clock.ts'
import type { Refusal } from './stock.ts'

// What is kept of a kiosk's journal for advice on its stock.

/** What of a kiosk's journal is looked at, and whose it is. */
export interface HistoryOf {
  /** Where it stands: decides what day it is. */
  time_zone: string
  /** The formulary: every product of it has a history, an empty one too. */
  products: { gtin: string; name: string }[]
  /** Unix time. Rows before it only say what lay in the machine; those from `until` on say nothing. */
  from: Millis
  until: Millis
}

/** What became of one product. Packs where nothing else is said. */
export interface ProductHistory {
  gtin: string
  /** By local date; a day without anything of it is absent. */
  days: Map<string, ProductDay>
  /** Prescriptions that asked for it, less those that a pharmacist rejected. */
  scripts: number
  asked: number
  served: number
  /** What was not here when its prescription ended, and in how many prescriptions. */
  lost: number
  lost_scripts: number
  /** Prescriptions that were here and came to nothing: never taken, or withdrawn. */
  unclaimed: number
  rejected: number
  /** Times that somebody stood there and it was not. */
  sent_away: number
  /** Prescriptions refused because no lane holds it. Each counts as one pack asked for and lost. */
  no_lane: number
  loaded: number
  /** Expired in the machine. */
  expired: number
  /** Taken out for their date before that. */
  short_dated: number
  refused: Map<Refusal['why'], number>
  /** Days from loading to expiry, with how many packs had so many. */
  shelf_life: Map<number, number>
}

export interface LaneHistory {
  turns: number
  /** Times that nothing fell as far as anyone saw. */
  jams: number
  /** Times that nobody knew what fell. */
  doubts: number
  /** Times that its motor did not move, or the order could not be given. */
  failed: number
}

export interface History {
  of: HistoryOf
  /** Local dates on which the unit was seen in service. */
  days: Map<string, HistoryDay>
  products: Map<string, ProductHistory>
  lanes: Map<string, LaneHistory>
  /** Prescriptions by local hour: a night without stock costs less than an afternoon. */
  hours: number[]
  /** Local dates on which packs were loaded, in order. */
  fills: string[]
}

/** One local day of a kiosk. */
export interface HistoryDay {
  /** 0 is Sunday. */
  weekday: number
  /** For each local hour, how many quarters of it the unit was in service: 4, or 0 and 8 when the clocks change. */
  seen: Uint8Array
}

/** One local day of one product, in packs. */
export interface ProductDay {
  asked: number
  /** Asked while nothing of it could be given out. */
  asked_out: number
  served: number
  lost: number
  loaded: number
  /** For each local hour, how many of the quarters seen nothing of it could be given out; absent where none. */
  out?: Uint8Array
}
