import type { Database } from 'better-sqlite3'
import type { Box } from '../domain/boxes.ts'

/** What is known of persons, each in a box of its own. */
export function vault(db: Database) {
  const upsert = db.prepare<[string, string, string]>(
    'insert into vault (name, key, data) values (?, ?, ?) on conflict (name) do update set key = excluded.key, data = excluded.data',
  )
  const remove = db.prepare<[string]>('delete from vault where name = ?')
  const select = db.prepare<[string], Box>('select key, data from vault where name = ?')
  return {
    save: (name: string, { key, data }: Box) => void upsert.run(name, key, data),
    get: (name: string): Box | undefined => select.get(name),
    /** Destroys it. `secure_delete` overwrites its place in the file; its copies in the log go with `scrub`. */
    remove: (name: string) => void remove.run(name),
  }
}

/** Moves the log into the file and cuts it to nothing: what was deleted is in no copy any more. Outside a transaction. */
export function scrub(db: Database): { ok: boolean } {
  const [result] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number; log: number }[]
  return { ok: result?.busy === 0 && result.log === 0 }
}
