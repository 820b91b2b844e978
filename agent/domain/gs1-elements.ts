/** What an element's data is: `key` is digits of which the last is a check digit, `date` is YYMMDD. */
export type Kind = 'key' | 'date' | 'digits' | 'text'

/** How one element of a GS1 element string is built. Lengths count characters of data, without the identifier. */
export interface Shape {
  /** Application identifier: two to four digits. */
  ai: string
  kind: Kind
  least: number
  most: number
  /** Ends by its length alone; every other one ends with a GS or with the data. */
  fixed: boolean
  /** Is for boxes, pallets, invoices and what is weighed: never beside the GTIN of one pack of medicine. */
  elsewhere?: true
}

/** Identifiers from one number to another, both included. */
const run = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index))

const fixed = (kind: Kind, length: number, ...ais: string[]): Shape[] =>
  ais.map(ai => ({ ai, kind, least: length, most: length, fixed: true }))

const elsewhere = (shapes: Shape[]): Shape[] => shapes.map(shape => ({ ...shape, elsewhere: true }))

const upTo = (most: number, kind: Kind, ...ais: string[]): Shape[] =>
  ais.map(ai => ({ ai, kind, least: 1, most, fixed: false }))

/** Measures: the last digit says where the decimal point is, 0 to 5. */
const MEASURES = run(3100, 3699).filter(ai => ai.charAt(3) <= '5')

const ALL: Shape[] = [
  ...fixed('key', 14, '01'),
  ...upTo(20, 'text', '10', '21'),
  ...fixed('date', 6, '11', '13', '15', '16', '17'),
  ...fixed('digits', 2, '20'),
  ...upTo(30, 'text', '240'),
  ...upTo(8, 'digits', '30'),
  ...upTo(20, 'text', ...run(710, 717)),
  ...upTo(70, 'text', '8200'),
  ...upTo(90, 'text', ...run(91, 99)),
  ...elsewhere(fixed('key', 18, '00')),
  ...elsewhere(fixed('key', 14, '02', '03')),
  ...elsewhere(fixed('date', 6, '12')),
  ...elsewhere(upTo(8, 'digits', '37')),
  ...elsewhere(fixed('digits', 6, ...MEASURES)),
  ...elsewhere(fixed('key', 13, ...run(410, 417))),
]

/**
 * The elements of a package and all of predefined length, by application identifier (GS1 General Specifications,
 * section 3; predefined lengths: section 7.8). None begins like another, so what comes next is never in doubt. No more
 * are listed than packs have: the fewer are known, the more often a lost or doubled byte leads to one that is not.
 */
export const SHAPES: ReadonlyMap<string, Shape> = new Map(ALL.map(shape => [shape.ai, shape]))

/** The element that begins at a place of the data; undefined when no known one does. */
export function shapeAt(text: string, at: number): Shape | undefined {
  for (const length of [2, 3, 4]) {
    const shape = SHAPES.get(text.slice(at, at + length))
    if (shape) return shape
  }
  return undefined
}

/** The check digit that belongs behind these digits (GS1 General Specifications, section 7.9). Give digits only. */
export function checkDigitOf(digits: string): number {
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0)
  return (10 - (sum % 10)) % 10
}

/** Whether the last digit is the check digit of those before it. Give digits only. */
export const isChecked = (digits: string): boolean =>
  checkDigitOf(digits.slice(0, -1)) === Number(digits.slice(-1))

/**
 * The calendar date YYYY-MM-DD of YYMMDD, seen from today (YYYY-MM-DD); undefined when there is no such day. The century
 * is the one that puts the year 49 years back to 50 years on (GS1 General Specifications, section 7.12). Day 00 is the
 * last day of its month: new medicines may not say it since 2025, old stock does.
 */
export function dateOf(digits: string, today: string): string | undefined {
  const [yy = 0, month = 0, day = 0] = (digits.match(/\d\d/g) ?? []).map(Number)
  const now = Number(today.slice(0, 4))
  const ahead = yy - (now % 100)
  const century = Math.floor(now / 100) - (ahead >= 51 ? 1 : 0) + (ahead <= -50 ? 1 : 0)
  const year = century * 100 + yy
  // Day 0 of a month is the last of the one before it.
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if (!(month >= 1 && month <= 12 && day <= last)) return undefined
  return [year, month, day || last].map(part => String(part).padStart(2, '0')).join('-')
}
