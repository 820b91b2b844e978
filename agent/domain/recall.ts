import { z } from 'zod'
import type { Pack } from './stock.ts'

/** Which packs are meant: all that fit everything that is said. `unit` means whatever is in the machine. */
export const Scope = z
  .strictObject({
    gtin: z
      .string()
      .regex(/^\d{14}$/)
      .optional()
      .describe('A product.'),
    lot: z.string().min(1).max(20).optional().describe('A lot of that product.'),
    serial: z.string().min(1).max(20).optional().describe('One pack of that product.'),
    lane: z.string().min(1).max(32).optional().describe('Whatever lies in that lane.'),
    unit: z.literal(true).optional().describe('Everything in the machine.'),
    loaded_until: z.int().optional().describe('Only what was loaded until then, in Unix milliseconds.'),
  })
  .refine(({ gtin, lane, unit }) => gtin !== undefined || lane !== undefined || unit === true, {
    error: 'a gtin, a lane or unit',
  })
  .refine(({ gtin, lot, serial }) => gtin !== undefined || (lot === undefined && serial === undefined), {
    error: 'a gtin: lots and serials are numbered by product',
  })
  .describe('Which packs are meant: those that fit all that is said.')
export type Scope = z.output<typeof Scope>

/** Something that keeps packs from being given out until a person lifts it. */
export interface Recall {
  id: string
  scope: Scope
  why: string
}

export const fits = ({ gtin, lot, serial, lane, loaded_until }: Scope, pack: Pack): boolean =>
  (gtin === undefined || gtin === pack.gtin) &&
  (lot === undefined || lot === pack.lot) &&
  (serial === undefined || serial === pack.serial) &&
  (lane === undefined || lane === pack.lane) &&
  (loaded_until === undefined || pack.loaded <= loaded_until)
