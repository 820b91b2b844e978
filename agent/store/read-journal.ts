import Database from 'better-sqlite3'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Entry, Row } from '../domain/journal.ts'

/** A journal file that no agent has open. */
export interface JournalFile {
  /** When its last row was written; undefined where there is none. */
  lastAt: Millis | undefined
  /** Every row in its order, one at a time. */
  rows(): Iterable<Pick<Row, 'at' | 'entry'>>
}

/** Reads a journal file without an agent and without writing to it. Throws one sentence when it is no journal at all. */
export function readJournal<Result>(path: string, work: (journal: JournalFile) => Result): Result {
  const db = openReadOnly(path)
  try {
    const newest = db.prepare<[], Millis>('select at from journal order by seq desc limit 1').pluck().get()
    return work({ lastAt: newest, rows: () => rowsOf(db) })
  } finally {
    db.close()
  }
}

function* rowsOf(db: Database.Database): Generator<Pick<Row, 'at' | 'entry'>> {
  const rows = db.prepare<[], { at: Millis; entry: string }>('select at, entry from journal order by seq')
  for (const { at, entry } of rows.iterate()) yield { at, entry: JSON.parse(entry) as Entry }
}

function openReadOnly(path: string): Database.Database {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true })
    db.prepare('select 1 from journal limit 1').get()
    return db
  } catch (error) {
    throw new Error(
      `${path} is not a journal that can be read: ${error instanceof Error ? error.message : error}`,
    )
  }
}
