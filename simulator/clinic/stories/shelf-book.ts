import type { Entry } from '../../../agent/domain/journal.ts'
import { fits, type Scope } from '../../../agent/domain/recall.ts'
import { type Pack, packId } from '../../../agent/domain/stock.ts'

export type Gone = Pick<Pack, 'gtin' | 'serial'>

/** What lies in each lane and what is recalled, as the journal alone tells it. */
export function openShelfBook() {
  const packs = new Map<string, Pack>()
  const recalls = new Map<string, Scope>()

  const away = (pack: Gone): void => void packs.delete(packId(pack))

  return {
    hear(entry: Entry): void {
      switch (entry.type) {
        case 'pack-loaded': {
          const { gtin, serial, lot, expiry, lane, position } = entry
          packs.set(packId(entry), { gtin, serial, lot, expiry, lane, position, loaded: 0 })
          return
        }
        case 'pack-removed':
          return away(entry)
        case 'handed-over':
          for (const pack of entry.packs) away(pack)
          return
        case 'dispense-resolved':
          if (entry.found === 'handed-over') away({ gtin: entry.gtin ?? '', serial: entry.serial ?? '' })
          return
        case 'recalled':
          recalls.set(entry.recall, entry.scope)
          return
        case 'recall-lifted':
          recalls.delete(entry.recall)
          return
      }
    },
    /** The pack that falls next from a lane, where these have left it already. */
    front: (lane: string, gone: ReadonlySet<string>): string | undefined =>
      [...packs]
        .filter(([name, pack]) => pack.lane === lane && !gone.has(name))
        .sort(([, one], [, other]) => one.position - other.position)[0]?.[0],
    /** The recall or quarantine under which a pack falls. */
    barred(name: Gone): string | undefined {
      const pack = packs.get(packId(name))
      return pack && [...recalls].find(([, scope]) => fits(scope, pack))?.[0]
    },
  }
}
