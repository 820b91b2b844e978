import { promiseFrames } from '../frame-promises.ts'
import { decodeBadge } from './frames.ts'

const LETTERS = '0123456789ABCDEF'

/** By hand: twelve hexadecimal digits between 02 and 03, and both digits of the check are the XOR of those above them. */
function passes(frame: Uint8Array): boolean {
  const digits = Array.from(frame.subarray(1, 13), letter => LETTERS.indexOf(String.fromCharCode(letter)))
  if (frame.length !== 14 || frame[0] !== 2 || frame[13] !== 3 || digits.includes(-1)) return false
  const column = (first: number): number =>
    digits.reduce((sum, digit, at) => (at % 2 === first ? sum ^ digit : sum), 0)
  return column(0) === 0 && column(1) === 0
}

promiseFrames<never, string>('rdm6300', {
  codec: { encode: () => new Uint8Array(), decode: decodeBadge },
  replies: [
    ['02 30 41 30 30 31 32 33 34 35 36 37 41 03', '0A00123456'],
    ['02 30 31 30 30 36 38 41 43 32 33 45 36 03', '010068AC23'],
    ['02 30 30 30 30 30 30 30 30 30 31 30 31 03', '0000000001'],
  ],
  passes,
  // Two wrong bits in the same place of two digits of one column cancel out in an XOR: 2 columns of 15 pairs of digits,
  // 4 bits that tell digits apart, of 6,216 pairs.
  misses: 120 / 6_216,
  strangers: [
    '02 30 61 30 30 31 32 33 34 35 36 37 61 03', // small letters
    '02 30 41 30 30 31 32 33 34 35 36 37 42 03', // a wrong check
    '02 30 41 30 30 31 32 33 34 35 36 37 41 0D', // another end
    '02 30 41 30 30 31 32 33 34 35 36 37 03', // a digit lost
    '02 0A 00 12 34 56 7A 03', // not in letters
  ],
  longest: 14,
})
