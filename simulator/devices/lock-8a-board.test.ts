import { expect, test } from 'vitest'
import { fromHex, toHex, workbench } from '../workbench.ts'
import { type Lock8aSettings, lock8aBoard } from './lock-8a-board.ts'

const board = (settings: Partial<Lock8aSettings> = {}, doors = 24) =>
  workbench(latches => lock8aBoard({ address: 1, channels: doors, ...settings }, latches), doors)

test('an unlock opens the door and is answered with 00', async () => {
  const { say, open } = board()
  expect(await say('8A 01 01 11 9B')).toEqual(['8A 01 01 00 8A'])
  expect(open()).toEqual([1])
})

test('a lock that does not open is answered with the very bytes of the request, when its pulse is over', async () => {
  const { say, hear, door, open } = board()
  door(1).alter({ jammed: true })
  expect(await say('8A 01 01 11 9B', 290)).toEqual([])
  expect(await hear(100)).toEqual(['8A 01 01 11 9B'])
  expect(open()).toEqual([])
})

test('one lock tells its state: 11 closed, 00 open', async () => {
  const { say, door } = board()
  expect(await say('80 01 01 33 B3')).toEqual(['80 01 01 11 91'])
  door(1).openByHand()
  expect(await say('80 01 01 33 B3')).toEqual(['80 01 01 00 80'])
})

test('all locks are told highest eight first, a set bit for each closed one', async () => {
  const { say, lockOnly, door } = board()
  lockOnly(1, 9, 17)
  expect(await say('80 01 00 33 B2')).toEqual(['80 01 01 01 01 33 B3'])
  for (const lock of [1, 9, 17]) door(lock).openByHand()
  expect(await say('80 01 00 33 B2')).toEqual(['80 01 00 00 00 33 B2'])
})

test('with eight channels all open and one status byte, the answer is the question', async () => {
  const { say, lockOnly } = board({}, 8)
  lockOnly()
  expect(await say('80 01 00 33 B2')).toEqual(['80 01 00 33 B2'])
})

test('a board with eight channels can send three status bytes', async () => {
  const { say, lockOnly } = board({ statusBytes: 3 }, 8)
  lockOnly(8)
  expect(await say('80 01 00 33 B2')).toEqual(['80 01 00 00 80 33 32'])
})

test('the opposite contact turns every state round', async () => {
  const { say, lockOnly } = board({ lockedReads: 0x00 }, 8)
  lockOnly(2)
  expect(await say('80 01 02 33 B0')).toEqual(['80 01 02 00 83'])
  expect(await say('80 01 00 33 B2')).toEqual(['80 01 FD 33 4F'])
})

test('a switch of the other kind turns round one lock alone', async () => {
  const { say, door } = board({}, 8)
  door(3).alter({ inverted: true })
  expect(await say('80 01 00 33 B2')).toEqual(['80 01 FB 33 49'])
})

test.each([
  ['a wrong BCC', '8A 01 01 11 9C'],
  ['another board', '8A 02 01 11 98'],
  ['a lock that is not there', '8A 01 19 11 83'],
  ['an unknown function', '8A 01 01 22 A8'],
  ['half a frame', '8A 01 01 11'],
])('%s meets with silence, and nothing moves', async (_, bytes) => {
  const { say, open, steel } = board()
  expect(await say(bytes, 1_000)).toEqual([])
  expect(open()).toEqual([])
  expect(steel.doors.flatMap(({ releases }) => releases)).toEqual([])
})

test('every flipped bit of an unlock meets with silence', async () => {
  const request = fromHex('8A 01 01 11 9B')
  for (let bit = 0; bit < request.length * 8; bit++) {
    const { say, open } = board()
    const spoilt = request.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    expect(await say(toHex(spoilt), 1_000)).toEqual([])
    expect(open()).toEqual([])
  }
})

test('a frame that follows noise is understood, in pieces too', async () => {
  const { say } = board()
  expect(await say('FF 8A 80 80 01 01 33 B3')).toEqual(['80 01 01 11 91'])
  expect(await say('8A 80 01', 20)).toEqual([])
  expect(await say('01 33 B3')).toEqual(['80 01 01 11 91'])
})

test('half a frame is forgotten in the silence after it', async () => {
  const { say } = board()
  await say('80 01 01', 100)
  expect(await say('33 B3')).toEqual([])
})

test('open all fires one lock every half second and answers after the last', async () => {
  const { say, hear, open } = board({}, 8)
  expect(await say('8A 01 00 11 9A', 1_700)).toEqual([])
  expect(open()).toEqual([1, 2, 3, 4])
  expect(await hear(2_000)).toEqual([])
  expect(await hear(400)).toEqual(['8A 01 00 11 9A'])
  expect(open()).toHaveLength(8)
})

test('open several opens those whose bits are set', async () => {
  const { say, open } = board()
  await say('90 01 02 02 02 93', 2_000)
  expect(open()).toEqual([2, 10, 18])
})

test('an echoing board repeats what is meant for it before it answers', async () => {
  const { say } = board({ echoes: true })
  expect(await say('80 01 01 33 B3')).toEqual(['80 01 01 33 B3', '80 01 01 11 91'])
  expect(await say('80 02 01 33 B0')).toEqual([])
})

test.each([
  [0x82 as const, '82 01 01 00 82', '82 01 01 11 93'],
  [0x81 as const, '81 01 01 00 81', '81 01 01 11 90'],
])('a board that pushes with %i tells each change once, unasked', async (pushes, opened, closed) => {
  const { hear, door } = board({ pushes })
  expect(await hear(1_000, () => door(1).openByHand())).toEqual([opened])
  expect(await hear(1_000, () => door(1).push())).toEqual([closed])
  expect(await hear(1_000, () => door(1).alter({ jammed: true }))).toEqual([])
})

test('a board of the 2025 manual opens on 33 and not on 11', async () => {
  const { say, open } = board({ manual: '2025' })
  expect(await say('8A 01 01 11 9B', 1_000)).toEqual([])
  expect(open()).toEqual([])
  expect(await say('8A 01 01 33 B9')).toEqual(['8A 01 01 00 8A'])
  expect(open()).toEqual([1])
})

test('a board of the 2025 manual tells its version, and opens all in turn', async () => {
  const { say, open } = board({ manual: '2025' })
  expect(await say('82 01 00 22 A1')).toEqual(['82 01 00 AB 28'])
  expect(await say('9D 01 01 33 AE', 11_900)).toEqual([])
  expect(await say('FF', 200)).toEqual(['9E 01 00 00 00 9F'])
  expect(open()).toHaveLength(24)
})

test('a board of the 2025 manual pushes only while told to', async () => {
  const { say, hear, door } = board({ manual: '2025' })
  expect(await hear(100, () => door(1).openByHand())).toEqual([])
  await say('8D 01 01 01 8C')
  expect(await hear(100, () => door(1).push())).toEqual(['82 01 01 11 93'])
  await say('8D 01 01 00 8D')
  expect(await hear(100, () => door(1).openByHand())).toEqual([])
})
