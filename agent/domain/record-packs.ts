import type { Millis } from '../../drivers/host/clock.ts'
import {
  asEvidence,
  type DispenseRecord,
  type Named,
  type PackEvidence,
  type PackOutcome,
  type PackRecord,
  type RecordsOf,
} from './dispense-record.ts'
import type { Row } from './journal.ts'
import { type Ndc, readNdc } from './ndc.ts'

/** What the site file calls a product. */
export function productOf(gtin: string, { products }: RecordsOf): { product?: string; ndc?: Ndc } {
  const found = products.find(each => each.gtin === gtin)
  const read = found?.ndc === undefined ? undefined : readNdc(found.ndc)
  return { ...(found ? { product: found.name } : {}), ...(read?.ok ? { ndc: read.ndc } : {}) }
}

const samePack = (one: { gtin: string; serial: string }, other: { gtin: string; serial: string }): boolean =>
  one.gtin === other.gtin && one.serial === other.serial

/** Whether a pack was found to be out of its lane, and this row is the one that takes it out of the stock for that. */
export const removable = (pack: PackRecord, entry: Named<'pack-removed'>): boolean =>
  pack.outcome === 'removed' &&
  samePack(pack, entry) &&
  pack.evidence.every(({ type }) => type !== 'pack-removed')

/** Whose end is not known yet. */
const OPEN: ReadonlySet<PackOutcome> = new Set<PackOutcome>(['ordered', 'fallen', 'held'])

/** What became of each pack, on evidence only. Must be told before the record forgets what is held. */
export function tellPacks(record: DispenseRecord, { seq, at, entry, hash }: Row, of: RecordsOf): void {
  const open = record.packs.filter(({ outcome }) => OPEN.has(outcome))
  const named = record.packs.filter(({ order }) => 'order' in entry && order === entry.order)
  const mark = (packs: PackRecord[], said: Named<PackEvidence['type']>, outcome?: PackOutcome): void => {
    for (const pack of packs) {
      pack.evidence.push(asEvidence(seq, at, said))
      if (outcome) pack.outcome = outcome
    }
  }
  switch (entry.type) {
    case 'vend-ordered': {
      const { order, lane, gtin, serial, lot, expiry } = entry
      const attempt = record.attempts.length
      const pack = { order, hash, attempt, lane, gtin, ...productOf(gtin, of), serial, lot, expiry }
      record.packs.push({ ...pack, ordered: at, outcome: 'ordered', evidence: [] })
      return
    }
    case 'vend-failed':
      return mark(named, entry, entry.sent ? undefined : 'not-moved')
    case 'vend-seen':
      for (const pack of named) mark([pack], entry, moved(pack.outcome, entry.stage))
      return
    case 'pack-checked':
      for (const pack of named) pack.checked = at
      return mark(named, entry, 'fallen')
    case 'dispense-held':
      return mark([...new Set([...open, ...named])], entry, 'held')
    case 'door-opened':
      // Nobody knew whether the delivery door opened, and now it is known.
      if (record.held?.why === 'door') for (const pack of open) pack.outcome = 'fallen'
      return
    case 'handed-over': {
      const taken = open.filter(pack => entry.packs.some(each => samePack(each, pack)))
      mark(taken, entry, 'handed-over')
      return handOver(taken, at, entry.evidence)
    }
    case 'dispense-resolved':
      for (const pack of open) mark([pack], entry, foundAs(entry.found, pack.order === record.held?.order))
      return entry.found === 'handed-over' ? handOver(open, at, 'person') : undefined
    case 'pack-removed':
      return mark(
        record.packs.filter(pack => removable(pack, entry)),
        entry,
      )
  }
}

/** The last word of the controller counts, but it never ends what is held: that a person does. */
function moved(now: PackOutcome, stage: string): PackOutcome {
  if (now !== 'ordered' && now !== 'not-moved') return now
  return stage === 'not-moved' ? 'not-moved' : 'ordered'
}

/** What lay in the tray cannot be in its lane again: only the pack of the turn in doubt can. */
const foundAs = (found: Named<'dispense-resolved'>['found'], inDoubt: boolean): PackOutcome =>
  found === 'in-lane' && !inDoubt ? 'removed' : found

const handOver = (packs: PackRecord[], at: Millis, evidence: 'sensor' | 'door' | 'person'): void => {
  for (const pack of packs) pack.handed_over = { at, evidence }
}
