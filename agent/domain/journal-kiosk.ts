import { z } from 'zod'
import { dispenseEntries } from './journal-dispense.ts'
import { count, entry, text } from './journal-words.ts'
import { Scope } from './recall.ts'

const lane = text.describe('By its name in the site file.')
const gtin = text.describe('GTIN-14 of the product.')
const serial = text.describe('The serial number of the pack (GS1 AI 21).')
const by = text.describe('Who, in the words of whoever asked.')
const reason = text.describe('In the words of whoever did it.')
const celsius = z.number().describe('In degrees Celsius.')

const Packs = z
  .array(z.strictObject({ gtin, serial, lane }))
  .describe('The packs that are meant, each with the lane it lies in.')

/** What happens to the stock of a kiosk, and around it. */
export const stockEntries = [
  entry('load-began', 'A pharmacy technician began to fill a lane.', {
    lane,
    by,
    wanted: count.describe('Packs that it lacks.'),
    barred: count.describe('Packs in it that may not be given out: take them out, or have them judged.'),
  }),
  entry('badge-refused', 'A badge was held before the reader and nothing began.', {
    device: text.describe('The reader, by its name in the site file.'),
    by: by.optional(),
    says: text.describe('Why, and what to do, in one sentence.'),
  }),
  entry('pack-loaded', 'A pack was read whole, found right and bound to its place.', {
    gtin,
    serial,
    lot: text.describe('The lot (GS1 AI 10).'),
    expiry: text.describe('YYYY-MM-DD.'),
    lane,
    position: count.describe('In its lane, from 1 at the front.'),
    behind: z
      .boolean()
      .describe('true: something that expires later lies in front, so it cannot be the first to go.'),
    by,
  }),
  entry('pack-refused', 'A pack was shown and not taken; it must not lie in the lane.', {
    lane,
    why: text.describe(
      'unreadable, not-in-formulary, controlled, refrigerated, wrong-product, expired, recalled, short-dated, duplicate or lane-full.',
    ),
    says: text.describe('What is wrong with it and what to do, in one sentence.'),
    gtin: gtin.optional(),
    serial: serial.optional(),
  }),
  entry('load-ended', 'Nobody fills that lane any more.', {
    lane,
    loaded: count.describe('Packs that were taken.'),
    how: z
      .enum(['ended', 'idle', 'restart'])
      .describe('ended: by the technician. idle: ten minutes without a pack. restart: of the agent.'),
  }),
  entry('pack-removed', 'A pack was taken out by hand.', { gtin, serial, lane, reason, by }),
  entry('counted', 'A lane was counted blind: whoever counted was not told what should be there.', {
    lane,
    counted: count.describe('Packs that were found.'),
    expected: count.describe('Packs that were loaded and not given out or removed since.'),
    reason: text.optional().describe('Why the two differ, in the words of whoever counted.'),
    by,
  }),
  entry('recalled', 'Packs may not be given out: a recall or a quarantine, obeyed from here on.', {
    recall: text.describe('Names it, so that it can be lifted.'),
    scope: Scope,
    packs: Packs,
    reason,
    by,
  }),
  entry('recall-narrowed', 'From here on it concerns only what was loaded until then.', {
    recall: text,
    scope: Scope,
  }),
  entry('recall-lifted', 'That recall or quarantine is over.', { recall: text, reason, by }),
  entry('pack-expired', 'A pack in the machine has expired: it is not given out, and must be taken out.', {
    gtin,
    serial,
    lane,
    expiry: text.describe('YYYY-MM-DD.'),
  }),

  entry('climate-excursion', 'It is too warm or too cold where the medicine lies.', {
    device: text.describe('The sensor, by its name in the site file.'),
    side: z.enum(['hot', 'cold']),
    since: count.describe('Unix time in milliseconds.'),
    worst_c: celsius,
    beyond: z.boolean().describe('true: outside of what an excursion may reach.'),
  }),
  entry('climate-recovered', 'The temperature is right again.', {
    device: text,
    side: z.enum(['hot', 'cold']),
    lasted_ms: count,
    worst_c: celsius,
  }),
  entry('climate-silent', 'The sensor has said nothing for too long: that counts as an excursion.', {
    device: text,
    quiet_ms: count,
  }),
  entry('climate-heard', 'The sensor speaks again.', { device: text, quiet_ms: count }),
  entry('climate-mean', 'The mean kinetic temperature of thirty days became too high, or good again.', {
    device: text,
    mkt_c: celsius,
    high: z.boolean(),
  }),

  entry('out-of-service', 'The kiosk cannot dispense now: it says so and takes in no prescription.', {
    why: text.describe('In one sentence.'),
    owed: count.describe('Prescriptions it holds that nobody has collected.'),
  }),
  entry('in-service', 'The kiosk can dispense again.', {}),
] as const

export const kioskEntries = [...stockEntries, ...dispenseEntries] as const
