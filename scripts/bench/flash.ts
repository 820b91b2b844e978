import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { openStore } from '../../agent/store/open.ts'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { type Bench, figure } from './figure.ts'
import { scratch } from './machine.ts'

const ROWS = 3_000

/** Bytes that this process sent to storage so far, as the kernel counts them. */
const written = (): number =>
  Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0)

/** Bytes handed to the disk for each row: by the kernel's count, or by the WAL's growth where there is no disk to count. */
function perRow(path: string, rows: number, work: () => void): number {
  const from = written()
  work()
  const bytes = written() - from
  return (bytes > 0 ? bytes : statSync(`${path}-wal`).size) / rows
}

const entry = { type: 'door-opened', compartment: 'A1', order: 'o1234' } as const

export const flash: Bench = {
  name: 'flash',
  about: 'bytes written to flash for each journal row, beside a bare SQLite table',
  async measure(say) {
    const { folder, end } = scratch()
    try {
      const ours = (group: number): number => {
        const path = join(folder, `ours-${group}.db`)
        const store = openStore(path, new Uint8Array(32), systemEntropy)
        const bytes = perRow(path, ROWS, () => {
          for (let row = 0; row < ROWS; row += group)
            store.atomically(() => {
              for (let each = 0; each < group; each++) store.journal.append(row + each, entry)
            })
        })
        store.close()
        return bytes
      }
      const bare = (group: number): number => {
        const path = join(folder, `bare-${group}.db`)
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
        const bytes = perRow(path, ROWS, () => {
          for (let row = 0; row < ROWS; row += group) commit()
        })
        db.close()
        return bytes
      }
      const [alone, aloneFloor] = [ours(1), bare(1)]
      const [tens, tensFloor] = [ours(10), bare(10)]
      say(`${ROWS} rows each way; bytes as the kernel counts them in /proc/self/io`)
      return {
        'flash-row-alone': figure(alone, 'bytes', aloneFloor, '≤ 10000', alone <= 10_000),
        'flash-row-by-ten': figure(tens, 'bytes', tensFloor, '≤ 2500', tens <= 2_500),
      }
    } finally {
      await end()
    }
  },
}
