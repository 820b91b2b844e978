import { createHash } from 'node:crypto'
import type { Row } from './journal.ts'

/** What stands before the first row of every journal. */
export const ROOT = '0'.repeat(64)

/** The hash of one row: SHA-256 over the hash before it (32 bytes), then seq, wall time and entry JSON, each after a newline. */
export const link = (before: string, seq: number, at: number, entry: string): string =>
  createHash('sha256').update(before, 'hex').update(`\n${seq}\n${at}\n${entry}`).digest('hex')

/** A row that does not follow from the one before it. */
export interface Break {
  seq: number
  says: string
}

/** Row as it lies in the file: the entry still as text, because the hash is over that text. */
export type RawRow = Omit<Row, 'entry'> & { entry: string }

/** Walks rows in order and names every one that was altered, removed, added or moved. */
export function inspectChain(
  rows: Iterable<RawRow>,
  from: { seq: number; hash: string } = { seq: 0, hash: ROOT },
) {
  const breaks: Break[] = []
  let head = from
  let count = 0
  let at = -Infinity
  for (const row of rows) {
    count++
    const missing = row.seq - head.seq - 1
    if (missing > 0)
      breaks.push({ seq: row.seq, says: `${missing} row${missing === 1 ? '' : 's'} before it removed` })
    else if (row.hash !== link(head.hash, row.seq, row.at, row.entry))
      breaks.push({ seq: row.seq, says: 'altered, or moved from another place' })
    if (row.at < at) breaks.push({ seq: row.seq, says: 'older than the row before it' })
    at = row.at
    head = { seq: row.seq, hash: row.hash }
  }
  return { breaks, head, rows: count }
}
