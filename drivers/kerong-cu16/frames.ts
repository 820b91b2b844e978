import { sum8 } from '../checksums.ts'
import { type Codec, findFrame } from '../codec.ts'

// 02 · ADDR (board in the high nibble, lock - 1 in the low) · CMD · [D1 D2 D3 D4 in a reply] · 03 · SUM of every byte before it

const STX = 0x02
const ETX = 0x03
const STATUS = 0x30
const UNLOCK = 0x31
const STATUS_REPLY = 0x35
const REPLY_LENGTH = 9

export type Request = { type: 'status' } | { type: 'unlock'; lock: number }

export interface Status {
  /** Bit n is lock n + 1; set where the hook is in. */
  hooks: number
  /** Bit n is infrared sensor n + 1; set where something lies. */
  items: number
}

/** Frames of one KR-CU16 board, address 0 to 9. Protocol: PROTOCOL.md in this folder. */
export const frames = (board: number): Codec<Request, Status> => ({
  encode(request) {
    const lock = request.type === 'unlock' ? request.lock - 1 : 0
    const body = Uint8Array.of(STX, (board << 4) | lock, request.type === 'unlock' ? UNLOCK : STATUS, ETX)
    return Uint8Array.of(...body, sum8(body))
  },

  decode: bytes =>
    findFrame(bytes, REPLY_LENGTH, from => {
      const frame = from.subarray(0, REPLY_LENGTH)
      return isStatusOf(board, frame) ? { reply: readStatus(frame), length: REPLY_LENGTH } : undefined
    }),
})

const isStatusOf = (board: number, frame: Uint8Array): boolean =>
  frame.length === REPLY_LENGTH &&
  frame[0] === STX &&
  frame[1] === board << 4 &&
  frame[2] === STATUS_REPLY &&
  frame[7] === ETX &&
  frame[8] === sum8(frame.subarray(0, 8))

function readStatus([, , , d1 = 0, d2 = 0, d3 = 0, d4 = 0]: Uint8Array): Status {
  return { hooks: d1 | (d2 << 8), items: d3 | (d4 << 8) }
}
