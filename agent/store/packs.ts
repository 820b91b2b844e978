import type { Database } from 'better-sqlite3'
import { type Pack, packId } from '../domain/stock.ts'

/** Every pack in the machine. */
export function packs(db: Database) {
  const upsert = db.prepare<[string, string]>(
    'insert into packs (id, pack) values (?, ?) on conflict (id) do update set pack = excluded.pack',
  )
  const remove = db.prepare<[string]>('delete from packs where id = ?')
  const select = db.prepare<[], string>('select pack from packs order by id').pluck()
  return {
    save: (pack: Pack) => void upsert.run(packId(pack), JSON.stringify(pack)),
    remove: (pack: Pick<Pack, 'gtin' | 'serial'>) => void remove.run(packId(pack)),
    all: (): Pack[] => select.all().map(text => JSON.parse(text) as Pack),
  }
}
