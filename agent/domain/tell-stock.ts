import type { z } from 'zod'
import type { Entry } from './journal.ts'
import { stockEntries } from './journal-kiosk.ts'

type StockEntry = z.output<(typeof stockEntries)[number]>

const NAMES: ReadonlySet<string> = new Set(stockEntries.map(({ shape }) => shape.type.value))

export const isStock = (entry: Entry): entry is StockEntry => NAMES.has(entry.type)

/** An entry about the stock of a kiosk as a plain sentence. */
export function tellStock(entry: StockEntry): string {
  switch (entry.type) {
    case 'load-began':
      return `${entry.by} fills lane ${entry.lane}: ${entry.wanted} packs are wanted${entry.barred > 0 ? `, ${entry.barred} in it may not be given out` : ''}`
    case 'badge-refused':
      return `A badge${entry.by === undefined ? '' : ` (${entry.by})`} at ${entry.device}: ${entry.says}`
    case 'pack-loaded':
      return `${entry.gtin} ${entry.serial} (expires ${entry.expiry}) lies in ${entry.lane} at ${entry.position}${entry.behind ? ', behind one that expires later' : ''}`
    case 'pack-refused':
      return `A pack was refused for ${entry.lane} (${entry.why}): ${entry.says}`
    case 'load-ended':
      return `Lane ${entry.lane} filled: ${entry.loaded} packs (${entry.how})`
    case 'pack-removed':
      return `${entry.by} took ${entry.gtin} ${entry.serial} out of ${entry.lane}: ${entry.reason}`
    case 'counted':
      return `${entry.by} counted ${entry.counted} in ${entry.lane}, ${entry.expected} were expected${entry.reason === undefined ? '' : `: ${entry.reason}`}`
    case 'recalled':
      return `${entry.recall} keeps ${entry.packs.length} packs from being given out (${entry.by}): ${entry.reason}`
    case 'recall-narrowed':
      return `${entry.recall} does not concern what is loaded from now on`
    case 'recall-lifted':
      return `${entry.recall} lifted (${entry.by}): ${entry.reason}`
    case 'pack-expired':
      return `${entry.gtin} ${entry.serial} in ${entry.lane} expired on ${entry.expiry}: take it out`
    case 'climate-excursion':
      return `${entry.device}: too ${entry.side === 'hot' ? 'warm' : 'cold'}, ${entry.worst_c} °C${entry.beyond ? ', beyond what is permitted' : ''}`
    case 'climate-recovered':
      return `${entry.device}: no longer too ${entry.side === 'hot' ? 'warm' : 'cold'} after ${Math.round(entry.lasted_ms / 60_000)} min`
    case 'climate-silent':
      return `${entry.device} has said nothing for ${Math.round(entry.quiet_ms / 60_000)} min`
    case 'climate-heard':
      return `${entry.device} speaks again`
    case 'climate-mean':
      return `${entry.device}: mean kinetic temperature ${entry.mkt_c} °C is ${entry.high ? 'too high' : 'good again'}`
    case 'out-of-service':
      return `Out of service: ${entry.why}; ${entry.owed} prescriptions wait here`
    case 'in-service':
      return 'In service again'
  }
}
