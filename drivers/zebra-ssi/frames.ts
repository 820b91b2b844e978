import { negSum16 } from '../checksums.ts'
import { type Codec, findFrame } from '../codec.ts'

// LEN (all but the sum) · OPCODE · SOURCE (00 scanner, 04 host) · STATUS · DATA · two's complement of the sum, 16 bits
// Long codes: segments 73, [4] their number; the first has F3 at [5], the kind at [10], the length at [12..13], data from [14].

const SCANNER = 0x00
const HOST = 0x04
const HEAD = 4
const SUM = 2
const SHORTEST = HEAD + SUM
export const LONGEST = 0xff + SUM
const REPEATED = 0x01

export const OPCODES = {
  ack: 0xd0,
  nak: 0xd1,
  start: 0xe4,
  stop: 0xe5,
  'ask-revision': 0xa3,
  parameters: 0xc6,
  'ack-segment': 0x74,
} as const

export type Request = { type: keyof typeof OPCODES; data?: number[] }

export type Packet = {
  repeated: boolean
  /** The packet as it came, without its status: a repetition is the same. */
  text: string
} & (
  | { type: 'decoded'; kind: number; data: Uint8Array }
  | { type: 'segment'; index: number; body: Uint8Array; last: boolean }
  | { type: 'ack' | 'nak' | 'revision' }
  /** Something else that wants an ACK, such as an event. */
  | { type: 'other' }
)

/** Frames of the Simple Serial Interface. Protocol: PROTOCOL.md in this folder. */
export const frames: Codec<Request, Packet> = {
  encode({ type, data = [] }) {
    const body = [HEAD + data.length, OPCODES[type], HOST, 0, ...data]
    const sum = negSum16(Uint8Array.from(body))
    return Uint8Array.of(...body, sum >> 8, sum & 0xff)
  },

  decode: bytes =>
    findFrame(bytes, LONGEST, from => {
      const length = (from[0] ?? 0) + SUM
      if (length < SHORTEST || from.length < length || from[2] !== SCANNER) return undefined
      const sum = negSum16(from.subarray(0, length - SUM))
      if (from[length - 2] !== sum >> 8 || from[length - 1] !== (sum & 0xff)) return undefined
      const reply = read(from.subarray(0, length - SUM))
      return reply && { reply, length }
    }),
}

function read(frame: Uint8Array): Packet | undefined {
  const [length = 0, opcode = 0, , status = 0, first = 0] = frame
  const text = Buffer.from(Uint8Array.of(opcode, ...frame.subarray(HEAD))).toString('latin1')
  const about = { repeated: (status & REPEATED) !== 0, text }
  switch (opcode) {
    case 0xf3:
      return frame.length > HEAD
        ? { ...about, type: 'decoded', kind: first, data: frame.slice(HEAD + 1) }
        : undefined
    case 0x73:
      return { ...about, type: 'segment', index: first, body: frame.slice(HEAD + 1), last: length < 0xff }
    case 0xa4:
      return { ...about, type: 'revision' }
    case OPCODES.ack:
      return { ...about, type: 'ack' }
    case OPCODES.nak:
      return { ...about, type: 'nak' }
    case 0xf6:
    case 0xc6:
    case 0x80:
    case 0xb1:
    case 0xb4:
    case 0xd6:
    case 0x14:
      return { ...about, type: 'other' }
    default:
      return undefined
  }
}

/** AIM identifiers of those kinds that promise one; a Data Matrix may or may not be GS1, so it has none here. */
export const AIM: Record<number, string> = {
  1: ']A0',
  3: ']C0',
  8: ']E0',
  10: ']E4',
  11: ']E0',
  15: ']C1',
  48: ']e0',
  49: ']e0',
  50: ']e0',
}

export interface LongCode {
  kind: number
  data: Uint8Array
}

/** Puts segments together: the whole code when the last is there, `undefined` before; what is out of turn begins anew. */
export function gather(): (segment: {
  index: number
  body: Uint8Array
  last: boolean
}) => LongCode | undefined {
  let parts: Uint8Array[] = []

  return ({ index, body, last }) => {
    if (index === 0) parts = []
    if (index !== parts.length) {
      parts = []
      return undefined
    }
    parts.push(body)
    const [first] = parts
    // In the first segment, after its number: the opcode F3, four bytes, the kind, one byte, the length in two.
    if (first?.[0] !== 0xf3) return undefined
    const whole = Buffer.concat([first.subarray(9), ...parts.slice(1)])
    const total = ((first[7] ?? 0) << 8) | (first[8] ?? 0)
    if (whole.length < total && !last) return undefined
    parts = []
    return whole.length >= total ? { kind: first[5] ?? 0, data: whole.subarray(0, total) } : undefined
  }
}
