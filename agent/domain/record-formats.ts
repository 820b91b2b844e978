import { z } from 'zod'
import type { Millis } from '../../drivers/host/clock.ts'
import type { DispenseRecord, PackEvidence, PackRecord } from './dispense-record.ts'
import { Proof, type RecordsExport } from './record-proof.ts'

type Cell = string | number | boolean | undefined

const utc = (at: Millis | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString()

/** The columns of a table of records, in their order, each with what stands in it. */
const COLUMNS: [name: string, cell: (record: DispenseRecord, pack: PackRecord | undefined) => Cell][] = [
  ['record', ({ hash }) => hash],
  ['unit', ({ unit }) => unit],
  ['permit', ({ permit }) => permit],
  ['prescription', ({ prescription }) => prescription],
  ['status', ({ status }) => status],
  ['received', ({ received }) => utc(received)],
  ['refill', ({ refill }) => refill],
  ['items', ({ items }) => items.map(({ gtin, packs }) => `${packs} x ${gtin}`).join('; ')],
  ['released', ({ released }) => utc(released?.at)],
  ['released_by', ({ released }) => released?.by],
  ['ended', ({ ended }) => utc(ended?.at)],
  ['ended_why', ({ ended }) => ended?.why],
  ['ended_by', ({ ended }) => ended?.by],
  ['ended_reason', ({ ended }) => ended?.reason],
  ['attempt', (_record, pack) => pack?.attempt],
  ['verified', (record, pack) => sessionOf(record, pack)?.verified?.how],
  ['verified_by', (record, pack) => sessionOf(record, pack)?.verified?.by],
  ['counselling', (record, pack) => counsellingWord(record, pack)],
  ['counselled', (record, pack) => utc(counsellingOf(record, pack)?.ended?.at)],
  ['counselled_by', (record, pack) => counsellingOf(record, pack)?.ended?.by],
  ['paid', (record, pack) => sessionOf(record, pack)?.payment?.paid?.amount],
  ['settle_ordered', (record, pack) => settleWord(record, pack)],
  ['label_printed', (record, pack) => utc(sessionOf(record, pack)?.label?.printed)],
  ['order', (_record, pack) => pack?.order],
  ['lane', (_record, pack) => pack?.lane],
  ['gtin', (_record, pack) => pack?.gtin],
  ['product', (_record, pack) => pack?.product],
  ['ndc', (_record, pack) => pack?.ndc?.text],
  ['ndc_format', (_record, pack) => pack?.ndc?.format],
  ['serial', (_record, pack) => pack?.serial],
  ['lot', (_record, pack) => pack?.lot],
  ['expiry', (_record, pack) => pack?.expiry],
  ['ordered', (_record, pack) => utc(pack?.ordered)],
  ['checked', (_record, pack) => utc(pack?.checked)],
  ['outcome', (_record, pack) => pack?.outcome],
  ['handed_over', (_record, pack) => utc(pack?.handed_over?.at)],
  ['handed_over_evidence', (_record, pack) => pack?.handed_over?.evidence],
  ['evidence', (_record, pack) => pack?.evidence.map(evidenceWord).join('; ')],
  ['rows', ({ steps }) => steps.map(({ seq }) => seq).join(' ')],
]

/** The session in which a pack was ordered; the last one for what has no pack. */
export const sessionOf = ({ attempts }: DispenseRecord, pack: PackRecord | undefined) =>
  attempts.at(pack ? pack.attempt - 1 : -1)

/** What was spoken in the session of a pack, or else before anybody stood there. */
export const counsellingOf = (record: DispenseRecord, pack: PackRecord | undefined) =>
  sessionOf(record, pack)?.counselling ?? record.counselled

function counsellingWord(record: DispenseRecord, pack: PackRecord | undefined): Cell {
  const so = counsellingOf(record, pack)
  if (so?.ended) return so.ended.declined ? 'declined' : 'completed'
  if (so) return so.joined.length > 0 ? 'joined' : 'requested'
  return undefined
}

function settleWord(record: DispenseRecord, pack: PackRecord | undefined): Cell {
  const payment = sessionOf(record, pack)?.payment
  if (!payment?.settle_ordered) return undefined
  const word = payment.settle_ordered.kept ? 'kept' : 'given back'
  return payment.settle_failed ? `${word} (not taken: ${payment.settle_failed.fault})` : word
}

function evidenceWord(said: PackEvidence): string {
  switch (said.type) {
    case 'vend-failed':
      return `vend-failed ${said.fault} (${said.sent ? 'perhaps sent' : 'nothing sent'})`
    case 'vend-seen':
      return `vend-seen ${said.stage} (${said.evidence} ${said.code})`
    case 'pack-checked':
      return 'pack-checked'
    case 'dispense-held':
      return `dispense-held ${said.why}: ${said.says}`
    case 'dispense-resolved':
      return `dispense-resolved ${said.found} by ${said.by}: ${said.reason}`
    case 'handed-over':
      return `handed-over (${said.evidence})`
    case 'pack-removed':
      return `pack-removed by ${said.by}: ${said.reason}`
  }
}

/**
 * A table as RFC 4180 has it, in UTF-8: one line for each turn of a lane, and one for a record in which no lane turned. A
 * cell that a spreadsheet would take for a formula has a ' in front, and so has one that begins with a ' itself: take off
 * one ' to read it back. Times are in UTC, amounts in the smallest unit of money.
 */
export function toCsv(records: readonly DispenseRecord[]): string {
  const lines = records.flatMap(record =>
    (record.packs.length > 0 ? record.packs : [undefined]).map(pack =>
      COLUMNS.map(([_name, cell]) => cell(record, pack)),
    ),
  )
  return [COLUMNS.map(([name]) => name), ...lines].map(cells => `${cells.map(quoted).join(',')}\r\n`).join('')
}

/** A cell as RFC 4180 has it, and never a formula. */
export const quoted = (cell: Cell): string => {
  const text = String(cell ?? '')
  const safe = /^[=+\-@\t\r\n']/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Records with what proves them, a record and a row a line. The same export is always the same text. */
export const toJson = ({ v, of, from, to, records, proof }: RecordsExport): string =>
  `{"v":${v},"of":${JSON.stringify(of)},"from":${from},"to":${to},
"records":${lines(records)},
"proof":{"before":${JSON.stringify(proof.before)},"rows":${lines(proof.rows)}}}
`

const lines = (all: readonly unknown[]): string =>
  `[${all.map(each => `\n${JSON.stringify(each)}`).join(',')}]`

const Export = z.strictObject({
  v: z.literal(1),
  of: z.strictObject({
    unit: z.string(),
    permit: z.string().optional(),
    products: z.array(z.strictObject({ gtin: z.string(), name: z.string(), ndc: z.string().optional() })),
  }),
  from: z.int(),
  to: z.int(),
  records: z.array(z.unknown()),
  proof: Proof,
})

/**
 * Reads what `toJson` wrote, and nothing else: a text that would be written otherwise was worked on. What its records say is
 * for `recordsMatch`.
 */
export function readExport(
  text: string,
): { ok: true; exported: RecordsExport } | { ok: false; says: string } {
  try {
    const found = JSON.parse(text) as RecordsExport
    const { success, error } = Export.safeParse(found)
    if (!success) {
      const [issue] = error.issues
      return { ok: false, says: `It is no export of records: ${issue?.path.join('.') || 'it'} is not right.` }
    }
    if (toJson(found) === text) return { ok: true, exported: found }
    return { ok: false, says: 'It was written anew by something else: the text is not as Pawl wrote it.' }
  } catch {
    return { ok: false, says: 'It is no export of records: it is not JSON.' }
  }
}
