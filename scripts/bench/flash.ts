import { join } from 'node:path'
import Database from 'better-sqlite3'
import { openStore } from '../../agent/store/open.ts'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { within } from './ending.ts'
import { type Bench, figure } from './figure.ts'
import { scratch, written } from './machine.ts'

const ROWS = 20_000
/** Closing puts the last of the WAL into the file: that is written, too. */
type Filled = (rows: number) => { close(): void }

const entry = { type: 'door-opened', compartment: 'A1', order: 'o1234' } as const

/** The journal as the agent keeps it, committed by so many. */
const ours =
  (path: string, group: number): Filled =>
  rows => {
    const store = openStore(path, new Uint8Array(32), systemEntropy)
    for (let row = 0; row < rows; row += group)
      store.atomically(() => {
        for (let each = 0; each < group; each++) store.journal.append(row + each, entry)
      })
    return store
  }

/** SQLite itself as it comes, with as many bytes a row. */
const bare =
  (path: string, group: number): Filled =>
  rows => {
    const db = new Database(path)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.exec('create table journal (seq integer primary key, at integer, entry text, hash blob)')
    const insert = db.prepare('insert into journal (at, entry, hash) values (?, ?, ?)')
    const hash = Buffer.alloc(32)
    const text = JSON.stringify(entry)
    const commit = db.transaction(() => {
      for (let each = 0; each < group; each++) insert.run(each, text, hash)
    })
    for (let row = 0; row < rows; row += group) commit()
    return db
  }

function perRow(fill: Filled): number {
  const from = written('self')
  fill(ROWS).close()
  return (written('self') - from) / ROWS
}

export const flash: Bench = {
  name: 'flash',
  about: 'bytes written to flash for each journal row, beside a bare SQLite table',
  figures: ['flash-row-alone', 'flash-row-by-ten'],
  measure: say =>
    within(async keep => {
      const { folder } = keep(scratch())
      const of = (fill: (path: string, group: number) => Filled, group: number) =>
        perRow(fill(join(folder, `${fill.name}-${group}.db`), group))
      const [alone, aloneFloor] = [of(ours, 1), of(bare, 1)]
      const [tens, tensFloor] = [of(ours, 10), of(bare, 10)]
      if (aloneFloor === 0) throw new Error('the kernel counts no writes where temporary files are: no disk')
      say(
        `${ROWS} rows each way, all checkpoints included, as the kernel counts write_bytes in /proc/self/io`,
      )
      return {
        'flash-row-alone': figure(alone, 'bytes', aloneFloor, '≤ 10000 bytes', alone <= 10_000),
        'flash-row-by-ten': figure(tens, 'bytes', tensFloor, '≤ 2500 bytes', tens <= 2_500),
      }
    }),
}
