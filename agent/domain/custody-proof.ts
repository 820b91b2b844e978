import type { Millis } from '../../drivers/host/clock.ts'
import type { RawRow } from './chain.ts'
import { gatherCustody } from './custody.ts'
import type { Custody, CustodyOf } from './custody-words.ts'
import type { Entry } from './journal.ts'
import { endOf, type Matched, type Proof, proofOf, readRows, rowsFrom, strangeIn } from './record-proof.ts'

/** What an export is of: one booking, or all; from the first millisecond to before the last one. */
export interface CustodyPeriod {
  /** From the site file, so the journal proves none of it. */
  of: CustodyOf
  from: Millis
  to: Millis
  booking?: string
}

/** Custody chains with what proves them. */
export interface CustodyExport extends CustodyPeriod {
  v: 1
  custody: readonly Custody[]
  proof: Proof
}

const fail = (says: string): { ok: false; says: string } => ({ ok: false, says })

/** Keeps of a journal what `exportCustody` may need: see `rowsFrom`. */
export const custodyRowsFrom = (from: Millis) =>
  rowsFrom(from, entry => {
    if (entry.type === 'booked') return { came: entry.booking }
    return entry.type === 'booking-ended' ? { went: entry.booking } : {}
  })

/**
 * The chains of all bookings that ended in a period or had not ended by its end, as its end found them, and the rows that
 * prove them. `rows` are the whole journal, or more of it than is needed; `before` is the hash before the first of them.
 */
export function exportCustody(
  rows: readonly RawRow[],
  before: string,
  { of, from, to, booking }: CustodyPeriod,
): CustodyExport {
  const known = rows.slice(0, endOf(rows, to))
  const period = { of, from, to, ...(booking === undefined ? {} : { booking }) }
  const custody = custodyIn(known, period)
  const began = known.findIndex(({ at }) => at >= from)
  const needed = custody.map(({ links }) => (links[0]?.seq ?? 0) - (known[0]?.seq ?? 0))
  const first = Math.max(0, Math.min(began < 0 ? known.length - 1 : began - 1, ...needed))
  return { v: 1, ...period, custody, proof: proofOf(known.slice(first), known[first - 1]?.hash ?? before) }
}

const custodyIn = (rows: readonly RawRow[], { of, from, to, booking }: CustodyPeriod): Custody[] =>
  gatherCustody(readRows(rows.filter(({ at }) => at < to)), of).filter(
    chain =>
      (chain.ended === undefined || chain.ended >= from) &&
      (booking === undefined || chain.booking === booking),
  )

/**
 * Makes the chains anew from rows that `verifyProof` found good, and compares: every field of each link, and that none is
 * left out or added. Missed is only a booking that came before the first row and has no row since. `until`: the journal was
 * not longer than to that time.
 */
export function custodyMatch(exported: Omit<CustodyExport, 'v' | 'proof'>, { before, rows }: Proof): Matched {
  const { from, to, custody } = exported
  const [first] = rows
  if (first && before.seq > 0 && first.at >= from) return fail('The proof begins later than the period.')
  const strange = strangeIn(rows)
  if (strange) return fail(`Row ${strange.seq} says what this version of Pawl does not know.`)
  const headless = headlessIn(rows, exported)
  if (headless) return fail(`Row ${headless.seq} is about a booking that came before the proof begins.`)
  const made = custodyIn(rows, exported)
  for (const [index, chain] of made.entries()) {
    if (JSON.stringify(chain) === JSON.stringify(custody[index])) continue
    return fail(`The chain of booking ${chain.booking} is not what the journal says.`)
  }
  if (custody.length > made.length)
    return fail(`${custody.length - made.length} chains are not in the journal.`)
  const last = rows.at(-1)?.at ?? Number.NEGATIVE_INFINITY
  return { ok: true, records: made.length, ...(last < to ? { until: last } : {}) }
}

/** Only these name bookings that may never have been here, or are over. */
const STRAYS: ReadonlySet<Entry['type']> = new Set<Entry['type']>(['token-refused', 'code-refused'])

function headlessIn(
  rows: readonly RawRow[],
  { from, to, booking }: Omit<CustodyPeriod, 'of'>,
): RawRow | undefined {
  const booked = new Set<string>()
  return rows.find(row => {
    const entry = JSON.parse(row.entry) as Entry
    if (!('booking' in entry) || typeof entry.booking !== 'string') return false
    if (booking !== undefined && entry.booking !== booking) return false
    if (entry.type === 'booked') booked.add(entry.booking)
    return row.at >= from && row.at < to && !STRAYS.has(entry.type) && !booked.has(entry.booking)
  })
}
