import { expect, test } from 'vitest'
import { type Drawn, draw, PRODUCTS } from './drawn-shelf.ts'
import { heldPacks, type Item } from './prescription.ts'
import { reachable, reserve } from './shelf.ts'
import { type Pack, packId } from './stock.ts'

const SEEDS = 2_000

/** Holds a property against many machines; the seed of the first that breaks it is said. */
function forAll(holds: (drawn: Drawn) => void): void {
  for (let seed = 1; seed <= SEEDS; seed++) {
    try {
      holds(draw(seed))
    } catch (broken) {
      throw new Error(`seed ${seed}: ${broken instanceof Error ? broken.message : broken}`)
    }
  }
}

const packOf = ({ packs }: Drawn, item: { gtin: string; serial: string }): Pack => {
  const found = packs.find(pack => packId(pack) === packId(item))
  if (!found) throw new Error(`${packId(item)} is held and not in the machine`)
  return found
}

const inFront = ({ shelf }: Drawn, { lane, position }: Pack): Pack[] =>
  shelf.packsIn(lane).filter(pack => pack.position < position)

const nowHeld = (items: Item[]) => items.flatMap(item => (item.now === 'held' ? [item] : []))

test('what is drawn has something of everything, or these properties say little', () => {
  const seen = { held: 0, moved: 0, missing: 0, barred: 0, others: 0, replaced: 0 }
  forAll(({ shelf, packs, others, mine }) => {
    const { held, missing, items } = reserve(mine, shelf)
    if (held.length > 0) seen.held++
    if (missing.length > 0) seen.missing++
    if (others.size > 0) seen.others++
    if (packs.some(pack => shelf.barred(pack) !== undefined)) seen.barred++
    if (mine.items.some((item, index) => item.now === 'held' && items[index]?.now === 'wanted')) seen.moved++
    if (
      nowHeld(mine.items).some(item => !items.some(now => now.now === 'held' && now.serial === item.serial))
    )
      seen.replaced++
  })
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(SEEDS / 50)
})

test('what is held may be given out, and so may everything in front of it', () => {
  forAll(drawn => {
    for (const item of nowHeld(reserve(drawn.mine, drawn.shelf).items)) {
      const pack = packOf(drawn, item)
      for (const each of [pack, ...inFront(drawn, pack)]) expect(drawn.shelf.barred(each)).toBeUndefined()
    }
  })
})

test('what can be reached is the front of a lane, up to the first pack that may not be given out', () => {
  forAll(drawn => {
    for (const { name } of drawn.shelf.lanes) {
      const all = drawn.shelf.packsIn(name)
      const free = reachable(drawn.shelf, name)
      expect(free).toEqual(all.slice(0, free.length))
      expect(free.every(pack => drawn.shelf.barred(pack) === undefined)).toBe(true)
      const next = all[free.length]
      if (next) expect(drawn.shelf.barred(next)).toBeDefined()
    }
  })
})

test('first expired, first out, among what can be reached and is free', () => {
  forAll(drawn => {
    const { shelf, mine } = drawn
    const { held, items } = reserve(mine, shelf)
    const taken = new Set(items.flatMap(item => (item.now === 'wanted' ? [] : [packId(item)])))
    const left = shelf.lanes
      .flatMap(({ name }) => reachable(shelf, name))
      .filter(pack => !taken.has(packId(pack)) && [undefined, mine.id].includes(shelf.heldFor(pack)))
    for (const each of held)
      for (const pack of left)
        if (pack.gtin === each.gtin) expect(pack.expiry >= packOf(drawn, each).expiry).toBe(true)
  })
})

test('a pack is held for one only, and once only', () => {
  forAll(({ shelf, others, mine }) => {
    const { items } = reserve(mine, shelf)
    const all = [...others.values(), { ...mine, items }].flatMap(each => heldPacks(each).map(packId))
    expect(new Set(all).size).toBe(all.length)
    const own = items.flatMap(item => (item.now === 'wanted' ? [] : [packId(item)]))
    expect(new Set(own).size).toBe(own.length)
  })
})

test('no pack is missing while one of that product is free', () => {
  forAll(({ shelf, mine }) => {
    const { items, missing } = reserve(mine, shelf)
    const wanted = PRODUCTS.flatMap(gtin => {
      const count = items.filter(item => item.gtin === gtin && item.now === 'wanted').length
      return count > 0 ? [{ gtin, missing: count }] : []
    })
    const byProduct = (one: { gtin: string }, other: { gtin: string }) => one.gtin.localeCompare(other.gtin)
    expect(missing.toSorted(byProduct)).toEqual(wanted.toSorted(byProduct))
    const taken = new Set(items.flatMap(item => (item.now === 'wanted' ? [] : [packId(item)])))
    for (const { gtin } of missing)
      for (const { name } of shelf.lanes)
        for (const pack of reachable(shelf, name))
          if (pack.gtin === gtin && !taken.has(packId(pack))) expect(shelf.heldFor(pack)).not.toBeUndefined()
  })
})

test('what was held and may be given out stays held; what fell or was given out is not touched; nothing else changes', () => {
  forAll(({ shelf, mine }) => {
    const { items, held } = reserve(mine, shelf)
    expect(items.map(({ gtin }) => gtin)).toEqual(mine.items.map(({ gtin }) => gtin))
    const free = new Set(shelf.lanes.flatMap(({ name }) => reachable(shelf, name)).map(packId))
    for (const [index, before] of mine.items.entries()) {
      const now = items[index]
      if (before.now === 'dispensing' || before.now === 'handed-over') expect(now).toEqual(before)
      if (before.now === 'held' && free.has(packId(before))) expect(now).toEqual(before)
    }
    const fresh = nowHeld(items).filter(
      item => !nowHeld(mine.items).some(each => packId(each) === packId(item)),
    )
    expect(held).toEqual(fresh.map(({ gtin, serial }) => ({ gtin, serial })))
  })
})

test('asked again, nothing changes', () => {
  forAll(({ shelf, mine }) => {
    const once = reserve(mine, shelf)
    const again = reserve({ ...mine, items: once.items }, shelf)
    expect(again).toEqual({ ...once, held: [] })
  })
})
