import { expect, test } from 'vitest'
import { adviceOf } from './advice.ts'
import type { Advice, AdviceOptions, KnownProduct, Shelves } from './advice-words.ts'
import { historyOf } from './history.ts'
import { DAY, dice, gtin, life, MONDAY, type Story } from './history-stories.ts'
import { daysOn } from './stock.ts'

const BEGAN = Date.parse(`${MONDAY}T00:00:00Z`)
const EVEN = (rate: number) => Array.from({ length: 7 }, () => rate)
const OPTIONS: AdviceOptions = { service: 0.98, min_days_to_expiry: 30 }

type Lane = [product: number, capacity: number, par: number, width?: number]

const shelvesOf = (lanes: Lane[], widths: number[]): Shelves => ({
  lanes: lanes.map(([product, capacity, par, width_mm], index) => ({
    ...{ name: `A${index + 1}`, product: gtin(product), capacity, par },
    ...(width_mm === undefined ? {} : { width_mm }),
  })),
  products: widths.map((width_mm, index) => ({
    ...{
      gtin: gtin(index + 1),
      name: `Product ${index + 1}`,
      controlled: false,
      refrigerated: false,
      width_mm,
    },
  })),
})

function advise(
  story: Partial<Story> & Pick<Story, 'rates' | 'pars'>,
  lanes: Lane[],
  options: Partial<AdviceOptions> = {},
  widths = story.rates.map(() => 50),
): Advice {
  const lived = { seed: 1, days: 84, fillEvery: 3, ...story }
  const shelves = shelvesOf(lanes, widths)
  const of = { time_zone: 'UTC', products: shelves.products, from: BEGAN, until: BEGAN + lived.days * DAY }
  return adviceOf(historyOf(life(lived), of), shelves, { ...OPTIONS, ...options })
}

function known({ products }: Advice, product: number): KnownProduct {
  const found = products.find(each => each.gtin === gtin(product))
  if (!found?.enough) throw new Error(`too little is known of ${product}`)
  return found
}

test('a par that is too low is raised to what the service needs, and says what that saves', () => {
  const advice = advise({ rates: [EVEN(3)], pars: [6] }, [[1, 20, 6]])
  expect(advice).toMatchObject({ enough: true, cover: { days: 3, from: 'history' }, moves: [] })
  const { now, proposed, need, says } = known(advice, 1)
  expect(now.par).toBe(6)
  expect(proposed.par).toBe(need)
  expect(need).toBeGreaterThanOrEqual(14)
  expect(need).toBeLessThanOrEqual(18)
  expect(proposed.service).toBeGreaterThanOrEqual(0.98)
  expect(now.lost_scripts).toBeGreaterThan(5)
  expect(proposed.lost_scripts).toBeLessThan(0.3)
  expect(says.join('\n')).toMatch(/Par 6 to \d+: it lasts 9[89]\.\d % of the time instead of \d+\.\d %/)
})

test('what the model says is lost now is what was lost', () => {
  const story = { rates: [EVEN(3), [0, 8, 4, 4, 4, 4, 0]], pars: [8, 12], days: 168 }
  const advice = advise(story, [
    [1, 8, 8],
    [2, 12, 12],
  ])
  for (const [index, par] of story.pars.entries()) {
    const rows = life({ seed: 1, fillEvery: 3, ...story })
    const of = {
      time_zone: 'UTC',
      products: [{ gtin: gtin(index + 1), name: '' }],
      from: BEGAN,
      until: BEGAN + 168 * DAY,
    }
    const lost = (historyOf(rows, of).products.get(gtin(index + 1))?.lost_scripts ?? 0) / 24
    const { now } = known(advice, index + 1)
    expect(now.par).toBe(par)
    expect(lost).toBeGreaterThan(0.5)
    expect(Math.abs(now.lost_scripts - lost)).toBeLessThan(0.35 * lost + 0.3)
  }
})

test('in weeks that nobody has seen, what is proposed loses as little as it says, and far less than before', () => {
  const rates = [EVEN(3), [0, 6, 3, 3, 3, 5, 1]]
  const advice = advise(
    { rates, pars: [7, 9] },
    [
      [1, 20, 7],
      [2, 20, 9],
    ],
    { service: 0.9 },
  )
  const pars = [1, 2].map(product => known(advice, product).proposed.par)
  const lostIn = (weeks: number, held: number[]) => {
    const products = [1, 2].map(product => ({ gtin: gtin(product), name: '' }))
    const of = { time_zone: 'UTC', products, from: BEGAN, until: BEGAN + 7 * weeks * DAY }
    const rows = life({ seed: 99, days: 7 * weeks, rates, pars: held, fillEvery: 3 })
    return (
      [...historyOf(rows, of).products.values()].reduce((sum, each) => sum + each.lost_scripts, 0) / weeks
    )
  }
  const { now, proposed } = advice.lost_scripts
  const [before, after] = [lostIn(60, [7, 9]), lostIn(60, pars)]
  expect(Math.abs(before - now)).toBeLessThan(0.25 * now)
  expect(after).toBeLessThan(proposed + 0.5)
  expect(after).toBeLessThan(0.25 * before)
})

test('never more is proposed than lanes hold, nor than is taken before it is too old, and both are said', () => {
  const full = known(
    advise({ rates: [EVEN(4)], pars: [8] }, [
      [1, 5, 4],
      [1, 5, 4],
    ]),
    1,
  )
  expect(full.proposed.par).toBe(10)
  expect(full.says.join(' ')).toMatch(/Even all 10 places .* Filled every day it would be enough/)
  const old = known(advise({ rates: [EVEN(1)], pars: [3], shelfLife: 36 }, [[1, 20, 3]], { cover: 10 }), 1)
  expect(old.expiry_limit).toBeLessThan(old.need)
  expect(old.proposed.par).toBe(old.expiry_limit)
  expect(old.says.join('\n')).toContain('their last 30 days')
})

test('a par that is high is left, unless packs went for their date', () => {
  expect(known(advise({ rates: [EVEN(1)], pars: [20] }, [[1, 20, 20]]), 1).proposed.par).toBe(20)
  const rates = [EVEN(1)]
  const of = {
    time_zone: 'UTC',
    products: shelvesOf([], [50]).products,
    from: BEGAN,
    until: BEGAN + 84 * DAY,
  }
  const history = historyOf(life({ seed: 1, days: 84, rates, pars: [20], fillEvery: 3 }), of)
  const product = history.products.get(gtin(1))
  if (product) product.expired = 4
  const { proposed, need } = known(adviceOf(history, shelvesOf([[1, 20, 20]], [50]), OPTIONS), 1)
  expect(proposed.par).toBe(need)
  expect(need).toBeLessThan(12)
})

test('a lane goes from what does not need it to what does, with the reason', () => {
  const advice = advise({ rates: [EVEN(0.5), EVEN(5)], pars: [6, 10] }, [
    [1, 10, 6],
    [1, 10, 6],
    [2, 10, 10],
  ])
  expect(advice.moves).toHaveLength(1)
  const [move] = advice.moves
  expect(move).toMatchObject({ move: 1, from: gtin(1), to: gtin(2) })
  expect(move?.says).toMatch(
    /^Lane A[12] from Product 1 to Product 2: then Product 1 lasts 9\d\.\d % of the time, Product 2 loses \d+\.\d prescriptions a week less\.$/,
  )
  expect(known(advice, 2).moved).toMatchObject({ capacity: 20 })
  const { now, proposed, moved } = advice.lost_scripts
  expect(proposed).toBeLessThanOrEqual(now)
  expect(moved).toBeLessThan(proposed - 1)
  expect(moved).toBeCloseTo(proposed - (move?.gain ?? 0), 6)
})

test('no pack is put into a lane that is too narrow for it, nor one that nobody may load', () => {
  const lanes: Lane[] = [
    [1, 10, 6, 40],
    [1, 10, 6, 40],
    [2, 10, 10, 60],
  ]
  const story = { rates: [EVEN(0.5), EVEN(5)], pars: [6, 10] }
  expect(advise(story, lanes, {}, [40, 60]).moves).toEqual([])
  expect(advise(story, lanes, {}, [40, 40]).moves).toHaveLength(1)
})

test('a product that has become a controlled one gets no lane', () => {
  const shelves = shelvesOf(
    [
      [1, 10, 6],
      [1, 10, 6],
      [2, 10, 10],
    ],
    [50, 50],
  )
  const of = { time_zone: 'UTC', products: shelves.products, from: BEGAN, until: BEGAN + 84 * DAY }
  const rows = life({ seed: 1, days: 84, rates: [EVEN(0.5), EVEN(5)], pars: [6, 10], fillEvery: 3 })
  const history = historyOf(rows, of)
  const products = shelves.products.map(each => ({ ...each, controlled: each.gtin === gtin(2) }))
  expect(adviceOf(history, shelves, OPTIONS).moves).toHaveLength(1)
  expect(adviceOf(history, { ...shelves, products }, OPTIONS).moves).toEqual([])
})

test('a product that was refused because no lane holds it gets one, where that saves most', () => {
  const shelves = shelvesOf(
    [
      [1, 10, 6],
      [1, 10, 6],
    ],
    [50, 50],
  )
  const of = { time_zone: 'UTC', products: shelves.products, from: BEGAN, until: BEGAN + 84 * DAY }
  const refused = {
    type: 'instruction-ended',
    kind: 'prescribe',
    outcome: 'refused',
    why: 'no lane holds Product 2',
  } as const
  const rows = [...life({ seed: 1, days: 84, rates: [EVEN(0.5)], pars: [6], fillEvery: 3 })].flatMap(row =>
    row.entry.type === 'door-closed'
      ? ['a', 'b'].map(id => ({ at: row.at - 10 * 3_600_000, entry: { ...refused, id } }))
      : [row],
  )
  const advice = adviceOf(
    historyOf(
      rows.sort((one, other) => one.at - other.at),
      of,
    ),
    shelves,
    OPTIONS,
  )
  expect(advice.moves).toMatchObject([{ to: gtin(2) }])
  expect(known(advice, 2)).toMatchObject({ lanes: [], now: { par: 0 }, moved: { capacity: 10 } })
  expect(known(advice, 2).now.lost_scripts).toBeCloseTo(14, 0)
})

test('the cover is that within which nine of ten fills came', () => {
  const shelves = shelvesOf([[1, 20, 6]], [50])
  const of = { time_zone: 'UTC', products: shelves.products, from: BEGAN, until: BEGAN + 84 * DAY }
  const history = historyOf(life({ seed: 1, days: 84, rates: [EVEN(3)], pars: [6], fillEvery: 3 }), of)
  const gaps = [1, 1, 5, 1, 1, 1, 9, 1, 1, 1]
  history.fills = [MONDAY]
  for (const gap of gaps) history.fills.push(daysOn(history.fills.at(-1) ?? MONDAY, gap))
  expect(adviceOf(history, shelves, OPTIONS).cover).toEqual({ days: 5, from: 'history' })
})

test('no product loses its last lane, however little it is asked for', () => {
  const story = { rates: [EVEN(0.3), EVEN(9)], pars: [6, 10] }
  expect(
    advise(story, [
      [1, 10, 6],
      [2, 10, 10],
    ]).moves,
  ).toEqual([])
  const { moves } = advise(story, [
    [1, 10, 6],
    [1, 10, 6],
    [2, 10, 10],
  ])
  expect(moves).toMatchObject([{ from: gtin(1), to: gtin(2) }])
})

test('too little is said to be too little, and is left as it is', () => {
  const short = advise({ rates: [EVEN(3)], pars: [6], days: 20 }, [[1, 20, 6]])
  expect(short.enough).toBe(false)
  expect(short.missing).toEqual([
    'The unit was seen in service on 20 days; 28 are needed before anything is proposed.',
  ])
  const seldom = advise({ rates: [EVEN(3)], pars: [6], fillEvery: 30 }, [[1, 20, 6]])
  expect(seldom.missing.join()).toContain('--cover')
  expect(advise({ rates: [EVEN(3)], pars: [6], fillEvery: 30 }, [[1, 20, 6]], { cover: 4 })).toMatchObject({
    enough: true,
    cover: { days: 4, from: 'given' },
  })
  const rare = advise({ rates: [EVEN(0.02), EVEN(5)], pars: [6, 10] }, [
    [1, 20, 6],
    [2, 10, 10],
  ])
  expect(rare.products[0]).toMatchObject({ enough: false, par: 6, lanes: ['A1'] })
  expect(rare.products[0]?.says.join()).toMatch(/Asked for by \d prescriptions? in 84 days; 10 are needed/)
  expect(rare.moves).toEqual([])
})

test('of 60 kiosks drawn by lot none is advised to lose more, and no lane changes for less than it is worth', () => {
  const roll = dice(4)
  let changed = 0
  for (let seed = 1; seed <= 60; seed++) {
    const rates = [0, 1, 2].map(() => EVEN(0.3 + 5 * roll()))
    const lanes = Array.from(
      { length: 5 },
      (_none, index): Lane => [
        index < 3 ? index + 1 : 1 + Math.floor(3 * roll()),
        4 + Math.floor(8 * roll()),
        4,
      ],
    )
    const pars = [1, 2, 3].map(product => 4 * lanes.filter(([held]) => held === product).length)
    const { lost_scripts: lost, moves } = advise({ seed, rates, pars, days: 42 }, lanes)
    expect(lost.proposed, `seed ${seed}`).toBeLessThanOrEqual(lost.now + 1e-9)
    expect(lost.moved, `seed ${seed}`).toBeLessThanOrEqual(lost.proposed + 1e-9)
    for (const { gain, says } of moves) {
      expect(gain).toBeGreaterThanOrEqual(0.1)
      expect(says).not.toBe('')
    }
    if (moves.length > 0) changed++
  }
  expect(changed).toBeGreaterThan(15)
})
