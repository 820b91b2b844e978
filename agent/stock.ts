import type { LaneConfig, Site } from '../config/site.ts'
import { type Pack, type Product, packId } from './domain/stock.ts'
import type { Store } from './store/open.ts'

/** Every pack in the machine, in memory as on the disk. */
export function openStock(site: Site, store: Store['packs']) {
  const lanes = new Map(site.lanes.map(each => [each.name, each]))
  const products = new Map(site.products.map(each => [each.gtin, each]))
  const packs = new Map(store.all().map(each => [packId(each), each]))

  return {
    lane: (name: string): LaneConfig | undefined => lanes.get(name),
    product: (gtin: string): Product | undefined => products.get(gtin),
    pack: (name: Pick<Pack, 'gtin' | 'serial'>): Pack | undefined => packs.get(packId(name)),
    packsIn: (lane: string): Pack[] =>
      [...packs.values()].filter(each => each.lane === lane).sort((a, b) => a.position - b.position),
    keep(pack: Pack): void {
      packs.set(packId(pack), pack)
      store.save(pack)
    },
    forget(pack: Pick<Pack, 'gtin' | 'serial'>): void {
      packs.delete(packId(pack))
      store.remove(pack)
    },
  }
}
