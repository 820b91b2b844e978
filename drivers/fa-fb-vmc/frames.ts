import { xor8 } from '../checksums.ts'
import { type Codec, findFrame } from '../codec.ts'

// FA FB · CMD · LEN · [PackNO · text], LEN bytes · XOR of every byte before it. POLL and ACK have LEN 0.
// The controller leads: it polls, and what it is answered within 100 ms is an ACK or one packet.

export const POLL = 0x41
export const ACK = 0x42

export const COMMANDS = {
  check: 0x01,
  checked: 0x02,
  cancel: 0x05,
  drive: 0x06,
  dispensing: 0x04,
  synchronise: 0x31,
} as const

export interface Packet {
  command: number
  /** 0 for POLL and ACK, which have none. */
  pack: number
  text: Uint8Array
}

const HEAD = [0xfa, 0xfb]
const AROUND = 5
export const LONGEST = AROUND + 0xff

/** Packets between an agent and an FA FB controller, both ways alike. Protocol: PROTOCOL.md in this folder. */
export const frames: Codec<Packet, Packet> = {
  encode({ command, pack, text }) {
    const body = pack === 0 ? [] : [pack, ...text]
    const frame = [...HEAD, command, body.length, ...body]
    return Uint8Array.of(...frame, xor8(Uint8Array.from(frame)))
  },

  decode: bytes =>
    findFrame(bytes, LONGEST, from => {
      const [head, second, command = 0, length = 0, pack = 0] = from
      const whole = AROUND + length
      if (head !== HEAD[0] || second !== HEAD[1] || from.length < whole) return undefined
      if (from[whole - 1] !== xor8(from.subarray(0, whole - 1))) return undefined
      const fixed = command === POLL || command === ACK
      if (fixed !== (length === 0)) return undefined
      const text = from.slice(AROUND, whole - 1)
      return { reply: { command, pack: fixed ? 0 : pack, text }, length: whole }
    }),
}

const NOTHING = new Uint8Array()
export const ackBytes = frames.encode({ command: ACK, pack: 0, text: NOTHING })

const word = (value: number): [number, number] => [value >> 8, value & 0xff]

/** Drives a lane at once, without price and stock. */
export const driveText = (lane: number, dropSensor: boolean, elevator: boolean): Uint8Array =>
  Uint8Array.of(dropSensor ? 1 : 0, elevator ? 1 : 0, ...word(lane))

export const laneText = (lane: number): Uint8Array => Uint8Array.of(...word(lane))

/** What stands in 02 and 04: a status, and the lane it is about. */
export function readStatus({ text }: Packet): { status: number; lane: number } | undefined {
  const [status, high, low] = text
  return status === undefined || high === undefined || low === undefined
    ? undefined
    : { status, lane: (high << 8) | low }
}
