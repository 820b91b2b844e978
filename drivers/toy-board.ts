import { sum8 } from './checksums.ts'
import type { Codec } from './codec.ts'

// A5 address value sum: the same four bytes both ways, as on the boards whose reply may be byte for byte the request.

const HEAD = 0xa5
const LENGTH = 4

/** The simplest board there could be, for tests of the line: it knows its address and one value. */
export const toyFrame = (address: number, value: number): Uint8Array =>
  Uint8Array.of(HEAD, address, value, sum8(Uint8Array.of(HEAD, address, value)))

/** Asks with one value, hears another. */
export const toyCodec = (address: number): Codec<number, number> => ({
  encode: value => toyFrame(address, value),
  decode(bytes) {
    for (let at = 0; at < bytes.length; at++) {
      const frame = bytes.subarray(at, at + LENGTH)
      const [head, from, value = 0, sum] = frame
      if (head !== HEAD) continue
      if (frame.length < LENGTH) return { rest: frame, noise: at }
      if (from === address && sum === sum8(frame.subarray(0, 3)))
        return { reply: value, rest: bytes.subarray(at + LENGTH), noise: at }
    }
    return { rest: new Uint8Array(), noise: bytes.length }
  },
})
