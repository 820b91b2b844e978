import { expect, test } from 'vitest'
import { bytes, damaged, falseAccepts, feed, fuzz, hex, prefixes, splits } from '../frame-trials.ts'
import { frames, pushes, type Reply } from './frames.ts'

const of = (board: number, statusBytes = 3, openFunction: 0x11 | 0x33 = 0x11) =>
  frames({ board, statusBytes, openFunction })
const first = of(1)

const some = (length: number, ...locks: number[]): boolean[] =>
  Array.from({ length }, (_, index) => locks.includes(index + 1))

/** As the manual prints them. */
const REPLIES: [text: string, reply: Reply][] = [
  ['8A 01 01 00 8A', { type: 'opened', lock: 1, set: false }],
  ['8A 01 01 11 9B', { type: 'opened', lock: 1, set: true }],
  ['80 01 01 11 91', { type: 'state', lock: 1, set: true }],
  ['80 01 01 00 80', { type: 'state', lock: 1, set: false }],
  ['80 01 01 01 01 33 B3', { type: 'states', contacts: some(24, 1, 9, 17) }],
  ['80 01 00 00 00 33 B2', { type: 'states', contacts: some(24) }],
]

test.each([
  ['8A 01 01 11 9B', 1, { type: 'open', lock: 1 }],
  ['8A 01 02 11 98', 1, { type: 'open', lock: 2 }],
  ['8A 01 0A 11 90', 1, { type: 'open', lock: 10 }],
  ['8A 02 0A 11 93', 2, { type: 'open', lock: 10 }],
  ['8A 03 02 11 9A', 3, { type: 'open', lock: 2 }],
  ['80 01 01 33 B3', 1, { type: 'query', lock: 1 }],
  ['80 01 00 33 B2', 1, { type: 'query-all' }],
] as const)('the manual’s %s is written', (text, board, request) => {
  expect(hex(of(board).encode(request))).toBe(text)
})

test('boards of the 2025 manual are told to open with 33', () => {
  expect(hex(of(1, 3, 0x33).encode({ type: 'open', lock: 1 }))).toBe('8A 01 01 33 B9')
})

test.each(REPLIES)('the manual’s %s is read', (text, reply) => {
  expect(first.decode(bytes(text))).toEqual({ reply, rest: new Uint8Array(), noise: 0 })
})

test('the highest group of eight comes first, and its lowest bit is its lowest lock', () => {
  const { reply } = first.decode(bytes('80 01 80 02 01 33 31'))
  expect(reply).toEqual({ type: 'states', contacts: some(24, 1, 10, 24) })
})

test.each(REPLIES)('%s is found whole after noise of any length, and however it is cut', (text, reply) => {
  const frame = bytes(text)
  for (const prefix of prefixes(frame, 12)) {
    const { replies } = feed(first.decode, [prefix, frame])
    expect(replies.at(-1), hex(prefix)).toEqual(reply)
  }
  for (const pieces of splits(frame))
    expect(feed(first.decode, pieces)).toEqual({ replies: [reply], noise: 0 })
})

test('a bad frame costs one byte: a good one that begins inside it is found', () => {
  const { replies } = feed(first.decode, [bytes('80 01 80 01 01 11 91')])
  expect(replies).toEqual([{ type: 'state', lock: 1, set: true }])
})

/** XOR of every byte: two errors in the same bit of two bytes cancel out. Nothing else with two bits does. */
const cancels = (frame: Uint8Array): boolean => frame.reduce((sum, byte) => sum ^ byte, 0) === 0

test.each(REPLIES)(
  'of all one- and two-bit errors of %s only those pass that XOR cannot see',
  (text, reply) => {
    const frame = bytes(text)
    const kind = (text: string) => first.decode(bytes(text)).reply?.type
    const accepted = falseAccepts(first.decode, frame)
    const alike = accepted.filter(each => kind(each) === reply.type)
    for (const each of alike) {
      expect(cancels(bytes(each))).toBe(true)
      // Only free fields may differ: the lock's number in short frames, contact bits in the long one, and the sum.
      const free = reply.type === 'states' ? [2, 3, 4, 6] : [2, 4]
      for (const [at, byte] of bytes(each).entries()) if (!free.includes(at)) expect(byte).toBe(frame[at])
    }
    // Short: seven other lock numbers (lock 0 is none). Long: each contact bit with another of its place, or with the sum.
    expect(alike).toHaveLength(reply.type === 'states' ? 6 * 8 : 7)
    const unseen = [...damaged(frame)].filter(each => each.at.length === 2 && cancels(each.frame))
    expect(unseen).toHaveLength(reply.type === 'states' ? 21 * 8 : 10 * 8)
    // Two bits can also make a whole short frame at the front of a long one, or one kind out of another: the driver asks for one kind.
    const others = accepted.filter(each => kind(each) !== reply.type)
    const hidden = ['80 01 81 00 00 33 B2', '80 01 01 00 80 33 B2', '80 01 80 00 01 33 B2']
    expect(others).toEqual(text === '80 01 00 00 00 33 B2' ? hidden : [])
    for (const each of others) expect(cancels(bytes(each).subarray(0, 5))).toBe(true)
  },
)

test('another board’s reply, an impossible state and lock 0 are no reply', () => {
  for (const text of [
    '80 02 01 11 92',
    '80 01 01 22 A2',
    '80 01 00 11 90',
    '8A 01 00 00 8B',
    '81 01 01 11 90',
  ])
    expect(first.decode(bytes(text)).reply).toBeUndefined()
})

test('a question is never read as its answer, save the one that cannot be told apart', () => {
  expect(first.decode(first.encode({ type: 'query', lock: 1 })).reply).toBeUndefined()
  expect(first.decode(first.encode({ type: 'query-all' })).reply).toBeUndefined()
  // With one status byte, "all open" is byte for byte the question.
  const small = of(1, 1)
  expect(small.decode(small.encode({ type: 'query-all' })).reply).toEqual({
    type: 'states',
    contacts: some(8),
  })
})

test('pushed changes, heads 82 and 81, are found among the rest', () => {
  const { replies, noise } = feed(pushes(1), [
    bytes('80 01 01 11 91'),
    bytes('82 01 05 11 97'),
    bytes('81 01 01 00 81'),
    bytes('82 02 05 11 94'),
  ])
  expect(replies).toEqual([{ lock: 5 }, { lock: 1 }])
  expect(noise).toBeGreaterThanOrEqual(5)
})

test('a hundred thousand random inputs: nothing thrown, nothing kept that could not begin a frame', () => {
  const texts = REPLIES.map(([text]) => bytes(text))
  const { wrongs, accepted } = fuzz(first.decode, texts, 100_000, 7)
  expect(wrongs).toEqual([])
  expect(fuzz(pushes(1), [bytes('82 01 05 11 97')], 100_000, 5).wrongs).toEqual([])
  // A random short frame needs its head, its board, one of two states and the sum: far below one in ten thousand here.
  expect(accepted).toBeLessThan(10)
})
