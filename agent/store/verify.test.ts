import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entropy } from '../../drivers/host/entropy.ts'
import { link } from '../domain/chain.ts'
import { openStore } from './open.ts'
import { verifyFile } from './verify.ts'

const KEY = new Uint8Array(32).fill(3)
const entropy: Entropy = { bytes: length => new Uint8Array(length), fraction: () => 0 }
const ROWS = 40
let folder: string
let good: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-verify-'))
  good = join(folder, 'good.db')
  const store = openStore(good, KEY, entropy)
  for (let row = 1; row <= ROWS; row++)
    store.atomically(() => store.journal.append(1_000 * row, { type: 'door-opened', compartment: `A${row}` }))
  store.close()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What is found in a copy that somebody worked on with a database tool. */
function tampered(work: (db: Database.Database) => void, key: Uint8Array | undefined = KEY) {
  const copy = join(folder, 'copy.db')
  copyFileSync(good, copy)
  const db = new Database(copy)
  work(db)
  db.close()
  return verifyFile(copy, key).problems
}

const run = (sql: string) => (db: Database.Database) => void db.exec(sql)

/** What a thief without the unit's key can do: every hash anew from `seq` on. */
function rechain(db: Database.Database, seq: number): void {
  const rows = db
    .prepare<[], { seq: number; at: number; entry: string; hash: Buffer }>(
      'select * from journal order by seq',
    )
    .all()
  const set = db.prepare('update journal set hash = ? where seq = ?')
  let before = rows.find(row => row.seq === seq - 1)?.hash.toString('hex') ?? '0'.repeat(64)
  for (const row of rows.filter(each => each.seq >= seq)) {
    before = link(before, row.seq, row.at, row.entry)
    set.run(Buffer.from(before, 'hex'), row.seq)
  }
}

test('a journal as it was written is right', () => {
  expect(tampered(() => {})).toEqual([])
})

test('every row, altered in any column, is named', () => {
  for (let seq = 1; seq <= ROWS; seq++) {
    const named = expect.arrayContaining([expect.objectContaining({ seq })])
    expect(tampered(run(`update journal set entry = replace(entry, '"A', '"B') where seq = ${seq}`))).toEqual(
      named,
    )
    expect(tampered(run(`update journal set at = at + 1 where seq = ${seq}`))).toEqual(named)
    expect(tampered(run(`update journal set hash = zeroblob(32) where seq = ${seq}`))).toEqual(named)
  }
})

test('every row that was removed is missed, the last one too', () => {
  for (let seq = 1; seq <= ROWS; seq++)
    expect(tampered(run(`delete from journal where seq = ${seq}`)), `row ${seq}`).toHaveLength(1)
  expect(tampered(run('delete from journal where seq = 7'))).toEqual([
    { seq: 8, says: '1 row before it removed' },
  ])
  expect(tampered(run('delete from journal where seq > 35'))).toEqual([
    { seq: ROWS, says: '5 of the last rows removed' },
  ])
  expect(tampered(run('delete from journal'))).toHaveLength(1)
})

test('rows that changed places are named', () => {
  for (let seq = 1; seq < ROWS; seq++) {
    const found = tampered(
      run(
        `update journal set seq = -1 where seq = ${seq}; update journal set seq = ${seq} where seq = ${seq + 1}; update journal set seq = ${seq + 1} where seq = -1`,
      ),
    )
    expect(found).toEqual(expect.arrayContaining([expect.objectContaining({ seq })]))
  }
})

test('a row put in between, or after the end, is found', () => {
  const shift = `update journal set seq = -seq - 1 where seq > 20; update journal set seq = -seq where seq < 0;`
  const insert = (seq: number) =>
    `insert into journal select ${seq}, at, entry, hash from journal where seq = 20`
  expect(tampered(run(`${shift} ${insert(21)}`))).not.toEqual([])
  expect(tampered(run(insert(ROWS + 1)))).not.toEqual([])
})

test('a chain made anew without the key does not pass, wherever it begins and however it is sealed', () => {
  for (const seq of [1, 20, ROWS]) {
    const alter = (db: Database.Database): void => {
      db.exec(`update journal set entry = replace(entry, '"A', '"B') where seq = ${seq}`)
      rechain(db, seq)
    }
    expect(tampered(alter)).not.toEqual([])
    const resealed = (db: Database.Database): void => {
      alter(db)
      db.exec(`update seal set hash = (select hash from journal where seq = ${ROWS})`)
    }
    expect(tampered(resealed)).toEqual([{ seq: ROWS, says: 'the seal was not made with this unit’s key' }])
  }
})

test('a seal taken away, or of an earlier moment, is missed', () => {
  expect(tampered(run('delete from seal'))).toEqual([
    { seq: ROWS, says: 'the seal over the last row is missing' },
  ])
  const earlier = join(folder, 'earlier.db')
  const store = openStore(earlier, KEY, entropy)
  store.atomically(() => store.journal.append(1_000, { type: 'door-opened', compartment: 'A1' }))
  store.close()
  const old = new Database(earlier)
    .prepare<[], { seq: number; hash: Buffer; mac: Buffer }>('select * from seal')
    .get()
  expect(
    tampered(
      db => void db.prepare('update seal set seq = ?, hash = ?, mac = ?').run(old?.seq, old?.hash, old?.mac),
    ),
  ).not.toEqual([])
})

test('what is no journal is said to be none', () => {
  const junk = join(folder, 'junk.db')
  writeFileSync(junk, 'this is not a database, only text that is long enough to look like one'.repeat(20))
  expect(() => verifyFile(junk, KEY)).toThrow(/is not a journal that can be read/)
})

/** The seeded dice of this test: the same cuts on every machine. */
function dice(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    return (state >>> 0) % below
  }
}

/** A store that was killed with `ROWS` commits in its WAL and none in its file. */
function killed(): { db: Buffer; wal: Buffer } {
  const path = join(folder, 'killed.db')
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
  const store = openStore(path, KEY, entropy)
  for (let row = 1; row <= ROWS; row++)
    store.atomically(() => store.journal.append(1_000 * row, { type: 'door-opened', compartment: `A${row}` }))
  const left = { db: readFileSync(path), wal: readFileSync(`${path}-wal`) }
  store.close()
  return left
}

/** Opens what is left as the agent would; the verdict on it, or that it was refused. */
function reopened(db: Buffer, wal: Buffer): { rows: number; problems: number } | 'refused' {
  const path = join(folder, 'torn.db')
  writeFileSync(path, db)
  writeFileSync(`${path}-wal`, wal)
  rmSync(`${path}-shm`, { force: true })
  try {
    const store = openStore(path, KEY, entropy)
    store.close()
    const { rows, problems } = verifyFile(path, KEY)
    return { rows, problems: problems.length }
  } catch {
    return 'refused'
  }
}

test('a WAL cut at any of 300 places leaves whole commits: a journal that verifies, shorter and never torn', () => {
  const { db, wal } = killed()
  const roll = dice(1)
  let shorter = 0
  for (let cut = 0; cut < 300; cut++) {
    const left = reopened(db, wal.subarray(0, roll(wal.length)))
    expect(left, `cut ${cut}`).not.toBe('refused')
    if (left === 'refused') continue
    expect(left.problems, `cut ${cut}`).toBe(0)
    if (left.rows < ROWS) shorter++
  }
  expect(shorter).toBeGreaterThan(250)
})

test('of 200 flipped bits in the WAL none passes unseen: whole commits before it, or nothing changed', () => {
  const { db, wal } = killed()
  const roll = dice(2)
  for (let flip = 0; flip < 200; flip++) {
    const torn = Buffer.from(wal)
    const at = roll(torn.length)
    torn[at] = (torn[at] ?? 0) ^ (1 << roll(8))
    const left = reopened(db, torn)
    if (left !== 'refused') expect(left.problems, `bit in byte ${at}`).toBe(0)
  }
})

test('of 200 flipped bits in a closed journal each is found, refused, or outside every row', () => {
  const whole = readFileSync(good)
  const roll = dice(3)
  const copy = join(folder, 'flipped.db')
  let found = 0
  for (let flip = 0; flip < 200; flip++) {
    const bytes = Buffer.from(whole)
    const at = roll(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << roll(8))
    writeFileSync(copy, bytes)
    try {
      const verdict = verifyFile(copy, KEY)
      if (verdict.problems.length > 0) found++
      // Not found means that every row and the seal still read exactly as written.
      else expect([verdict.rows, verdict.head.seq]).toEqual([ROWS, ROWS])
    } catch {
      found++
    }
  }
  expect(found).toBeGreaterThan(50)
})

test('a file cut short is refused or found', () => {
  const copy = join(folder, 'short.db')
  for (const share of [0.2, 0.5, 0.9]) {
    copyFileSync(good, copy)
    truncateSync(copy, Math.floor(readFileSync(good).length * share))
    let sound = false
    try {
      sound = verifyFile(copy, KEY).problems.length === 0
    } catch {
      sound = false
    }
    expect(sound).toBe(false)
  }
})
