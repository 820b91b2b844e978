import { expect, test } from 'vitest'
import { bytes, damaged, falseAccepts, feed, fuzz, hex, prefixes, splits } from '../frame-trials.ts'
import { frames, type Status } from './frames.ts'

const zero = frames(0)

/** As the maker's document prints them, and as captured from a board. */
const REPLIES: [text: string, board: number, status: Status][] = [
  ['02 00 35 01 00 01 00 03 3C', 0, { hooks: 0x0001, items: 0x0001 }],
  ['02 00 35 0F 00 01 00 03 4A', 0, { hooks: 0x000f, items: 0x0001 }],
  ['02 10 35 00 03 01 08 03 56', 1, { hooks: 0x0300, items: 0x0801 }],
]

test.each([
  ['02 00 30 03 35', 0, { type: 'status' }],
  ['02 10 30 03 45', 1, { type: 'status' }],
  ['02 02 31 03 38', 0, { type: 'unlock', lock: 3 }],
  ['02 12 31 03 48', 1, { type: 'unlock', lock: 3 }],
  ['02 9F 31 03 D5', 9, { type: 'unlock', lock: 16 }],
] as const)('%s is written', (text, board, request) => {
  expect(hex(frames(board).encode(request))).toBe(text)
})

test.each(REPLIES)('%s is read', (text, board, status) => {
  expect(frames(board).decode(bytes(text))).toEqual({ reply: status, rest: new Uint8Array(), noise: 0 })
})

test.each(REPLIES)(
  '%s is found whole after noise of any length, and however it is cut',
  (text, board, status) => {
    const frame = bytes(text)
    const { decode } = frames(board)
    for (const prefix of prefixes(frame, 20))
      expect(feed(decode, [prefix, frame]).replies.at(-1)).toEqual(status)
    for (const pieces of splits(frame)) expect(feed(decode, pieces)).toEqual({ replies: [status], noise: 0 })
  },
)

test('a bad frame costs one byte: a good one that begins inside it is found', () => {
  const { replies } = feed(zero.decode, [bytes('02 00 02 00 35 01 00 01 00 03 3C')])
  expect(replies).toEqual([{ hooks: 1, items: 1 }])
})

/** The sum modulo 256: one bit up and one down in the same place, or two top bits, cancel out. */
const adds = (frame: Uint8Array): boolean =>
  (frame.subarray(0, -1).reduce((sum, byte) => sum + byte, 0) & 0xff) === frame.at(-1)

test.each(REPLIES)(
  'of all one- and two-bit errors of %s only those pass that a sum cannot see',
  (text, board) => {
    const frame = bytes(text)
    const free = new Set([3, 4, 5, 6, 8])
    const unseen = [...damaged(frame)]
      .filter(each => adds(each.frame) && each.at.every(at => free.has(at)))
      .map(each => hex(each.frame))
    expect(falseAccepts(frames(board).decode, frame).sort()).toEqual(unseen.sort())
    // None with one bit; of the 780 with two bits in free bytes, about one in sixteen.
    expect([...damaged(frame)].filter(each => each.at.length === 1 && adds(each.frame))).toEqual([])
    expect(unseen.length).toBeGreaterThan(20)
    expect(unseen.length).toBeLessThan(80)
  },
)

test('what is not a status of this board is no reply', () => {
  for (const text of [
    '02 10 35 01 00 01 00 03 4C', // board 1
    '02 00 38 0F 00 00 37 03 83', // the unlock time
    '02 00 36 00 00 00 00 03 3B', // the answer to a question to all
    '02 00 35 01 00 01 00 03 3D', // a wrong sum
    '02 00 38 0F 00 00 64 03 4C', // as the document misprints it
  ])
    expect(zero.decode(bytes(text)).reply, text).toBeUndefined()
})

test('a question or an unlock is never read as an answer', () => {
  expect(
    feed(zero.decode, [zero.encode({ type: 'status' }), zero.encode({ type: 'unlock', lock: 1 })]).replies,
  ).toEqual([])
})

test('a hundred thousand random inputs: nothing thrown, nothing kept that could not begin a frame', () => {
  const { wrongs, accepted } = fuzz(
    zero.decode,
    REPLIES.map(([text]) => bytes(text)),
    100_000,
    9,
  )
  expect(wrongs).toEqual([])
  expect(accepted).toBe(0)
})
