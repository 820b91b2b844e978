import { expect, test } from 'vitest'
import { link, type RawRow, ROOT } from './chain.ts'
import type { Entry } from './journal.ts'
import { readExport, toJson } from './record-formats.ts'
import { exportRecords, proofOf, recordsMatch, rowsFrom, verifyProof } from './record-proof.ts'
import { BEGAN, chained, ended, of, received, released, ways, whole } from './record-stories.ts'

const JOURNAL = chained([
  { type: 'started', version: '1', after: 'first' },
  ...received('old'),
  ended('old', 'withdrawn'),
  ...received('slow'),
  ...whole('p1'),
  ...(ways['tried again']?.('p2') ?? []),
  ...(ways['in doubt']?.('p3') ?? []),
  ...(ways['taken out']?.('p4') ?? []),
  ended('slow', 'expired'),
  ...received('late'),
  { type: 'stopped' },
] as Entry[])
const atOf = (seq: number): number => BEGAN + (seq - 1) * 1_000
const PERIOD = { of, from: atOf(10), to: atOf(JOURNAL.length - 2) }
const EXPORT = exportRecords(JOURNAL, ROOT, PERIOD)

/** The whole judgement on a text, as `pawl records verify` gives it. */
function judged(text: string): boolean {
  const read = readExport(text)
  if (!read.ok) return false
  const { exported } = read
  return verifyProof(exported.proof).ok && recordsMatch(exported, exported.proof).ok
}

/** Every hash anew from `from` on: what somebody without the cloud can do. */
function rechained(rows: readonly RawRow[], before: string): RawRow[] {
  let hash = before
  return rows.map(row => {
    hash = link(hash, row.seq, row.at, row.entry)
    return { ...row, hash }
  })
}

test('an export proves itself, and knows the row that the cloud must have', () => {
  const last = JOURNAL.at(-3)
  expect(verifyProof(EXPORT.proof)).toEqual({
    ok: true,
    rows: EXPORT.proof.rows.length,
    head: { seq: last?.seq, hash: last?.hash },
  })
  expect(recordsMatch(EXPORT, EXPORT.proof)).toEqual({ ok: true, records: 5 })
})

test('a period has what ended in it or had not ended, as its end found it; what ended before is left out', () => {
  expect(EXPORT.records.map(({ prescription, status }) => [prescription, status])).toEqual([
    ['slow', 'cancelled'],
    ['p1', 'completed'],
    ['p2', 'completed'],
    ['p3', 'on-hold'],
    ['p4', 'cancelled'],
  ])
  const early = exportRecords(JOURNAL, ROOT, { ...PERIOD, to: atOf(10) + 1 })
  expect(early.records.map(({ prescription, status }) => [prescription, status])).toEqual([
    ['slow', 'preparation'],
    ['p1', 'in-progress'],
  ])
  expect(early.records[1]?.released).toBeDefined()
})

test('rows before the period that a record needs are in the proof, and so is one row beyond each end', () => {
  expect(EXPORT.proof.before).toEqual({ seq: 4, hash: JOURNAL[3]?.hash })
  expect(EXPORT.proof.rows.at(-1)?.at).toBe(PERIOD.to)
  const bare = exportRecords(JOURNAL.slice(0, 4), ROOT, { of, from: atOf(4) + 1, to: atOf(4) + 2 })
  expect(bare.records).toEqual([])
  expect(bare.proof.rows.map(({ seq }) => seq)).toEqual([4])
})

test('a flipped bit in any byte of the records or the rows of an export is found', () => {
  const text = Buffer.from(
    toJson(exportRecords(chained(whole('p1')), ROOT, { of, from: BEGAN, to: BEGAN + 21_500 })),
  )
  expect(judged(text.toString())).toBe(true)
  const start = text.indexOf('"records"')
  const missed: string[] = []
  for (let index = start; index < text.length; index++)
    for (const bit of [index % 5, 5]) {
      const other = Buffer.from(text)
      other[index] = (other[index] ?? 0) ^ (1 << bit)
      if (judged(other.toString('latin1'))) missed.push(`${index}.${bit}`)
    }
  expect(missed).toEqual([])
})

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** Every place in a value at which something else could stand, with the value as it would be then. */
function* altered(value: Json): Generator<Json> {
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) {
      yield value.toSpliced(index, 1)
      for (const other of altered(each)) yield value.with(index, other)
    }
    yield [...value, 'more']
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      const { [name]: _gone, ...rest } = value
      yield rest
      for (const other of altered(each)) yield { ...value, [name]: other }
    }
    yield { ...value, more: true }
  } else if (typeof value === 'string') yield `${value}x`
  else if (typeof value === 'number') yield value + 1
  else yield !value
}

test('altering, dropping or adding any field of any record is found', () => {
  const records = JSON.parse(JSON.stringify(EXPORT.records)) as Json[]
  let tried = 0
  for (const other of altered(records)) {
    tried++
    const forged = { ...EXPORT, records: other as unknown as typeof EXPORT.records }
    if (recordsMatch(forged, EXPORT.proof).ok)
      throw new Error(`not found: ${JSON.stringify(other).slice(0, 200)}`)
  }
  expect(tried).toBeGreaterThan(1_000)
})

test('altering any field of a proof is found', () => {
  for (const other of altered(JSON.parse(JSON.stringify(EXPORT.proof)) as Json)) {
    const found = verifyProof(other)
    // Rows cut off the end leave a good chain: that the journal went further is for the records and the cloud to say.
    const shorter = found.ok && found.head.seq < EXPORT.proof.before.seq + EXPORT.proof.rows.length
    expect(!found.ok || shorter).toBe(true)
    if (found.ok)
      expect(recordsMatch(EXPORT, other as unknown as typeof EXPORT.proof)).toMatchObject({
        until: atOf(found.head.seq),
      })
  }
})

test('a journal written anew as a whole is found by one row that the cloud has', () => {
  const { before, rows } = EXPORT.proof
  const forged = rows.map(row => ({ ...row, entry: row.entry.replaceAll('p1-1', 'p1-9') }))
  const proof = proofOf(rechained(forged, before.hash), before.hash)
  expect(verifyProof(proof).ok).toBe(true)
  for (const anchor of [rows.at(-1), rows[40]]) {
    if (!anchor) throw new Error('rows are missing')
    const { seq, hash } = anchor
    expect(verifyProof(EXPORT.proof, [{ seq, hash }]).ok).toBe(true)
    expect(verifyProof(proof, [{ seq, hash }])).toEqual({
      ok: false,
      says: `Row ${seq} is not the one that is known elsewhere.`,
    })
  }
  expect(verifyProof(EXPORT.proof, [before]).ok).toBe(true)
  expect(verifyProof(EXPORT.proof, [{ ...before, hash: ROOT }]).ok).toBe(false)
})

test('an anchor that lies elsewhere proves nothing, and that is said', () => {
  const says = 'None of the rows that are known elsewhere lies within the proof.'
  expect(verifyProof(EXPORT.proof, [{ seq: 1, hash: ROOT }])).toEqual({ ok: false, says })
  expect(verifyProof(EXPORT.proof, [{ seq: 9_999, hash: ROOT }])).toEqual({ ok: false, says })
})

test('rows that are missing, that stand elsewhere or go back in time are named', () => {
  const [first, second, third, ...rest] = JOURNAL
  if (!first || !second || !third) throw new Error('rows are missing')
  expect(verifyProof(proofOf([first, third, ...rest], ROOT))).toEqual({
    ok: false,
    says: 'Row 2 is missing before row 3.',
  })
  expect(verifyProof(proofOf([first, { ...third, seq: 2 }], ROOT))).toMatchObject({ ok: false })
  const back = rechained([first, { ...second, at: first.at - 1 }], ROOT)
  expect(verifyProof(proofOf(back, ROOT))).toEqual({
    ok: false,
    says: 'Row 2 is older than the row before it.',
  })
  expect(verifyProof({ before: { seq: 0, hash: first.hash }, rows: [] }).ok).toBe(false)
  const { before, rows } = EXPORT.proof
  expect(verifyProof({ before: { ...before, hash: before.hash.toUpperCase() }, rows }).ok).toBe(false)
})

test('a proof that begins too late hides nothing: what it would have left out is named', () => {
  const cut = (from: number) => {
    const rows = EXPORT.proof.rows.slice(from)
    return proofOf(rows, EXPORT.proof.rows[from - 1]?.hash ?? '')
  }
  const late = cut(8)
  expect(verifyProof(late).ok).toBe(true)
  expect(recordsMatch({ ...EXPORT, records: [] }, late)).toEqual({
    ok: false,
    says: 'The proof begins later than the period.',
  })
  const headless = cut(4)
  expect(recordsMatch({ ...EXPORT, records: EXPORT.records.slice(2) }, headless)).toMatchObject({
    ok: false,
    says: expect.stringContaining('came before the proof begins'),
  })
})

test('a period that is said to be longer than the journal was is not proven to its end', () => {
  const longer = exportRecords(JOURNAL, ROOT, { ...PERIOD, to: PERIOD.to + 86_400_000 })
  expect(recordsMatch(longer, longer.proof)).toEqual({ ok: true, records: 6, until: atOf(JOURNAL.length) })
  expect(recordsMatch({ ...EXPORT, to: PERIOD.to + 1 }, EXPORT.proof)).not.toEqual({ ok: true, records: 5 })
})

test('a row that no version of Pawl would write is not passed over', () => {
  const strange = rechained(
    [{ seq: 1, at: BEGAN, entry: '{"type":"prescription-ended","prescription":7}', hash: '' }],
    ROOT,
  )
  const exported = { of, from: BEGAN, to: BEGAN + 1, records: [] }
  const says = 'Row 1 says what this version of Pawl does not know.'
  expect(recordsMatch(exported, proofOf(strange, ROOT))).toEqual({ ok: false, says })
  const broken = rechained([{ seq: 1, at: BEGAN, entry: '{', hash: '' }], ROOT)
  expect(recordsMatch(exported, proofOf(broken, ROOT))).toEqual({ ok: false, says })
})

const BUSY = Array.from({ length: 30_000 }, (): Entry => ({ type: 'door-opened', compartment: 'A1' }))

test.each([
  ['came lately', [...whole('old'), ...BUSY, ...received('slow')], 12_000],
  ['waits for long', [...whole('old'), ...received('slow'), ...BUSY], 31_000],
])(
  'of a long journal only what the period needs is kept, and proves the same, where one %s',
  (_how, old, most) => {
    const long = chained([...old, ...released('slow'), ...whole('p1')], 10)
    const period = { of, from: (long[old.length]?.at ?? 0) + 1, to: (long.at(-1)?.at ?? 0) + 1 }
    const kept = rowsFrom(period.from)
    for (const row of long) kept.take(row)
    const { rows, before } = kept.found()
    expect(rows.length).toBeLessThan(most)
    const exported = exportRecords(rows, before, period)
    expect(exported.records.map(({ prescription }) => prescription)).toEqual(['slow', 'p1'])
    expect(JSON.stringify(exported) === JSON.stringify(exportRecords(long, ROOT, period))).toBe(true)
    expect(verifyProof(exported.proof).ok).toBe(true)
  },
)
