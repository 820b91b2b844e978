import { crcCcitt } from '../checksums.ts'
import { type Codec, findFrame } from '../codec.ts'

// host    7E 00 · TYPE · LEN · address, high and low · DATA · CRC, high and low (over TYPE … DATA)
// module  02 00 · TYPE (00 = done) · LEN · DATA · CRC. It stands in the same stream as the codes, which end with CR.

const READ = 0x07
const WRITE = 0x08
const DONE = 0x00
const COMMAND_ZONE = 0x0002
const BAUD_ZONE = 0x002a
const SMALLEST = 6
/** The longest answer to anything that is asked here. */
export const LONGEST = 16

export type Request = { type: 'trigger' } | { type: 'read-baud' }

/** The bytes of a zone that was read; 00 for a command that was taken. */
export interface Reply {
  data: number[]
}

function framed(type: number, address: number, ...data: number[]): Uint8Array {
  const body = [type, data.length, address >> 8, address & 0xff, ...data]
  const crc = crcCcitt(Uint8Array.from(body))
  return Uint8Array.of(0x7e, 0x00, ...body, crc >> 8, crc & 0xff)
}

/** Frames of the GM65 and its sisters. Protocol: PROTOCOL.md in this folder. */
export const frames: Codec<Request, Reply> = {
  encode(request) {
    return request.type === 'trigger' ? framed(WRITE, COMMAND_ZONE, 0x01) : framed(READ, BAUD_ZONE, 0x02)
  },

  decode: bytes =>
    findFrame(bytes, LONGEST, from => {
      const length = answerLength(from)
      if (typeof length !== 'number') return undefined
      return { reply: { data: [...from.subarray(4, length - 2)] }, length }
    }),
}

/** The length of the answer that stands at the front, if one does, or whether one may begin there. */
export function answerLength(bytes: Uint8Array): number | 'begins' | undefined {
  const [stx, zero = 0, type = DONE, data = 1] = bytes
  // The CRC of nothing but zeros is zero, so it would vouch for an answer without data: there is none such.
  if (stx !== 0x02 || zero !== 0 || type !== DONE || data === 0) return undefined
  const length = SMALLEST + data
  if (length > LONGEST) return undefined
  if (bytes.length < length) return 'begins'
  const crc = crcCcitt(bytes.subarray(2, length - 2))
  return bytes[length - 2] === crc >> 8 && bytes[length - 1] === (crc & 0xff) ? length : undefined
}
