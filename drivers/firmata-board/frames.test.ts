import { expect, test } from 'vitest'
import { bytes, damaged, dice, feed, fuzz, hex, prefixes, splits } from '../frame-trials.ts'
import { LONGEST, nameFrames } from './frames.ts'

/** StandardFirmata 2.5 says "hi". */
const NAMED = 'F0 79 02 05 68 00 69 00 F7'
const BARE = 'F0 79 02 05 F7'

test('the question is three bytes', () => {
  expect(hex(nameFrames.encode('name'))).toBe('F0 79 F7')
})

test.each([
  [NAMED, 'hi 2.5'],
  [BARE, '2.5'],
])('%s is %s, after noise and however it is cut', (text, name) => {
  const frame = bytes(text)
  expect(nameFrames.decode(frame)).toEqual({ reply: name, rest: new Uint8Array(), noise: 0 })
  for (const pieces of splits(frame))
    expect(feed(nameFrames.decode, pieces)).toEqual({ replies: [name], noise: 0 })
  // Noise that holds a beginning of its own runs into the frame: a byte of it is no letter, and then this one is found.
  for (const prefix of prefixes(frame, 20))
    if (!prefix.includes(0xf0)) expect(feed(nameFrames.decode, [prefix, frame]).replies).toEqual([name])
})

test.each(['F0 79 F7', 'F0 6C 7F F7', 'F9 02 05', 'F0 79 02 F7', 'F0 79 02 05 80 00 F7'])(
  '%s is no name',
  text => {
    expect(nameFrames.decode(bytes(text)).reply).toBeUndefined()
  },
)

test('there is no checksum: a damaged name is another name or none, and says so in the letters only', () => {
  let other = 0
  for (const { frame, at } of damaged(bytes(NAMED))) {
    const { reply } = nameFrames.decode(frame)
    // What is damaged in the frame itself is no name; what is damaged inside is another one.
    if (at.some(each => each <= 1)) expect(reply).toBeUndefined()
    if (reply !== undefined && reply !== 'hi 2.5') other++
  }
  expect(other).toBeGreaterThan(0)
})

test('a hundred thousand random inputs: nothing thrown, nothing kept that could not begin a name', () => {
  expect(fuzz(nameFrames.decode, [bytes(NAMED)], 100_000, LONGEST).wrongs).toEqual([])
  const roll = dice(3)
  const long = Uint8Array.from({ length: 2_000 }, () => roll(0x80))
  const { rest } = nameFrames.decode(Uint8Array.of(0xf0, 0x79, ...long))
  expect(rest.length).toBeLessThan(LONGEST)
})
