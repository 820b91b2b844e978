import type { Row } from '../../agent/domain/journal.ts'
import type { Ledger } from '../cloud/ledger.ts'
import type { Life } from '../rig/life.ts'
import type { Clinic } from './clinic.ts'

/** What a run leaves behind, to be held against each other. */
export interface ClinicEvidence {
  clinic: Clinic
  life: Life
  journal: Row[]
  book: Ledger
  /** Instructions that the unit acknowledged. */
  acknowledged: ReadonlySet<string>
  ruined: string[]
  /** The store as it lies on the disk. */
  disk: Buffer
}

/** Says each breach in one sentence. */
export interface ClinicCheck {
  /** The promise of the house that it keeps. */
  promise: string
  breaches(evidence: ClinicEvidence): string[]
}
