import type { Millis } from '../../drivers/host/clock.ts'
import { historyDays } from './history-days.ts'
import { historyScripts } from './history-scripts.ts'
import { historyShelf } from './history-shelf.ts'
import type { History, HistoryOf, ProductHistory } from './history-words.ts'
import type { Entry, Row } from './journal.ts'
import type { Refusal } from './stock.ts'

const nothing = (gtin: string): ProductHistory => ({
  ...{ gtin, days: new Map(), scripts: 0, asked: 0, served: 0, lost: 0, lost_scripts: 0, unclaimed: 0 },
  ...{ rejected: 0, sent_away: 0, no_lane: 0, loaded: 0, expired: 0, short_dated: 0 },
  ...{ refused: new Map(), shelf_life: new Map() },
})

export type HistoryRow = Pick<Row, 'at' | 'entry'>

/**
 * Folds the rows of a journal, in their order and from its first row on, into what advice on stock needs. One pass; kept are
 * the packs in the machine, the prescriptions under way and one small record for each product and day of the period.
 */
export function historyFold(of: HistoryOf) {
  const history: History = {
    of,
    days: new Map(),
    products: new Map(of.products.map(({ gtin }) => [gtin, nothing(gtin)])),
    lanes: new Map(),
    hours: Array.from({ length: 24 }, () => 0),
    fills: [],
  }
  const shelf = historyShelf()
  const days = historyDays(history, shelf)
  const scripts = historyScripts(history, days, shelf)
  return {
    take({ at, entry }: HistoryRow): void {
      if (at >= of.until) return
      days.take(at, entry)
      if (at >= of.from) {
        scripts.take(at, entry)
        tellStock(history, { at, entry, day: days, shelf })
        tellLane(history, entry)
      }
      shelf.take(at, entry)
    },
    /** Once, after the last row. */
    found(): History {
      days.end()
      return history
    },
  }
}

export function historyOf(rows: Iterable<HistoryRow>, of: HistoryOf): History {
  const fold = historyFold(of)
  for (const row of rows) fold.take(row)
  return fold.found()
}

interface Told {
  at: Millis
  entry: Entry
  day: ReturnType<typeof historyDays>
  shelf: ReturnType<typeof historyShelf>
}

/** What happened to packs other than being given out. Told before the shelf forgets them. */
function tellStock({ products, fills }: History, { at, entry, day, shelf }: Told): void {
  switch (entry.type) {
    case 'pack-loaded': {
      const product = products.get(entry.gtin)
      const date = day.dateAt(at)
      if (fills.at(-1) !== date) fills.push(date)
      if (!product) return
      product.loaded++
      day.of(entry.gtin, at).loaded++
      bump(product.shelf_life, daysBetween(date, entry.expiry))
      return
    }
    case 'pack-refused': {
      const product = entry.gtin === undefined ? undefined : products.get(entry.gtin)
      if (product) bump(product.refused, entry.why as Refusal['why'])
      return
    }
    case 'pack-expired': {
      const product = products.get(entry.gtin)
      if (product && !shelf.pack(entry)?.expired) product.expired++
      return
    }
    case 'pack-removed': {
      const product = products.get(entry.gtin)
      const pack = shelf.pack(entry)
      if (!product || pack?.expired) return
      const dated = (pack && pack.expiry < day.dateAt(at)) || FOR_ITS_DATE.test(entry.reason)
      if (dated) product.short_dated++
    }
  }
}

/** Reasons are in the words of whoever did it. */
const FOR_ITS_DATE = /\bexpir|short[ -]?dated|\bout of date\b/i

const JAMS: ReadonlySet<string> = new Set(['jammed', 'no-drop'])
const DOUBTS: ReadonlySet<string> = new Set([
  'wrong-pack',
  'unread-pack',
  'two-packs',
  'in-doubt',
  'interrupted',
])

function tellLane({ lanes }: History, entry: Entry): void {
  if (entry.type !== 'vend-ordered' && entry.type !== 'dispense-held' && entry.type !== 'vend-seen') return
  if (entry.lane === undefined) return
  const lane = lanes.get(entry.lane) ?? { turns: 0, jams: 0, doubts: 0, failed: 0 }
  lanes.set(entry.lane, lane)
  if (entry.type === 'vend-ordered') lane.turns++
  else if (entry.type === 'vend-seen') lane.failed += entry.stage === 'not-moved' ? 1 : 0
  else if (JAMS.has(entry.why)) lane.jams++
  else if (DOUBTS.has(entry.why)) lane.doubts++
}

const bump = <Key>(counts: Map<Key, number>, key: Key): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1)

/** Whole days from one calendar date (YYYY-MM-DD) to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
