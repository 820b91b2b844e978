import { describe, expect, test } from 'vitest'
import { checkDigitOf, isGtin, type Label, type PackRead, readPack } from './gs1.ts'
import { SHAPES } from './gs1-elements.ts'

const GS = '\u001d'
const TODAY = '2024-06-01'
const bytes = (text: string): Uint8Array => Uint8Array.from(text, letter => letter.charCodeAt(0))
/** `aim`: none where the scanner tells none. */
const read = (text: string, aim = ']d2', today = TODAY): PackRead =>
  readPack({ bytes: bytes(text), aim: aim === 'none' ? undefined : aim }, today)
const why = (text: string, aim = ']d2'): string => {
  const found = read(text, aim)
  return found.ok ? 'read' : found.why
}

const SOLIDSOFT = `010506091751001110628S93R${GS}1724100021${'8898847482518646'}`
const PACK = { gtin: '05060917510011', lot: '628S93R', expiry: '2024-10-31', serial: '8898847482518646' }
const AMOX = '0100312345678906'

describe('a label', () => {
  test('with its elements in any order is read whole; a day of 00 is the last of its month', () => {
    expect(read(SOLIDSOFT)).toEqual({ ok: true, pack: PACK })
    for (const text of [
      `21X1${GS}10L${GS}17250131${AMOX}`,
      `${AMOX}17250131${GS}10L${GS}21X1`,
      `17250131${AMOX}10L${GS}21X1${GS}`,
    ])
      expect(read(text)).toEqual({
        ok: true,
        pack: { gtin: '00312345678906', lot: 'L', expiry: '2025-01-31', serial: 'X1' },
      })
  })

  test('with an NDC of its own, and with elements that are not asked for, keeps the one and passes over the others', () => {
    expect(read(`${AMOX}10L${GS}1725013121X${GS}7150002759701${GS}99TESTING${GS}30001`)).toMatchObject({
      ok: true,
      pack: { ndc: '0002759701' },
    })
  })

  test.each([
    ['130200', '2013-06-01', '2013-02-28'],
    ['160200', '2016-06-01', '2016-02-29'],
    ['750101', '2024-06-01', '1975-01-01'],
    ['740101', '2024-06-01', '2074-01-01'],
    ['740101', '2025-06-01', '2074-01-01'],
    ['010101', '2051-06-01', '2101-01-01'],
    ['020101', '2051-06-01', '2002-01-01'],
  ])('that says %s in a year like %s expires on %s', (date, today, expiry) => {
    expect(read(`${AMOX}10L${GS}17${date}21X`, ']d2', today)).toMatchObject({ ok: true, pack: { expiry } })
  })

  test.each<[string, string, string?]>([
    ['not-gs1', SOLIDSOFT, ']Q1'],
    ['not-gs1', SOLIDSOFT, ']d1'],
    ['not-gs1', 'K1:1111', 'none'],
    ['unknown-element', `${SOLIDSOFT}${GS}88X`],
    ['unknown-element', `]d2${SOLIDSOFT}`],
    ['unsplittable', `${AMOX}10LOT42A21SER1${GS}17250131${'9'.repeat(3)}`.replace(GS, '')],
    ['missing', `${AMOX}10L${GS}17250131`],
    ['not-gs1', SOLIDSOFT, ']E0'],
    ['not-gs1', '', 'none'],
    ['not-gs1', GS + SOLIDSOFT, 'none'],
    ['not-gs1', 'https://example.com/01/00312345678906/21/X', 'none'],
    ['missing', `011231231231233310ABC123${GS}99TESTING`],
    ['missing', `011231231231233310ABC123${GS}99TESTING`, ']C1'],
    ['missing', `011231231231233310ABC123${GS}99TEST`, ']Q3'],
    ['not-gs1', '300027597010', 'none'],
    ['not-gs1', '0012345678905', 'none'],
    ['missing', `${AMOX}10${GS}1725013121X`],
    ['missing', `${AMOX}172501${GS}10L${GS}21X`],
    ['unknown-element', `${AMOX}10L${GS}1725013121X${GS}70032501312359`],
    ['unknown-element', `00106141412345678908${AMOX}10L${GS}1725013121X`],
    ['unknown-element', `02003123456789063712${GS}10L${GS}1725013121X`],
    ['unsplittable', '10LOT42A21SER1'],
    ['unsplittable', `${AMOX}1725013110LOT42A21SER1`],
    ['unsplittable', `${AMOX}1725013121SER110LOT42A`],
    ['unsplittable', `${AMOX}1725013110LOT42A?21SER1`],
    ['unsplittable', `${AMOX}10L${GS}${GS}1725013121X`],
    ['unsplittable', GS + SOLIDSOFT],
    ['unsplittable', `${AMOX}10${'L'.repeat(21)}${GS}1725013121X`],
    ['unknown-element', `${AMOX}10L${GS}1725013121X${GS}4109312345678907`],
    ['unknown-element', `${AMOX}10L${GS}1725013121X${GS}3103000500`],
    ['bad-check-digit', `${AMOX}10L${GS}1725013121X${GS}4109312345678908`],
    ['bad-check-digit', `01${'0'.repeat(14)}10L${GS}1725013121X`],
    ['bad-date', `${AMOX}10L${GS}172501311124023021X`],
    ['bad-date', `${AMOX}10L${GS}1725043121X`],
    ['bad-date', `${AMOX}10L${GS}1725022921X`],
    ['bad-character', `${AMOX}1725013110LOT42A|21SER1`],
    ['bad-character', `${AMOX}10L${GS}1725013121X\r`],
    ['bad-character', `${AMOX}10L${GS}1725013121\u00e9`],
    ['unsplittable', `${SOLIDSOFT}]d2${SOLIDSOFT}`],
    ['unsplittable', `01050609175100111724100010L${GS}21X]d2${SOLIDSOFT}`],
    ['missing', AMOX.slice(0, 10)],
    ['missing', ''],
    ['bad-check-digit', `010031234567890710L${GS}1725013121X`],
    ['bad-date', `${AMOX}10L${GS}1725023021X`],
    ['bad-date', `${AMOX}10L${GS}1725130121X`],
    ['bad-date', `${AMOX}10L${GS}1725000021X`],
    ['bad-character', `${AMOX}10L T${GS}1725013121X`],
    ['bad-character', `${AMOX}10L${GS}17250A3121X`],
    ['bad-character', `${AMOX}10L${GS}1725013121X\u0000`],
    ['twice', `${AMOX}${AMOX}10L${GS}1725013121X`],
    ['twice', `${AMOX}10L${GS}1725013121X${GS}21Y`],
  ])('is refused as %s: %j', (expected, text, aim = ']d2') => {
    expect(why(text, aim)).toBe(expected)
  })
})

test.each(['00300027597010', '00350242040624', '00360575411213', '00311112222335', '30350242040625'])(
  '%s has a check digit that is right, and no other would be',
  gtin => {
    expect(isGtin(gtin)).toBe(true)
    for (let digit = 0; digit < 10; digit++)
      expect(checkDigitOf(gtin.slice(0, 13)) === digit).toBe(String(digit) === gtin.slice(13))
  },
)

test('the bytes of a real package are read as its label says', () => {
  const hex =
    '3031303530363039313735313030313131303632385339335' +
    '21D3137323431303030323138383938383437343832353138363436'
  expect(readPack({ bytes: Buffer.from(hex, 'hex'), aim: ']d2' }, TODAY)).toEqual({ ok: true, pack: PACK })
})

test.each([']d2', ']C1', ']Q3', ']e0', ']J1', 'none'])('%s may bring a label', aim => {
  expect(read(SOLIDSOFT, aim)).toEqual({ ok: true, pack: PACK })
  expect(read(`011231231231233310ABC123${GS}172412312142${GS}99TESTING`, aim)).toEqual({
    ok: true,
    pack: { gtin: '12312312312333', lot: 'ABC123', expiry: '2024-12-31', serial: '42' },
  })
})

test('lot and serial may hold each of the 82 characters, and no other', () => {
  const held = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(
    letter => read(`${AMOX}10L${letter}L${GS}1725013121X`).ok,
  )
  expect(held).toHaveLength(82)
  for (const letter of held)
    expect(read(`${AMOX}1725013110${letter}${GS}21${letter}`)).toMatchObject({
      pack: { lot: letter, serial: letter },
    })
})

test.each([
  ['76', '2026', '2076'],
  ['77', '2026', '1977'],
  ['10', '2060', '2110'],
  ['11', '2060', '2011'],
  ['49', '2099', '2149'],
  ['50', '2099', '2050'],
  ['99', '2100', '2099'],
])('a year %s that is read in %s is %s', (yy, now, year) => {
  expect(read(`${AMOX}10L${GS}17${yy}063021X`, ']d2', `${now}-01-01`)).toMatchObject({
    pack: { expiry: `${year}-06-30` },
  })
})

test('no expiry is a day that the calendar lacks', () => {
  for (let number = 0; number < 10_000; number++) {
    const [month, day] = [Math.floor(number / 100), number % 100]
    const real = new Date(Date.UTC(2024, month - 1, day)).toISOString().slice(0, 10)
    const found = read(`${AMOX}10L${GS}1724${String(number).padStart(4, '0')}21X`)
    const said = `2024-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
    if (day > 0) expect(found.ok).toBe(real === said)
    else expect(found.ok).toBe(month >= 1 && month <= 12)
  }
})

test('no element begins like another: where the next one begins there is one answer', () => {
  const all = [...SHAPES.keys()]
  const short = new Set(all)
  for (const ai of all)
    for (let cut = 1; cut < ai.length; cut++) expect(short.has(ai.slice(0, cut))).toBe(false)
})

/** The same dice on every machine. */
type Roll = (below: number) => number
function dice(seed: number): Roll {
  let state = seed
  return below => {
    state = (state + 0x9e3779b9) | 0
    const mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    const again = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((again ^ (again >>> 16)) >>> 0) % below
  }
}

const SET_82 = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'
const USUAL = '0123456789ABCDEFGHJKLMNPRSTUVWXYZ'
type Identity = Pick<Label, 'gtin' | 'serial' | 'lot' | 'expiry'>
type Field = keyof Identity
const FIELDS: readonly Field[] = ['gtin', 'serial', 'lot', 'expiry']

interface Piece {
  ai: string
  /** As sent, with its separator where it has one. */
  sent: string
}
interface Scan {
  pieces: Piece[]
  text: string
  pack: Identity
}

const pick = <T>(list: readonly T[], roll: Roll): T => list[roll(list.length)] as T
const letters = (from: string, roll: Roll, most = 20): string =>
  Array.from({ length: 1 + roll(most) }, () => from.charAt(roll(from.length))).join('')
const digits = (length: number, roll: Roll): string => Array.from({ length }, () => roll(10)).join('')

/** A valid label: every order, lot and serial of every kind, other elements between, a GS too many where it may be. */
function labelled(roll: Roll): Scan {
  const body = digits(13, roll)
  const gtin = body + checkDigitOf(body)
  const [lot, serial] = [0, 1].map(() =>
    letters(pick([SET_82, USUAL, '0123456789', '0127'], roll), roll),
  ) as [string, string]
  const expiry = new Date(Date.UTC(2024, roll(120), 1 + roll(31))).toISOString().slice(0, 10)
  const elements = [
    ['01', gtin],
    ['17', expiry.slice(2).replaceAll('-', '')],
    ['10', lot],
    ['21', serial],
    ...[
      ['11', '230115'],
      ['20', digits(2, roll)],
      ['240', letters(USUAL, roll)],
      ['30', digits(2, roll)],
      ['715', digits(10, roll)],
      ['91', letters(SET_82, roll, 40)],
      ['16', '990100'],
    ].filter(() => roll(6) === 0),
  ] as [string, string][]
  const order = elements
    .map(each => ({ each, rank: roll(1_000_000) }))
    .sort((one, other) => one.rank - other.rank)
  const pieces = order.map(({ each: [ai, value] }, index) => {
    const last = index === order.length - 1
    const needed = !SHAPES.get(ai)?.fixed && !last
    return { ai, sent: ai + value + (needed || roll(12) === 0 ? GS : '') }
  })
  return { pieces, text: pieces.map(({ sent }) => sent).join(''), pack: { gtin, serial, lot, expiry } }
}

/** What arrived; with two labels in it, also what the second one says. */
interface Mangled {
  text: string
  second?: Identity
}
type Mangle = (scan: Scan, roll: Roll) => Mangled

const splice = (text: string, at: number, drop: number, put: string): string =>
  text.slice(0, at) + put + text.slice(at + drop)
const separators = (text: string): number[] => [...text].flatMap((letter, at) => (letter === GS ? [at] : []))

const MANGLES: Record<string, Mangle> = {
  flipped({ text }, roll) {
    const at = roll(text.length)
    return { text: splice(text, at, 1, String.fromCharCode(text.charCodeAt(at) ^ (1 << roll(8)))) }
  },
  replaced({ text }, roll) {
    const at = roll(text.length)
    return {
      at,
      text: splice(text, at, 1, roll(2) ? pick([...SET_82], roll) : String.fromCharCode(roll(256))),
    }
  },
  dropped({ text }, roll) {
    const at = roll(text.length)
    return { text: splice(text, at, 1, '') }
  },
  doubled({ text }, roll) {
    const at = roll(text.length)
    return { text: splice(text, at, 0, text.charAt(at)) }
  },
  swapped({ text }, roll) {
    const at = roll(text.length - 1)
    return { text: splice(text, at, 2, text.charAt(at + 1) + text.charAt(at)) }
  },
  truncated: ({ text }, roll) => ({ text: text.slice(0, roll(text.length)) }),
  'GS lost': ({ text }, roll) => ({ text: splice(text, pick(separators(text), roll) ?? text.length, 1, '') }),
  'every GS lost': ({ text }) => ({ text: text.replaceAll(GS, '') }),
  'every GS replaced': ({ text }, roll) => ({
    text: text.replaceAll(GS, pick([...SET_82, ...'|]^~#@ '], roll)),
  }),
  'GS moved'({ text }, roll) {
    const without = splice(text, pick(separators(text), roll) ?? text.length, 1, '')
    return { text: splice(without, roll(without.length), 0, GS) }
  },
  reordered({ pieces }, roll) {
    const [one, other] = [roll(pieces.length), roll(pieces.length)]
    const sent = (index: number) => pieces[index === one ? other : index === other ? one : index]?.sent
    return { text: pieces.map((_, index) => sent(index)).join('') }
  },
  glued({ text }, roll) {
    const next = labelled(roll)
    const first = roll(2) ? text : text.slice(0, roll(text.length))
    return { text: first + pick(['', GS, ']d2', '\r', '\r\n'], roll) + next.text, second: next.pack }
  },
}

const differs = (one: Identity, other: Identity): Field[] =>
  FIELDS.filter(field => one[field] !== other[field])

type Verdict = 'refused' | 'true' | 'another lot or serial' | 'another day' | 'another product'

/** What was made of it, in the light of a label that was there. */
function verdictOn(found: PackRead, said: Identity): Verdict {
  if (!found.ok) return 'refused'
  const changed = differs(found.pack, said)
  if (changed.includes('gtin')) return 'another product'
  if (changed.includes('expiry')) return 'another day'
  return changed.length > 0 ? 'another lot or serial' : 'true'
}

/** Each kind of mangling, each verdict on it, and how often. */
function mangledReads(): Record<string, Partial<Record<Verdict, number>>> {
  const roll = dice(7)
  const counts: Record<string, Partial<Record<Verdict, number>>> = {}
  const kinds = Object.entries(MANGLES)
  for (let turn = 0; turn < 200_000; turn++) {
    const [kind, mangle] = pick(kinds, roll)
    const scan = labelled(roll)
    const { text, second } = mangle(scan, roll)
    const found = read(text, pick([']d2', 'none'], roll))
    const said = second && found.ok && found.pack.gtin === second.gtin ? second : scan.pack
    const verdict = verdictOn(found, said)
    counts[kind] ??= {}
    counts[kind][verdict] = (counts[kind][verdict] ?? 0) + 1
  }
  return counts
}

test('every label that is whole is read, each as itself', () => {
  const roll = dice(3)
  for (let turn = 0; turn < 50_000; turn++) {
    const { text, pack } = labelled(roll)
    const found = read(text, pick([']d2', 'none'], roll))
    if (!found.ok || differs(found.pack, pack).length > 0)
      throw new Error(JSON.stringify({ text, pack, found }))
  }
})

test('one wrong digit in a GTIN is always seen, and two that changed places unless they are five apart', () => {
  const roll = dice(5)
  for (let turn = 0; turn < 500; turn++) {
    const body = digits(13, roll)
    const gtin = `${body}${checkDigitOf(body)}`
    for (let at = 0; at < 14; at++) {
      for (let digit = 0; digit < 10; digit++)
        expect(isGtin(splice(gtin, at, 1, String(digit)))).toBe(gtin.charAt(at) === String(digit))
      const [one, two] = [gtin.charAt(at), gtin.charAt(at + 1)]
      const apart = Math.abs(Number(one) - Number(two))
      if (two) expect(isGtin(splice(gtin, at, 2, two + one))).toBe(apart === 0 || apart === 5)
    }
  }
})

/*
 * What the format itself cannot see, counted, so that nobody takes a scan for more than it is. Lot and serial carry no
 * check at all: a letter may change, go or come, the end may be cut off, and without its GS a lot swallows an element
 * that nobody needs. So a serial counts only where the unit knows it already. An expiry must be a real day, no more. A
 * GTIN becomes another one by two neighbours five apart, or by a byte too many or too few that shifts digits until all fits again:
 * the formulary and the lane must know it. A label cut off within the identifier of an internal element, with a second
 * one behind it, may hide the GTIN of the second in that element. What a reader does to all separators alike, dropping
 * or replacing them, is seen always: then lot or serial is gone.
 */
test('of 200,000 mangled scans each is refused or read as the same pack, but for what no check in the format can see', () => {
  expect(mangledReads()).toEqual({
    'GS lost': {
      'another lot or serial': 779,
      refused: 14273,
      true: 1508,
    },
    'GS moved': {
      'another lot or serial': 85,
      refused: 16314,
      true: 326,
    },
    doubled: {
      'another day': 8,
      'another lot or serial': 5581,
      'another product': 8,
      refused: 9471,
      true: 1690,
    },
    dropped: {
      'another lot or serial': 5574,
      refused: 9499,
      true: 1644,
    },
    'every GS lost': {
      refused: 16839,
    },
    'every GS replaced': {
      refused: 16432,
    },
    flipped: {
      'another day': 442,
      'another lot or serial': 3878,
      refused: 11010,
      true: 1267,
    },
    glued: {
      'another day': 1,
      'another lot or serial': 29,
      refused: 16403,
      true: 52,
    },
    reordered: {
      'another lot or serial': 112,
      refused: 2306,
      true: 14320,
    },
    replaced: {
      'another day': 87,
      'another lot or serial': 3702,
      refused: 11916,
      true: 1131,
    },
    swapped: {
      'another day': 455,
      'another lot or serial': 4593,
      'another product': 336,
      refused: 8412,
      true: 2826,
    },
    truncated: {
      'another lot or serial': 1311,
      refused: 14970,
      true: 410,
    },
  })
})
