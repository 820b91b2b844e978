import { z } from 'zod'
import { Scope } from './recall.ts'

const ITEMS = 6
const PACKS_OF_ONE = 4
const LABEL_LINES = 16
const LABEL_COLUMNS = 48

export const PrescriptionId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/)
  .describe('Names the prescription. Nothing of a person may be in it. Never use one again.')
const lane = z.string().describe("By its name in the unit's site file.")
const gtin = z
  .string()
  .regex(/^\d{14}$/)
  .describe('GTIN-14 of the product.')
const reason = z.string().min(1).max(200).describe('Goes into the journal.')
const by = z.string().min(1).max(64).describe('Who asks for it. Goes into the journal.')
const Found = z.enum(['in-lane', 'removed', 'handed-over'])
const recall = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  .describe('Names the recall or quarantine.')

/** What is known of a person, as it comes over the wire. */
export const ClearPersonal = z
  .strictObject({
    label: z
      .array(
        z
          .string()
          .max(LABEL_COLUMNS)
          .regex(/^[ -~\u00a0-\uffff]*$/),
      )
      .min(1)
      .max(LABEL_LINES)
      .describe('The lines of the label, as they are printed. The kiosk adds product, lot and expiry.'),
    nonce: z
      .string()
      .regex(/^[0-9a-f]{32,64}$/)
      .describe('Chance, so that nobody can guess the label from its digest.'),
  })
  .describe('What is known of the person. Kept encrypted, and destroyed when the prescription is over.')

/** What is kept of it. */
export const SealedPersonal = z.strictObject({
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** So that a repeat is known as one. */
  print: z.string().regex(/^[0-9a-f]{64}$/),
  box: z.strictObject({ key: z.string(), data: z.string() }),
})

/** What a cloud or a technician may ask of a kiosk. */
export const kioskAsks = <Secret extends z.ZodType, Personal extends z.ZodType>(
  factor: Secret,
  personal: Personal,
) =>
  [
    z
      .strictObject({
        kind: z.literal('prescribe'),
        prescription: PrescriptionId,
        items: z
          .array(z.strictObject({ gtin, packs: z.int().min(1).max(PACKS_OF_ONE) }))
          .min(1)
          .max(ITEMS)
          .describe('What is to be given out, product by product.'),
        refill: z.boolean().describe('A later filling of what was filled before.'),
        first_time: z.boolean().describe('The patient takes this for the first time.'),
        until: z.int().describe('Unix time in milliseconds; nothing is given out afterwards.'),
        due: z.int().min(0).default(0).describe('To be paid at the kiosk, in the smallest unit of money.'),
        partial: z
          .boolean()
          .default(false)
          .describe('Whether some of it may be given out while the rest is out of stock.'),
        factor: factor.optional(),
        personal,
      })
      .describe(
        'Take in a prescription and hold packs for it. Nothing is given out before a pharmacist released it.',
      ),
    z
      .strictObject({ kind: z.literal('withdraw'), prescription: PrescriptionId, reason, by })
      .describe('End a prescription. Refused while somebody is being served with it.'),
    z
      .strictObject({ kind: z.literal('renew'), prescription: PrescriptionId, factor })
      .describe('Give a prescription a new second factor; tries begin again.'),
    z
      .strictObject({
        kind: z.literal('state'),
        statement: z
          .string()
          .max(1_024)
          .describe('What a pharmacist signed, in base64url: see agent/domain/TOKENS.md.'),
      })
      .describe(
        'Hand over the signed statement of a pharmacist: release, reject, identified, consultation, presence.',
      ),
    z
      .strictObject({ kind: z.literal('recall'), recall, scope: Scope, reason, by })
      .describe('Give none of these packs out from now on: a recall or a quarantine.'),
    z.strictObject({ kind: z.literal('lift'), recall, reason, by }).describe('End a recall or quarantine.'),
    z
      .strictObject({
        kind: z.literal('resolve'),
        found: Found.describe(
          'Of every pack that is held. in-lane: it lies in its lane. removed: it was put into the return bin. handed-over: the patient has it.',
        ),
        except: z
          .array(z.strictObject({ serial: z.string().min(1).max(20), found: Found }))
          .max(12)
          .default([])
          .describe('Of which packs something else is true.'),
        reason,
        by,
      })
      .describe('A person has looked at what is held and says what was found. The tray must be empty.'),
    z
      .strictObject({
        kind: z.literal('count'),
        lane,
        counted: z.int().min(0).max(100).describe('Packs that were found in it.'),
        reason: reason.optional().describe('Why it differs, once that was asked for.'),
        by,
      })
      .describe('Count a lane blind.'),
    z
      .strictObject({ kind: z.literal('load'), lane, by })
      .describe('Begin to fill a lane: packs shown to the pack scanner from now on go into it.'),
    z.strictObject({ kind: z.literal('load-end'), lane, by }).describe('The lane is filled.'),
    z
      .strictObject({
        kind: z.literal('remove-pack'),
        gtin,
        serial: z.string().min(1).max(20).describe('Its own.'),
        reason,
        by,
      })
      .describe('A pack was taken out by hand: expired, recalled, damaged.'),
  ] as const
