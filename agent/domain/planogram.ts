/** What a lane is to whoever says what it holds: its motor and its place stay. */
export interface Slot {
  name: string
  product: string
  capacity: number
  /** Which products fit, the present one among them. */
  fits: ReadonlySet<string>
}

/** What a product loses a week when its lanes hold so many packs together; never more with more. */
export type Loss = (product: string, capacity: number) => number

/** Which lane holds what, by the place of the lane in the list. */
export type Holding = string[]

export const presentOf = (slots: readonly Slot[]): Holding => slots.map(({ product }) => product)

export function capacities(slots: readonly Slot[], holding: Holding): Map<string, number> {
  const held = new Map<string, number>()
  for (const [index, { capacity }] of slots.entries()) {
    const product = holding[index] ?? ''
    held.set(product, (held.get(product) ?? 0) + capacity)
  }
  return held
}

export function lossOf(
  slots: readonly Slot[],
  holding: Holding,
  products: readonly string[],
  loss: Loss,
): number {
  const held = capacities(slots, holding)
  return products.reduce((sum, product) => sum + loss(product, held.get(product) ?? 0), 0)
}

/** Where one or two lanes hold something else. */
type Step = [lane: number, to: string][]

const LEAST = 1e-9

/**
 * Gives lanes to products so that as little as possible is lost. Lanes are handed out one by one to whoever gains most, and
 * what came of that, like what is there now, is bettered by changing a few lanes at a time; the best of all stays.
 * Never worse than the present.
 */
export function bestHolding(slots: readonly Slot[], products: readonly string[], loss: Loss): Holding {
  const board = boardOf(slots, products, loss)
  const found = [presentOf(slots), handOut(slots, products, loss, -1), handOut(slots, products, loss, 1)].map(
    from => better(board, from),
  )
  return found.reduce((best, each) =>
    lossOf(slots, each, products, loss) < lossOf(slots, best, products, loss) - LEAST ? each : best,
  )
}

/** Large lanes first (-1), or small ones. */
function handOut(slots: readonly Slot[], products: readonly string[], loss: Loss, order: -1 | 1): Holding {
  const holding = presentOf(slots)
  const held = new Map<string, number>()
  const sorted = [...slots.entries()].sort(([, one], [, other]) => order * (one.capacity - other.capacity))
  for (const [index, { capacity, fits, product: now }] of sorted) {
    const gain = (product: string): number => {
      const has = held.get(product) ?? 0
      return loss(product, has) - loss(product, has + capacity)
    }
    const open = products.filter(product => fits.has(product))
    // Where nobody gains anything it stays as it is.
    const taker = open.reduce((best, each) => (gain(each) > gain(best) + LEAST ? each : best), now)
    holding[index] = taker
    held.set(taker, (held.get(taker) ?? 0) + capacity)
  }
  return holding
}

/** The same in numbers: millions of steps are tried. */
interface Board {
  products: readonly string[]
  /** By lane. */
  capacity: number[]
  fits: number[][]
  /** By product, and by what its lanes hold together. */
  loss: Float64Array[]
}

function boardOf(slots: readonly Slot[], products: readonly string[], loss: Loss): Board {
  const all = slots.reduce((sum, { capacity }) => sum + capacity, 0)
  return {
    products,
    capacity: slots.map(({ capacity }) => capacity),
    fits: slots.map(({ fits }) => products.flatMap((product, index) => (fits.has(product) ? [index] : []))),
    loss: products.map(product =>
      Float64Array.from({ length: all + 1 }, (_none, packs) => loss(product, packs)),
    ),
  }
}

/** With more lanes steps of four take too long, and there are so many others that they are hardly missed. */
const FEW_LANES = 12

/** Steps of one lane, or where none gains of two, of three, of four, until none gains. */
function better(board: Board, from: Holding): Holding {
  const holding = from.map(product => board.products.indexOf(product))
  const held = board.products.map(() => 0)
  for (const [lane, product] of holding.entries())
    held[product] = (held[product] ?? 0) + (board.capacity[lane] ?? 0)
  const tried = tries(board, holding, held)
  const sizes = board.capacity.length <= FEW_LANES ? [1, 2, 3, 4] : [1, 2, 3]
  while (sizes.some(tried));
  return holding.map(product => board.products[product] ?? '')
}

/**
 * Looks for a step of so many lanes that gains, and takes the first. The next lane of a step is one whose product just got
 * another: so exchanges, chains over a third product, and one large lane for two small ones are all found.
 */
function tries({ capacity, fits, loss }: Board, holding: number[], held: number[]) {
  const lossAt = (product: number): number => loss[product]?.[held[product] ?? 0] ?? 0
  const put = (lane: number, to: number): number => {
    const from = holding[lane] ?? 0
    const packs = capacity[lane] ?? 0
    const before = lossAt(from) + lossAt(to)
    held[from] = (held[from] ?? 0) - packs
    held[to] = (held[to] ?? 0) + packs
    holding[lane] = to
    return before - lossAt(from) - lossAt(to)
  }
  const step = (left: number, gain: number, got: number[], used: number[]): boolean => {
    for (const [lane, from] of holding.entries()) {
      if (used.includes(lane) || (got.length > 0 && !got.includes(from))) continue
      for (const to of fits[lane] ?? []) {
        // The last one to get a lane must gain by it: else the step before was enough.
        if (to === from || (left === 1 && lossAt(to) <= LEAST)) continue
        const now = gain + put(lane, to)
        if (left === 1 ? now > LEAST : step(left - 1, now, [...got, to], [...used, lane])) return true
        put(lane, from)
      }
    }
    return false
  }
  return (lanes: number): boolean => step(lanes, 0, [], [])
}

export const taken = (holding: Holding, step: Step): Holding =>
  holding.map((product, lane) => step.find(([each]) => each === lane)?.[1] ?? product)

function gainOf(
  slots: readonly Slot[],
  holding: Holding,
  held: Map<string, number>,
  step: Step,
  loss: Loss,
): number {
  const change = new Map<string, number>()
  const add = (product: string, packs: number) => change.set(product, (change.get(product) ?? 0) + packs)
  for (const [lane, to] of step) {
    const packs = slots[lane]?.capacity ?? 0
    add(holding[lane] ?? '', -packs)
    add(to, packs)
  }
  let gain = 0
  for (const [product, packs] of change) {
    const has = held.get(product) ?? 0
    gain += loss(product, has) - loss(product, has + packs)
  }
  return gain
}

/** One lane or two that change together, and what that gains. */
export interface Move {
  lanes: Step
  gain: number
}

/**
 * The way from what is there now to a better holding, in moves of one lane or two that each gain at least `least` for every
 * lane; what gains less is left as it is.
 */
export function movesTo(slots: readonly Slot[], goal: Holding, loss: Loss, least: number): Move[] {
  let holding = presentOf(slots)
  const moves: Move[] = []
  for (;;) {
    const left = goal.flatMap((to, lane): Step => (to === holding[lane] ? [] : [[lane, to]]))
    const steps: Step[] = left.flatMap((one, index) => [
      [one],
      ...left.slice(index + 1).map(other => [one, other]),
    ])
    const held = capacities(slots, holding)
    const worth = steps
      .map(lanes => ({ lanes, gain: gainOf(slots, holding, held, lanes, loss) }))
      .filter(({ lanes, gain }) => gain >= least * lanes.length)
      .sort((one, other) => other.gain / other.lanes.length - one.gain / one.lanes.length)
    const [best] = worth
    if (!best) return moves
    moves.push(best)
    holding = taken(holding, best.lanes)
  }
}
