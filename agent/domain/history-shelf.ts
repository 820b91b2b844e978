import type { Millis } from '../../drivers/host/clock.ts'
import type { Entry } from './journal.ts'
import { fits, type Recall } from './recall.ts'
import { type Pack, packId } from './stock.ts'

/** A pack as its journal knows it. */
export interface PackThen extends Pack {
  heldFor?: string
  /** Its row said that it expired in the machine. */
  expired?: true
}

type PackName = Pick<Pack, 'gtin' | 'serial'>

/** What lay in a machine and could be given out at any moment, from the rows up to then. Holds only what is in the machine. */
export function historyShelf() {
  const packs = new Map<string, PackThen>()
  const lanes = new Map<string, Set<PackThen>>()
  const recalls = new Map<string, Recall>()
  const holds = new Map<string, Set<PackThen>>()

  let counted = { date: '', free: new Map<string, number>() }

  const forget = (name: PackName): void => {
    const pack = packs.get(packId(name))
    if (!pack) return
    letGo(pack)
    packs.delete(packId(pack))
    lanes.get(pack.lane)?.delete(pack)
  }
  const letGo = (pack: PackThen): void => {
    if (pack.heldFor === undefined) return
    holds.get(pack.heldFor)?.delete(pack)
    delete pack.heldFor
  }
  const hold = (prescription: string, name: PackName): void => {
    const pack = packs.get(packId(name))
    if (!pack) return
    letGo(pack)
    pack.heldFor = prescription
    const mine = holds.get(prescription) ?? new Set()
    holds.set(prescription, mine.add(pack))
  }
  const letAllGo = (prescription: string): void => {
    for (const pack of holds.get(prescription) ?? []) delete pack.heldFor
    holds.delete(prescription)
  }
  const barred = (pack: PackThen, today: string): boolean => {
    if (pack.expiry < today) return true
    for (const { scope } of recalls.values()) if (fits(scope, pack)) return true
    return false
  }

  return {
    pack: (name: PackName): PackThen | undefined => packs.get(packId(name)),
    /** How many packs of a product could be given to whoever comes. */
    free(gtin: string, today: string): number {
      if (counted.date !== today)
        counted = { date: today, free: freePacks(lanes, pack => barred(pack, today)) }
      return counted.free.get(gtin) ?? 0
    },
    take(at: Millis, entry: Entry): void {
      if (CHANGES.has(entry.type)) counted = { date: '', free: new Map() }
      switch (entry.type) {
        case 'pack-loaded': {
          const { gtin, serial, lot, expiry, lane, position } = entry
          forget(entry)
          const pack: PackThen = { gtin, serial, lot, expiry, lane, position, loaded: at }
          packs.set(packId(pack), pack)
          // Packs are pushed in behind one another, so the order of their rows is that of the lane.
          const mine = lanes.get(lane) ?? new Set()
          lanes.set(lane, mine.add(pack))
          return
        }
        case 'pack-removed':
          forget(entry)
          return
        case 'handed-over':
          for (const name of entry.packs) forget(name)
          return
        case 'dispense-resolved': {
          const { gtin, serial, found } = entry
          if (gtin !== undefined && serial !== undefined && found === 'handed-over') forget({ gtin, serial })
          return
        }
        case 'reserved':
          for (const name of entry.packs) hold(entry.prescription, name)
          return
        case 'reservation-moved': {
          const { prescription, gtin, serial, now } = entry
          const before = packs.get(packId({ gtin, serial }))
          // Two that changed places are two rows: the second must not undo the first.
          if (before?.heldFor === prescription) letGo(before)
          hold(prescription, { gtin, serial: now })
          return
        }
        case 'lease-ended':
        case 'prescription-ended':
          letAllGo(entry.prescription)
          return
        case 'pack-expired': {
          const pack = packs.get(packId(entry))
          if (pack) pack.expired = true
          return
        }
        case 'recalled':
        case 'recall-narrowed':
          recalls.set(entry.recall, { id: entry.recall, scope: entry.scope, why: '' })
          return
        case 'recall-lifted':
          recalls.delete(entry.recall)
      }
    },
  }
}

/** Counting anew what is free takes longer than all else here, so it is done only after one of these. */
const CHANGES: ReadonlySet<Entry['type']> = new Set([
  ...(['pack-loaded', 'pack-removed', 'handed-over', 'dispense-resolved', 'reserved'] as const),
  ...(['reservation-moved', 'lease-ended', 'prescription-ended'] as const),
  ...(['recalled', 'recall-narrowed', 'recall-lifted'] as const),
])

/** Behind a barred pack nothing can fall. */
function freePacks(lanes: Map<string, Set<PackThen>>, barred: (pack: PackThen) => boolean) {
  const free = new Map<string, number>()
  for (const lane of lanes.values())
    for (const pack of lane) {
      if (barred(pack)) break
      if (pack.heldFor === undefined) free.set(pack.gtin, (free.get(pack.gtin) ?? 0) + 1)
    }
  return free
}
