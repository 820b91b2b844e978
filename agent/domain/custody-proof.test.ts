import { beforeAll, expect, test } from 'vitest'
import { type Story, story } from '../workflows/story.ts'
import { link, type RawRow, ROOT } from './chain.ts'
import { custodyToCsv, custodyToJson, custodyToText, readCustody } from './custody-formats.ts'
import { type CustodyExport, custodyMatch, custodyRowsFrom, exportCustody } from './custody-proof.ts'
import type { CustodyOf } from './custody-words.ts'
import type { Entry } from './journal.ts'
import { proofOf, verifyProof } from './record-proof.ts'
import { chained } from './record-stories.ts'

const of: CustodyOf = { unit: 'story', boards: { S1: 'board', M1: 'board', L1: 'board' } }

let journal: RawRow[]
let all: CustodyExport

async function turn(s: Story, door: string): Promise<void> {
  await s.door(door, true)
  await s.door(door, false)
  await s.pass(60)
}

/** Three bookings that overlap: one whole, one forced and opened by staff, one that waits; the power goes once. */
async function busy(): Promise<Story> {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.pass(60)
  await s.scan('K1:1111')
  await turn(s, 'S1')
  await s.book('K2')
  await s.pass(60)
  await s.scan('K2:1111')
  await turn(s, 'M1')
  await s.scan('K1:2222')
  await turn(s, 'S1')
  await s.scan('K2:9999')
  await turn(s, 'M1')
  await s.ask({ kind: 'open', compartment: 'M1', reason: 'look', by: '=kim', clear: false })
  await turn(s, 'M1')
  await s.cutPower(600)
  s.store().journal.append(s.clock.wall(), { type: 'started', version: '1', after: 'crash' })
  await s.closedAll()
  await s.scan('K2:2222')
  await turn(s, 'M1')
  await s.book('K3')
  await s.pass(60)
  await s.scan('K3:1111')
  await turn(s, 'S1')
  return s
}

const lastOf = (rows: readonly RawRow[]): RawRow => {
  const last = rows.at(-1)
  if (!last) throw new Error('rows are missing')
  return last
}

beforeAll(async () => {
  const s = await busy()
  journal = s.store().journal.rawAfter(0, 10_000)
  all = exportCustody(journal, ROOT, { of, from: journal[0]?.at ?? 0, to: lastOf(journal).at + 1 })
})

/** The whole judgement on a text, as `pawl custody --verify` gives it. */
function judged(text: string): boolean {
  const read = readCustody(text)
  if (!read.ok) return false
  return verifyProof(read.exported.proof).ok && custodyMatch(read.exported, read.exported.proof).ok
}

function rechained(rows: readonly RawRow[], before: string): RawRow[] {
  let hash = before
  return rows.map(row => {
    hash = link(hash, row.seq, row.at, row.entry)
    return { ...row, hash }
  })
}

test('an export proves itself: every chain is made anew from the rows that it carries', () => {
  expect(verifyProof(all.proof)).toMatchObject({ ok: true, rows: journal.length })
  expect(custodyMatch(all, all.proof)).toMatchObject({ ok: true, records: 3 })
  expect(all.custody.map(({ booking, broken }) => [booking, broken.length])).toEqual([
    ['K1', 0],
    ['K2', 3],
    ['K3', 0],
  ])
  expect(judged(custodyToJson(all))).toBe(true)
})

test('whatever the period, its export proves itself, and says the same as the whole journal up to its end', () => {
  const times = [...new Set(journal.flatMap(({ at }) => [at, at + 1]))]
  let tried = 0
  for (const from of times)
    for (const to of times.filter(each => each > from))
      for (const booking of [undefined, 'K2']) {
        const period = { of, from, to, ...(booking === undefined ? {} : { booking }) }
        const exported = exportCustody(journal, ROOT, period)
        expect(judged(custodyToJson(exported))).toBe(true)
        const kept = custodyRowsFrom(from)
        for (const row of journal) kept.take(row)
        const { rows, before } = kept.found()
        expect(exportCustody(rows, before, period)).toEqual(exported)
        tried++
      }
  expect(tried).toBeGreaterThan(100)
})

test('a booking alone begins its proof where it was booked: what others did before is not in it', () => {
  const booked = journal.findIndex(({ entry }) => entry.includes('"booked","booking":"K3"'))
  const period = { of, from: journal[booked]?.at ?? 0, to: lastOf(journal).at + 1, booking: 'K3' }
  const exported = exportCustody(journal, ROOT, period)
  expect(exported.custody.map(({ booking }) => booking)).toEqual(['K3'])
  expect(exported.proof.before.seq).toBeLessThan(booked + 1)
  expect(exported.proof.before.seq).toBeGreaterThan(booked - 6)
  expect(custodyMatch({ ...exported, booking: 'K2' }, exported.proof).ok).toBe(false)
})

test('a flipped bit in any byte of the chains or the rows of an export is found', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await turn(s, 'S1')
  const rows = s.store().journal.rawAfter(0, 100)
  const text = Buffer.from(
    custodyToJson(exportCustody(rows, ROOT, { of, from: rows[0]?.at ?? 0, to: lastOf(rows).at + 1 })),
  )
  expect(judged(text.toString())).toBe(true)
  const missed: string[] = []
  for (let index = text.indexOf('"custody"'); index < text.length; index++)
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
      yield value.toSpliced(index, 0, each)
      if (index > 0) yield value.with(index, value[index - 1] ?? null).with(index - 1, each)
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

test('a link altered, removed, added or moved in any chain is found, and so is any field of it', () => {
  const chains = JSON.parse(JSON.stringify(all.custody)) as Json
  const same = JSON.stringify(chains)
  let tried = 0
  for (const other of altered(chains)) {
    if (JSON.stringify(other) === same) continue
    tried++
    const forged = { ...all, custody: other as unknown as CustodyExport['custody'] }
    if (custodyMatch(forged, all.proof).ok)
      throw new Error(`not found: ${JSON.stringify(other).slice(0, 200)}`)
  }
  expect(tried).toBeGreaterThan(500)
})

test('altering, removing, repeating or moving any row of a proof is found', () => {
  let tried = 0
  for (const other of altered(JSON.parse(JSON.stringify(all.proof)) as Json)) {
    tried++
    const found = verifyProof(other)
    // Rows cut off the end leave a good chain: that the journal went further is for the chains and the cloud to say.
    const shorter = found.ok && found.head.seq < lastOf(journal).seq
    expect(!found.ok || shorter).toBe(true)
    if (!found.ok) continue
    const matched = custodyMatch(all, other as unknown as CustodyExport['proof'])
    if (matched.ok) expect(matched.until).toBe(journal[found.head.seq - 1]?.at)
  }
  expect(tried).toBeGreaterThan(400)
})

test('a journal written anew as a whole is found by any one row that the cloud has', () => {
  const rows = all.proof.rows.map(row => ({ ...row, entry: row.entry.replaceAll('=kim', '=lee') }))
  const proof = proofOf(rechained(rows, ROOT), ROOT)
  expect(verifyProof(proof).ok).toBe(true)
  for (const { seq, hash } of journal.slice(-5)) {
    expect(verifyProof(all.proof, [{ seq, hash }]).ok).toBe(true)
    expect(verifyProof(proof, [{ seq, hash }]).ok).toBe(false)
  }
})

test('a proof that begins too late hides no booking: what it would have left out is named', () => {
  const cut = (from: number) => proofOf(journal.slice(from), journal[from - 1]?.hash ?? '')
  const says = (found: ReturnType<typeof custodyMatch>) => (found.ok ? '' : found.says)
  const collects = journal.findIndex(({ entry }) =>
    entry.startsWith('{"type":"claimed","booking":"K2","leg":"collect"'),
  )
  const late = { ...all, from: journal[collects]?.at ?? 0, custody: all.custody.slice(2) }
  const begins = journal.findLastIndex(({ at }) => at < late.from)
  expect(says(custodyMatch(late, cut(begins)))).toContain('came before the proof begins')
  const after = { ...all, from: journal[1]?.at ?? 0 }
  expect(says(custodyMatch(after, cut(1)))).toBe('The proof begins later than the period.')
  const whole = { ...all, custody: [] }
  expect(says(custodyMatch(whole, cut(8)))).toMatch(/proof begins later|came before the proof/)
})

test('a row that no version of Pawl would write is not passed over', () => {
  for (const entry of ['{', '{"type":"booked","booking":7}']) {
    const rows = rechained([{ seq: 1, at: 1, entry, hash: '' }], ROOT)
    expect(custodyMatch({ of, from: 1, to: 2, custody: [] }, proofOf(rows, ROOT))).toEqual({
      ok: false,
      says: 'Row 1 says what this version of Pawl does not know.',
    })
  }
})

const DOORS = Array.from({ length: 30_000 }, (): Entry => ({ type: 'door-closed', compartment: 'L1' }))
const came = (booking: string): Entry => ({ type: 'booked', booking, size: 'S', low_reach: false })
const went = (booking: string): Entry => ({ type: 'booking-ended', booking, why: 'cancelled' })

test.each([
  ['came lately', [came('old'), went('old'), ...DOORS, came('slow')], 12_000],
  ['waits for long', [came('old'), went('old'), came('slow'), ...DOORS], 31_000],
])(
  'of a long journal only what the period needs is kept, and proves the same, where one %s',
  (_how, old, most) => {
    const long = chained([...old, came('new'), went('slow')], 10)
    const period = { of, from: (long[old.length]?.at ?? 0) + 1, to: lastOf(long).at + 1 }
    const kept = custodyRowsFrom(period.from)
    for (const row of long) kept.take(row)
    const { rows, before } = kept.found()
    expect(rows.length).toBeLessThan(most)
    const exported = exportCustody(rows, before, period)
    expect(exported.custody.map(({ booking }) => booking)).toEqual(['slow', 'new'])
    expect(JSON.stringify(exported) === JSON.stringify(exportCustody(long, ROOT, period))).toBe(true)
  },
)

test('a text that would be written otherwise, or is no export, is refused in one sentence', () => {
  const text = custodyToJson(all)
  expect(readCustody(text.replace('\n"custody"', '\n\n"custody"'))).toMatchObject({ ok: false })
  expect(readCustody('nothing')).toEqual({ ok: false, says: 'It is no export of custody: it is not JSON.' })
  expect(readCustody('{"v":2}')).toEqual({ ok: false, says: 'It is no export of custody: v is not right.' })
})

test('a table has a line for each link and each gap beside its link, and no cell is a formula', () => {
  const lines = custodyToCsv(all.custody).trimEnd().split('\r\n')
  expect(lines).toHaveLength(1 + all.custody.flatMap(({ links }) => links).length)
  for (const { says } of all.custody.flatMap(({ broken }) => broken))
    expect(lines.filter(line => line.includes(says))).toHaveLength(1)
  expect(lines.some(line => line.includes(",'=kim,"))).toBe(true)
  expect(lines.join('')).not.toContain(',=kim')
})

test('for people each link is one line and each gap is one more', () => {
  const chains = all.custody
  const lines = custodyToText(chains)
    .split('\n')
    .filter(line => line !== '')
  expect(lines).toHaveLength(
    chains.reduce((sum, { links, broken }) => sum + 1 + links.length + broken.length, 0),
  )
  expect(lines.filter(line => line.startsWith('  !'))).toHaveLength(3)
})
