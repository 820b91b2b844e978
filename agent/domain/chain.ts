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

/** Takes rows in order, as many at a time as one likes, and names each that was altered, removed, added or moved. */
export function chainInspector() {
  const breaks: Break[] = []
  let head = { seq: 0, hash: ROOT }
  let rows = 0
  let last = -Infinity
  return {
    take({ seq, at, entry, hash }: RawRow): void {
      rows++
      const missing = seq - head.seq - 1
      if (missing > 0)
        breaks.push({ seq, says: `${missing} row${missing === 1 ? '' : 's'} before it removed` })
      else if (hash !== link(head.hash, seq, at, entry))
        breaks.push({ seq, says: 'altered, or moved from another place' })
      if (at < last) breaks.push({ seq, says: 'older than the row before it' })
      last = at
      head = { seq, hash }
    },
    found: () => ({ breaks, head, rows }),
  }
}

export type ChainFindings = ReturnType<ReturnType<typeof chainInspector>['found']>
