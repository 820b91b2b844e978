import { createHash } from 'node:crypto'
import type { Row } from '../../agent/domain/journal.ts'

interface Batch {
  epoch: string
  prev: string
  rows: Row[]
}

/** What an operator's cloud keeps of one unit: every row once, in order, and every reason to mistrust it. */
export function ledger() {
  const rows: Row[] = []
  const disagreements: string[] = []
  let epoch: string | undefined
  let session = 0
  let online = false
  let repeated = 0

  /** Independent of the unit's own code, as another cloud's would be. */
  const hashOf = (before: string, { seq, at, entry }: Row) =>
    createHash('sha256')
      .update(Buffer.from(before, 'hex'))
      .update(`\n${seq}\n${at}\n${JSON.stringify(entry)}`)
      .digest('hex')

  function take(row: Row): void {
    const known = rows[row.seq - 1]
    if (known) {
      repeated++
      if (known.hash !== row.hash) disagreements.push(`row ${row.seq} came twice and is not the same`)
      return
    }
    if (row.seq !== rows.length + 1) return
    if (hashOf(rows.at(-1)?.hash ?? '0'.repeat(64), row) !== row.hash)
      disagreements.push(`row ${row.seq} does not follow from the one before it`)
    rows.push(row)
  }

  return {
    rows,
    disagreements,
    /** Takes rows in; says how far the cloud is now. */
    journal(batch: Batch): { epoch: string; seq: number } {
      if (batch.epoch !== epoch) {
        if (epoch !== undefined)
          disagreements.push(`the unit lost its journal: ${epoch} became ${batch.epoch}`)
        epoch = batch.epoch
      }
      for (const row of batch.rows) take(row)
      return { epoch: batch.epoch, seq: rows.length }
    },
    birth(said: { epoch: string; session: number; head: { seq: number } }): { epoch: string; seq: number } {
      if (epoch !== undefined && said.epoch !== epoch)
        disagreements.push(`the unit lost its journal: ${epoch} became ${said.epoch}`)
      epoch = said.epoch
      if (said.head.seq < rows.length)
        disagreements.push(`the unit's journal went back from ${rows.length} to ${said.head.seq}`)
      session = Math.max(session, said.session)
      online = true
      return { epoch, seq: rows.length }
    },
    /** A will may come after the next birth: then it is about a session that is over. */
    death(said: { session: number }): void {
      if (said.session >= session) online = false
    },
    state: () => ({ epoch, session, online, rows: rows.length, repeated }),
  }
}

export type Ledger = ReturnType<typeof ledger>
