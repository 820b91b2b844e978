import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { Millis } from '../../drivers/host/clock.ts'
import { link, type RawRow, ROOT } from '../domain/chain.ts'
import type { Entry, Row } from '../domain/journal.ts'

export interface Head {
  seq: number
  hash: string
}

/** The last row's number and hash, and a MAC over both. */
export interface Seal {
  seq: number
  hash: Buffer
  mac: Buffer
}

/** What the keyed seal over the last row says, so that rows cut off the end are missed too. */
export const macOf = (key: Uint8Array | KeyObject, { seq, hash }: Head): Buffer =>
  createHmac('sha256', key).update(`pawl-seal\n${seq}\n${hash}`).digest()

export type Journal = ReturnType<typeof journal>

interface Kept {
  seq: number
  at: Millis
  entry: string
  hash: Buffer
}

/** Append-only, each row chained to the one before, the last one sealed with the unit's key once a commit. */
export function journal(db: Database, key: Uint8Array) {
  const insert = db.prepare<[number, Millis, string, Buffer]>(
    'insert into journal (seq, at, entry, hash) values (?, ?, ?, ?)',
  )
  const select = db.prepare<[number, number], Kept>(
    'select seq, at, entry, hash from journal where seq > ? order by seq limit ?',
  )
  const one = db.prepare<[number], Kept>('select seq, at, entry, hash from journal where seq = ?')
  const newest = db.prepare<[], Kept>('select seq, at, entry, hash from journal order by seq desc limit 1')
  const since = db.prepare<[Millis], number | null>('select min(seq) from journal where at >= ?').pluck()
  const sealing = db.prepare<[number, Buffer, Buffer]>(
    `insert into seal (id, seq, hash, mac) values (1, ?, ?, ?)
     on conflict (id) do update set seq = excluded.seq, hash = excluded.hash, mac = excluded.mac`,
  )

  const readSeal = db.prepare<[], Seal>('select seq, hash, mac from seal')

  const last = newest.get()
  /** Made ready once: that took longer than the MAC itself. */
  const sealKey = createSecretKey(key)
  let head: Head = last ? { seq: last.seq, hash: last.hash.toString('hex') } : { seq: 0, hash: ROOT }
  let lastAt = last?.at ?? 0
  let sealed = head.seq

  return {
    /** Gives the row its number, its place in the chain and a wall time that never goes back. */
    append(wall: Millis, entry: Entry): Row {
      const seq = head.seq + 1
      const at = Math.max(lastAt, Math.floor(wall))
      const text = JSON.stringify(entry)
      const hash = link(head.hash, seq, at, text)
      insert.run(seq, at, text, Buffer.from(hash, 'hex'))
      head = { seq, hash }
      lastAt = at
      return { seq, at, entry, hash }
    },
    /** The last thing before a commit that appended rows. */
    seal(): void {
      if (sealed === head.seq) return
      sealing.run(head.seq, Buffer.from(head.hash, 'hex'), macOf(sealKey, head))
      sealed = head.seq
    },
    /** The seal as it is on the disk. */
    sealed: (): Seal | undefined => readSeal.get(),
    head: (): Head => head,
    lastAt: (): Millis => lastAt,
    lastEntry: (): Entry | undefined => {
      const row = newest.get()
      return row && (JSON.parse(row.entry) as Entry)
    },
    /** The hash of one row; of what stands before the first for 0. */
    hashAt(seq: number): string | undefined {
      return seq === 0 ? ROOT : one.get(seq)?.hash.toString('hex')
    },
    /** The first row written at or after a wall time; undefined when there is none. */
    firstSince: (wall: Millis): number | undefined => since.get(wall) ?? undefined,
    after: (seq: number, limit: number): Row[] => select.all(seq, limit).map(readRow),
    /** As `after`, with each entry still as the text that the chain covers. */
    rawAfter: (seq: number, limit: number): RawRow[] =>
      select.all(seq, limit).map(row => ({ ...row, hash: row.hash.toString('hex') })),
  }
}

const readRow = ({ seq, at, entry, hash }: Kept): Row => ({
  seq,
  at,
  entry: JSON.parse(entry) as Entry,
  hash: hash.toString('hex'),
})
