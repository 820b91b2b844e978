import { expect, test } from 'vitest'
import { isGtin } from './gs1.ts'
import { billing11, gtinOf, type Indicator, type Ndc, ndcDigitsIn, readNdc } from './ndc.ts'

function ndc(text: string): Ndc {
  const read = readNdc(text)
  if (!read.ok) throw new Error(read.says)
  return read.ndc
}

test.each([
  ['0002-7597-01', '4-4-2', 0, '00300027597010', '00002-7597-01'],
  ['50242-040-62', '5-3-2', 0, '00350242040624', '50242-0040-62'],
  ['50242-040-62', '5-3-2', 3, '30350242040625', '50242-0040-62'],
  ['50242-040-62', '5-3-2', 5, '50350242040629', '50242-0040-62'],
  ['60575-4112-1', '5-4-1', 0, '00360575411213', '60575-4112-01'],
  ['1111-2222-33', '4-4-2', 0, '00311112222335', '01111-2222-33'],
] as const)(
  '%s is a %s; with indicator %i its GTIN is %s, and it is billed as %s',
  (text, format, indicator, gtin, billed) => {
    expect(readNdc(text)).toEqual({ ok: true, ndc: { text, format } })
    expect(gtinOf(ndc(text), indicator)).toEqual({ ok: true, gtin })
    expect(ndcDigitsIn(gtin)).toBe(text.replaceAll('-', ''))
    expect(billing11(ndc(text))).toEqual({ ok: true, text: billed })
  },
)

test('the same ten digits in three formats are three NDCs, one GTIN and three bills', () => {
  const three = ['5024-2040-62', '50242-040-62', '50242-0406-2'].map(ndc)
  expect(three.map(({ format }) => format)).toEqual(['4-4-2', '5-3-2', '5-4-1'])
  expect(new Set(three.map(each => JSON.stringify(gtinOf(each, 0)))).size).toBe(1)
  expect(new Set(three.map(each => JSON.stringify(billing11(each)))).size).toBe(3)
})

test('twelve digits are kept as they are: no GTIN and no eleven digits are made of them', () => {
  const twelve = ndc('000002-7597-01')
  expect(twelve.format).toBe('6-4-2')
  expect(gtinOf(twelve, 0)).toMatchObject({ ok: false, why: 'too-long' })
  expect(billing11(twelve)).toMatchObject({ ok: false, why: 'too-long' })
})

test.each([
  ['0002759701', 'no-hyphens'],
  ['00002759701', 'no-hyphens'],
  ['300027597010', 'no-hyphens'],
  ['00002-7597-01', 'billing'],
  ['0002-7597-1', 'not-ndc'],
  ['0002-7597', 'not-ndc'],
  ['0002-7597-01-1', 'not-ndc'],
  ['0002-7597-01 ', 'not-ndc'],
  ['0002-7597-01\n', 'not-ndc'],
  ['-0002-7597-01', 'not-ndc'],
  ['0002–7597–01', 'not-ndc'],
  ['A002-7597-01', 'not-ndc'],
  ['٠٠٠٢-7597-01', 'not-ndc'],
  ['', 'not-ndc'],
])('%j is refused: %s', (text, why) => {
  expect(readNdc(text)).toMatchObject({ ok: false, why })
})

test('a GTIN without an NDC in it gives none', () => {
  expect(ndcDigitsIn('05060917510011')).toBeUndefined()
  expect(ndcDigitsIn('00300027597011')).toBeUndefined()
  expect(ndcDigitsIn('0300027597010')).toBeUndefined()
  expect(ndcDigitsIn('90300027597013')).toBeUndefined()
})

test('every GTIN that is made is one, and gives its ten digits back', () => {
  const formats = [
    [4, 8],
    [5, 8],
    [5, 9],
  ] as const
  for (let each = 0; each < 30_000; each++) {
    const digits = String((each * 2_654_435_761) % 10_000_000_000).padStart(10, '0')
    const [one, two] = formats[each % 3] ?? formats[0]
    const made = gtinOf(
      ndc([digits.slice(0, one), digits.slice(one, two), digits.slice(two)].join('-')),
      (each % 9) as Indicator,
    )
    if (!made.ok) throw new Error(made.says)
    expect(isGtin(made.gtin) && ndcDigitsIn(made.gtin) === digits).toBe(true)
  }
})
