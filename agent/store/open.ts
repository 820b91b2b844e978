import Database from 'better-sqlite3'
import type { Entropy } from '../../drivers/host/entropy.ts'
import type { Prescription } from '../domain/prescription.ts'
import type { Recall } from '../domain/recall.ts'
import type { Pack } from '../domain/stock.ts'
import type { UsedToken } from '../domain/token.ts'
import { bookings } from './bookings.ts'
import { documents } from './documents.ts'
import { facts } from './facts.ts'
import { holds } from './holds.ts'
import { journal } from './journal.ts'
import { migrate } from './migrations.ts'
import { processes } from './processes.ts'
import { scrub, vault } from './vault.ts'

export type Store = ReturnType<typeof openStore>

/**
 * Opens the one file the agent remembers in: a path in the field, a snapshot's bytes in the rig. `key` is the unit's.
 * Throws when the file cannot promise that what is committed stays committed.
 */
export function openStore(file: string | Buffer, key: Uint8Array, entropy: Entropy) {
  const db = new Database(file)
  // Small pages: one row committed alone costs the flash two of them, not two of four times the size.
  db.pragma('page_size = 1024')
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  if (db.pragma('synchronous', { simple: true }) !== 2)
    throw new Error('the store does not take synchronous = FULL, so a power cut could undo what was promised')
  db.pragma('locking_mode = EXCLUSIVE')
  // What is deleted is overwritten: a key that was destroyed must not lie about in a free page.
  db.pragma('secure_delete = ON')
  db.pragma('wal_autocheckpoint = 2000')
  migrate(db)
  const parts = {
    journal: journal(db, key),
    processes: processes(db),
    bookings: bookings(db),
    holds: holds(db),
    packs: documents<Pack>(db, 'packs'),
    prescriptions: documents<Prescription>(db, 'prescriptions'),
    recalls: documents<Recall>(db, 'recalls'),
    tokens: documents<UsedToken>(db, 'tokens'),
    vault: vault(db),
    facts: facts(db),
  }
  if (parts.facts.epoch() === undefined) parts.facts.beginEpoch(Buffer.from(entropy.bytes(8)).toString('hex'))
  const transact = db.transaction((work: () => unknown) => {
    const result = work()
    parts.journal.seal()
    return result
  })
  return {
    ...parts,
    /** All of `work` or none of it, on the disk before this returns. Never await inside. */
    atomically: <Result>(work: () => Result): Result => transact.immediate(work) as Result,
    /** After something was destroyed: nothing of it is left in the log either. False where somebody kept it from being cut. */
    scrub: (): boolean => scrub(db).ok,
    /** The whole file as bytes, as a power cut would leave it now. */
    snapshot: (): Buffer => db.serialize(),
    close: () => void db.close(),
  }
}
