import { type Case, caseOf, type Scene, suffice } from './advice-case.ts'
import { movesOf } from './advice-moves.ts'
import { laneSays, lookSays } from './advice-says.ts'
import type { Advice, AdviceOptions, KnownProduct, Shelves, UnknownProduct } from './advice-words.ts'
import { daysBetween } from './history.ts'
import type { History } from './history-words.ts'

/** Less is a guess. */
export const ENOUGH = { days: 28, scripts: 10, gaps: 4 } as const
/** What the unit's own history says of its par levels and its planogram. It proposes; it changes nothing. */
export function adviceOf(history: History, shelves: Shelves, options: AdviceOptions): Advice {
  const { service } = options
  const days = daysSeen(history)
  const cover = coverOf(history, options)
  const missing = [
    ...(days < ENOUGH.days
      ? [
          `The unit was seen in service on ${days} days; ${ENOUGH.days} are needed before anything is proposed.`,
        ]
      : []),
    ...(cover
      ? []
      : [
          `It was filled on too few days to know how often that is: say the days between fills with --cover.`,
        ]),
  ]
  const nothing = { now: 0, proposed: 0, moved: 0 }
  if (!cover || missing.length > 0)
    return { enough: false, missing, days, service, products: [], moves: [], lost_scripts: nothing, says: [] }
  const scene: Scene = { history, cover: cover.days, options }
  const all = shelves.products.flatMap(product => productOf(product, shelves, scene) ?? [])
  const cases = all.flatMap(each => ('parFor' in each ? [each] : []))
  const { moves, after } = movesOf(cases, shelves)
  for (const one of cases)
    one.told.says.push(...laneSays(one.told, { cover: cover.days, ...suffice(one, shelves, scene) }))
  const sum = (of: (told: KnownProduct) => number) => cases.reduce((total, { told }) => total + of(told), 0)
  return {
    ...{ enough: true, missing, days, cover, service, moves },
    products: all.map(({ told }) => told),
    lost_scripts: {
      now: sum(({ now }) => now.lost_scripts),
      proposed: sum(({ proposed }) => proposed.lost_scripts),
      moved: sum(({ gtin, proposed }) => (after.get(gtin) ?? proposed).lost_scripts),
    },
    says: lookSays(history),
  }
}

/** Undefined for what is neither here nor asked for. */
function productOf(
  { gtin, name }: Shelves['products'][number],
  shelves: Shelves,
  scene: Scene,
): Case | { told: UnknownProduct } | undefined {
  const { history } = scene
  const past = history.products.get(gtin)
  const lanes = shelves.lanes.filter(lane => lane.product === gtin)
  if (!past || (lanes.length === 0 && past.scripts === 0)) return undefined
  const about = {
    ...{ gtin, name, lanes: lanes.map(lane => lane.name) },
    capacity: lanes.reduce((sum, { capacity }) => sum + capacity, 0),
    par: lanes.reduce((sum, { par, capacity }) => sum + (par ?? capacity), 0),
  }
  if (past.scripts >= ENOUGH.scripts) return caseOf(about, past, scene)
  const times = past.scripts === 1 ? '1 prescription' : `${past.scripts} prescriptions`
  const says = [
    `Asked for by ${times} in ${daysSeen(history)} days; ${ENOUGH.scripts} are needed to say more.`,
  ]
  return { told: { ...about, enough: false, says } }
}

const daysSeen = ({ days }: History): number =>
  [...days.values()].filter(({ seen }) => seen.some(quarters => quarters > 0)).length

/** Nine of ten times it is filled again after so many days. */
function coverOf({ fills }: History, { cover }: AdviceOptions): Advice['cover'] {
  if (cover !== undefined) return { days: cover, from: 'given' }
  const gaps = fills
    .flatMap((date, index) => (index === 0 ? [] : [daysBetween(fills[index - 1] ?? date, date)]))
    .sort((one, other) => one - other)
  const days = gaps[Math.ceil(0.9 * gaps.length) - 1]
  return gaps.length < ENOUGH.gaps || days === undefined ? undefined : { days, from: 'history' }
}
