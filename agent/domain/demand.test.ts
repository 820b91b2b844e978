import { expect, test } from 'vitest'
import { coverDemand } from './cover-demand.ts'
import { demandOf, over } from './demand.ts'
import { historyOf } from './history.ts'
import { DAY, dice, gtin, life, MONDAY, poisson, type Story } from './history-stories.ts'

const BEGAN = Date.parse(`${MONDAY}T00:00:00Z`)
const EVEN = (rate: number) => Array.from({ length: 7 }, () => rate)

function demandIn(story: Story) {
  const { days, rates } = story
  const products = rates.map((_rate, index) => ({ gtin: gtin(index + 1), name: `Product ${index + 1}` }))
  const history = historyOf(life(story), {
    time_zone: 'UTC',
    products,
    from: BEGAN,
    until: BEGAN + days * DAY,
  })
  const product = history.products.get(gtin(1))
  if (!product) throw new Error('the product has no history')
  return demandOf(product, history)
}

/** E[(D − S)⁺] term by term, far into the tail. */
function shortageByTerms(of: ReturnType<typeof coverDemand>, stock: number): number {
  let sum = 0
  for (let packs = stock + 1; packs < 1_500; packs++)
    sum += (packs - stock) * (of.atMost(packs) - of.atMost(packs - 1))
  return sum
}

test.each([
  [0.4, 1],
  [7, 1],
  [7, 2.5],
  [300, 1.4],
])(
  'a demand of %d packs with a variance of %d times that has that mean, that variance and that loss',
  (mean, dispersion) => {
    const of = coverDemand([mean], dispersion)
    let [sum, square] = [0, 0]
    for (let packs = 0; packs < 1_500; packs++) {
      const share = of.atMost(packs) - of.atMost(packs - 1)
      sum += packs * share
      square += packs ** 2 * share
    }
    expect(sum).toBeCloseTo(mean, 4)
    expect(square - sum ** 2).toBeCloseTo(mean * dispersion, 2)
    for (const stock of [0, 1, Math.round(mean), Math.round(1.5 * mean)])
      expect(of.shortage(stock)).toBeCloseTo(shortageByTerms(of, stock), 4)
  },
)

test('the quantiles of a Poisson demand are those of the tables', () => {
  const of = coverDemand([5], 1)
  expect(of.atMost(5)).toBeCloseTo(0.616, 3)
  expect([0.5, 0.9, 0.95, 0.98, 0.99].map(of.enoughFor)).toEqual([5, 8, 9, 10, 11])
})

test('covers that begin on a busy day and on a quiet one need more than their average', () => {
  expect(coverDemand([2, 18], 1).enoughFor(0.98)).toBeGreaterThan(coverDemand([10], 1).enoughFor(0.98))
  expect(coverDemand([2, 18], 1).mean).toBe(10)
})

test('a cover that begins on a weekday three times out of four counts for three quarters', () => {
  const [quiet, busy] = [coverDemand([2], 1), coverDemand([18], 1)]
  const of = coverDemand([2, 2, 18, 2], 1)
  expect(of.mean).toBeCloseTo(6, 9)
  for (const packs of [0, 3, 9, 20])
    expect(of.atMost(packs)).toBeCloseTo(0.75 * quiet.atMost(packs) + 0.25 * busy.atMost(packs), 9)
})

test('what is known from a few days only, or comes in bursts, needs more', () => {
  const weekdays = EVEN(4).map(mean => ({ mean, days: 4 }))
  const known = { weekdays, weekly: 28, packs_per_script: 1 }
  const need = (days: number, dispersion: number) =>
    over({ ...known, dispersion, days, in_stock_days: days }, 7, [1]).enoughFor(0.98)
  expect(need(100_000, 1)).toBe(coverDemand([28], 1).enoughFor(0.98))
  expect(need(28, 1)).toBe(coverDemand([28], 1.25).enoughFor(0.98))
  expect(need(28, 3)).toBe(coverDemand([28], 3.75).enoughFor(0.98))
  expect(need(28, 3)).toBeGreaterThan(need(28, 1))
})

test('nothing asked for needs nothing', () => {
  const of = coverDemand([0], 1)
  expect([of.enoughFor(0.98), of.shortage(0), of.atMost(0)]).toEqual([0, 0, 1])
})

test('the weekdays of a clinic that is closed on Sundays are found', () => {
  const rates = [[0, 12, 8, 8, 8, 8, 2]]
  const { weekdays, weekly, dispersion } = demandIn({ seed: 3, days: 182, rates, pars: [90], fillEvery: 2 })
  for (const [weekday, rate] of (rates[0] ?? []).entries()) {
    expect(Math.abs((weekdays[weekday]?.mean ?? 0) - rate)).toBeLessThanOrEqual(3 * Math.sqrt(rate / 26))
    expect(weekdays[weekday]?.spread).toBeGreaterThanOrEqual(rate === 0 ? 0 : 0.6 * Math.sqrt(rate))
  }
  expect(weekly).toBeGreaterThan(42)
  expect(dispersion).toBeLessThan(1.25)
})

test('what nobody could ask for, because it was not here, is not taken for no demand', () => {
  const story = { seed: 5, days: 84, rates: [EVEN(6)], pars: [10], fillEvery: 3 }
  const honest = demandIn({ ...story, diverted: true })
  const asked = demandIn(story)
  expect(honest.in_stock_days).toBeLessThan(0.75 * honest.days)
  // Of 6 a day only 10 in 3 days were ever asked for.
  expect(honest.weekly / 7).toBeGreaterThan(5)
  expect(honest.weekly / 7).toBeLessThan(7.5)
  expect(asked.weekly / 7).toBeGreaterThan(5)
})

test('demand in bursts is seen to be that', () => {
  const roll = dice(9)
  const bursts = Array.from({ length: 84 }, () => (roll() < 0.25 ? 16 : 0))
  // Each day has a rate of its own; a week of each is a story of one day, put behind one another.
  const rows = bursts.flatMap((rate, day) =>
    [...life({ seed: day, days: 1, rates: [EVEN(rate)], pars: [60], fillEvery: 1 })].map(row => ({
      ...row,
      at: row.at + day * DAY,
    })),
  )
  const products = [{ gtin: gtin(1), name: 'One' }]
  const history = historyOf(rows, { time_zone: 'UTC', products, from: BEGAN, until: BEGAN + 84 * DAY })
  const product = history.products.get(gtin(1))
  expect(product && demandOf(product, history).dispersion).toBeGreaterThan(5)
})

test('what is proposed from 84 days keeps its promise in covers that nobody has seen, and is not far too much', () => {
  const rates = [[1, 6, 5, 4, 4, 5, 2]]
  const roll = dice(77)
  let enough = 0
  let much = 0
  const COVERS = 200
  for (let seed = 1; seed <= 12; seed++) {
    const demand = demandIn({ seed, days: 84, rates, pars: [60], fillEvery: 4 })
    const par = over(demand, 4, [0, 1, 2, 3, 4, 5, 6]).enoughFor(0.98)
    if (
      par >
      1.35 *
        coverDemand(
          [0, 1, 2, 3, 4, 5, 6].map(start => week(rates, start)),
          1,
        ).enoughFor(0.98)
    )
      much++
    for (let cover = 0; cover < COVERS; cover++) if (poisson(week(rates, cover % 7), roll) <= par) enough++
  }
  expect(enough / (12 * COVERS)).toBeGreaterThan(0.975)
  expect(much).toBe(0)
})

const week = (rates: number[][], start: number): number =>
  [0, 1, 2, 3].reduce((sum, day) => sum + (rates[0]?.[(start + day) % 7] ?? 0), 0)
