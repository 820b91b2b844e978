import { z } from 'zod'
import type { Millis } from '../../drivers/host/clock.ts'
import { link, type RawRow, ROOT } from './chain.ts'
import type { DispenseRecord, RecordsOf } from './dispense-record.ts'
import { gatherRecords } from './gather-records.ts'
import { Entry, type Row } from './journal.ts'

// The chain is linear, so that a row is proven by all rows from one that is known on:
//
//   before ─▶ row ─▶ row ─▶ … ─▶ row = head      head, or any row before it, is what the cloud was told at the time
//
// A proof is good by itself only against accidents: whoever can write rows anew can write all hashes anew. Against that
// one stands a row whose hash somebody else has: the cloud, or the unit with its seal.

const Hash = z.string().regex(/^[0-9a-f]{64}$/)

/** A row by its number and hash; 0 and zeros for what stands before the first. */
export const Anchor = z.strictObject({ seq: z.int().min(0), hash: Hash })
export type Anchor = z.output<typeof Anchor>

const Raw = z.strictObject({ seq: z.int().min(1), at: z.int(), entry: z.string(), hash: Hash })

/** Every row of a stretch of the journal as it was written, and the hash before. Nothing of a patient is in it; who of the staff did what is. */
export const Proof = z.strictObject({ before: Anchor, rows: z.array(Raw) })
export type Proof = z.output<typeof Proof>

export type Proven = { ok: true; rows: number; head: Anchor } | { ok: false; says: string }

/** Records of a period, from the first millisecond to before the last one, with what proves them. */
export interface RecordsExport {
  v: 1
  /** From the site file, so the journal proves none of it. */
  of: RecordsOf
  from: Millis
  to: Millis
  records: readonly DispenseRecord[]
  proof: Proof
}

const fail = (says: string): { ok: false; says: string } => ({ ok: false, says })

/** What proves the rows, which must be in order and without a gap. `before` is the hash of the row before the first. */
export const proofOf = (rows: readonly RawRow[], before: string): Proof => ({
  before: { seq: (rows[0]?.seq ?? 1) - 1, hash: before },
  rows: rows.map(({ seq, at, entry, hash }) => ({ seq, at, entry, hash })),
})

/**
 * Holds a proof against the chain, and against what somebody else knows of it. Where anchors are given, every one that
 * lies within must fit, and one must lie within.
 */
export function verifyProof(given: unknown, anchors: readonly Anchor[] = []): Proven {
  const parsed = Proof.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return fail(`The proof is not one: ${issue?.path.join('.') || 'it'} is not right.`)
  }
  const { before, rows } = parsed.data
  if (before.seq === 0 && before.hash !== ROOT)
    return fail('Nothing stands before row 1, and yet it has a hash.')
  const anchored = anchors.filter(({ seq }) => seq >= before.seq && seq <= before.seq + rows.length)
  if (anchors.length > 0 && anchored.length === 0)
    return fail('None of the rows that are known elsewhere lies within the proof.')
  let head: Anchor = before
  let last = Number.NEGATIVE_INFINITY
  const misfit = ({ seq, hash }: Anchor) => anchored.some(each => each.seq === seq && each.hash !== hash)
  for (const { seq, at, entry, hash } of rows) {
    if (seq !== head.seq + 1) return fail(`Row ${head.seq + 1} is missing before row ${seq}.`)
    if (hash !== link(head.hash, seq, at, entry))
      return fail(`Row ${seq} was altered, or moved from another place.`)
    if (at < last) return fail(`Row ${seq} is older than the row before it.`)
    if (misfit(head)) break
    last = at
    head = { seq, hash }
  }
  if (misfit(head)) return fail(`Row ${head.seq} is not the one that is known elsewhere.`)
  return { ok: true, rows: rows.length, head }
}

/** Whether a record belongs to a period: what it is about ended in it, or had not ended by its end. */
const within = ({ ended }: DispenseRecord, from: Millis): boolean => !ended || ended.at >= from

/** These rows name prescriptions that may be over, or never were here. */
const STRAYS: ReadonlySet<Entry['type']> = new Set<Entry['type']>([
  'token-refused',
  'statement-refused',
  'personal-data-destroyed',
])

/**
 * The records of a period as its end found them, and the rows that prove them: of the period all, before it only those
 * that a record needs or the last one before it, so that its beginning is proven, too. `rows` are the whole journal, or
 * more of it than is needed.
 */
export function exportRecords(
  rows: readonly RawRow[],
  before: string,
  { of: given, from, to }: { of: RecordsOf; from: Millis; to: Millis },
): RecordsExport {
  const of = only(given)
  const known = rows.slice(0, endOf(rows, to))
  const records = recordsIn(known, of, from, to)
  const began = known.findIndex(({ at }) => at >= from)
  const needed = records.map(({ steps }) => (steps[0]?.seq ?? 0) - (known[0]?.seq ?? 0))
  const first = Math.max(0, Math.min(began < 0 ? known.length - 1 : began - 1, ...needed))
  const proof = proofOf(known.slice(first), known[first - 1]?.hash ?? before)
  return { v: 1, of, from, to, records, proof }
}

/** A site file says more of a product than belongs into an export. */
const only = ({ unit, permit, products }: RecordsOf): RecordsOf => ({
  unit,
  ...(permit === undefined ? {} : { permit }),
  products: products.map(({ gtin, name, ndc }) => ({ gtin, name, ...(ndc === undefined ? {} : { ndc }) })),
})

const ENOUGH = 10_000

/** What a record is about, by its name: here from one row to another. */
type Lives = (entry: Entry) => { came?: string; went?: string }

const prescriptions: Lives = entry => {
  if (entry.type === 'prescription-received') return { came: entry.prescription }
  return entry.type === 'prescription-ended' ? { went: entry.prescription } : {}
}

/**
 * Takes a journal row by row and keeps what an export may need of it: the period, and of what was before only the rows
 * from the first prescription on that was still here then, or the first of whatever else `lives`.
 */
export function rowsFrom(from: Millis, lives: Lives = prescriptions) {
  let rows: RawRow[] = []
  let before = ROOT
  let most = ENOUGH
  const here = new Map<string, number>()
  return {
    take(row: RawRow): void {
      rows.push(row)
      if (row.at >= from) return
      const { came, went } = lives(JSON.parse(row.entry) as Entry)
      if (came !== undefined) here.set(came, row.seq)
      if (went !== undefined) here.delete(went)
      if (rows.length < most) return
      const needless = Math.min(row.seq, ...here.values()) - (rows[0]?.seq ?? 0)
      before = rows[needless - 1]?.hash ?? before
      rows = rows.slice(needless)
      most = Math.max(ENOUGH, 2 * rows.length)
    },
    found: (): { rows: RawRow[]; before: string } => ({ rows, before }),
  }
}

/** One row beyond the period proves that nothing of it is missing at its end. */
export const endOf = (rows: readonly RawRow[], to: Millis): number => {
  const after = rows.findIndex(({ at }) => at >= to)
  return after < 0 ? rows.length : after + 1
}

const recordsIn = (rows: readonly RawRow[], of: RecordsOf, from: Millis, to: Millis): DispenseRecord[] =>
  gatherRecords(readRows(rows.filter(({ at }) => at < to)), of).filter(record => within(record, from))

export function* readRows(rows: readonly RawRow[]): Generator<Row> {
  for (const row of rows) yield { ...row, entry: JSON.parse(row.entry) as Entry }
}

export type Matched = { ok: true; records: number; until?: Millis } | { ok: false; says: string }

/**
 * Makes the records anew from rows that `verifyProof` found good, and compares: every field of each, and that none is left
 * out or added. Missed is only a prescription that came before the first row and has no row since. `until`: the journal
 * was not longer than to that time.
 */
export function recordsMatch(exported: Omit<RecordsExport, 'v' | 'proof'>, { before, rows }: Proof): Matched {
  const { of, from, to, records } = exported
  const [first] = rows
  if (first && before.seq > 0 && first.at >= from) return fail('The proof begins later than the period.')
  const strange = strangeIn(rows)
  if (strange) return fail(`Row ${strange.seq} says what this version of Pawl does not know.`)
  const headless = headlessIn(rows, from, to)
  if (headless) return fail(`Row ${headless.seq} is about a prescription that came before the proof begins.`)
  const made = recordsIn(rows, of, from, to)
  for (const [index, record] of made.entries()) {
    if (JSON.stringify(record) === JSON.stringify(records[index])) continue
    return fail(`The record of prescription ${record.prescription} is not what the journal says.`)
  }
  if (records.length > made.length)
    return fail(`${records.length - made.length} records are not in the journal.`)
  const last = rows.at(-1)?.at ?? Number.NEGATIVE_INFINITY
  return { ok: true, records: made.length, ...(last < to ? { until: last } : {}) }
}

/** The first row that no version of Pawl up to this one would write. */
export const strangeIn = (rows: readonly RawRow[]): RawRow | undefined =>
  rows.find(({ entry }) => !Entry.safeParse(parsed(entry)).success)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function headlessIn(rows: readonly RawRow[], from: Millis, to: Millis): RawRow | undefined {
  const received = new Set<string>()
  return rows.find(row => {
    const entry = JSON.parse(row.entry) as Entry
    if (!('prescription' in entry) || entry.prescription === undefined) return false
    if (entry.type === 'prescription-received') received.add(entry.prescription)
    return row.at >= from && row.at < to && !STRAYS.has(entry.type) && !received.has(entry.prescription)
  })
}
