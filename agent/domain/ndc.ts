import { checkDigitOf, isGtin } from './gs1.ts'

//   labeler - product - package        0002-7597-01 · 50242-040-62 · 60575-4112-1 · from 2033 on 012345-0040-62

/** How many digits labeler, product and package have: the digits alone do not say. */
export type NdcFormat = '4-4-2' | '5-3-2' | '5-4-1' | '6-4-2'

/** A National Drug Code (21 CFR 207.33): text, because its zeros count, and with hyphens, because its split does. */
export interface Ndc {
  /** With hyphens, as in the NDC directory. */
  text: string
  format: NdcFormat
}

/** What a GTIN begins with, before `03` and the NDC: 0 is the pack itself, 1 to 8 are the sizes it is shipped in. */
export type Indicator = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

interface Refused<Why extends string> {
  ok: false
  why: Why
  says: string
}

const FORMATS: readonly NdcFormat[] = ['4-4-2', '5-3-2', '5-4-1', '6-4-2']

/**
 * Reads an NDC with its hyphens. Refuses one without (`no-hyphens`): ten digits fit three formats, and twelve may be the
 * UPC of a pack; the eleven of billing (`billing`), from which the split is gone; and all else (`not-ndc`).
 */
export function readNdc(
  text: string,
): { ok: true; ndc: Ndc } | Refused<'no-hyphens' | 'billing' | 'not-ndc'> {
  if (/^\d{10,12}$/.test(text))
    return {
      ok: false,
      why: 'no-hyphens',
      says: 'An NDC without hyphens can be read in several ways: write it as the NDC directory does.',
    }
  const shape = /^\d+(-\d+){2}$/.test(text) ? lengthsOf(text).join('-') : ''
  if (shape === '5-4-2')
    return {
      ok: false,
      why: 'billing',
      says: 'This NDC was padded to eleven digits for billing: write it as the NDC directory does.',
    }
  const format = FORMATS.find(each => each === shape)
  if (format) return { ok: true, ndc: { text, format } }
  return { ok: false, why: 'not-ndc', says: 'This is no NDC: write one such as 0002-7597-01, with hyphens.' }
}

/**
 * The GTIN-14 that an NDC of ten digits has in GS1: indicator, `03`, the digits, and a check digit. Refuses a 6-4-2
 * (`too-long`): twelve digits do not fit, and the label carries them beside the GTIN (AI 715).
 */
export function gtinOf(
  { text, format }: Ndc,
  indicator: Indicator,
): { ok: true; gtin: string } | Refused<'too-long'> {
  if (format === '6-4-2')
    return {
      ok: false,
      why: 'too-long',
      says: 'An NDC of twelve digits does not fit into a GTIN: take the GTIN from the label of the pack.',
    }
  const body = `${indicator}03${digitsOf(text)}`
  return { ok: true, gtin: `${body}${checkDigitOf(body)}` }
}

/**
 * The ten digits of the NDC inside a GTIN-14; undefined where it holds none (imported and over-the-counter goods) or is
 * no GTIN. Which format they have is in the NDC directory, not in them.
 */
export const ndcDigitsIn = (gtin: string): string | undefined =>
  isGtin(gtin) && /^[0-8]03/.test(gtin) ? gtin.slice(3, 13) : undefined

/**
 * The eleven digits of billing, 5-4-2 with hyphens: the short segment of a ten-digit NDC gets a zero in front. Refuses a
 * 6-4-2 (`too-long`), which is used as it is.
 */
export function billing11({ text, format }: Ndc): { ok: true; text: string } | Refused<'too-long'> {
  if (format === '6-4-2')
    return {
      ok: false,
      why: 'too-long',
      says: 'An NDC of twelve digits has no form of eleven: use it as it is.',
    }
  const [labeler = '', product = '', pack = ''] = text.split('-')
  return {
    ok: true,
    text: [labeler.padStart(5, '0'), product.padStart(4, '0'), pack.padStart(2, '0')].join('-'),
  }
}

const lengthsOf = (text: string): number[] => text.split('-').map(part => part.length)

const digitsOf = (text: string): string => text.replaceAll('-', '')
