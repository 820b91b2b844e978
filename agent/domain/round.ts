import type { LaneConfig } from '../../config/kiosk.ts'
import type { Shelf } from './shelf.ts'
import type { Pack } from './stock.ts'

/** What a lane lacks. */
export interface Need {
  lane: string
  /** Packs to put in until it holds what it should: its par level, or as many as it holds. */
  wanted: number
  /** Packs in it that may not be given out: to be taken out, or judged by a pharmacist. */
  barred: number
}

interface Stock {
  packsIn(lane: string): Pack[]
  shelf: Pick<Shelf, 'barred'>
}

/** What one lane lacks. Never more than there is room for behind what lies in it. */
export function needOf({ name, par, capacity }: LaneConfig, { packsIn, shelf }: Stock): Need {
  const packs = packsIn(name)
  const barred = packs.filter(pack => shelf.barred(pack) !== undefined).length
  const short = (par ?? capacity) - (packs.length - barred)
  return { lane: name, wanted: Math.max(0, Math.min(short, capacity - packs.length)), barred }
}

/** The lanes that somebody should go to, the emptiest first: which share of what it should hold can be given out. */
export function roundOf(lanes: LaneConfig[], stock: Stock): Need[] {
  const share = ({ name, par, capacity }: LaneConfig) => {
    const good = stock.packsIn(name).filter(pack => stock.shelf.barred(pack) === undefined).length
    return good / Math.max(1, par ?? capacity)
  }
  return lanes
    .map(lane => ({ need: needOf(lane, stock), share: share(lane) }))
    .filter(({ need }) => need.wanted > 0 || need.barred > 0)
    .sort((left, right) => left.share - right.share)
    .map(({ need }) => need)
}
