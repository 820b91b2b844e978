import { expect, test } from 'vitest'
import { promiseFrames } from '../frame-promises.ts'
import { bytes, dice } from '../frame-trials.ts'
import { answerLength, frames, LONGEST, type Reply, type Request } from './frames.ts'

/** By hand: a long division of the bits, check included, by 11021 leaves nothing. */
function divides(body: Uint8Array): boolean {
  let left = 0
  for (const byte of body)
    for (let bit = 7; bit >= 0; bit--) {
      left = left * 2 + ((byte >> bit) & 1)
      if (left > 0xffff) left ^= 0x11021
    }
  return left === 0
}

/** Somewhere in it stands 02 00 00, a length from 1 to 10, and a whole check. */
const passes = (frame: Uint8Array): boolean =>
  frame.some((_, at) => {
    const [stx, zero, done, length = 0] = frame.subarray(at)
    const end = at + 6 + length
    if (stx !== 2 || zero !== 0 || done !== 0 || length < 1 || length > 10 || end > frame.length) return false
    return divides(frame.subarray(at + 2, end))
  })

const ANSWERS: [string, Reply][] = [
  ['02 00 00 01 00 33 31', { data: [0] }],
  ['02 00 00 02 39 01 C1 4C', { data: [0x39, 0x01] }],
  [
    '02 00 00 0A 30 31 32 33 34 35 36 37 38 39 9E 65',
    { data: [0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39] },
  ],
]

promiseFrames<Request, Reply>('gm65', {
  codec: frames,
  requests: [
    ['7E 00 08 01 00 02 01 02 DA', { type: 'trigger' }],
    ['7E 00 07 01 00 2A 02 D8 0F', { type: 'read-baud' }],
  ],
  replies: ANSWERS,
  passes,
  // 11021 divides no polynomial of one or two terms that is shorter than 32,767 bits.
  misses: 0,
  strangers: [
    '7E 00 08 01 00 02 01 02 DA', // a question
    '02 00 00 01 00 AB CD', // the question's word for "do not check"
    '02 00 01 01 00 04 01', // not done
    '03 00 00 01 00 33 31', // the answer to a heartbeat
    '02 00 00 00 00 00', // no data, and a check of zero that says nothing
    '02 00 00 01 00 31 33', // low byte first
  ],
  longest: LONGEST,
})

test('an answer in the stream of codes is known from its first byte on, and its length when it is whole', () => {
  for (const [text] of ANSWERS) {
    const answer = bytes(text)
    for (let length = 1; length < answer.length; length++)
      expect(answerLength(answer.subarray(0, length))).toBe('begins')
    expect(answerLength(answer)).toBe(answer.length)
    expect(answerLength(Uint8Array.of(...answer, ...bytes('4B 31 3A 31 0D')))).toBe(answer.length)
  }
})

test('a code is no answer and no beginning of one, unless it begins with 02', () => {
  expect(answerLength(new Uint8Array())).toBeUndefined()
  const roll = dice(65)
  for (let input = 0; input < 100_000; input++) {
    const code = Uint8Array.from({ length: 1 + roll(20) }, () => roll(256))
    if (code[0] === 0x02) code[0] = 0x4b
    expect(answerLength(code)).toBeUndefined()
  }
})
