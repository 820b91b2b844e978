import { describe, expect, test } from 'vitest'
import { findFrame } from '../codec.ts'
import { bytes, damaged, dice, feed, fuzz, hex, prefixes, splits } from '../frame-trials.ts'
import { answersOf, triggerOf } from './frames.ts'

const INPUTS = Number(process.env.PAWL_FUZZ ?? 100_000)
const LONGEST = 64

const newland = answersOf('newland')

/** Answers as a codec sees them: what of a stream is one. */
const decode = (stream: Uint8Array) =>
  findFrame(stream, LONGEST, from => {
    const length = newland(from)
    return typeof length === 'number' ? { reply: hex(from.subarray(0, length)), length } : undefined
  })

const ANSWERS = [
  '02 01 30 30 30 30 23 53 43 4E 54 52 47 31 06 3B 03',
  '02 01 30 30 30 30 23 53 43 4E 54 52 47 30 15 3B 03',
  '02 01 30 30 30 30 23 53 43 4E 54 52 47 31 05 3B 03',
  '02 01 30 30 30 30 40 44 46 4D 41 44 44 30 36 39 39 39 30 30 33 39 39 39 39 46 31 34 31 06 3B 03',
]

test('triggers are written as the makers print them', () => {
  const written = (commands: 'honeywell' | 'newland' | 'none', on: boolean): string =>
    hex(triggerOf(commands, on) ?? new Uint8Array())
  expect(written('honeywell', true)).toBe('16 54 0D')
  expect(written('honeywell', false)).toBe('16 55 0D')
  expect(written('newland', true)).toBe('7E 01 30 30 30 30 23 53 43 4E 54 52 47 31 3B 03')
  expect(written('newland', false)).toBe('7E 01 30 30 30 30 23 53 43 4E 54 52 47 30 3B 03')
  expect(triggerOf('none', true)).toBeUndefined()
  expect(triggerOf('none', false)).toBeUndefined()
})

describe.each(ANSWERS)('Newland says %s', text => {
  const answer = bytes(text)

  test('it is known from its first byte on, and its length when it is whole, whatever comes behind it', () => {
    for (let length = 1; length < answer.length; length++)
      expect(newland(answer.subarray(0, length))).toBe('begins')
    expect(newland(answer)).toBe(answer.length)
    expect(newland(Uint8Array.of(...answer, ...bytes('4B 31 3B 03 0D')))).toBe(answer.length)
  })

  test('it is found whole after noise of any length, and however it is cut', () => {
    // Its own beginning cut short goes to its end with it.
    for (const noise of prefixes(answer, 20))
      expect(feed(decode, [noise, answer]).replies.at(-1)?.endsWith(text)).toBe(true)
    for (const pieces of splits(answer)) expect(feed(decode, pieces)).toEqual({ replies: [text], noise: 0 })
  })

  // There is no checksum. Six bytes at its beginning and two at its end make an answer; what is wrong between them cannot
  // be seen and does not matter: an answer is only cut out, so that it is not taken for a code.
  test('of all one- and two-bit errors those between its beginning and its end are cut out as well, and no others', () => {
    const inside = (at: number): boolean => at >= 6 && at < answer.length - 2
    const wrongs: string[] = []
    let taken = 0
    for (const { frame, at } of damaged(answer)) {
      const found = decode(frame).reply
      if (found !== (at.every(inside) ? hex(frame) : undefined)) wrongs.push(hex(frame))
      if (found !== undefined) taken++
    }
    const bits = (answer.length - 8) * 8
    expect(wrongs).toEqual([])
    expect(taken).toBe(bits + (bits * (bits - 1)) / 2)
  })

  test('no other scanner says it', () => {
    for (const commands of ['none', 'honeywell'] as const)
      for (let length = 0; length <= answer.length; length++)
        expect(answersOf(commands)(answer.subarray(0, length))).toBeUndefined()
  })
})

test('an answer without an end is none once it is longer than any, however it came', () => {
  const endless = Uint8Array.of(
    ...bytes('02 01 30 30 30 30'),
    ...new Array<number>(100).fill(0x41),
    0x3b,
    0x03,
  )
  for (let length = 1; length <= endless.length; length++)
    expect(newland(endless.subarray(0, length))).toBe(length < LONGEST ? 'begins' : undefined)
})

test('the longest answer is cut out whole', () => {
  const longest = Uint8Array.of(
    ...bytes('02 01 30 30 30 30'),
    ...new Array<number>(56).fill(0x41),
    0x3b,
    0x03,
  )
  expect(newland(longest)).toBe(LONGEST)
  for (const pieces of splits(longest))
    expect(feed(decode, pieces)).toEqual({ replies: [hex(longest)], noise: 0 })
})

test('a code is no answer and no beginning of one, unless it begins with 02', () => {
  expect(newland(new Uint8Array())).toBeUndefined()
  const roll = dice(64)
  for (let input = 0; input < 20_000; input++) {
    const code = Uint8Array.from({ length: 1 + roll(20) }, () => roll(256))
    if (code[0] === 0x02) code[0] = 0x4b
    expect(newland(code)).toBeUndefined()
  }
})

test(`${INPUTS} random inputs: nothing thrown, nothing cut out`, () => {
  const { wrongs, accepted } = fuzz(decode, ANSWERS.map(bytes), INPUTS, LONGEST)
  expect(wrongs).toEqual([])
  expect(accepted).toBe(0)
})
