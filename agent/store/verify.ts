import { timingSafeEqual } from 'node:crypto'
import Database from 'better-sqlite3'
import { type Break, type ChainFindings, chainInspector, type RawRow } from '../domain/chain.ts'
import { type Head, macOf, type Seal } from './journal.ts'

/** What came of holding a journal against its chain and its seal. */
export interface Verdict {
  ok: boolean
  rows: number
  head: Head
  /** Whether the seal over the last row could be checked with the unit's key. */
  sealed: boolean
  problems: Break[]
}

/** Verifies a journal file without an agent and without writing to it. Throws one sentence when it is no journal at all. */
export function verifyFile(path: string, key?: Uint8Array): Verdict {
  const db = openReadOnly(path)
  try {
    const chain = chainInspector()
    for (const row of rowsOf(db)) chain.take(row)
    return verdictOn(chain.found(), sealOf(db), key)
  } finally {
    db.close()
  }
}

/** What was found along the chain, and whether it ends where the seal says. */
export function verdictOn(
  { breaks, head, rows }: ChainFindings,
  seal: Seal | undefined,
  key?: Uint8Array,
): Verdict {
  const problems = [...breaks, ...checkSeal(head, seal, key)]
  return {
    ok: problems.length === 0,
    rows,
    head,
    sealed: key !== undefined && seal !== undefined,
    problems,
  }
}

function checkSeal(head: Head, seal: Seal | undefined, key: Uint8Array | undefined): Break[] {
  if (!seal) return head.seq === 0 ? [] : [{ seq: head.seq, says: 'the seal over the last row is missing' }]
  const sealed = { seq: seal.seq, hash: seal.hash.toString('hex') }
  if (key !== undefined) {
    const mac = macOf(key, sealed)
    if (seal.mac.length !== mac.length || !timingSafeEqual(seal.mac, mac))
      return [{ seq: seal.seq, says: 'the seal was not made with this unit’s key' }]
  }
  if (sealed.seq > head.seq)
    return [{ seq: sealed.seq, says: `${sealed.seq - head.seq} of the last rows removed` }]
  if (sealed.seq < head.seq)
    return [{ seq: head.seq, says: `${head.seq - sealed.seq} rows added after the seal` }]
  return sealed.hash === head.hash
    ? []
    : [{ seq: head.seq, says: 'the last row is not the one that was sealed' }]
}

function openReadOnly(path: string) {
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

interface Kept {
  seq: number
  at: number
  entry: string
  hash: Buffer
}

function* rowsOf(db: Database.Database): Generator<RawRow> {
  const rows = db.prepare<[], Kept>('select seq, at, entry, hash from journal order by seq').iterate()
  for (const row of rows) yield { ...row, hash: row.hash.toString('hex') }
}

const sealOf = (db: Database.Database): Seal | undefined =>
  db.prepare<[], Seal>('select seq, hash, mac from seal').get()
