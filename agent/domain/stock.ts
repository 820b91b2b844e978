import { z } from 'zod'

/** One pack in the machine, by what its own label says: never a count of packs. Dates are YYYY-MM-DD. */
export const Pack = z.strictObject({
  gtin: z.string().regex(/^\d{14}$/),
  serial: z.string(),
  lot: z.string(),
  expiry: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  lane: z.string(),
  /** In its lane, from 1 at the front: what lies in front falls first. */
  position: z.int().min(1),
  /** Unix time in milliseconds. */
  loaded: z.int(),
})
export type Pack = z.output<typeof Pack>

/** Names a pack for ever: a serial is unique among packs of one GTIN (GS1 General Specifications, AI 21). */
export const packId = ({ gtin, serial }: Pick<Pack, 'gtin' | 'serial'>): string => `${gtin} ${serial}`

/** What is known of a product, from the site's formulary. */
export interface Product {
  gtin: string
  name: string
  controlled: boolean
  refrigerated: boolean
}

/** Why a pack may not be loaded, and in a sentence what to do with it. */
export interface Refusal {
  why:
    | 'unreadable'
    | 'not-in-formulary'
    | 'controlled'
    | 'refrigerated'
    | 'wrong-product'
    | 'recalled'
    | 'expired'
    | 'short-dated'
    | 'duplicate'
    | 'lane-full'
  says: string
}

interface Candidate {
  pack: { gtin: string; lot: string; serial: string; expiry: string }
  product: Product | undefined
  lane: { name: string; product: string; capacity: number }
  /** What lies in that lane. */
  packs: Pack[]
  /** The pack of that name that is in the machine already, if one is. */
  known: Pack | undefined
  today: string
  /** The recall or quarantine under which it falls. */
  recall: string | undefined
  /** The last day that is too soon to expire. */
  tooSoon: string
}

/** Whether a pack may go into a lane: undefined, or the first thing that is wrong with it. */
export function refusePack({
  pack,
  product,
  lane,
  packs,
  known,
  recall,
  today,
  tooSoon,
}: Candidate): Refusal | undefined {
  if (!product)
    return {
      why: 'not-in-formulary',
      says: `${pack.gtin} is not in the formulary of this kiosk: put it back into the box.`,
    }
  if (product.controlled)
    return {
      why: 'controlled',
      says: `${product.name} is a controlled substance: it never goes into a kiosk.`,
    }
  if (product.refrigerated)
    return { why: 'refrigerated', says: `${product.name} must be kept cold: it never goes into this kiosk.` }
  if (pack.gtin !== lane.product)
    return { why: 'wrong-product', says: `${product.name} does not belong into lane ${lane.name}.` }
  if (pack.expiry < today)
    return { why: 'expired', says: `It expired on ${pack.expiry}: put it into the return bin.` }
  if (recall !== undefined)
    return { why: 'recalled', says: `It falls under ${recall}: put it aside for the pharmacist.` }
  if (pack.expiry <= tooSoon)
    return { why: 'short-dated', says: `It expires on ${pack.expiry}, too soon to be loaded.` }
  if (known)
    return {
      why: 'duplicate',
      says: `Its serial lies in lane ${known.lane} already: keep both packs aside and call the pharmacist.`,
    }
  if (packs.length >= lane.capacity)
    return {
      why: 'lane-full',
      says: `Lane ${lane.name} holds ${lane.capacity} packs, and so many are in it.`,
    }
  return undefined
}

/** Behind the last one: packs are pushed in from the front and fall in the order they were put in. */
export const nextPosition = (packs: Pack[]): number =>
  Math.max(0, ...packs.map(({ position }) => position)) + 1

/** Whether something that expires later lies in front of it: then first-expired-first-out is not possible in this lane. */
export const liesBehind = (expiry: string, packs: Pack[]): boolean => packs.some(each => each.expiry > expiry)

/** A calendar date some days on, as text. */
export function daysOn(date: string, days: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10)
}

/** The calendar date at a place, of a moment in Unix milliseconds. */
export function dateAt(wall: number, timeZone: string): string {
  const quarter = Math.floor(wall / QUARTER)
  if (last.quarter !== quarter || last.timeZone !== timeZone)
    last = { quarter, timeZone, date: formatter(timeZone).format(new Date(wall)) }
  return last.date
}

/** No zone is set off by anything finer, so a date lasts at least that long. */
const QUARTER = 15 * 60_000
let last = { quarter: Number.NaN, timeZone: '', date: '' }
const formatters = new Map<string, Intl.DateTimeFormat>()

/** Making one takes longer than everything else that happens in a step. */
function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  formatters.set(timeZone, made)
  return made
}
