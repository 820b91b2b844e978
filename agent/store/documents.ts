import type { Database } from 'better-sqlite3'

/** One table of things that have a name, each kept whole as JSON: `create table NAME (id text primary key, body text not null)`. */
export function documents<Body>(db: Database, table: 'packs' | 'prescriptions' | 'recalls' | 'tokens') {
  const upsert = db.prepare<[string, string]>(
    `insert into ${table} (id, body) values (?, ?) on conflict (id) do update set body = excluded.body`,
  )
  const remove = db.prepare<[string]>(`delete from ${table} where id = ?`)
  const select = db.prepare<[], string>(`select body from ${table} order by id`).pluck()
  return {
    save: (id: string, value: Body) => void upsert.run(id, JSON.stringify(value)),
    remove: (id: string) => void remove.run(id),
    all: (): Body[] => select.all().map(text => JSON.parse(text) as Body),
  }
}
