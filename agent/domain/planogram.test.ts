import { expect, test } from 'vitest'
import { coverDemand } from './cover-demand.ts'
import { dice } from './history-stories.ts'
import {
  bestHolding,
  type Holding,
  type Loss,
  lossOf,
  movesTo,
  presentOf,
  type Slot,
  taken,
} from './planogram.ts'

interface Case {
  slots: Slot[]
  products: string[]
  loss: Loss
}

/** Up to six lanes of unlike size and width, up to four products of unlike demand; some have no lane at all. */
function chance(seed: number): Case {
  const roll = dice(seed)
  const below = (many: number) => Math.floor(roll() * many)
  const products = ['a', 'b', 'c', 'd'].slice(0, 2 + below(3))
  const widths = products.map(() => 40 + 10 * below(3))
  const demands = new Map(products.map(name => [name, coverDemand([roll() * 18], 1 + 2 * roll())]))
  const slots = Array.from({ length: 2 + below(5) }, (_none, index): Slot => {
    const width = 40 + 10 * below(4)
    const fitting = products.filter((_name, each) => (widths[each] ?? 0) <= width)
    const product = fitting[below(fitting.length)] ?? products[below(products.length)] ?? 'a'
    return { name: `L${index}`, product, capacity: 2 + below(9), fits: new Set([product, ...fitting]) }
  })
  return { slots, products, loss: (product, capacity) => demands.get(product)?.shortage(capacity) ?? 0 }
}

/** Every way there is. */
function bruteForce({ slots, products, loss }: Case): number {
  const all = (from: number): Holding[] =>
    from === slots.length
      ? [[]]
      : all(from + 1).flatMap(rest => [...(slots[from]?.fits ?? [])].map(product => [product, ...rest]))
  return Math.min(...all(0).map(holding => lossOf(slots, holding, products, loss)))
}

test('of 400 small kiosks none is made worse, and what each loses is within 5 % of the least possible', () => {
  let exact = 0
  let bettered = 0
  for (let seed = 1; seed <= 400; seed++) {
    const one = chance(seed)
    const { slots, products, loss } = one
    const found = bestHolding(slots, products, loss)
    const lost = lossOf(slots, found, products, loss)
    const present = lossOf(slots, presentOf(slots), products, loss)
    const least = bruteForce(one)
    expect(lost, `seed ${seed}`).toBeLessThanOrEqual(present + 1e-9)
    expect(lost, `seed ${seed}`).toBeLessThanOrEqual(1.05 * least + 1e-6)
    for (const [lane, product] of found.entries())
      expect(slots[lane]?.fits.has(product), `seed ${seed}`).toBe(true)
    if (lost <= least + 1e-6) exact++
    if (lost < present - 0.1) bettered++
  }
  expect(exact).toBeGreaterThan(380)
  expect(bettered).toBeGreaterThan(200)
})

test('each move of 400 small kiosks saves what it says, and none is proposed for less than is material', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const { slots, products, loss } = chance(seed)
    const goal = bestHolding(slots, products, loss)
    let holding = presentOf(slots)
    for (const { lanes, gain } of movesTo(slots, goal, loss, 0.1)) {
      const before = lossOf(slots, holding, products, loss)
      holding = taken(holding, lanes)
      expect(before - lossOf(slots, holding, products, loss)).toBeCloseTo(gain, 9)
      expect(gain).toBeGreaterThanOrEqual(0.1 * lanes.length)
      for (const [lane, to] of lanes) expect(goal[lane]).toBe(to)
    }
  }
})

/** Less than any planogram can lose: as if capacity could be handed out pack by pack. Exact for losses that are convex. */
function packByPack({ slots, products, loss }: Case): number {
  const held = new Map(products.map(product => [product, 0]))
  const gain = (product: string): number => {
    const has = held.get(product) ?? 0
    return loss(product, has) - loss(product, has + 1)
  }
  for (let left = slots.reduce((sum, { capacity }) => sum + capacity, 0); left > 0; left--) {
    const taker = products.reduce((best, each) => (gain(each) > gain(best) ? each : best))
    held.set(taker, (held.get(taker) ?? 0) + 1)
  }
  return products.reduce((sum, product) => sum + loss(product, held.get(product) ?? 0), 0)
}

test('with forty lanes and twenty-six products it is within 10 % of what not even loose packs could better', () => {
  const products = Array.from({ length: 26 }, (_none, index) => `p${index}`)
  const demands = new Map(products.map((name, index) => [name, coverDemand([1 + (index % 13) * 1.5], 1.5)]))
  const fits = new Set(products)
  const slots = Array.from(
    { length: 40 },
    (_none, index): Slot => ({
      name: `L${index}`,
      product: `p${index % 26}`,
      capacity: 6 + (index % 4),
      fits,
    }),
  )
  const loss: Loss = (product, capacity) => demands.get(product)?.shortage(capacity) ?? 0
  const lost = lossOf(slots, bestHolding(slots, products, loss), products, loss)
  expect(lost).toBeLessThan(1.1 * packByPack({ slots, products, loss }))
})
