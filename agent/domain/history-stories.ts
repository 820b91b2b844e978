import type { Millis } from '../../drivers/host/clock.ts'
import type { HistoryRow } from './history.ts'
import type { Entry } from './journal.ts'
import { daysOn } from './stock.ts'

// A kiosk that lives by the day, for the tests of advice on stock: its journal is written as the workflows write one.

export const DAY: Millis = 86_400_000
export const HOUR: Millis = 3_600_000
/** A Monday. */
export const MONDAY = '2026-03-02'

export const gtin = (number: number): string => String(number).padStart(14, '0')

/** The same throws on every machine (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** How many of what comes by chance at that rate. */
export function poisson(rate: number, roll: () => number): number {
  let left = roll()
  let count = 0
  for (let share = Math.exp(-rate); left > share && count < 1_000; count++) {
    left -= share
    share *= rate / (count + 1)
  }
  return count
}

export interface Story {
  seed: number
  days: number
  /** Packs a day of each product, from Sunday to Saturday, by its number. */
  rates: number[][]
  /** Packs of each product after a fill. */
  pars: number[]
  /** Days from fill to fill. */
  fillEvery: number
  /** Days from loading to expiry. */
  shelfLife?: number
  /** Nobody sends a prescription for what is not here. */
  diverted?: boolean
}

/** Fills at seven in the morning, gives out from nine to five; what is not here is withdrawn in the evening. UTC. */
export function* life({
  seed,
  days,
  rates,
  pars,
  fillEvery,
  shelfLife = 300,
  diverted,
}: Story): Generator<HistoryRow> {
  const roll = dice(seed)
  const stock = rates.map((): string[] => [])
  let serial = 0
  let script = 0
  for (let day = 0; day < days; day++) {
    const date = daysOn(MONDAY, day)
    const midnight = Date.parse(`${date}T00:00:00Z`)
    let at = midnight + 7 * HOUR
    const row = (entry: Entry): HistoryRow => ({ at: at++, entry })
    if (day % fillEvery === 0)
      for (const [product, packs] of stock.entries()) {
        const lane = `L${product + 1}`
        const before = packs.length
        for (let position = before + 1; packs.length < (pars[product] ?? 0); position++) {
          const name = `S${++serial}`
          packs.push(name)
          yield row(loaded(product + 1, name, daysOn(date, shelfLife), position))
        }
        yield row({ type: 'load-ended', lane, loaded: packs.length - before, how: 'ended' })
      }
    const waiting: string[] = []
    const weekday = new Date(midnight).getUTCDay()
    const asked = rates.flatMap((rate, product) =>
      Array.from({ length: poisson(rate[weekday] ?? 0, roll) }, () => ({ product, hour: 9 + 8 * roll() })),
    )
    for (const { product, hour } of asked.sort((one, other) => one.hour - other.hour)) {
      at = Math.max(at, Math.floor(midnight + hour * HOUR))
      const packs = stock[product] ?? []
      if (diverted && packs.length === 0) continue
      const id = `p${++script}`
      const name = packs.shift()
      if (name === undefined) waiting.push(id)
      for (const entry of name === undefined ? missing(id, product + 1) : served(id, product + 1, name))
        yield row(entry)
    }
    at = Math.max(at, midnight + 18 * HOUR)
    for (const prescription of waiting)
      yield row({ type: 'prescription-ended', prescription, why: 'withdrawn' })
    at = Math.max(at, midnight + DAY - 1)
    yield row({ type: 'door-closed', compartment: 'DELIVERY' })
  }
}

export const loaded = (product: number, serial: string, expiry: string, position = 1): Entry => ({
  ...{ type: 'pack-loaded', gtin: gtin(product), serial, lot: 'LOT7', expiry, lane: `L${product}`, position },
  ...{ behind: false, by: 'ann' },
})

export const asked = (prescription: string, product: number, packs = 1): Entry => ({
  type: 'prescription-received',
  prescription,
  items: [{ gtin: gtin(product), packs }],
  ...{ refill: false, first_time: false, until: 9e12, digest: 'd1'.repeat(32) },
})

export const short = (prescription: string, product: number, missing = 1): Entry => ({
  ...{ type: 'out-of-stock', prescription, gtin: gtin(product), missing },
})

export const missing = (id: string, product: number): Entry[] => [asked(id, product), short(id, product)]

export const served = (prescription: string, product: number, serial: string): Entry[] => {
  const packs = [{ gtin: gtin(product), serial }]
  const lane = `L${product}`
  const order = `${prescription}-v`
  return [
    asked(prescription, product),
    { type: 'reserved', prescription, packs },
    { type: 'presented', prescription, reader: 'patients' },
    { type: 'verified', prescription, how: 'factor' },
    {
      type: 'vend-ordered',
      order,
      prescription,
      lane,
      gtin: gtin(product),
      serial,
      lot: 'LOT7',
      expiry: '2030-01-01',
    },
    { type: 'vend-seen', order, lane, stage: 'dropped', evidence: 'drop-sensor', code: '03' },
    { type: 'pack-checked', order, gtin: gtin(product), serial },
    { type: 'handed-over', prescription, packs, evidence: 'sensor' },
    { type: 'prescription-ended', prescription, why: 'handed-over' },
  ]
}
