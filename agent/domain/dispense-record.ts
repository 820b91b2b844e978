import type { Millis } from '../../drivers/host/clock.ts'
import type { Entry } from './journal.ts'
import type { Ndc } from './ndc.ts'

/** What the site file says of a kiosk and the journal does not. */
export interface RecordsOf {
  unit: string
  permit?: string
  products: { gtin: string; name: string; ndc?: string }[]
}

/** The rows of one kind. */
export type Named<Type extends Entry['type']> = Extract<Entry, { type: Type }>
/** What one row said, without whose it was. */
export type Told<Type extends Entry['type']> = { at: Millis } & Omit<Named<Type>, 'type' | 'prescription'>
type AsEvidence<Each> = Each extends Entry
  ? { seq: number; at: Millis } & Omit<Each, 'prescription' | 'order'>
  : never

/** What is known of one turn of a lane, in the words of the journal, in its order. */
export type PackEvidence = AsEvidence<
  Named<
    | 'vend-failed'
    | 'vend-seen'
    | 'pack-checked'
    | 'dispense-held'
    | 'dispense-resolved'
    | 'handed-over'
    | 'pack-removed'
  >
>

/**
 * ordered: nobody knows yet. not-moved: nothing moved, and there is evidence of that. fallen: it lies in the tray and was
 * read. held: a person must look. in-lane, removed: that is what a person found.
 */
export type PackOutcome = 'ordered' | 'not-moved' | 'fallen' | 'held' | 'handed-over' | 'in-lane' | 'removed'

/** One turn of a lane, and the pack that had to fall. Turned twice, a pack is here twice. */
export interface PackRecord {
  /** Names the turn within its journal. */
  order: string
  /** Hash of the row that ordered it: its name among all journals. */
  hash: string
  /** Its session, from 1. */
  attempt: number
  lane: string
  gtin: string
  product?: string
  ndc?: Ndc
  serial: string
  lot: string
  expiry: string
  ordered: Millis
  /** When it was read in the tray. */
  checked?: Millis
  /** `person`: somebody found that the patient has it, and said so then; when it was taken is not known. */
  handed_over?: { at: Millis; evidence: 'sensor' | 'door' | 'person' }
  outcome: PackOutcome
  evidence: PackEvidence[]
}

/** `requested` is absent where a pharmacist spoke with the patient before anybody stood at the kiosk. */
export interface Counselling {
  requested?: Millis
  joined: Told<'consult-joined'>[]
  ended?: Told<'consult-ended'>
}

/** Amounts in the smallest unit of money. That it was told to settle is no evidence that the terminal did. */
export interface Payment {
  ordered: Told<'charge-ordered'>
  paid?: Told<'paid'>
  failed?: Told<'payment-failed'>
  in_doubt?: Millis
  settle_ordered?: Told<'settle-ordered'>
  settle_failed?: Told<'settle-failed'>
}

/** One session at the kiosk, from the token that was shown. */
export interface Attempt {
  began: Millis
  reader: string
  verified?: Told<'verified'>
  counselling?: Counselling
  payment?: Payment
  label?: { ordered: Told<'print-ordered'>; printed?: Millis; failed?: Told<'print-failed'> }
  ended?: { at: Millis; why: string }
}

/** The codes of FHIR R4 MedicationDispense.status, meant as there. */
export type RecordStatus =
  | 'preparation'
  | 'in-progress'
  | 'on-hold'
  | 'completed'
  | 'stopped'
  | 'cancelled'
  | 'declined'

/**
 * What became of one prescription at a kiosk, from its journal alone. Nothing of a person is in it, and what is not known is
 * absent. Times are Unix milliseconds of the rows that say so.
 */
export interface DispenseRecord {
  /** Hash of the row that received it: an id may come again, this does not. */
  hash: string
  unit: string
  permit?: string
  prescription: string
  status: RecordStatus
  items: { gtin: string; product?: string; ndc?: Ndc; packs: number }[]
  refill: boolean
  first_time: boolean
  until: Millis
  digest: string
  received: Millis
  released?: Told<'prescription-released'>
  /** Spoken outside of a session. */
  counselled?: Counselling
  attempts: Attempt[]
  packs: PackRecord[]
  /** What could not be held for it when that was last tried. */
  missing: { gtin: string; packs: number }[]
  /** There while a person must look. */
  held?: Told<'dispense-held'>
  ended?: Told<'prescription-ended'>
  /** When what was known of the person was destroyed. */
  destroyed?: Millis
  /** Every row it stands on. */
  steps: { seq: number; at: Millis; type: Entry['type'] }[]
}

const without = (entry: Entry, ...left: string[]) =>
  Object.fromEntries(Object.entries(entry).filter(([name]) => !left.includes(name)))

export const told = <Each extends Entry>(at: Millis, entry: Each) =>
  ({ at, ...without(entry, 'type', 'prescription') }) as Told<Each['type']>

export const asEvidence = (seq: number, at: Millis, entry: Named<PackEvidence['type']>) =>
  ({ seq, at, ...without(entry, 'prescription', 'order') }) as PackEvidence

/** What all of it comes to, once every row was heard. */
export function statusOf({ ended, held, attempts, missing, packs, released }: DispenseRecord): RecordStatus {
  const given = packs.some(({ outcome }) => outcome === 'handed-over')
  switch (ended?.why) {
    case 'handed-over':
      return 'completed'
    case 'partial':
      return 'stopped'
    case 'rejected':
      return given ? 'stopped' : 'declined'
    case 'withdrawn':
    case 'expired':
    case 'not-collected':
      return given ? 'stopped' : 'cancelled'
    case undefined:
      if (held) return 'on-hold'
      if (attempts.some(attempt => !attempt.ended)) return 'in-progress'
      if (missing.length > 0) return 'on-hold'
      return released ? 'in-progress' : 'preparation'
  }
}
