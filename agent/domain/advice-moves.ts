import type { Case } from './advice-case.ts'
import { moveSays } from './advice-says.ts'
import type { LaneAdvice, Level, Shelves } from './advice-words.ts'
import { bestHolding, capacities, movesTo, presentOf, type Slot, taken } from './planogram.ts'

/** What a lane must save, in prescriptions a week, to be worth changing. */
const MATERIAL = 0.1
/** Whether a product is here at all is for a pharmacist to say, not for numbers: none loses its last lane. */
const LAST_LANE = 1e6

/** Lanes of products of which too little is known stay as they are. */
function slotsOf(cases: Case[], { lanes, products }: Shelves): Slot[] {
  const open = products.filter(
    ({ gtin, controlled, refrigerated }) =>
      !controlled && !refrigerated && cases.some(({ told }) => told.gtin === gtin),
  )
  return lanes
    .filter(({ product }) => cases.some(({ told }) => told.gtin === product))
    .map(({ name, product, capacity, width_mm: width }) => ({
      ...{ name, product, capacity },
      fits: new Set([
        product,
        ...open.filter(each => (each.width_mm ?? 0) <= (width ?? Infinity)).map(({ gtin }) => gtin),
      ]),
    }))
}

/** Which lanes should hold something else, and where that leaves each product that has other lanes then. */
export function movesOf(cases: Case[], shelves: Shelves): { moves: LaneAdvice[]; after: Map<string, Level> } {
  const byGtin = new Map(cases.map(one => [one.told.gtin, one]))
  const slots = slotsOf(cases, shelves)
  const known = new Map<string, number>()
  const loss = (gtin: string, capacity: number): number => {
    const one = byGtin.get(gtin)
    const key = `${gtin} ${capacity}`
    const last = capacity === 0 && (one?.told.lanes.length ?? 0) > 0 ? LAST_LANE : 0
    const lost = known.get(key) ?? last + (one ? one.at(one.parFor(capacity)).lost_scripts : 0)
    known.set(key, lost)
    return lost
  }
  const goal = bestHolding(slots, [...byGtin.keys()], loss)
  const steps = movesTo(slots, goal, loss, MATERIAL)
  const holding = steps.reduce((now, { lanes }) => taken(now, lanes), presentOf(slots))
  const held = capacities(slots, holding)
  const after = new Map<string, Level>()
  for (const { told, at, parFor } of cases) {
    const capacity = held.get(told.gtin) ?? 0
    const lanes = slots.flatMap(({ name }, index) => (holding[index] === told.gtin ? [name] : []))
    if (lanes.join() === told.lanes.join()) continue
    const level = at(parFor(capacity))
    after.set(told.gtin, level)
    told.moved = { ...level, lanes, capacity }
  }
  const moves = steps.flatMap(({ lanes, gain }, index) =>
    lanes.map(([lane, to]): LaneAdvice => {
      const slot = slots[lane]
      const about = { move: index + 1, lane: slot?.name ?? '', from: slot?.product ?? '', to, gain }
      return { ...about, says: moveSays(about, gtin => byGtin.get(gtin)?.told) }
    }),
  )
  return { moves, after }
}
