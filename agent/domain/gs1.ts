import { elementAt, isSet82 } from './gs1-elements.ts'

/** What a pack's own label says of it. Dates are YYYY-MM-DD. */
export interface Label {
  /** GTIN-14 (AI 01). */
  gtin: string
  /** AI 21. */
  serial: string
  /** AI 10. */
  lot: string
  /** AI 17; a day of 00 is the last of the month. */
  expiry: string
  /** AI 715, where the label has it. */
  ndc?: string
}

export type PackRead =
  | { ok: true; pack: Label }
  | {
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

type Refused = PackRead & { ok: false }

/** Symbologies that promise GS1 element strings (GS1 General Specifications, 5.1.2). */
const GS1_AIMS = new Set([']d2', ']C1', ']Q3', ']e0', ']J1'])
const GS = '\u001d'
const REMEDY = 'Show the square code on the pack again; if it is refused again, keep the pack aside.'

const refused = (why: Refused['why'], says: string): Refused => ({
  ok: false,
  why,
  says: `${says} ${REMEDY}`,
})

/**
 * Reads the label of a pack (DSCSA product identifier in GS1 element strings). Refuses whatever is not whole and right;
 * guesses nothing. `today`, YYYY-MM-DD, decides the century of two-digit years (GS1 General Specifications, 7.12).
 */
export function readPack(
  { bytes, aim }: { bytes: Uint8Array; aim: string | undefined },
  today: string,
): PackRead {
  if (aim !== undefined && !GS1_AIMS.has(aim)) return refused('not-gs1', 'This is no GS1 code.')
  const elements = split(String.fromCharCode(...bytes), aim !== undefined)
  if (!(elements instanceof Map)) return elements
  const [gtin, serial, lot, date] = ['01', '21', '10', '17'].map(ai => elements.get(ai))
  if (gtin === undefined || serial === undefined || lot === undefined || date === undefined)
    return refused('missing', 'GTIN, lot, expiry and serial are not all in this code.')
  if (!isGtin(gtin)) return refused('bad-check-digit', `The check digit of ${gtin} is wrong.`)
  const expiry = dateOf(date, Number(today.slice(0, 4)))
  if (expiry === undefined) return refused('bad-date', `${date} is no date.`)
  const ndc = elements.get('715')
  return { ok: true, pack: { gtin, serial, lot, expiry, ...(ndc === undefined ? {} : { ndc }) } }
}

/** Each element by its identifier. An element of variable length ends at GS or at the end, and nowhere else. */
function split(text: string, promised: boolean): Map<string, string> | Refused {
  const elements = new Map<string, string>()
  let rest = text
  while (rest !== '') {
    const element = elementAt(rest)
    if (!element)
      return elements.size === 0 && !promised
        ? refused('not-gs1', 'This is no GS1 code.')
        : refused(
            'unknown-element',
            `Nobody knows the element that begins with ${printable(rest.slice(0, 4))}.`,
          )
    const { ai, least, most, digits, predefined } = element
    const end = rest.indexOf(GS)
    const body = rest.slice(ai.length, predefined ? ai.length + most : end < 0 ? undefined : end)
    const problem = wrongWith(ai, body, { least, most, digits })
    if (problem) return problem
    if (elements.has(ai)) return refused('twice', `The element ${ai} is there twice.`)
    elements.set(ai, body)
    rest = rest.slice(ai.length + body.length)
    // The separator; after an element of predefined length, and at the very end, it may be there or not.
    if (rest.startsWith(GS)) rest = rest.slice(1)
  }
  return elements
}

function wrongWith(
  ai: string,
  body: string,
  { least, most, digits }: { least: number; most: number; digits: boolean },
): Refused | undefined {
  if (body.length < least) return refused('missing', `The element ${ai} is cut short.`)
  // Too long: its separator was lost on the way, and where it stood nobody knows.
  if (body.length > most) return refused('unsplittable', `The element ${ai} runs into the next one.`)
  if (digits ? !/^\d+$/.test(body) : !isSet82(body))
    return refused('bad-character', `The element ${ai} holds what it may not.`)
  return undefined
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '·')

/** From the right, weights 3, 1, 3, 1 … (GS1 General Specifications, 7.9). `digits`: all but the check digit. */
export function checkDigitOf(digits: string): number {
  const sum = [...digits]
    .reverse()
    .reduce((all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 3 : 1), 0)
  return (10 - (sum % 10)) % 10
}

export const isGtin = (text: string): boolean =>
  /^\d{14}$/.test(text) && checkDigitOf(text.slice(0, 13)) === Number(text.slice(13))

/** YYMMDD; undefined where the calendar has no such day. */
function dateOf(text: string, thisYear: number): string | undefined {
  const [yy = 0, month = 0, day = 0] = [0, 2, 4].map(at => Number(text.slice(at, at + 2)))
  if (month < 1 || month > 12) return undefined
  const year = yearOf(yy, thisYear)
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if (day > last) return undefined
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${year}-${two(month)}-${two(day === 0 ? last : day)}`
}

function yearOf(yy: number, thisYear: number): number {
  const century = thisYear - (thisYear % 100)
  const ahead = yy - (thisYear % 100)
  if (ahead >= 51) return century - 100 + yy
  return ahead <= -50 ? century + 100 + yy : century + yy
}
