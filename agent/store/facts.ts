import type { Database } from 'better-sqlite3'
import type { RevocationList } from '../domain/revocation.ts'

/** The few things a unit knows of itself. */
export function facts(db: Database) {
  const upsert = db.prepare<[string, string | number]>(
    'insert into facts (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
  )
  const select = db.prepare<[string], string | number>('select value from facts where name = ?').pluck()
  const put = (name: string, value: string | number) => void upsert.run(name, value)
  return {
    /** Names this journal among all that this unit ever had: sequence numbers start again in another epoch. */
    epoch: (): string | undefined => select.get('epoch') as string | undefined,
    beginEpoch: (epoch: string) => put('epoch', epoch),
    session: (): number => (select.get('session') as number | undefined) ?? 0,
    saveSession: (session: number) => put('session', session),
    /** How far the cloud said it has the journal. */
    confirmed: (): number => (select.get('confirmed') as number | undefined) ?? 0,
    /** When the cloud was last heard, in Unix milliseconds; lazily kept, so never later than it was. */
    contact: (): number | undefined => select.get('contact') as number | undefined,
    revocations: (): RevocationList | undefined => {
      const text = select.get('revocations') as string | undefined
      return text === undefined ? undefined : (JSON.parse(text) as RevocationList)
    },
    saveRevocations: (list: RevocationList) => put('revocations', JSON.stringify(list)),
    saveContact: (wall: number) => put('contact', wall),
    saveConfirmed: (seq: number) => put('confirmed', seq),
  }
}
