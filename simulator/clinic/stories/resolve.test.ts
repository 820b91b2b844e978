import { expect, test } from 'vitest'
import { AMOX, LISI } from './kiosk-site.ts'
import { type Kiosk, kiosk } from './kiosk-story.ts'
import { at, fresh, upTo } from './stages.ts'

const itemsOf = (s: Kiosk) => s.known().prescription('RX1')?.items
const inLane = (s: Kiosk, lane: string) =>
  s
    .known()
    .packsIn(lane)
    .map(({ serial }) => serial)

async function jammed(): Promise<Kiosk> {
  const s = await at('vending')
  await s.turn('A1', 'jammed')
  return fresh(s)
}

test('nothing is resolved where nothing is held', async () => {
  const idle = await kiosk()
  expect(await idle.resolve('removed')).toEqual({ outcome: 'refused', why: 'nothing is held' })
  for (const stage of ['verifying', 'vending', 'unlocking', 'open'] as const) {
    const s = await at(stage)
    expect(await s.resolve('handed-over')).toMatchObject({ outcome: 'refused' })
    expect(s.told()).toEqual([])
  }
})

test('not before the tray is empty and the door is closed', async () => {
  const s = await jammed()
  await s.tray(true)
  expect(await s.resolve('removed')).toMatchObject({ why: 'something lies in the tray: take it out first' })
  await s.tray(false)
  await s.door(true)
  expect(await s.resolve('removed')).toMatchObject({ why: 'the delivery door is open: close it first' })
  await s.door(false)
  expect(s.phase()).toBe('held')
  expect(await s.resolve('removed')).toEqual({ outcome: 'done' })
  expect(s.phase()).toBeUndefined()
})

test('in its lane: the pack is there as before, and may be given out', async () => {
  const s = await jammed()
  await s.resolve('in-lane')
  expect(s.told()).toEqual([`dispense-resolved RX1 ${AMOX} a1 in-lane`])
  expect(inLane(s, 'A1')).toEqual(['a1', 'a2'])
  await upTo(s, 'vending')
  expect(s.turned()).toEqual(['A1'])
})

test('removed: the pack is gone, and another is owed', async () => {
  const s = await jammed()
  await s.resolve('removed')
  expect(s.told()).toEqual([`dispense-resolved RX1 ${AMOX} a1 removed`, `pack-removed ${AMOX} a1 A1`])
  expect(inLane(s, 'A1')).toEqual(['a2'])
  expect(itemsOf(s)).toEqual([{ gtin: AMOX, now: 'wanted' }])
})

test('handed over: the patient has it, and nothing is owed', async () => {
  const s = await jammed()
  await s.resolve('handed-over')
  expect(s.told().slice(0, 2)).toEqual([
    `dispense-resolved RX1 ${AMOX} a1 handed-over`,
    'prescription-ended RX1 handed-over',
  ])
  expect(inLane(s, 'A1')).toEqual(['a2'])
  await s.show('RX1')
  expect(s.told().at(-1)).toBe('token-refused unknown RX1')
})

test.each<[string, (s: Kiosk) => Promise<unknown>, boolean]>([
  ['wrong-pack', s => s.readPack('a2'), true],
  [
    'two-packs',
    async s => {
      await s.readPack('a1')
      await s.readPack('a2')
    },
    true,
  ],
  ['unread-pack', s => s.pass(9), true],
  ['interrupted', s => s.cutPower(5), true],
  [
    'left-behind',
    async s => {
      await s.readPack('a1')
      await s.pass(1.6)
      await s.door(true)
      await s.door(false)
      await s.pass(5)
    },
    false,
  ],
])('%s: whether the lane must be counted before it gives out again', async (why, happens, aside) => {
  const s = await at('checking')
  await happens(s)
  expect(s.session()).toMatchObject({ phase: 'held', why })
  await s.tray(false)
  await s.resolve('removed')
  expect(s.known().recall('lane-A1') !== undefined).toBe(aside)
  await s.desk({ kind: 'count', lane: 'A1', counted: 1, by: 'tech' })
  expect(s.known().recall('lane-A1')).toBeUndefined()
})

/** Two packs lie in the tray; the second turn is told by `second`. */
async function two(second: (s: Kiosk) => Promise<void>): Promise<Kiosk> {
  const s = await kiosk()
  await s.ready('RX1', { items: [AMOX, LISI].map(gtin => ({ gtin, packs: 1 })) })
  await upTo(s, 'printing')
  await s.printed()
  await s.falls('a1')
  await second(s)
  expect(s.phase()).toBe('held')
  await s.tray(false)
  return fresh(s)
}

const jams = (s: Kiosk) => s.turn('B1', 'jammed')
async function leavesOne(s: Kiosk): Promise<void> {
  await s.falls('b1')
  await s.door(true)
  await s.door(false)
  await s.pass(5)
}

test('what is true of most packs is said once, and what is true of one is said of it', async () => {
  const s = await two(jams)
  await s.resolve('removed', [{ serial: 'b1', found: 'in-lane' }])
  expect(s.told()).toEqual([
    `dispense-resolved RX1 ${AMOX} a1 removed`,
    `dispense-resolved RX1 ${LISI} b1 in-lane`,
    `pack-removed ${AMOX} a1 A1`,
  ])
  expect(itemsOf(s)).toEqual([AMOX, LISI].map(gtin => ({ gtin, now: 'wanted' })))
  expect(inLane(s, 'A1')).toEqual(['a2'])
  expect(inLane(s, 'B1')).toEqual(['b1', 'b2'])
})

test.each([
  ['hangs in its lane', jams],
  ['was left behind in the tray', leavesOne],
])('one pack is taken and one %s: what the patient did not get is still owed', async (_what, second) => {
  const s = await two(second)
  await s.resolve('handed-over', [{ serial: 'b1', found: 'removed' }])
  expect(s.told().filter(line => line.startsWith('prescription-ended'))).toEqual([])
  expect(itemsOf(s)).toMatchObject([{ now: 'handed-over', serial: 'a1' }, { now: 'wanted' }])
  fresh(s)
  await upTo(s, 'vending')
  expect(s.turned()).toEqual(['B1'])
})

test('both taken: over', async () => {
  const s = await two(leavesOne)
  await s.resolve('handed-over')
  expect(s.told()).toContain('prescription-ended RX1 handed-over')
})

test('nothing had moved: nothing is said of a pack, and it may be fetched with a new code', async () => {
  const s = await at('printing')
  await s.tray(true)
  await s.printed()
  await s.tray(false)
  s.told()
  await s.resolve('removed')
  expect(s.told()).toEqual(['dispense-resolved RX1 removed'])
  expect(inLane(s, 'A1')).toEqual(['a1', 'a2'])
  await upTo(s, 'vending')
  expect(s.turned()).toEqual(['A1'])
})

test('a doubt about the door ends with what is held', async () => {
  const s = await at('unlocking')
  await s.silent('board')
  await s.pass(60)
  await s.online()
  fresh(s)
  await s.resolve('removed')
  expect(s.told()).toEqual(
    expect.arrayContaining(['doubt-resolved DELIVERY resolved by staff', 'alarm-cleared in-doubt DELIVERY']),
  )
  await upTo(s, 'vending')
  expect(s.turned()).toHaveLength(1)
})
