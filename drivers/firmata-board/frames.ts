import { type Codec, findFrame } from '../codec.ts'

// F0 79 F7 asks for the name; F0 79 major minor (letter in two times seven bits)… F7 tells it, asked or, at its start, unasked.
// All else on this line is said and understood by johnny-five.

export const SYSEX = 0xf0
export const NAME = 0x79
const END = 0xf7
export const LONGEST = 256

/** Asks for the name of the firmware: answered by every board, changing nothing. Its version, F9, could not be told from an echo. */
export const nameFrames: Codec<'name', string> = {
  encode: () => Uint8Array.of(SYSEX, NAME, END),
  decode: bytes =>
    findFrame(bytes, LONGEST, from => {
      const end = from.indexOf(END)
      if (from[0] !== SYSEX || from[1] !== NAME || end < 4 || end > LONGEST) return undefined
      const [major, minor, ...sevens] = from.subarray(2, end)
      if (sevens.some(byte => byte >= 0x80)) return undefined
      const letters = sevens.filter((_, index) => index % 2 === 0)
      return { reply: `${String.fromCharCode(...letters)} ${major}.${minor}`.trim(), length: end + 1 }
    }),
}
