import { z } from 'zod'
import { count, entry, reader, text } from './journal-words.ts'

const prescription = text.describe(
  'The prescription, by the id the cloud gave it; nothing of a person is in it.',
)
const order = text.describe('Names one actuation for ever: ordered, then seen, failed or in doubt.')
const lane = text.describe('By its name in the site file.')
const gtin = text.describe('GTIN-14 of the product.')
const serial = text.describe('The serial number of the pack (GS1 AI 21).')
const by = text.describe('Who, in the words of whoever asked.')
const pharmacist = text.describe('The pharmacist whose key signed it.')
const statement = text.describe('What was signed, in base64url: COSE_Sign1, see agent/domain/TOKENS.md.')
const fault = text.describe('By its name in the handbook of faults.')
const packs = z.array(z.strictObject({ gtin, serial }))
const amount = count.describe('In the smallest unit of money.')

/** How a prescription ends at a kiosk. */
export const Ending = z
  .enum(['handed-over', 'partial', 'withdrawn', 'rejected', 'expired', 'not-collected'])
  .describe(
    'handed-over: all of it taken. partial: some of it taken, the rest not here. withdrawn: by the cloud. rejected: by a pharmacist. expired: its time was over before it was released. not-collected: its time was over, released and never taken.',
  )
export type Ending = z.output<typeof Ending>

/** The life of a prescription at a kiosk, from its arrival to the hand of the patient. */
export const dispenseEntries = [
  entry('prescription-received', 'A prescription was taken in.', {
    prescription,
    items: z.array(z.strictObject({ gtin, packs: count })),
    refill: z.boolean(),
    first_time: z.boolean(),
    until: count.describe('Unix time in milliseconds: not given out afterwards.'),
    digest: text.describe('SHA-256 in hexadecimal of what a pharmacist signs: see agent/domain/TOKENS.md.'),
  }),
  entry('reserved', 'These packs are held for it.', { prescription, packs }),
  entry('reservation-moved', 'Another pack of the same product is held instead: it falls first.', {
    prescription,
    gtin,
    serial: serial.describe('The one held before.'),
    now: serial.describe('The one held now.'),
  }),
  entry('out-of-stock', 'What can be given out is not enough for it.', {
    prescription,
    gtin,
    missing: count.describe('Packs.'),
  }),
  entry('lease-ended', 'Its packs are no longer held for it; it is tried again when somebody comes.', {
    prescription,
  }),
  entry('prescription-released', 'A pharmacist released it for dispensing.', {
    prescription,
    by: pharmacist,
    statement,
  }),
  entry('prescription-renewed', 'It has a new second factor; tries begin again.', { prescription }),
  entry('prescription-ended', 'It is over here.', {
    prescription,
    why: Ending,
    missing: packs.optional().describe('What was not given out, where that is known by pack.'),
    reason: text.optional(),
    by: by.optional(),
  }),
  entry('personal-data-destroyed', 'The key to what was known of the person is gone for good.', {
    prescription,
  }),
  entry('pharmacist-present', 'A pharmacist promised to be there.', {
    by: pharmacist,
    until: count.describe('Unix time in milliseconds.'),
    statement,
  }),
  entry('statement-refused', 'A statement was not taken for that of a pharmacist.', {
    prescription: prescription.optional(),
    why: text,
  }),

  entry('presented', 'A valid token was shown by whoever stands there.', { prescription, reader }),
  entry('token-refused', 'What was shown opens nothing.', {
    reader,
    why: text,
    prescription: prescription.optional(),
    booking: text.optional(),
  }),
  entry('factor-refused', 'The wrong second factor was entered.', { prescription, tries: count }),
  entry('factor-burnt', 'Too many wrong tries: nothing is given out until it is renewed.', { prescription }),
  entry('verified', 'Whoever stands there proved who they are.', {
    prescription,
    how: z.enum(['factor', 'pharmacist', 'none']).describe('none: the policy asks for no second factor.'),
    by: pharmacist.optional(),
  }),
  entry('consult-requested', 'A pharmacist is asked to speak with the patient.', { prescription }),
  entry('consult-joined', 'A pharmacist speaks with the patient.', {
    prescription,
    by: pharmacist,
    statement,
  }),
  entry('consult-ended', 'The pharmacist has spoken with the patient, or the patient declined.', {
    prescription,
    declined: z.boolean(),
    by: pharmacist,
    statement,
  }),
  entry('charge-ordered', 'The terminal was told to charge a card.', { order, prescription, amount }),
  entry('paid', 'The terminal approved the charge.', { order, prescription, amount }),
  entry('payment-failed', 'Nothing was charged.', { order, prescription, why: text }),
  entry('payment-in-doubt', 'Nobody knows whether the card was charged. A person must look.', {
    order,
    prescription,
  }),
  entry('settle-ordered', 'The terminal was told to keep the money, or to give it back.', {
    order,
    prescription,
    kept: z.boolean(),
  }),
  entry('settle-failed', 'The terminal did not take that order: what was paid must be looked at.', {
    order,
    fault,
    sent: z.boolean().describe('false: not one byte of it left.'),
  }),
  entry('print-ordered', 'The printer was told to print the label.', { order, prescription }),
  entry('printed', 'The printer says that the label is on paper.', { order, prescription }),
  entry('print-failed', 'The label is not on paper, or nobody knows.', {
    order,
    prescription,
    fault,
    sent: z.boolean().describe('false: nothing of it was printed.'),
  }),
  entry('vend-ordered', 'A lane was told to turn once. No evidence that a pack fell.', {
    order,
    prescription,
    lane,
    gtin,
    serial: serial.describe('Of the pack that must fall.'),
    lot: text,
    expiry: text.describe('YYYY-MM-DD.'),
  }),
  entry('vend-failed', 'The order could not be given, or not without doubt.', {
    order,
    lane,
    fault,
    sent: z.boolean().describe('false: not one byte of it left, so nothing moved.'),
  }),
  entry('vend-seen', 'What the controller said of the turn.', {
    order,
    lane,
    stage: text,
    evidence: text.describe('What that stands on: drop-sensor, motor, elevator, controller or silence.'),
    code: text.describe('In its own words.'),
  }),
  entry('pack-checked', 'The pack that fell was read at the tray and is the one that was held.', {
    order,
    gtin,
    serial,
  }),
  entry('dispense-held', 'The delivery door stays locked until a person has looked.', {
    prescription,
    order: order.optional(),
    lane: lane.optional(),
    why: z
      .enum([
        'wrong-pack',
        'unread-pack',
        'two-packs',
        'jammed',
        'no-drop',
        'in-doubt',
        'interrupted',
        'left-behind',
        'tray-not-empty',
        'tray-unseen',
        'barred',
        'door',
      ])
      .describe(
        'wrong-pack, unread-pack, two-packs: what the tray scanner read. jammed, no-drop: nothing fell as far as anyone saw. in-doubt: nobody knows. interrupted: the power went. left-behind: not taken. tray-not-empty: something lay there before. tray-unseen: its sensor was silent when the door closed. barred: recalled or expired since it fell. door: the delivery door did not do as told.',
      ),
    says: text.describe('In one sentence.'),
  }),
  entry('dispense-resolved', 'A person has looked and said what was found, pack by pack.', {
    prescription,
    gtin: gtin.optional(),
    serial: serial.optional().describe('Absent where no pack had moved.'),
    found: z
      .enum(['in-lane', 'removed', 'handed-over'])
      .describe(
        'in-lane: the pack lies in its lane as before. removed: taken out of the machine. handed-over: the patient has it.',
      ),
    reason: text,
    by,
  }),
  entry('handed-over', 'The packs are with the patient.', {
    prescription,
    packs,
    evidence: z
      .enum(['sensor', 'door'])
      .describe('sensor: the tray was seen to be empty. door: the door was opened and closed again.'),
  }),
  entry('session-ended', 'Nobody is served any more; what was not given out stays as it is.', {
    prescription,
    why: text.describe(
      'walked-away, wrong-factor, no-pharmacist, consult-refused, payment, printer, out-of-stock, lane, delivery-door, interrupted or a bar of the policy.',
    ),
  }),
] as const
