import type { LaneConfig, ProductConfig } from '../../config/kiosk.ts'
import type { Demand } from './demand.ts'

/** The planogram and the formulary of a site, as far as advice needs them. */
export interface Shelves {
  lanes: Pick<LaneConfig, 'name' | 'product' | 'capacity' | 'par' | 'width_mm'>[]
  products: Pick<ProductConfig, 'gtin' | 'name' | 'controlled' | 'refrigerated' | 'width_mm'>[]
}

export interface AdviceOptions {
  /** Days from one fill to the next; absent: from the history. */
  cover?: number
  /** Share of covers that a product should get through without running out. */
  service: number
  /** From the policy: what expires within so many days is not loaded. */
  min_days_to_expiry: number
}

/** How many packs of a product are there after a fill, and what that comes to. */
export interface Level {
  par: number
  /** The probability that a cover is got through without running out. */
  service: number
  /** Expected, a week. */
  lost_scripts: number
}

interface About {
  gtin: string
  name: string
  lanes: string[]
  capacity: number
  /** In plain words. */
  says: string[]
}

/** What nothing can be said of yet, and what is missing. */
export interface UnknownProduct extends About {
  enough: false
  par: number
}

export interface KnownProduct extends About {
  enough: true
  demand: Demand
  /** Packs asked for over the cover, on average. */
  cover_mean: number
  /** Packs that are enough at the service that was asked for. */
  need: number
  /** More than so many would not be taken before they are too old to be loaded; absent where no shelf life is known. */
  expiry_limit?: number
  now: Level
  proposed: Level
  /** With the lanes that it would have after the moves; absent where those are the same. */
  moved?: Level & { lanes: string[]; capacity: number }
}

export type ProductAdvice = KnownProduct | UnknownProduct

/** One lane that should hold something else. Two that only make sense together have the same `move`. */
export interface LaneAdvice {
  move: number
  lane: string
  from: string
  to: string
  /** Prescriptions a week that the whole move saves. */
  gain: number
  says: string
}

export interface Advice {
  enough: boolean
  /** Where there is not enough of a history: what is missing, in sentences. */
  missing: string[]
  /** Whole and parts of days on which the unit was seen in service. */
  days: number
  cover?: { days: number; from: 'given' | 'history' }
  service: number
  products: ProductAdvice[]
  moves: LaneAdvice[]
  /** Expected prescriptions a week that are lost, of the products of which enough is known. */
  lost_scripts: { now: number; proposed: number; moved: number }
  /** What a person should look at besides. */
  says: string[]
}
