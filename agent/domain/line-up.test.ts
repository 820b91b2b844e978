import { expect, test } from 'vitest'
import { after, type Drawn, draw } from './drawn-shelf.ts'
import type { Effect } from './effect.ts'
import type { Known } from './known.ts'
import { holdPacks, lineUp } from './line-up.ts'
import { heldPacks, type Prescription } from './prescription.ts'
import { reachable } from './shelf.ts'
import { packId } from './stock.ts'

const SEEDS = 2_000

/** All that is looked at here. */
const knownOf = ({ shelf, others, mine }: Drawn): Known => {
  const known: Pick<Known, 'shelf' | 'prescription'> = {
    shelf,
    prescription: id => (id === mine.id ? mine : others.get(id)),
  }
  return known as Known
}

const changesIn = (effects: Effect[]) =>
  effects.flatMap(effect => (effect.type === 'change-prescription' ? [effect] : []))
const entriesIn = (effects: Effect[]) =>
  effects.flatMap(effect => (effect.type === 'record' ? [effect.entry] : []))

/** A machine in which packs are held for whoever stands there, as it is when the label is to be printed. */
function held(seed: number): Drawn {
  const drawn = draw(seed)
  return { ...drawn, ...applied(drawn, holdPacks(drawn.mine, knownOf(drawn)).effects) }
}

function applied(drawn: Drawn, effects: Effect[]): Drawn {
  const { owed, shelf } = after(drawn, changesIn(effects))
  const mine = owed.get(drawn.mine.id) ?? drawn.mine
  const others = new Map([...owed].filter(([id]) => id !== mine.id))
  return { ...drawn, shelf, mine, others }
}

function forAll(holds: (drawn: Drawn, lined: ReturnType<typeof lineUp>, then: Drawn) => void): void {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const drawn = held(seed)
    const lined = lineUp(drawn.mine, knownOf(drawn))
    try {
      holds(drawn, lined, applied(drawn, lined.effects))
    } catch (broken) {
      throw new Error(`seed ${seed}: ${broken instanceof Error ? broken.message : broken}`)
    }
  }
}

const everybody = ({ mine, others }: Drawn): Prescription[] => [mine, ...others.values()]
const names = (each: Prescription): string[] => heldPacks(each).map(packId)

test('what is drawn has swaps, with others and with nobody, or these properties say little', () => {
  const seen = { alone: 0, withOthers: 0, nothing: 0 }
  forAll((_drawn, { effects }) => {
    const moved = entriesIn(effects).flatMap(entry => ('prescription' in entry ? [entry.prescription] : []))
    if (moved.length === 0) seen.nothing++
    else if (moved.some(id => id !== 'MINE')) seen.withOthers++
    else seen.alone++
  })
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(SEEDS / 50)
})

test('then the packs that are held in a lane are those that fall next, and no others', () => {
  forAll((_drawn, _lined, then) => {
    const mine = new Set(names(then.mine))
    for (const { name } of then.shelf.lanes) {
      const packs = reachable(then.shelf, name).map(packId)
      const own = packs.filter(each => mine.has(each))
      expect(own).toEqual(packs.slice(0, own.length))
    }
  })
})

test('nobody loses a pack by it: everybody has as many of each product as before, and all of them together the same', () => {
  forAll((drawn, _lined, then) => {
    const before = everybody(drawn)
    for (const [index, each] of everybody(then).entries()) {
      const products = (of: Prescription | undefined) => of?.items.map(({ gtin, now }) => [gtin, now])
      expect(products(each)).toEqual(products(before[index]))
    }
    // But what lies in front of whoever stands there, and was nobody's, changes places with what was theirs.
    const free = ({ packs, ...machine }: Drawn) =>
      packs.length - everybody({ packs, ...machine }).flatMap(names).length
    expect(free(then)).toBe(free(drawn))
  })
})

test('no pack is held for two', () => {
  forAll((_drawn, _lined, then) => {
    const all = everybody(then).flatMap(names)
    expect(new Set(all).size).toBe(all.length)
  })
})

test('whoever gives up a pack gets one that can come out of the same lane', () => {
  forAll((drawn, _lined, then) => {
    for (const [index, each] of everybody(then).entries()) {
      const before = new Set(names(everybody(drawn)[index] ?? each))
      for (const pack of heldPacks(each)) {
        if (before.has(packId(pack))) continue
        const { lane } = drawn.packs.find(one => packId(one) === packId(pack)) ?? {}
        expect(reachable(then.shelf, lane ?? '').map(packId)).toContain(packId(pack))
      }
    }
  })
})

test('each move is written down, for both, and nothing that did not move', () => {
  forAll((drawn, { effects, items }, then) => {
    const moves = everybody(drawn).flatMap((before, index) =>
      before.items.flatMap((item, place) => {
        const now = everybody(then)[index]?.items[place]
        if (item.now !== 'held' || now?.now !== 'held' || item.serial === now.serial) return []
        return [`${before.id} ${item.gtin} ${item.serial} ${now.serial}`]
      }),
    )
    const told = entriesIn(effects).map(entry =>
      entry.type === 'reservation-moved'
        ? `${entry.prescription} ${entry.gtin} ${entry.serial} ${entry.now}`
        : entry.type,
    )
    expect(told.toSorted()).toEqual(moves.toSorted())
    expect(items).toEqual(then.mine.items)
  })
})

test('asked again, nothing changes', () => {
  forAll((_drawn, _lined, then) => {
    expect(lineUp(then.mine, knownOf(then))).toEqual({ effects: [], items: then.mine.items })
  })
})

test('packs that are held are written down when they change, and only then', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const drawn = draw(seed)
    const { effects, now } = holdPacks(drawn.mine, knownOf(drawn))
    const then = applied(drawn, effects)
    expect(then.mine.items, `seed ${seed}`).toEqual(now.items)
    const before = new Set(names(drawn.mine))
    const fresh = names(then.mine).filter(each => !before.has(each))
    const told = entriesIn(effects).flatMap(entry =>
      entry.type === 'reserved' ? entry.packs.map(packId) : [],
    )
    expect(told, `seed ${seed}`).toEqual(fresh)
    expect(holdPacks(then.mine, knownOf(then)).effects, `seed ${seed}`).toEqual([])
  }
})
