import type { Database } from 'better-sqlite3'
import type { Millis } from '../../drivers/host/clock.ts'

export interface Process {
  workflow: string
  key: string
  state: unknown
}

/** Every process that is under way, with its deadline on the unit's steady clock beside it. */
export function processes(db: Database) {
  const upsert = db.prepare<[string, string, string, Millis | null]>(
    `insert into processes (workflow, key, state, deadline) values (?, ?, ?, ?)
     on conflict (workflow, key) do update set state = excluded.state, deadline = excluded.deadline`,
  )
  const remove = db.prepare<[string, string]>('delete from processes where workflow = ? and key = ?')
  const select = db.prepare<[], { workflow: string; key: string; state: string }>(
    'select workflow, key, state from processes order by workflow, key',
  )
  return {
    save: (workflow: string, key: string, state: unknown, deadline: Millis | undefined) =>
      void upsert.run(workflow, key, JSON.stringify(state), deadline ?? null),
    remove: (workflow: string, key: string) => void remove.run(workflow, key),
    all: (): Process[] => select.all().map(row => ({ ...row, state: JSON.parse(row.state) as unknown })),
  }
}
