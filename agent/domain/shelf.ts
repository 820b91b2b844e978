import type { LaneConfig } from '../../config/kiosk.ts'
import type { Item, Prescription } from './prescription.ts'
import { type Pack, packId } from './stock.ts'

/** What can be given out of a machine, as far as choosing needs to know it. */
export interface Shelf {
  lanes: LaneConfig[]
  /** What lies in a lane, the front first. */
  packsIn(lane: string): Pack[]
  /** Why a pack may not be given out now: expired, recalled, quarantined or in doubt. */
  barred(pack: Pack): string | undefined
  /** The prescription that a pack is held for. */
  heldFor(pack: Pick<Pack, 'gtin' | 'serial'>): string | undefined
  /** Whether it falls for somebody now: then it is nobody else's, even if it did not fall after all. */
  falling?(pack: Pick<Pack, 'gtin' | 'serial'>): boolean
}

/** What can fall out of a lane, the front first: nothing behind a pack that may not be given out. */
export function reachable(shelf: Shelf, lane: string): Pack[] {
  const packs = shelf.packsIn(lane)
  const first = packs.findIndex(pack => shelf.barred(pack) !== undefined)
  return first < 0 ? packs : packs.slice(0, first)
}

export interface Reservation {
  items: Item[]
  /** What was held by this, and was not before. */
  held: Pick<Pack, 'gtin' | 'serial'>[]
  /** How many packs of which product could not be had. */
  missing: { gtin: string; missing: number }[]
}

/** Holds a pack for each item that has none, or whose pack may not be given out any more: first expired, first out. */
export function reserve({ id, items }: Prescription, shelf: Shelf): Reservation {
  const free = shelf.lanes.flatMap(({ name }) => reachable(shelf, name))
  const good = new Set(free.map(packId))
  const keeps = (item: Item) => item.now !== 'held' || good.has(packId(item))
  const taken = new Set(items.filter(keeps).flatMap(item => (item.now === 'wanted' ? [] : [packId(item)])))
  const held: Reservation['held'] = []
  const missing = new Map<string, number>()
  const now = items.map((item): Item => {
    if (item.now !== 'wanted' && keeps(item)) return item
    const { gtin } = item
    const [pack] = free
      .filter(each => each.gtin === gtin && !taken.has(packId(each)))
      .filter(each => [undefined, id].includes(shelf.heldFor(each)) && !shelf.falling?.(each))
      .sort(firstExpired)
    if (!pack) {
      missing.set(gtin, (missing.get(gtin) ?? 0) + 1)
      return { gtin, now: 'wanted' }
    }
    taken.add(packId(pack))
    held.push({ gtin, serial: pack.serial })
    return { gtin, now: 'held', serial: pack.serial }
  })
  return { items: now, held, missing: [...missing].map(([gtin, count]) => ({ gtin, missing: count })) }
}

const firstExpired = (one: Pack, other: Pack): number =>
  one.expiry.localeCompare(other.expiry) ||
  one.position - other.position ||
  one.lane.localeCompare(other.lane)

/** The pack that falls when the lane of a held pack is turned, and for whom that one was held until now. */
export interface Fall {
  pack: Pack
  heldFor: string | undefined
}

/** Undefined where nothing may fall out of that lane now. */
export function nextFall(item: Item & { now: 'held' }, shelf: Shelf): Fall | undefined {
  for (const { name } of shelf.lanes) {
    const packs = reachable(shelf, name)
    if (!packs.some(pack => packId(pack) === packId(item))) continue
    const [pack] = packs
    return pack && { pack, heldFor: shelf.heldFor(pack) }
  }
  return undefined
}
