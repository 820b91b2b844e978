import type { Millis } from '../../drivers/host/clock.ts'
import type { Happening } from '../happenings.ts'
import type { Amendment, Booking } from './booking.ts'
import type { Entry } from './journal.ts'
import type { Pack } from './stock.ts'

/** What a step wants done. All but `unlock` is part of the same transaction; metal moves only after it is committed. */
export type Effect =
  | { type: 'record'; entry: Entry }
  /** Moves metal. Always preceded by its `unlock-ordered` record in the same step. */
  | { type: 'unlock'; order: string; compartment: string; by: Millis }
  | { type: 'keep-booking'; booking: Booking }
  | ({ type: 'amend-booking'; booking: string } & Amendment)
  | { type: 'forget-booking'; booking: string }
  | { type: 'keep-pack'; pack: Pack }
  | { type: 'forget-pack'; gtin: string; serial: string }
  | { type: 'hold'; compartment: string; why: string }
  | { type: 'release'; compartment: string }
  /** What other processes must hear of this, in the same transaction. */
  | { type: 'tell'; happening: Happening }

export const record = (entry: Entry): Effect => ({ type: 'record', entry })
export const tell = (happening: Happening): Effect => ({ type: 'tell', happening })
