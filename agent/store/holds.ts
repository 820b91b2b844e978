import type { Database } from 'better-sqlite3'

/** Compartments out of use, and why. */
export function holds(db: Database) {
  const upsert = db.prepare<[string, string]>(
    'insert into holds (compartment, why) values (?, ?) on conflict (compartment) do update set why = excluded.why',
  )
  const remove = db.prepare<[string]>('delete from holds where compartment = ?')
  const select = db.prepare<[], { compartment: string; why: string }>(
    'select compartment, why from holds order by compartment',
  )
  return {
    save: (compartment: string, why: string) => void upsert.run(compartment, why),
    remove: (compartment: string) => void remove.run(compartment),
    all: () => select.all(),
  }
}
