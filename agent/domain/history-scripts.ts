import type { Millis } from '../../drivers/host/clock.ts'
import type { historyDays } from './history-days.ts'
import type { historyShelf } from './history-shelf.ts'
import type { History, ProductDay, ProductHistory } from './history-words.ts'
import type { Entry } from './journal.ts'

/** One product of a prescription under way. */
interface Wanted {
  product: ProductHistory
  day: ProductDay
  packs: number
  /** What could not be held for it when that was last tried. */
  missing: number
  given: number
  out: boolean
}

const NO_LANE = /^no lane holds (.+)$/

/** Follows each prescription from its arrival to its end. Kept are those that have not ended. */
export function historyScripts(
  { of, products, hours }: History,
  days: ReturnType<typeof historyDays>,
  shelf: ReturnType<typeof historyShelf>,
) {
  const open = new Map<string, Map<string, Wanted>>()
  const byName = new Map(of.products.map(({ gtin, name }) => [name, gtin]))
  const wanted = (prescription: string, gtin: string) => open.get(prescription)?.get(gtin)
  const hourOf = (at: Millis): void => {
    const hour = days.hourAt(at)
    hours[hour] = (hours[hour] ?? 0) + 1
  }

  const receive = (at: Millis, { prescription, items }: Entry & { type: 'prescription-received' }): void => {
    hourOf(at)
    const all = new Map<string, Wanted>()
    for (const { gtin, packs } of items) {
      const product = products.get(gtin)
      if (!product) continue
      const day = days.of(gtin, at)
      const out = shelf.free(gtin, days.dateAt(at)) === 0
      ask(product, day, packs, out)
      all.set(gtin, { product, day, packs, missing: 0, given: 0, out })
    }
    open.set(prescription, all)
  }

  const end = ({ prescription, why }: Entry & { type: 'prescription-ended' }): void => {
    for (const one of open.get(prescription)?.values() ?? []) {
      const { product, day, packs, given, missing, out } = one
      if (why === 'rejected' && given === 0) {
        product.rejected++
        ask(product, day, -packs, out)
        continue
      }
      const lost = why === 'partial' ? packs - given : Math.min(missing, packs - given)
      if (why !== 'handed-over' && lost > 0) lose(product, day, lost)
      else if (given === 0) product.unclaimed++
    }
    open.delete(prescription)
  }

  const give = (prescription: string, gtin: string): void => {
    const one = wanted(prescription, gtin)
    if (!one || one.given === one.packs) return
    one.given++
    one.product.served++
    one.day.served++
  }

  return {
    take(at: Millis, entry: Entry): void {
      switch (entry.type) {
        case 'prescription-received':
          return receive(at, entry)
        case 'out-of-stock': {
          const one = wanted(entry.prescription, entry.gtin)
          if (one) one.missing = entry.missing
          return
        }
        case 'reserved':
          for (const { gtin } of entry.packs) {
            const one = wanted(entry.prescription, gtin)
            if (one) one.missing = Math.max(0, one.missing - 1)
          }
          return
        case 'token-refused':
          if (entry.why !== 'out-of-stock' || entry.prescription === undefined) return
          for (const one of open.get(entry.prescription)?.values() ?? [])
            if (one.missing > 0) one.product.sent_away++
          return
        case 'handed-over':
          for (const { gtin } of entry.packs) give(entry.prescription, gtin)
          return
        case 'dispense-resolved':
          if (entry.found === 'handed-over' && entry.gtin !== undefined) give(entry.prescription, entry.gtin)
          return
        case 'prescription-ended':
          return end(entry)
        case 'instruction-ended': {
          const [, name] = NO_LANE.exec(entry.outcome === 'refused' ? (entry.why ?? '') : '') ?? []
          const product = products.get(byName.get(name ?? '') ?? '')
          if (!product) return
          hourOf(at)
          product.no_lane++
          const day = days.of(product.gtin, at)
          ask(product, day, 1, true)
          lose(product, day, 1)
        }
      }
    },
  }
}

/** Fewer than none where it turns out not to have been demand. */
function ask(product: ProductHistory, day: ProductDay, packs: number, out: boolean): void {
  product.scripts += Math.sign(packs)
  product.asked += packs
  day.asked += packs
  if (out) day.asked_out += packs
}

function lose(product: ProductHistory, day: ProductDay, packs: number): void {
  product.lost += packs
  product.lost_scripts++
  day.lost += packs
}
