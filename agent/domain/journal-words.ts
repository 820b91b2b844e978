import { z } from 'zod'

// What the entries of the journal are made of.

export const text = z.string()
export const count = z.int()
export const device = text.describe('A board or a scanner, by its name in the site file.')
export const reader = text.describe('The scanner, by its name in the site file.')

export const Leg = z
  .enum(['deposit', 'collect'])
  .describe('Which half of a booking: something is put in, or taken out.')
export type Leg = z.output<typeof Leg>

export const Alarm = z.enum([
  'forced',
  'wrong-door',
  'left-open',
  'will-not-open',
  'in-doubt',
  'not-latched',
  'sensor-broken',
  'emptied',
])
export type Alarm = z.output<typeof Alarm>

export const compartment = text.describe('By its name in the site file.')
export const booking = text.describe('The booking, by the id the cloud gave it.')
export const order = text.describe('Names one actuation for ever: ordered, then opened, failed or in doubt.')
export const by = text.describe('Who, in the words of whoever asked.')

/** How somebody proved that they may. */
export const Proof = z.object({
  how: z
    .enum(['code', 'token', 'staff'])
    .describe('A code of the booking, a signed token, or a badge of the staff with its PIN.'),
  token: text.optional().describe('The id of the token (cti), in hexadecimal.'),
  key: text.optional().describe('Whose signature it bears (kid).'),
  who: text.optional().describe('Which of the staff, by their name in the site file.'),
})
export type Proof = z.output<typeof Proof>

/** One kind of entry: its name, what it says in one sentence, and its fields. */
export const entry = <Type extends string, Fields extends z.ZodRawShape>(
  type: Type,
  about: string,
  fields: Fields,
) => z.strictObject({ type: z.literal(type), ...fields }).describe(about)
