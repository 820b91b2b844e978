import type { Millis } from '../../drivers/host/clock.ts'
import {
  type Attempt,
  type DispenseRecord,
  type Named,
  type RecordsOf,
  statusOf,
  told,
} from './dispense-record.ts'
import type { Entry, Row } from './journal.ts'
import { productOf, removable, tellPacks } from './record-packs.ts'

/** One record for each prescription that was received in these rows, in that order. Rows must be in order, without a gap. */
export function gatherRecords(rows: Iterable<Row>, of: RecordsOf): DispenseRecord[] {
  const all: DispenseRecord[] = []
  const byId = new Map<string, DispenseRecord>()
  const byOrder = new Map<string, DispenseRecord>()
  const doors = new Map<string, DispenseRecord>()

  const concerned = (entry: Entry): DispenseRecord | undefined => {
    if ('prescription' in entry && entry.prescription !== undefined) return byId.get(entry.prescription)
    if (entry.type === 'unlock-ordered') return byId.get(/^deliver (.*)$/.exec(entry.purpose)?.[1] ?? '')
    if (entry.type === 'door-closed') return doors.get(entry.compartment)
    if (entry.type === 'pack-removed')
      return all.find(({ packs }) => packs.some(pack => removable(pack, entry)))
    return 'order' in entry && entry.order !== undefined ? byOrder.get(entry.order) : undefined
  }

  for (const row of rows) {
    const { seq, at, entry } = row
    if (entry.type === 'prescription-received') {
      const begun = begin(entry, row, of)
      all.push(begun)
      byId.set(entry.prescription, begun)
    }
    const record = concerned(entry)
    if (!record) continue
    if ('order' in entry && entry.order !== undefined) byOrder.set(entry.order, record)
    if (entry.type === 'door-opened') doors.set(entry.compartment, record)
    if (entry.type === 'door-closed') doors.delete(entry.compartment)
    record.steps.push({ seq, at, type: entry.type })
    tellPacks(record, row, of)
    tellSession(record, at, entry)
    tellLife(record, at, entry)
  }
  for (const record of all) record.status = statusOf(record)
  return all
}

function begin(
  { prescription, items, refill, first_time, until, digest }: Named<'prescription-received'>,
  { at, hash }: Row,
  of: RecordsOf,
): DispenseRecord {
  return {
    hash,
    unit: of.unit,
    ...(of.permit === undefined ? {} : { permit: of.permit }),
    prescription,
    status: 'preparation',
    items: items.map(({ gtin, packs }) => ({ gtin, ...productOf(gtin, of), packs })),
    refill,
    first_time,
    until,
    digest,
    received: at,
    attempts: [],
    packs: [],
    missing: [],
    steps: [],
  }
}

/** What concerns the prescription as a whole. Every other row is only a step. */
function tellLife(record: DispenseRecord, at: Millis, entry: Entry): void {
  switch (entry.type) {
    case 'prescription-released':
      record.released = told(at, entry)
      return
    case 'out-of-stock':
      record.missing = missingWith(record, entry.gtin, entry.missing)
      return
    case 'reserved':
      for (const { gtin } of entry.packs)
        record.missing = missingWith(record, gtin, missingOf(record, gtin) - 1)
      return
    case 'dispense-held':
      record.held = told(at, entry)
      return
    case 'door-opened':
      // A door that nobody saw open was seen to be open after all.
      if (record.held?.why === 'door') delete record.held
      return
    case 'dispense-resolved':
    case 'handed-over':
      delete record.held
      return
    case 'prescription-ended':
      record.ended = told(at, entry)
      return
    case 'personal-data-destroyed':
      record.destroyed = at
  }
}

const missingOf = ({ missing }: DispenseRecord, gtin: string): number =>
  missing.find(each => each.gtin === gtin)?.packs ?? 0

const missingWith = ({ missing }: DispenseRecord, gtin: string, packs: number) => [
  ...missing.filter(each => each.gtin !== gtin),
  ...(packs > 0 ? [{ gtin, packs }] : []),
]

/** What happens while somebody stands there, up to the packs themselves. */
function tellSession(record: DispenseRecord, at: Millis, entry: Entry): void {
  if (entry.type === 'presented') record.attempts.push({ began: at, reader: entry.reader })
  const last = record.attempts.at(-1)
  const attempt = last?.ended ? undefined : last
  switch (entry.type) {
    case 'verified':
      if (attempt) attempt.verified = told(at, entry)
      return
    case 'consult-requested':
    case 'consult-joined':
    case 'consult-ended':
      return tellCounselling(record, attempt, at, entry)
    case 'print-ordered':
      if (attempt) attempt.label = { ordered: told(at, entry) }
      return
    case 'printed':
      if (attempt?.label) attempt.label.printed = at
      return
    case 'print-failed':
      if (attempt?.label) attempt.label.failed = told(at, entry)
      return
    case 'handed-over':
      if (attempt) attempt.ended = { at, why: 'handed-over' }
      return
    case 'dispense-resolved':
      if (attempt) attempt.ended = { at, why: 'resolved' }
      return
    case 'session-ended':
      // Right after packs were handed over it says that the rest is not here: that is why this session ended.
      if (last) last.ended = { at, why: entry.why }
  }
  tellPayment(record, at, entry)
}

function tellCounselling(
  record: DispenseRecord,
  attempt: Attempt | undefined,
  at: Millis,
  entry: Named<'consult-requested' | 'consult-joined' | 'consult-ended'>,
): void {
  const so = (attempt ? attempt.counselling : record.counselled) ?? { joined: [] }
  if (entry.type === 'consult-requested') so.requested = at
  if (entry.type === 'consult-joined') so.joined.push(told(at, entry))
  if (entry.type === 'consult-ended') so.ended = told(at, entry)
  if (attempt) attempt.counselling = so
  else record.counselled = so
}

/** The terminal may answer after the session: its orders say which it was. */
function tellPayment({ attempts }: DispenseRecord, at: Millis, entry: Entry): void {
  if (entry.type === 'charge-ordered') {
    const last = attempts.at(-1)
    if (last) last.payment = { ordered: told(at, entry) }
    return
  }
  if (!('order' in entry) || entry.order === undefined) return
  const { order } = entry
  const paying = attempts.find(
    ({ payment }) => payment && (order === payment.ordered.order || order === payment.settle_ordered?.order),
  )?.payment
  switch (entry.type) {
    case 'settle-ordered': {
      const settled = attempts.at(-1)?.payment
      if (settled) settled.settle_ordered = told(at, entry)
      return
    }
    case 'paid':
      if (paying) paying.paid = told(at, entry)
      return
    case 'payment-failed':
      if (paying) paying.failed = told(at, entry)
      return
    case 'payment-in-doubt':
      if (paying) paying.in_doubt = at
      return
    case 'settle-failed':
      if (paying) paying.settle_failed = told(at, entry)
  }
}
