import { type CoverDemand, coverDemand } from './cover-demand.ts'
import type { History, ProductDay, ProductHistory } from './history-words.ts'

/** What a product is asked for on one day of the week, in packs. */
export interface WeekdayDemand {
  mean: number
  /** Standard deviation from week to week; absent where fewer than two whole days were seen. */
  spread?: number
  /** Days on which it was there to be asked for; parts of days count as such. */
  days: number
}

/** What a product is asked for. */
export interface Demand {
  /** From Sunday to Saturday. */
  weekdays: WeekdayDemand[]
  /** A week of it, in packs. */
  weekly: number
  /** Variance over mean of one day: 1 is pure chance, more is in bursts. */
  dispersion: number
  packs_per_script: number
  /** Days seen in service, and those of them on which it was there. */
  days: number
  in_stock_days: number
}

/** A day counts for the spread when so much of it was seen. */
const WHOLE = 0.75
/** A weekday that was seen for less is taken to be like the others. */
const FEW = 2

interface Sample {
  weekday: number
  /** Share of the day, by what is usually asked for at its hours, that was seen in service. */
  seen: number
  /** The same while the product was there. */
  there: number
  asked: number
  askedThere: number
}

/**
 * What is asked for, by weekday. What was asked for while the product was there is divided by the time during which it was
 * there, each hour weighed by how much of all prescriptions come in it: whoever sends prescriptions may look first what is
 * here, so little asked for without stock is no sign of little demand. Where more was asked for without stock than that
 * explains, all of it over all of the time counts.
 */
export function demandOf(product: ProductHistory, history: History): Demand {
  const samples = samplesOf(product, history)
  const sum = (of: (sample: Sample) => number, weekday?: number): number =>
    samples.reduce(
      (total, each) => total + (weekday === undefined || each.weekday === weekday ? of(each) : 0),
      0,
    )
  const there = sum(sample => sample.there)
  const seen = sum(sample => sample.seen)
  const inStock = there > 0 ? sum(sample => sample.askedThere) / there : 0
  const altogether = seen > 0 ? sum(sample => sample.asked) / seen : 0
  const byStock = there >= FEW && inStock >= altogether
  const part = (sample: Sample) => (byStock ? sample.there : sample.seen)
  const packs = (sample: Sample) => (byStock ? sample.askedThere : sample.asked)
  const overall = byStock ? inStock : altogether
  const weekdays = Array.from({ length: 7 }, (_none, weekday): WeekdayDemand => {
    const days = sum(part, weekday)
    const mean = days < FEW ? overall : sum(packs, weekday) / days
    const whole = samples.filter(each => each.weekday === weekday && part(each) >= WHOLE)
    return { mean, days, ...spreadOf(whole.map(each => packs(each) / part(each))) }
  })
  const { asked, scripts } = product
  return {
    weekdays,
    weekly: weekdays.reduce((total, { mean }) => total + mean, 0),
    dispersion: dispersionOf(samples, weekdays, { part, packs }),
    packs_per_script: scripts > 0 ? asked / scripts : 1,
    days: seen,
    in_stock_days: there,
  }
}

function samplesOf(product: ProductHistory, { days, hours }: History): Sample[] {
  const all = hours.reduce((sum, each) => sum + each, 0)
  const weights = hours.map(each => (all > 0 ? each / all : 1 / 24))
  const share = (seen: Uint8Array, out?: Uint8Array): number =>
    weights.reduce((sum, weight, hour) => {
      const quarters = seen[hour] ?? 0
      return sum + (weight * (quarters - (out?.[hour] ?? 0))) / Math.max(4, quarters)
    }, 0)
  return [...days].map(([date, { weekday, seen }]) => {
    const { asked, asked_out, out }: Partial<ProductDay> = product.days.get(date) ?? {}
    return {
      weekday,
      seen: share(seen),
      there: share(seen, out),
      asked: asked ?? 0,
      askedThere: (asked ?? 0) - (asked_out ?? 0),
    }
  })
}

function spreadOf(packs: number[]): { spread?: number } {
  if (packs.length < 2) return {}
  const mean = packs.reduce((sum, each) => sum + each, 0) / packs.length
  return { spread: Math.sqrt(packs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (packs.length - 1)) }
}

interface Of {
  part(sample: Sample): number
  packs(sample: Sample): number
}

/**
 * Pearson's χ² over its degrees of freedom (McCullagh and Nelder, Generalized Linear Models, §4.5.2): what is left of the
 * variance when the weekday is known. Days of which too little was seen, and weekdays on which nothing is asked for, tell
 * nothing of it.
 */
function dispersionOf(samples: Sample[], weekdays: WeekdayDemand[], { part, packs }: Of): number {
  let chi = 0
  let freedom = 0
  const used = new Set<number>()
  for (const sample of samples) {
    const expected = (weekdays[sample.weekday]?.mean ?? 0) * part(sample)
    if (part(sample) < WHOLE || expected <= 0) continue
    chi += (packs(sample) - expected) ** 2 / expected
    freedom++
    used.add(sample.weekday)
  }
  return freedom > used.size ? Math.max(1, chi / (freedom - used.size)) : 1
}

/**
 * Demand over `cover` days that begin on any of `starts` (weekdays). The means themselves are known only from so many days:
 * that adds dispersion × mean × max(7, cover) / days to the variance, one part for each day of a weekday's mean.
 */
export function over(demand: Demand, cover: number, starts: readonly number[]): CoverDemand {
  const { weekdays, dispersion, days, in_stock_days } = demand
  const known = Math.max(1, in_stock_days > 0 ? in_stock_days : days)
  const means = starts.map(start =>
    Array.from({ length: cover }, (_none, day) => weekdays[(start + day) % 7]?.mean ?? 0).reduce(
      (a, b) => a + b,
      0,
    ),
  )
  return coverDemand(means, dispersion * (1 + Math.max(7, cover) / known))
}
