import { z } from 'zod'
import { SIZES } from '../../config/site.ts'
import { Leg } from './journal.ts'

/** What a cloud, or a technician at the console, may ask of a unit. */

export const BookingId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/)
const Code = z.string().regex(/^[A-Za-z0-9]{4,64}$/)
const why = z.string().min(1).max(200)
const by = z.string().min(1).max(64)

const leg = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({
    by: z.enum(['customer', 'staff']),
    code: secret,
    /** Unix time in milliseconds; refused afterwards. */
    until: z.int(),
  })

const asks = <Secret extends z.ZodType>(secret: Secret) =>
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('book'),
      booking: BookingId,
      size: z.enum(SIZES),
      low_reach: z.boolean().default(false),
      deposit: leg(secret),
      collect: leg(secret),
    }),
    z.strictObject({ kind: z.literal('cancel'), booking: BookingId }),
    z.strictObject({ kind: z.literal('recode'), booking: BookingId, leg: Leg, code: secret, until: z.int() }),
    /** Opens a door for a person with a reason. `clear` also ends the booking in it once the door was opened and closed. */
    z.strictObject({
      kind: z.literal('open'),
      compartment: z.string(),
      reason: why,
      by,
      clear: z.boolean().default(false),
    }),
    /** Takes a compartment out of use; `release` gives it back and settles a doubt about it. */
    z.strictObject({ kind: z.literal('hold'), compartment: z.string(), reason: why, by }),
    z.strictObject({ kind: z.literal('release'), compartment: z.string(), by }),
  ])

/** As it comes over the wire, with codes in clear. Never kept, logged or journalled. */
export const ClearAsk = asks(Code)
/** As it is kept: every code replaced by its HMAC-SHA-256 with the unit's key, in hexadecimal. */
export const Ask = asks(z.string().regex(/^[0-9a-f]{64}$/))

export type ClearAsk = z.output<typeof ClearAsk>
export type Ask = z.output<typeof Ask>

/** Who asked, so that the answer finds the way back. */
export type Asker = { instruction: string } | { console: string }

/** How an ask ended. `in-doubt`: it may or may not have happened. */
export type Answer = { outcome: 'done' } | { outcome: 'refused' | 'expired' | 'in-doubt'; why: string }
