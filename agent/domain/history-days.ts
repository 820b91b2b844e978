import type { Millis } from '../../drivers/host/clock.ts'
import type { historyShelf } from './history-shelf.ts'
import type { History, ProductDay } from './history-words.ts'
import type { Entry } from './journal.ts'

/** No zone is set off from UTC by anything finer. */
const QUARTER: Millis = 15 * 60_000

/** Follows local time through a journal, a quarter of an hour at a time, and says in which of them a product was out of stock. */
export function historyDays(history: History, shelf: ReturnType<typeof historyShelf>) {
  const { of, days, products } = history
  const local = localClock(of.time_zone)
  let next: Millis | undefined
  let running = true
  let inService = true

  const dayOf = (gtin: string, date: string): ProductDay => {
    const product = products.get(gtin)
    const found = product?.days.get(date)
    if (found) return found
    const made: ProductDay = { asked: 0, asked_out: 0, served: 0, lost: 0, loaded: 0 }
    product?.days.set(date, made)
    return made
  }

  const tick = (at: Millis): void => {
    const { date, hour } = local(at)
    const day = days.get(date) ?? {
      weekday: new Date(`${date}T00:00:00Z`).getUTCDay(),
      seen: new Uint8Array(24),
    }
    days.set(date, day)
    count(day.seen, hour)
    for (const gtin of products.keys()) {
      if (shelf.free(gtin, date) > 0) continue
      const mine = dayOf(gtin, date)
      mine.out ??= new Uint8Array(24)
      count(mine.out, hour)
    }
  }

  const advance = (to: Millis): void => {
    for (; next !== undefined && next < to; next += QUARTER) if (running && inService) tick(next)
  }

  return {
    take(at: Millis, entry: Entry): void {
      next ??= Math.ceil(Math.max(of.from, at) / QUARTER) * QUARTER
      // However it ended, it gave nothing out from its last row on.
      if (entry.type === 'started') running = false
      advance(Math.min(at, of.until))
      if (entry.type === 'started') running = true
      if (entry.type === 'stopped') running = false
      if (entry.type === 'out-of-service') inService = false
      if (entry.type === 'in-service') inService = true
    },
    /** After its last row it goes on as it was, up to the end of the period. */
    end: (): void => advance(of.until),
    dateAt: (at: Millis): string => local(at).date,
    hourAt: (at: Millis): number => local(at).hour,
    of: (gtin: string, at: Millis): ProductDay => dayOf(gtin, local(at).date),
  }
}

const count = (hours: Uint8Array, hour: number): void => {
  hours[hour] = (hours[hour] ?? 0) + 1
}

interface Local {
  date: string
  hour: number
}

/** The date and hour at a place. Asking Intl takes longer than all else, so it is asked once a quarter of an hour. */
function localClock(timeZone: string): (at: Millis) => Local {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', hourCycle: 'h23' },
  })
  let last = { quarter: Number.NaN, date: '', hour: 0 }
  return at => {
    const quarter = Math.floor(at / QUARTER)
    if (quarter === last.quarter) return last
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
    last = { quarter, date: `${part.year}-${part.month}-${part.day}`, hour: Number(part.hour) }
    return last
  }
}
