import { expect, test } from 'vitest'
import { fromHex, toHex, workbench } from '../workbench.ts'
import { type Cu16Settings, cu16Board } from './cu16-board.ts'

const board = (settings: Partial<Cu16Settings> = {}) =>
  workbench(latches => cu16Board({ address: 0, ...settings }, latches))

/** A lock whose door was opened, filled and closed again. */
function fill(table: ReturnType<typeof board>, ...doors: number[]): void {
  for (const number of doors) {
    const door = table.door(number)
    const wasOpen = door.open
    door.openByHand()
    door.put('keys')
    if (!wasOpen) door.push()
  }
}

test('a status tells locked hooks and things inside, lock 1 lowest', async () => {
  const table = board()
  table.lockOnly(1)
  fill(table, 1)
  expect(await table.say('02 00 30 03 35')).toEqual(['02 00 35 01 00 01 00 03 3C'])
})

test('asked for all boards, each tells its own in its slot', async () => {
  const first = board()
  first.lockOnly(9, 10)
  fill(first, 1)
  expect(await first.say('02 F0 32 03 27', 7)).toEqual(['02 00 36 00 03 01 00 03 3F'])
  const second = board({ address: 1 })
  second.lockOnly(1)
  fill(second, 12)
  expect(await second.say('02 F0 32 03 27', 7)).toEqual([])
  expect(await second.hear(7)).toEqual(['02 10 36 01 00 00 08 03 54'])
})

test('with every door open and empty two boards say what was captured from real ones', async () => {
  for (const [address, said] of ['02 00 36 00 00 00 00 03 3B', '02 10 36 00 00 00 00 03 4B'].entries()) {
    const { say, lockOnly } = board({ address })
    lockOnly()
    expect(await say('02 F0 32 03 27')).toEqual([said])
  }
})

test('an unlock is never answered, and its hook reads locked until the pulse is over', async () => {
  const { say, open, lockOnly } = board()
  lockOnly(1, 3)
  expect(await say('02 02 31 03 38', 200)).toEqual([])
  expect(open()).toContain(3)
  expect(await say('02 00 30 03 35', 300)).toEqual(['02 00 35 05 00 00 00 03 3F'])
  expect(await say('02 00 30 03 35', 100)).toEqual(['02 00 35 05 00 00 00 03 3F'])
  expect(await say('02 00 30 03 35', 100)).toEqual(['02 00 35 01 00 00 00 03 3B'])
})

test.each([
  ['a wrong sum', '02 00 31 03 37'],
  ['another board', '02 10 31 03 46'],
  ['an unknown command', '02 00 55 03 5A'],
  ['half a frame', '02 00 31 03'],
  ['the frame of a CU12', '02 00 00 80 00 00 03 85'],
])('%s meets with silence, and nothing moves', async (_, bytes) => {
  const { say, open } = board()
  expect(await say(bytes, 2_000)).toEqual([])
  expect(open()).toEqual([])
})

test('every flipped bit of an unlock meets with silence', async () => {
  const request = fromHex('02 02 31 03 38')
  for (let bit = 0; bit < request.length * 8; bit++) {
    const { say, open } = board()
    const spoilt = request.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    expect(await say(toHex(spoilt), 1_000)).toEqual([])
    expect(open()).toEqual([])
  }
})

test('unlock all fires one lock after the other', async () => {
  const { say, open } = board()
  const [said] = await say('02 00 33 03 38', 1_500)
  expect(said?.slice(0, 8)).toBe('02 00 35')
  expect(open()).toEqual([1, 2, 3])
  await say('FF', 8_000)
  expect(open()).toHaveLength(16)
})

test('the unlock time is 550 ms until it is set, and the set one is kept to', async () => {
  const { say, lockOnly } = board()
  lockOnly()
  expect(await say('02 00 37 03 3C')).toEqual(['02 00 38 00 00 00 37 03 74'])
  expect(await say('02 00 37 00 64 03 A0', 600)).toEqual(['02 00 38 00 00 00 64 03 A1'])
  expect(await say('02 00 37 03 3C')).toEqual(['02 00 38 00 00 00 64 03 A1'])
})

test('the unlock time cannot be set beyond a minute', async () => {
  const { say, lockOnly } = board()
  lockOnly()
  expect(await say('02 00 37 FF FF 03 3A')).toEqual(['02 00 38 00 00 17 70 03 C4'])
})

test('for half a second after a set command the board hears nothing', async () => {
  const { say } = board()
  await say('02 00 37 00 64 03 A0', 400)
  expect(await say('02 00 30 03 35', 200)).toEqual([])
  expect(await say('02 00 30 03 35')).toHaveLength(1)
})

test('a delay is answered with hooks and items, and holds back the next unlock', async () => {
  const table = board()
  table.lockOnly(1)
  fill(table, 9)
  expect(await table.say('02 00 39 01 03 3F', 600)).toEqual(['02 00 39 01 00 00 01 03 40'])
  await table.say('02 00 31 03 36', 900)
  expect(table.door(1).open).toBe(false)
  await table.say('FF', 200)
  expect(table.door(1).open).toBe(true)
})

test('a set baud rate is confirmed with its code', async () => {
  const { say, lockOnly } = board()
  lockOnly(1)
  expect(await say('02 00 40 01 03 46')).toEqual(['02 00 40 01 00 00 01 03 47'])
})

test('to be told to erase its firmware is written down', async () => {
  const { say, ruined } = board()
  await say('F5 B6 00 00 5F 0A')
  expect(ruined).toEqual([])
  await say('F5 B5 00 00 5F 09')
  expect(ruined).toHaveLength(1)
})

test('asked for its version, it tells software and hardware', async () => {
  const { say } = board()
  expect(await say('F5 B6 00 00 5F 0A')).toEqual(['F5 B6 00 02 5F 0E 01 01'])
})
