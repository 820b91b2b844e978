import { type Effect, record } from './effect.ts'
import type { Known } from './known.ts'
import type { Item, Prescription } from './prescription.ts'
import { type Reservation, reachable, reserve, type Shelf } from './shelf.ts'
import { type Pack, packId } from './stock.ts'

/** Holds packs for a prescription and writes down what changed. */
export function holdPacks(
  prescription: Prescription,
  known: Known,
): { effects: Effect[]; now: Prescription; missing: Reservation['missing'] } {
  const { id } = prescription
  const { items, held, missing } = reserve(prescription, known.shelf)
  const same = held.length === 0 && items.every((item, index) => item.now === prescription.items[index]?.now)
  return {
    now: { ...prescription, items },
    missing,
    effects: same
      ? []
      : [
          ...(held.length > 0 ? [record({ type: 'reserved', prescription: id, packs: held })] : []),
          { type: 'change-prescription', prescription: id, items },
        ],
  }
}

type HeldItem = Item & { now: 'held' }

/**
 * A lane gives out its front pack, whoever that was held for. So whoever comes first gets what lies in front, and those
 * whose pack it was are given the one held for whoever came.
 */
export function lineUp(prescription: Prescription, known: Known): { effects: Effect[]; items: Item[] } {
  const { id } = prescription
  const items = [...prescription.items]
  const effects: Effect[] = []
  for (const { name } of known.shelf.lanes) {
    const swaps = swapIn(known.shelf, name, items)
    for (const { index, from, to, holder } of swaps) {
      const { gtin, serial: now } = to
      items[index] = { gtin, now: 'held', serial: now }
      effects.push(record({ type: 'reservation-moved', prescription: id, gtin, serial: from.serial, now }))
      if (holder !== undefined && holder !== id) effects.push(...giveInstead(holder, to, from, known))
    }
  }
  if (effects.length === 0) return { effects, items }
  return { effects: [...effects, { type: 'change-prescription', prescription: id, items }], items }
}

interface Swap {
  index: number
  from: Pack
  to: Pack
  holder: string | undefined
}

/** Which items of a lane must have another pack so that they are the next to fall. */
function swapIn(shelf: Shelf, lane: string, items: Item[]): Swap[] {
  const packs = reachable(shelf, lane)
  const mine = packs.flatMap(pack => {
    const index = items.findIndex(item => item.now === 'held' && packId(item) === packId(pack))
    return index < 0 ? [] : [{ index, pack }]
  })
  const front = packs.slice(0, mine.length)
  const wanted = front.filter(pack => !mine.some(each => each.pack === pack))
  const given = mine.filter(({ pack }) => !front.includes(pack))
  return given.flatMap(({ index, pack: from }, place) => {
    const to = wanted[place]
    return to ? [{ index, from, to, holder: shelf.heldFor(to) }] : []
  })
}

function giveInstead(prescription: string, was: Pack, now: Pack, known: Known): Effect[] {
  const items = known.prescription(prescription)?.items ?? []
  const index = items.findIndex(item => item.now === 'held' && packId(item) === packId(was))
  if (index < 0) return []
  const { gtin, serial } = now
  const item: { index: number } & HeldItem = { index, gtin, now: 'held', serial }
  return [
    record({ type: 'reservation-moved', prescription, gtin, serial: was.serial, now: serial }),
    { type: 'change-prescription', prescription, item },
  ]
}
