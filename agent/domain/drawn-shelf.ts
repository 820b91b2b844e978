import { LaneConfig } from '../../config/kiosk.ts'
import { changed, heldPacks, type Item, type Prescription, type PrescriptionChange } from './prescription.ts'
import { fits, type Recall } from './recall.ts'
import { reserve, type Shelf } from './shelf.ts'
import { type Pack, packId } from './stock.ts'

// Machines and prescriptions as they may come, drawn from a seed: what the properties of choosing are held against.

export const TODAY = '2026-03-01'
const DAYS = ['2026-02-28', TODAY, '2026-03-02', '2026-06-30', '2027-01-01']
export const PRODUCTS = ['00312345678906', '00300027597010'] as const

/** Throws a whole number from 0 up to, not including, `below`; the same seed throws the same (mulberry32). */
export function dice(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

type Throw = ReturnType<typeof dice>
const oneOf = <Each>(list: readonly Each[], toss: Throw): Each => list[toss(list.length)] as Each
const times = <Each>(count: number, make: (index: number) => Each): Each[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** A machine with what is owed from it. */
export interface Drawn {
  shelf: Shelf
  packs: Pack[]
  /** Whoever else has packs held. */
  others: Map<string, Prescription>
  /** The one that is looked at: some of it is wanted, some may be held, given out or just falling. */
  mine: Prescription
}

export function draw(seed: number): Drawn {
  const toss = dice(seed)
  const lanes = times(1 + toss(3), index =>
    LaneConfig.parse({
      ...{ name: `L${index + 1}`, device: 'vmc', channel: index + 1, capacity: 9 },
      product: oneOf(PRODUCTS, toss),
    }),
  )
  const packs = lanes.flatMap(lane => drawLane(lane, toss))
  const recalls: Recall[] = []
  const owed = new Map<string, Prescription>()
  const shelf = shelfOf(lanes, packs, recalls, owed)
  for (const id of ['RX1', 'RX2', 'RX3', 'MINE'].slice(toss(3))) keep(owed, drawPrescription(id, toss), shelf)
  // Only now, so that some of what is held may not be given out any more.
  recalls.push(...times(toss(3), index => drawRecall(`R${index}`, packs, toss)))
  const mine = later(owed.get('MINE') ?? drawPrescription('MINE', toss), toss)
  owed.set(mine.id, mine)
  const others = new Map([...owed].filter(([id]) => id !== mine.id))
  return { shelf: shelfOf(lanes, packs, recalls, owed), packs, others, mine }
}

function keep(owed: Map<string, Prescription>, prescription: Prescription, shelf: Shelf): void {
  owed.set(prescription.id, { ...prescription, items: reserve(prescription, shelf).items })
}

function drawLane({ name, product }: LaneConfig, toss: Throw): Pack[] {
  let position = 0
  return times(toss(6), index => {
    position += 1 + toss(2)
    const about = { lane: name, position, loaded: toss(100), lot: `LOT${toss(2)}` }
    return { gtin: product, serial: `${name}-${index}`, expiry: oneOf(DAYS, toss), ...about }
  })
}

function drawPrescription(id: string, toss: Throw): Prescription {
  const items = times(1 + toss(4), (): Item => ({ gtin: oneOf(PRODUCTS, toss), now: 'wanted' }))
  const flags = { refill: false, first_time: false, partial: false, digest: '' }
  return { id, items, ...flags, until: 0, due: 0, used: [] }
}

function drawRecall(id: string, packs: Pack[], toss: Throw): Recall {
  const pack = packs[toss(Math.max(1, packs.length))]
  const gtin = pack?.gtin ?? PRODUCTS[0]
  const scopes = [
    { gtin, serial: pack?.serial ?? 'none' },
    { gtin, lot: pack?.lot ?? 'LOT0' },
    { lane: pack?.lane ?? 'L1', loaded_until: toss(100) },
  ]
  return { id, scope: oneOf(scopes, toss), why: 'drawn' }
}

/** Some of it was given out meanwhile, or falls now, or is looked for anew. */
function later(prescription: Prescription, toss: Throw): Prescription {
  const items = prescription.items.map((item, index): Item => {
    const chance = toss(8)
    if (item.now === 'held' && chance === 0) return { ...item, now: 'dispensing' }
    if (chance === 1) return { gtin: item.gtin, now: 'handed-over', serial: `gone-${index}` }
    return chance === 2 ? { gtin: item.gtin, now: 'wanted' } : item
  })
  return { ...prescription, items }
}

/** As a kiosk sees its machine. */
export function shelfOf(
  lanes: LaneConfig[],
  packs: Pack[],
  recalls: Recall[],
  owed: ReadonlyMap<string, Prescription>,
): Shelf {
  return {
    lanes,
    packsIn: lane =>
      packs.filter(each => each.lane === lane).sort((one, other) => one.position - other.position),
    barred: pack => (pack.expiry < TODAY ? 'expired' : recalls.find(({ scope }) => fits(scope, pack))?.id),
    heldFor: pack =>
      [...owed.values()].find(each => heldPacks(each).some(held => packId(held) === packId(pack)))?.id,
  }
}

/** The same machine when these prescriptions changed so. */
export function after(
  { shelf, others, mine }: Drawn,
  changes: readonly ({ prescription: string } & PrescriptionChange)[],
): { owed: Map<string, Prescription>; shelf: Shelf } {
  const owed = new Map([...others, [mine.id, mine]])
  for (const { prescription, ...change } of changes) {
    const old = owed.get(prescription)
    if (old) owed.set(prescription, changed(old, change))
  }
  const heldFor: Shelf['heldFor'] = pack =>
    [...owed.values()].find(each => heldPacks(each).some(held => packId(held) === packId(pack)))?.id
  return { owed, shelf: { ...shelf, heldFor } }
}
