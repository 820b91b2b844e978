// Application identifiers as the GS1 General Specifications list them: how long each is, and what it may hold.

export interface Element {
  /** Digits of the identifier itself. */
  ai: string
  /** Characters after it; the same twice where the length is fixed. */
  least: number
  most: number
  /** Whether the data are digits only; otherwise character set 82. */
  digits: boolean
  /** In the table of predefined lengths (figure 7.8.5-2): no separator is needed after it. */
  predefined: boolean
}

const fixed = (ai: string, length: number): Element => ({
  ai,
  least: length,
  most: length,
  digits: true,
  predefined: true,
})
const text = (ai: string, most: number): Element => ({ ai, least: 1, most, digits: false, predefined: false })
const number = (ai: string, most: number): Element => ({
  ai,
  least: 1,
  most,
  digits: true,
  predefined: false,
})

const SIMPLE: Element[] = [
  fixed('00', 18),
  fixed('01', 14),
  fixed('02', 14),
  ...['11', '12', '13', '15', '16', '17'].map(ai => fixed(ai, 6)),
  fixed('20', 2),
  text('10', 20),
  text('21', 20),
  text('22', 20),
  number('30', 8),
  number('37', 8),
  ...['91', '92', '93', '94', '95', '96', '97', '98', '99'].map(ai => text(ai, 90)),
  ...['240', '241', '250', '251', '400', '401', '403'].map(ai => text(ai, 30)),
  ...['710', '711', '712', '713', '714', '715', '716', '717'].map(ai => text(ai, 20)),
  ...['410', '411', '412', '413', '414', '415', '416', '417'].map(ai => fixed(ai, 13)),
  text('8200', 70),
]

const byAi = new Map(SIMPLE.map(each => [each.ai, each]))

/** The element whose identifier stands at the front, or undefined where none is known. */
export function elementAt(data: string): Element | undefined {
  const [, measure] = /^(3[1-6]\d\d)/.exec(data) ?? []
  if (measure !== undefined) return fixed(measure, 6)
  for (const length of [2, 3, 4]) {
    const found = byAi.get(data.slice(0, length))
    if (found) return found
  }
  return undefined
}

/** Character set 82 of the GS1 General Specifications (figure 7.11-1). */
export const isSet82 = (data: string): boolean => /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*$/.test(data)
