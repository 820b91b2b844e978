import { describe, expect, test } from 'vitest'
import { checkDigitOf, isGtin, type PackRead, readPack } from './gs1.ts'

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
    ['missing', `${AMOX}10LOT42A21SER1`],
    ['missing', AMOX.slice(0, 10)],
    ['missing', ''],
    ['bad-check-digit', `0100312345678907${'10L'}${GS}1725013121X`],
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

/** The same dice on every machine. */
function dice(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return ((state >>> 8) & 0xffffff) % below
  }
}

function mangle(text: string, roll: (below: number) => number): string {
  const at = roll(text.length)
  const letter = String.fromCharCode(roll(128))
  switch (roll(8)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1)
    case 1:
      return text.slice(0, at) + letter + text.slice(at)
    case 2:
      return text.slice(0, at) + letter + text.slice(at + 1)
    case 3:
      return text.slice(0, at)
    case 4:
      return text.slice(at) + text
    case 5:
      return text.replace(GS, '')
    case 6: {
      const to = roll(text.length)
      const without = text.replace(GS, '')
      return without.slice(0, to) + GS + without.slice(to)
    }
    default:
      return (
        text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << roll(7))) + text.slice(at + 1)
      )
  }
}

test('of two hundred thousand mangled scans none is another product; what lot, serial and expiry cannot show is counted', () => {
  const roll = dice(11)
  let others = 0
  let reads = 0
  for (let turn = 0; turn < 200_000; turn++) {
    const once = mangle(SOLIDSOFT, roll)
    const text = roll(3) === 0 ? mangle(once || SOLIDSOFT, roll) : once
    const found = read(text)
    if (!found.ok) {
      expect(found.says.length).toBeGreaterThan(20)
      continue
    }
    reads++
    const { gtin, serial, lot, expiry } = found.pack
    // A check digit sees every single wrong digit; two that cancel are one in ten, and then it is another product.
    if (gtin !== PACK.gtin) others++
    expect([serial, lot, expiry].every(each => each.length > 0)).toBe(true)
  }
  // Lot, serial and expiry carry no check of their own: the code around them (ECC 200) must, and a serial must be known.
  expect(reads).toBeGreaterThan(10_000)
  expect(others / 200_000).toBeLessThan(1 / 2_000)
})
