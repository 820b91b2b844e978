import { xor8 } from '../checksums.ts'
import { type Decoded, findFrame } from '../codec.ts'

// 02 · ten hexadecimal digits (version and four bytes of id) · two digits: XOR of those five bytes · 03

const LENGTH = 14
const DIGITS = /^[0-9A-F]{12}$/

/** One badge: its ten digits as they came. */
export const decodeBadge = (bytes: Uint8Array): Decoded<string> =>
  findFrame(bytes, LENGTH, from => {
    if (from.length < LENGTH || from[0] !== 0x02 || from[LENGTH - 1] !== 0x03) return undefined
    const text = String.fromCharCode(...from.subarray(1, LENGTH - 1))
    if (!DIGITS.test(text) || xor8(Buffer.from(text, 'hex')) !== 0) return undefined
    return { reply: text.slice(0, 10), length: LENGTH }
  })
