import { checkDigitOf, dateOf, isChecked, SHAPES, type Shape, shapeAt } from './gs1-elements.ts'

export { checkDigitOf }

//   01 GTIN(14) · 17 YYMMDD · 10 lot(1–20) GS · 21 serial(1–20)        in any order, with other elements between

/** What the code on a package says, or why it is not believed. */
export type PackRead = { ok: true; pack: Label } | Refused

/** The product identifier of one package (DSCSA, section 581(14)), as its own label says it. */
export interface Label {
  /** Fourteen digits, the check digit right. */
  gtin: string
  /** One to twenty characters. Nothing in the code checks it: believe one that the unit knows. */
  serial: string
  /** One to twenty characters, checked by nothing either. */
  lot: string
  /** YYYY-MM-DD: the last day it may be used. A real day, but no check digit stands behind it. */
  expiry: string
  /** As element 715 says it, where there is one; for the one inside a GTIN see ndc.ts. */
  ndc?: string
}

interface Refused {
  ok: false
  why:
    | 'not-gs1'
    | 'unknown-element'
    | 'unsplittable'
    | 'missing'
    | 'bad-check-digit'
    | 'bad-date'
    | 'bad-character'
    | 'twice'
  says: string
}

/** Data by application identifier. */
type Found = ReadonlyMap<string, string>

const GS = '\x1d'
/** Symbology identifiers that promise element strings (ISO/IEC 15424): DataMatrix, 128, QR, DataBar, DotCode. */
const PROMISES = new Set([']d2', ']C1', ']Q3', ']e0', ']J1'])
/** What tills read: eight to fourteen digits, which may begin like an element. */
const RETAIL = /^\d{8,14}$/
const NEEDED = ['01', '17', '10', '21'] as const
const NAMES = new Map([
  ['01', 'the GTIN'],
  ['10', 'the lot'],
  ['17', 'the expiry'],
  ['21', 'the serial'],
])
const DIGITS = /^\d*$/
/** GS1 General Specifications, figure 7.11-1. */
const SET_82 = /^[!"%-/0-9:-?A-Z_a-z]*$/
const ASIDE = 'scan it again, and keep the pack aside if it stays so.'

/**
 * Reads the code on a package; `today` (YYYY-MM-DD) decides the century of its dates. Refuses whatever is not whole and
 * beyond doubt: a symbology that does not promise GS1 (no identifier at all is taken when the data stands every check),
 * an element that is not known, comes twice or is never on a pack, data that lost a separator, a wrong check digit, a day
 * that is in no calendar, a character outside set 82, and a pack without GTIN, expiry, lot or serial (GS1 General
 * Specifications, sections 3 and 7.8). An expired pack is read like any other: that is for stock.ts to refuse.
 */
export function readPack(
  { bytes, aim }: { bytes: Uint8Array; aim: string | undefined },
  today: string,
): PackRead {
  const text = Buffer.from(bytes).toString('latin1')
  if (aim === undefined ? RETAIL.test(text) || !shapeAt(text, 0) : !PROMISES.has(aim))
    return refused('not-gs1', 'This code is not the one that names the pack: scan the square GS1 code on it.')
  const split = splitUp(text, today)
  return split.ok ? packFrom(split.found, today) : split
}

/** Whether a text is a GTIN-14: fourteen digits, not all of them 0, with the right check digit. */
export const isGtin = (text: string): boolean => /^(?!0+$)\d{14}$/.test(text) && isChecked(text)

const refused = (why: Refused['why'], says: string): Refused => ({ ok: false, why, says })

const named = (ai: string): string => {
  const name = NAMES.get(ai)
  return name ? `Element ${ai}, ${name},` : `Element ${ai}`
}

function splitUp(text: string, today: string): { ok: true; found: Found } | Refused {
  const found = new Map<string, string>()
  let at = 0
  while (at < text.length) {
    const shape = shapeAt(text, at)
    if (!shape) return nothingAt(text, at)
    const from = at + shape.ai.length
    const to = endOf(shape, text, from)
    const value = text.slice(from, to)
    const wrong = found.has(shape.ai)
      ? refused('twice', `${named(shape.ai)} comes twice: scan one pack alone.`)
      : (wrongLength(shape, value) ?? wrongCharacter(shape, value) ?? wrongValue(shape, value, today))
    if (wrong) return wrong
    found.set(shape.ai, value)
    // One GS is tolerated where none is needed: behind a fixed length, and at the very end.
    at = text[to] === GS ? to + 1 : to
  }
  return { ok: true, found }
}

function endOf(shape: Shape, text: string, from: number): number {
  if (shape.fixed) return from + shape.most
  const end = text.indexOf(GS, from)
  return end < 0 ? text.length : end
}

function nothingAt(text: string, at: number): Refused {
  return text[at] === GS
    ? refused('unsplittable', `A separator stands at byte ${at + 1} where an element should begin: ${ASIDE}`)
    : refused('unknown-element', `No element that is known here begins at byte ${at + 1}: ${ASIDE}`)
}

function wrongLength({ ai, least, most }: Shape, value: string): Refused | undefined {
  if (value.length < least || value.includes(GS))
    return refused('missing', `${named(ai)} is cut short: ${ASIDE}`)
  if (value.length > most)
    return refused(
      'unsplittable',
      `${named(ai)} has more than ${most} characters: ${ASIDE} Does the scanner send the separator GS (1D)?`,
    )
  return undefined
}

function wrongCharacter({ ai, kind }: Shape, value: string): Refused | undefined {
  if ((kind === 'text' ? SET_82 : DIGITS).test(value)) return undefined
  return refused('bad-character', `${named(ai)} holds a character that may not be in it: ${ASIDE}`)
}

function wrongValue({ ai, kind }: Shape, value: string, today: string): Refused | undefined {
  if (kind === 'date' && dateOf(value, today) === undefined)
    return refused('bad-date', `${named(ai)} says ${value}, which is no day in any calendar: ${ASIDE}`)
  if (ai === '01' ? !isGtin(value) : kind === 'key' && !isChecked(value))
    return refused('bad-check-digit', `${named(ai)} says ${value}, and its check digit is wrong: ${ASIDE}`)
  return undefined
}

function packFrom(found: Found, today: string): PackRead {
  const stray = [...found.keys()].find(ai => SHAPES.get(ai)?.elsewhere)
  if (stray)
    return refused(
      'unknown-element',
      `Element ${stray} is never on a single pack: scan the pack itself, alone.`,
    )
  const [gtin, yymmdd, lot, serial] = NEEDED.map(ai => found.get(ai))
  const expiry = yymmdd === undefined ? undefined : dateOf(yymmdd, today)
  if (gtin === undefined || expiry === undefined || lot === undefined || serial === undefined)
    return lacking(found)
  const ndc = found.get('715')
  return { ok: true, pack: { gtin, serial, lot, expiry, ...(ndc === undefined ? {} : { ndc }) } }
}

/** A scanner that drops the separator glues what follows to a lot or serial: where to cut is then anybody's guess. */
function lacking(found: Found): Refused {
  const lacks = NEEDED.filter(ai => !found.has(ai))
  for (const [holder, value] of found) {
    const inside = SHAPES.get(holder)?.fixed ? undefined : lacks.find(ai => value.includes(ai, 1))
    if (inside)
      return refused(
        'unsplittable',
        `${named(inside)} may be stuck in element ${holder}: set the scanner to send the separator GS (1D).`,
      )
  }
  const which = lacks.map(ai => NAMES.get(ai)).join(' and ')
  return refused('missing', `The code does not say ${which}: keep the pack aside and call the pharmacist.`)
}
