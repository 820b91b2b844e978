import { z } from 'zod'
import { SIZES } from '../../config/site.ts'
import { ClearPersonal, kioskAsks, SealedPersonal } from './ask-kiosk.ts'
import { Leg } from './journal-words.ts'

/** What a cloud, or a technician at the console, may ask of a unit. */

export const BookingId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/)
  .describe(
    'Names the booking, on the unit for as long as it lasts; part of what a person shows: BOOKING:CODE.',
  )
const Code = z
  .string()
  .regex(/^[A-Za-z0-9]{4,64}$/)
  .describe('What a person shows, in clear. Kept by the unit only as a seal.')
const ClearFactor = z
  .string()
  .regex(/^\d{4,12}$/)
  .describe('What the patient knows and types: digits, in clear. Kept by the unit only as a seal.')
const Seal = z.string().regex(/^[0-9a-f]{64}$/)
const compartment = z.string().describe("By its name in the unit's site file.")
const reason = z.string().min(1).max(200).describe('Goes into the journal.')
const by = z.string().min(1).max(64).describe('Who asks for it. Goes into the journal.')
const until = z.int().describe('Unix time in milliseconds; the code is refused afterwards.')

const grant = z
  .string()
  .max(1_024)
  .describe(
    "The operator's signed leave for this one opening: see agent/domain/TOKENS.md. From afar needed where the site asks for it.",
  )

/** Kept with the booking, shown on the spot, and in no journal. */
const note = z.string().min(1).max(40).describe('For whoever looks at the bookings; nothing of a person.')

const leg = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({
    by: z.enum(['customer', 'staff']).describe('Who is expected to come.'),
    code: secret,
    from: z.int().optional().describe('Unix time in milliseconds; before it nothing opens. Absent: at once.'),
    until,
  })

const asks = <Secret extends z.ZodType, Factor extends z.ZodType, Personal extends z.ZodType>(
  secret: Secret,
  factor: Factor,
  personal: Personal,
) =>
  z.discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('book'),
        booking: BookingId,
        size: z.enum(SIZES).describe('The least that is large enough.'),
        low_reach: z.boolean().default(false).describe('Only a door that can be reached from a wheelchair.'),
        zone: z
          .string()
          .max(32)
          .optional()
          .describe("Only a compartment of that zone of the unit's site file."),
        items: z
          .int()
          .min(1)
          .max(8)
          .optional()
          .describe(
            'How many things, each in a compartment of its own: the code is shown once for each. Absent: one.',
          ),
        after: BookingId.optional().describe(
          'An exchange: nothing of this is handed out before the things of that booking were put in.',
        ),
        tag: z
          .string()
          .regex(/^[0-9A-F]{4,32}$/)
          .optional()
          .describe(
            'The RFID tag on the things, in hexadecimal: whoever puts them in holds it before a tag reader first, so that the wrong key set opens no door.',
          ),
        curfew: z
          .literal(true)
          .optional()
          .describe(
            'What is out must be back by the end of its deposit: late is said at once, and it is taken in all the same.',
          ),
        visit: note.optional(),
        vehicle: note.optional(),
        deposit: leg(secret).describe('Who puts it in. The unit chooses the compartment then.'),
        collect: leg(secret).describe('Who takes it out.'),
      })
      .describe('Expect a deposit, and somebody to collect it.'),
    z
      .strictObject({ kind: z.literal('cancel'), booking: BookingId })
      .describe('End a booking. Refused while its things are in a compartment.'),
    z
      .strictObject({ kind: z.literal('recode'), booking: BookingId, leg: Leg, code: secret, until })
      .describe('Give one leg of a booking a new code and a new end; tries begin again.'),
    z
      .strictObject({
        kind: z.literal('hand-over'),
        booking: BookingId,
        to: z.enum(['customer', 'staff']).describe('Who collects it now.'),
        code: secret,
        until,
        tokens_from: z
          .int()
          .optional()
          .describe('Unix time in milliseconds; tokens whose `nbf` is before it open nothing. Absent: now.'),
      })
      .describe(
        'Somebody else collects it: the code and the tokens of whoever was to collect it open nothing.',
      ),
    z
      .strictObject({
        kind: z.literal('inform'),
        booking: BookingId,
        status: z.string().min(1).max(60).describe('How far it is, such as `in the bay`.'),
        ready_at: z.int().optional().describe('Unix time in milliseconds.'),
      })
      .describe('Say how far the work is: shown at the unit, with its age.'),
    z
      .strictObject({ kind: z.literal('refit'), booking: BookingId })
      .describe(
        'It does not fit: open a larger compartment. Only while the one that was just closed could be opened once more.',
      ),
    z
      .strictObject({
        kind: z.literal('open'),
        compartment,
        reason,
        by,
        grant: grant.optional(),
        clear: z
          .boolean()
          .default(false)
          .describe('Also ends the booking in it once the door was opened and closed.'),
      })
      .describe('Open a door for a person. Refused beyond the hourly limit of the site.'),
    z
      .strictObject({ kind: z.literal('hold'), compartment, reason, by })
      .describe('Take a compartment out of use.'),
    z
      .strictObject({ kind: z.literal('release'), compartment, by })
      .describe('Give a compartment back to use, and settle a doubt about it.'),
    z
      .strictObject({ kind: z.literal('return'), compartment, by, grant: grant.optional() })
      .describe(
        'Open a compartment that is out of use for staff who look at it: back in use once its sensor saw the door open and close.',
      ),
    z
      .strictObject({ kind: z.literal('challenge'), by })
      .describe('Show a challenge that a technician reads out to the operator. At the unit only.'),
    z
      .strictObject({
        kind: z.literal('respond'),
        by,
        response: z
          .string()
          .max(32)
          .describe('The eight digits that the operator answered: see agent/domain/TECHNICIAN-CODES.md.'),
      })
      .describe(
        'Answer the challenge: proves for half an hour that a technician is there. At the unit only.',
      ),
    z
      .strictObject({ kind: z.literal('open-all'), reason, by })
      .describe(
        'Open every door, one after the other. At the unit only, and only while a technician is there.',
      ),
    z
      .strictObject({
        kind: z.literal('found'),
        compartment,
        what: z
          .string()
          .min(1)
          .max(80)
          .describe('What it is, and where it is kept now; nothing of a person. Goes into the journal.'),
        by,
      })
      .describe('Write down what somebody forgot in a compartment.'),
    z
      .strictObject({
        kind: z.literal('revoke'),
        list: z
          .string()
          .max(40_000)
          .describe(
            'What the operator signed, in base64url: see agent/domain/TOKENS.md. Replaces the list before it.',
          ),
      })
      .describe('Take in a list of tokens that open nothing any more.'),
    ...kioskAsks(factor, personal),
  ])

/** As it comes over the wire, with codes in clear. Never kept, logged or journalled. */
export const ClearAsk = asks(Code, ClearFactor, ClearPersonal)
/** As it is kept: every code replaced by its HMAC-SHA-256 with the unit's key, in hexadecimal. */
export const Ask = asks(Seal, Seal, SealedPersonal)

export type ClearAsk = z.output<typeof ClearAsk>
export type Ask = z.output<typeof Ask>

/** Who asked, so that the answer finds the way back. */
export type Asker = { instruction: string } | { console: string }

/** How an ask ended. `in-doubt`: it may or may not have happened. */
export type Answer = { outcome: 'done' } | { outcome: 'refused' | 'expired' | 'in-doubt'; why: string }
