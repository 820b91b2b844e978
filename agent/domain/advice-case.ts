import { levelSays, productSays } from './advice-says.ts'
import type { AdviceOptions, KnownProduct, Level, Shelves } from './advice-words.ts'
import type { CoverDemand } from './cover-demand.ts'
import { demandOf, over } from './demand.ts'
import type { History, ProductHistory } from './history-words.ts'

/** A product of which enough is known, with what its demand comes to over any stock. */
export interface Case {
  told: KnownProduct
  at(par: number): Level
  /** What its par would be if its lanes held so many together. */
  parFor(capacity: number): number
}

export interface Scene {
  history: History
  cover: number
  options: AdviceOptions
}

export function caseOf(
  about: Pick<KnownProduct, 'gtin' | 'name' | 'lanes' | 'capacity'> & { par: number },
  past: ProductHistory,
  { history, cover, options }: Scene,
): Case {
  const { par, ...named } = about
  const demand = demandOf(past, history)
  const asked = over(demand, cover, startsOf(history))
  const need = asked.enoughFor(options.service)
  const limit = expiryLimit(past, demand.weekly / 7, options)
  const at = (stock: number): Level => levelOf(asked, stock, demand.packs_per_script, cover)
  // Less than what is there now is proposed only where too much of it became too old.
  const aim = past.expired + past.short_dated > 0 ? need : Math.max(need, par)
  const parFor = (capacity: number) => Math.min(aim, capacity, limit ?? aim)
  const told: KnownProduct = {
    ...named,
    enough: true,
    demand,
    cover_mean: asked.mean,
    need,
    ...(limit === undefined ? {} : { expiry_limit: limit }),
    now: at(par),
    proposed: at(parFor(about.capacity)),
    says: [],
  }
  told.says = [...productSays(told, past), ...levelSays(told, { ...options, cover })]
  return { told, at, parFor }
}

const levelOf = (asked: CoverDemand, par: number, packsPerScript: number, cover: number): Level => ({
  par,
  service: asked.atMost(par),
  lost_scripts: ((asked.shortage(par) / packsPerScript) * 7) / cover,
})

/** What is taken, not only asked for, in the days in which a pack may still be sold: nine of ten packs come with as many or more. */
function expiryLimit(
  { shelf_life, scripts, unclaimed }: ProductHistory,
  daily: number,
  { min_days_to_expiry }: AdviceOptions,
): number | undefined {
  const packs = [...shelf_life].sort(([one], [other]) => one - other)
  const all = packs.reduce((sum, [, count]) => sum + count, 0)
  if (all === 0) return undefined
  let seen = 0
  const [days = 0] =
    packs.find(([, count]) => {
      seen += count
      return seen >= 0.1 * all
    }) ?? []
  const taking = daily * (1 - unclaimed / Math.max(1, scripts))
  return Math.floor(taking * Math.max(0, days - min_days_to_expiry))
}

/** A cover begins on the weekdays on which it was filled, as often as it was. */
function startsOf({ fills }: History): number[] {
  const seen = fills.map(date => new Date(`${date}T00:00:00Z`).getUTCDay())
  return seen.length > 0 ? seen : [0, 1, 2, 3, 4, 5, 6]
}

/** What all lanes that it fits into would hold, and how often it would have to be filled with what it has in the end. */
export function suffice(
  { told, parFor }: Case,
  shelves: Shelves,
  { history, options }: Omit<Scene, 'cover'>,
) {
  const width = shelves.products.find(({ gtin }) => gtin === told.gtin)?.width_mm ?? 0
  const most = shelves.lanes
    .filter(lane => lane.product === told.gtin || width <= (lane.width_mm ?? Infinity))
    .reduce((sum, { capacity }) => sum + capacity, 0)
  const holds = parFor(told.moved?.capacity ?? told.capacity)
  const enough = (days: number) =>
    over(told.demand, days, startsOf(history)).enoughFor(options.service) <= holds
  let often = 0
  while (holds < told.need && often < 60 && enough(often + 1)) often++
  return { most, holds, often }
}
