import { expect, test } from 'vitest'
import { fits, Scope } from './recall.ts'
import type { Pack } from './stock.ts'

const pack: Pack = {
  ...{ gtin: '00312345678906', serial: 'A1', lot: 'LOT7', expiry: '2026-01-01', lane: 'L1' },
  ...{ position: 1, loaded: 1_000 },
}

/** What a scope may say of this pack: rightly, and wrongly. */
const WORDS: [right: Scope, wrong: Scope][] = [
  [{ gtin: pack.gtin }, { gtin: '00300027597010' }],
  [{ lot: pack.lot }, { lot: 'LOT8' }],
  [{ serial: pack.serial }, { serial: 'A2' }],
  [{ lane: pack.lane }, { lane: 'L2' }],
  [{ loaded_until: 1_000 }, { loaded_until: 999 }],
]

/** Every scope there can be of these words: each is absent, right or wrong. */
const scopes = WORDS.reduce<{ scope: Scope; right: boolean }[]>(
  (sofar, [right, wrong]) =>
    sofar.flatMap(each => [
      each,
      { scope: { ...each.scope, ...right }, right: each.right },
      { scope: { ...each.scope, ...wrong }, right: false },
    ]),
  [{ scope: {}, right: true }],
)

test('a pack is meant when all that is said is true of it, and not when one word is not', () => {
  expect(scopes).toHaveLength(3 ** WORDS.length)
  for (const { scope, right } of scopes) expect(fits(scope, pack), JSON.stringify(scope)).toBe(right)
})

test('the unit means whatever is in it, up to when it was loaded', () => {
  expect(fits({ unit: true }, pack)).toBe(true)
  expect(fits({ unit: true, loaded_until: 1_000 }, pack)).toBe(true)
  expect(fits({ unit: true, loaded_until: 999 }, pack)).toBe(false)
})

test('a lot and a serial are numbered by product: whoever does not say which is not understood', () => {
  for (const { scope } of scopes) {
    const { gtin, lot, serial, lane } = scope
    const understood =
      (gtin !== undefined || lane !== undefined) && (gtin !== undefined || (lot ?? serial) === undefined)
    expect(Scope.safeParse(scope).success, JSON.stringify(scope)).toBe(understood)
  }
  expect(Scope.safeParse({ unit: true, lot: 'LOT7' }).success).toBe(false)
})

test.each<[string, object]>([
  ['that says nothing', {}],
  ['that says only when it was loaded', { loaded_until: 1 }],
  ['that says the unit is not meant', { unit: false }],
  ['with a short number', { gtin: '312345678906' }],
  ['with an empty lot', { gtin: pack.gtin, lot: '' }],
  ['with an empty serial', { gtin: pack.gtin, serial: '' }],
  ['with an empty lane', { lane: '' }],
  ['with part of a millisecond', { unit: true, loaded_until: 0.5 }],
  ['with a word that nobody knows', { gtin: pack.gtin, batch: 'LOT7' }],
])('a scope %s is refused, so that it is never taken for a wider one', (_what, scope) => {
  expect(Scope.safeParse(scope).success).toBe(false)
})
