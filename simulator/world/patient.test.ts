import { describe, expect, test } from 'vitest'
import { cabinet } from './cabinet.ts'
import { virtualClock } from './clock.ts'
import type { DoorWorks } from './door.ts'
import { drawManner, type Manner, patient, type Visit, type Visited } from './patient.ts'
import { random } from './random.ts'
import { vending } from './vending.ts'

const HOUR = 3_600_000
const OPENS_AFTER = 5_000
const GOOD: Manner = {
  comesAfter: 1_000,
  shows: ['own'],
  types: ['right'],
  keyEvery: 300,
  patience: 60_000,
  reachesAfter: 2_000,
  takes: 'all',
  shutsAfter: 1_000,
}

interface Lobby {
  /** Empty where the code alone opens. */
  factor?: string
  works?: Partial<DoorWorks>
}

/** A kiosk that is only a tray and a door. Who shows `own` and types the factor finds the door open after five seconds. */
function lobby({ factor = '4711#', works = {} }: Lobby = {}) {
  const clock = virtualClock({ wall: 0 })
  const door = cabinet({ clock, names: ['DELIVERY'], works }).door('DELIVERY')
  const machine = vending({ clock, door, lanes: [{ name: 'A1', channel: 1 }], seesCode: () => {} })
  let shown = ''
  let typed = ''
  let told = ''

  function heard(word: string): void {
    told += word
    if (shown === 'own' && typed === factor) clock.after(OPENS_AFTER, door.energise)
  }

  const base: Omit<Visit, 'random'> = {
    clock,
    vending: machine,
    code: 'own',
    ...(factor === '' ? {} : { factor }),
    scan(text) {
      shown = text
      typed = ''
      heard(`${text} `)
    },
    press(key) {
      typed = typed.endsWith('#') ? key : typed + key
      heard(key === '#' ? '# ' : key)
    },
  }

  return {
    clock,
    door,
    machine,
    /** What was shown and typed. */
    told: () => told.trim(),
    /** These lie in the tray. */
    fall(...ids: string[]) {
      for (const id of ids) machine.feed('A1', { id, label: '' })
      for (const each of machine.world.lanes.values()) each.stock = 0
    },
    /** Somebody comes; tells how it ended. */
    async visit(manner: Partial<Manner> = {}, more: Partial<Visit> = {}): Promise<Visited> {
      const ended: Visited[] = []
      void patient({ ...base, random: random(1), manner: { ...GOOD, ...manner }, ...more }).then(how =>
        ended.push(how),
      )
      await clock.passUntil(() => ended.length > 0, HOUR)
      const [how] = ended
      if (!how) throw new Error('they never went')
      return how
    },
  }
}

describe('a patient who does everything as they should', () => {
  test('shows the code, types key by key, takes what lies there, shuts the door and goes', async () => {
    const { visit, fall, told, door, machine } = lobby()
    fall('p1', 'p2')
    const { at, ...how } = await visit({}, { packs: 2 })
    expect(how).toEqual({ why: 'served', holds: ['p1', 'p2'] })
    expect(told()).toBe('own 4711#')
    const opened = 1_000 + 1_500 + 4 * 300 + OPENS_AFTER + 30
    expect(door.openings).toEqual([{ at: opened, cause: 'released' }])
    const [{ at: taken } = { at: 0 }] = machine.ledger.takings
    expect(taken - opened).toBeGreaterThanOrEqual(2_000)
    expect(taken - opened).toBeLessThan(2_300)
    expect(door.closings).toEqual([{ at: taken + 1_000 }])
    expect(at).toBe(taken + 1_000)
  })

  test('types nothing where there is no factor', async () => {
    const { visit, fall, told } = lobby({ factor: '' })
    fall('p1')
    expect(await visit()).toMatchObject({ why: 'served', holds: ['p1'] })
    expect(told()).toBe('own')
  })

  test('waits for the screen to ask, and types nothing before', async () => {
    const { visit, fall, told, clock } = lobby()
    fall('p1')
    let toldBefore = ''
    clock.after(30_000, () => {
      toldBefore = told()
    })
    expect(await visit({}, { asked: () => clock.now() > 30_000 })).toMatchObject({ why: 'served' })
    expect(toldBefore).toBe('own')
    expect(told()).toBe('own 4711#')
  })

  test('types nothing when the door opens before the screen asks', async () => {
    const { visit, fall, told } = lobby({ factor: '' })
    fall('p1')
    expect(await visit({}, { factor: '4711#', asked: () => false })).toMatchObject({ why: 'served' })
    expect(told()).toBe('own')
  })

  test('pulls at a door that has no spring', async () => {
    const { visit, fall, door } = lobby({ works: { springs: false } })
    fall('p1')
    expect(await visit()).toMatchObject({ why: 'served', holds: ['p1'] })
    expect(door.openings).toMatchObject([{ cause: 'released' }])
  })

  test('stays for the second pack when the door opens for each', async () => {
    const { visit, fall, door, clock } = lobby()
    fall('p1')
    clock.after(20_000, () => {
      fall('p2')
      door.energise()
    })
    expect(await visit({}, { packs: 2 })).toMatchObject({ why: 'served', holds: ['p1', 'p2'] })
    expect(door.closings).toHaveLength(2)
  })
})

describe('a patient who gets nothing', () => {
  test('gives up when the door does not open, and forces nothing', async () => {
    const { visit, fall, door } = lobby({ works: { jammed: true } })
    fall('p1')
    const { at, why, holds } = await visit()
    expect([why, holds]).toEqual(['gave-up', []])
    expect(at).toBeGreaterThanOrEqual(60_000)
    expect(door.openings).toEqual([])
  })

  test('gives up when the screen never asks', async () => {
    const { visit, told } = lobby()
    expect(await visit({}, { asked: () => false })).toMatchObject({ why: 'gave-up' })
    expect(told()).toBe('own')
  })

  test('takes a door that stood open before for nobody’s, and leaves what lies behind it', async () => {
    const { visit, fall, door, machine } = lobby({ works: { jammed: true } })
    fall('p1')
    door.openByHand()
    expect(await visit()).toMatchObject({ why: 'gave-up', holds: [] })
    expect(machine.tray).toHaveLength(1)
  })

  test('finds an empty tray, shuts the door, and gives up', async () => {
    const { visit, door } = lobby()
    expect(await visit()).toMatchObject({ why: 'gave-up', holds: [] })
    expect(door.open).toBe(false)
  })
})

describe('a patient who does it otherwise', () => {
  test('shows the code twice, or somebody else’s first', async () => {
    for (const shows of [
      ['own', 'own'],
      ['another', 'own'],
    ] satisfies Manner['shows'][]) {
      const { visit, fall, told } = lobby()
      fall('p1')
      expect(await visit({ shows }, { another: 'another' })).toMatchObject({ why: 'served' })
      expect(told()).toBe(`${shows.join(' ')} 4711#`)
    }
  })

  test('shows only somebody else’s, or their own when there is nobody else', async () => {
    const { visit, told } = lobby()
    expect(await visit({ shows: ['another'] }, { another: 'another' })).toMatchObject({ why: 'gave-up' })
    expect(told()).toBe('another 4711#')
    const alone = lobby()
    await alone.visit({ shows: ['another'] })
    expect(alone.told()).toBe('own 4711#')
  })

  test('types one digit wrong, and then all right', async () => {
    const { visit, fall, told } = lobby()
    fall('p1')
    expect(await visit({ types: ['wrong', 'right'] })).toMatchObject({ why: 'served' })
    const [, wrong = '', right] = told().split(' ')
    expect(wrong).toMatch(/^\d{4}#$/)
    expect([...wrong].filter((key, at) => key !== '4711#'[at])).toHaveLength(1)
    expect(right).toBe('4711#')
  })

  test('stops typing once the door is open', async () => {
    const { visit, fall, told } = lobby()
    fall('p1')
    expect(await visit({ types: ['right', 'wrong'] })).toMatchObject({ why: 'served' })
    expect(told()).toBe('own 4711#')
  })

  test('walks away in the middle of typing', async () => {
    const { visit, told, clock } = lobby()
    expect(await visit({ types: ['half'] })).toEqual({ at: clock.now(), why: 'walked-away', holds: [] })
    expect(told()).toBe('own 47')
  })

  test.each([
    ['nothing', []],
    ['one', ['p1']],
  ] as const)('takes %s, shuts the door and goes', async (takes, holds) => {
    const { visit, fall, door, machine } = lobby()
    fall('p1', 'p2')
    expect(await visit({ takes }, { packs: 2 })).toMatchObject({ why: 'left-some', holds })
    expect(machine.tray).toHaveLength(2 - holds.length)
    expect(door.open).toBe(false)
  })

  test('leaves the door open, which somebody shuts later', async () => {
    const { visit, fall, door, clock } = lobby()
    fall('p1')
    expect(await visit({ shutsAfter: 90_000 })).toMatchObject({ why: 'served' })
    await clock.pass(89_000)
    expect(door.open).toBe(true)
    await clock.pass(2_000)
    expect(door.open).toBe(false)
  })

  test('has left the door open: it is not shut before the next one’s nose', async () => {
    const { visit, fall, door, clock } = lobby()
    fall('p1')
    await visit({ shutsAfter: 90_000 })
    await clock.pass(30_000)
    door.push()
    door.openByHand()
    await clock.pass(HOUR)
    expect(door.open).toBe(true)
  })

  test('comes too late to the open door, and finds it shut', async () => {
    const { visit, fall, door, clock, machine } = lobby()
    fall('p1')
    clock.after(30_000, door.push)
    expect(await visit({ reachesAfter: 40_000 })).toMatchObject({ why: 'gave-up', holds: [] })
    expect(machine.tray).toHaveLength(1)
  })
})

describe('what is drawn', () => {
  const drawn = Array.from({ length: 2_000 }, (_, seed) => drawManner(random(seed), HOUR))
  const share = (of: (manner: Manner) => boolean) => drawn.filter(of).length / drawn.length

  test('each thing that people do otherwise is done by one in ten, and half do none of them', () => {
    const odd: ((manner: Manner) => boolean)[] = [
      ({ comesAfter }) => comesAfter > HOUR,
      ({ shows }) => shows.join() !== 'own',
      ({ types }) => types.join() !== 'right',
      ({ patience }) => patience < 60_000,
      ({ reachesAfter }) => reachesAfter > 30_000,
      ({ takes }) => takes !== 'all',
      ({ shutsAfter }) => shutsAfter >= 60_000,
    ]
    for (const each of odd) expect(Math.abs(share(each) - 0.1)).toBeLessThan(0.03)
    expect(Math.abs(share(manner => !odd.some(each => each(manner))) - 0.9 ** 7)).toBeLessThan(0.05)
    expect(new Set(drawn.map(({ shows }) => shows.join())).size).toBe(4)
    expect(new Set(drawn.map(({ types }) => types.join())).size).toBe(4)
  })

  test('nobody comes too late for what is good for ever', () => {
    for (let seed = 0; seed < 500; seed++)
      expect(drawManner(random(seed)).comesAfter).toBeLessThanOrEqual(HOUR)
  })

  test('the same seed tells the same story; everybody goes, with just what is missing, through a door that was released', async () => {
    async function story(seed: number) {
      const { visit, fall, door, machine, told } = lobby()
      fall('p1', 'p2')
      const drawing = random(seed)
      const how = await visit(drawManner(drawing.fork('manner'), HOUR / 4), {
        random: drawing,
        packs: 2,
        another: 'another',
      })
      expect(how.holds).toEqual(machine.ledger.takings.map(({ id }) => id))
      expect(door.openings.every(({ cause }) => cause === 'released')).toBe(true)
      expect(drawing.fraction()).toBe(random(seed).fraction())
      return { ...how, told: told(), openings: door.openings }
    }
    const ends = new Set<string>()
    for (let seed = 0; seed < 60; seed++) {
      const first = await story(seed)
      expect(await story(seed)).toEqual(first)
      ends.add(first.why)
    }
    expect([...ends].sort()).toEqual(['gave-up', 'left-some', 'served', 'walked-away'])
  })
})
