import { z } from 'zod'
import { PublicKey } from './access.ts'
import { file, Name, TimeZone } from './words.ts'

const GTIN = 'fourteen digits in quotes: a GTIN-14'
const gtin = z
  .string(GTIN)
  .regex(/^\d{14}$/, GTIN)
  .describe('GTIN-14 of the product, in quotes.')

const width = z.int().min(10).max(500)

export const ProductConfig = z
  .strictObject({
    gtin,
    name: z.string().min(1).max(80).describe('As the pharmacist calls it.'),
    ndc: z
      .string()
      .regex(/^(\d{4}-\d{4}-\d{2}|\d{5}-\d{3}-\d{2}|\d{5}-\d{4}-\d{1})$/, {
        error: 'an NDC with its dashes such as 0002-7597-01: its digits alone do not say how they are split',
      })
      .optional()
      .describe('National Drug Code with its dashes, for the records.'),
    controlled: z.boolean().default(false).describe('A controlled substance: never loaded.'),
    refrigerated: z.boolean().default(false).describe('Must be kept cold: never loaded.'),
    width_mm: width.optional().describe('How wide its pack is, in millimetres.'),
  })
  .describe('One product of the formulary.')

export const LaneConfig = z
  .strictObject({
    name: Name.describe('As written at the lane.'),
    device: Name.describe('The dispenser, by name.'),
    channel: z.int().min(1).max(999).describe('Its number at the controller, from 1.'),
    product: gtin,
    capacity: z.int().min(1).max(100).describe('How many packs it holds.'),
    par: z.int().min(0).max(100).optional().describe('How many packs it should hold after it was filled.'),
    motor: z.enum(['spiral', 'belt', 'hook']).default('spiral').describe('What moves the packs.'),
    width_mm: width.optional().describe('How wide a pack may be, in millimetres.'),
  })
  .describe('One lane of a dispenser: a spiral or a belt, packs one behind another.')

export const DispenseConfig = z
  .strictObject({
    patient_scanner: Name.describe('The scanner before which patients hold their code, by name.'),
    check_scanner: Name.optional().describe(
      'The scanner that reads what fell into the tray, by name. Absent: the pack scanner sees it.',
    ),
    keypad: Name.optional().describe('Where the second factor is typed, by name.'),
    delivery: Name.describe('The compartment that is the delivery door, by name.'),
    tray: z
      .strictObject({
        device: Name.describe('Whose contact it is, by name.'),
        input: z.string().min(1).max(32).describe('The contact that is on while a pack lies in the tray.'),
      })
      .optional()
      .describe('The sensor that sees whether the tray is empty.'),
    printer: Name.optional().describe('The label printer, by name. A label is printed before a motor moves.'),
    payment: Name.optional().describe('The payment terminal, by name.'),
    policy_pack: file('The policy pack of the deployment, signed off by its pharmacist.'),
    permit: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe("Number of the kiosk's permit; written into every record."),
    token_keys: z.array(PublicKey).min(1).max(8).describe('Whose tokens open: the keys of the operator.'),
    pharmacists: z
      .array(PublicKey)
      .min(1)
      .max(64)
      .describe('Whose statements count: the keys of pharmacists.'),
  })
  .describe('What it takes to give packs out. Without it a kiosk only keeps stock.')

export const KioskConfig = z
  .strictObject({
    pack_scanner: Name.describe('The scanner before which packs are held when they are loaded, by name.'),
    badge_reader: Name.optional().describe(
      'Where staff hold their badge, by name: it leads them from lane to lane that needs filling.',
    ),
    time_zone: TimeZone.default('UTC').describe(
      'Where it stands: what day it is there decides what has expired.',
    ),
    climate: z
      .array(Name)
      .max(8)
      .default([])
      .describe('The sensors of the room in which packs lie, by name: what was exposed is quarantined.'),
    dispense: DispenseConfig.optional(),
  })
  .describe('What makes a unit a prescription kiosk.')

export type ProductConfig = z.output<typeof ProductConfig>
export type LaneConfig = z.output<typeof LaneConfig>
export type KioskConfig = z.output<typeof KioskConfig>
export type DispenseConfig = z.output<typeof DispenseConfig>
