import { z } from 'zod'

// What the entries of the journal are made of.

export const text = z.string()
export const count = z.int()
export const device = text.describe('A board or a scanner, by its name in the site file.')
export const reader = text.describe('The scanner, by its name in the site file.')

/** One kind of entry: its name, what it says in one sentence, and its fields. */
export const entry = <Type extends string, Fields extends z.ZodRawShape>(
  type: Type,
  about: string,
  fields: Fields,
) => z.strictObject({ type: z.literal(type), ...fields }).describe(about)
