import { sum8 } from '../checksums.ts'
import { type Codec, findFrame } from '../codec.ts'

// request 02 · ADDR · LOCK (lock - 1) · CMD · 03 · SUM
// reply   02 · ADDR · LOCK · 75 · six bytes of hooks · six bytes of infrared · 03 · SUM of every byte before it

const STX = 0x02
const ETX = 0x03
const STATUS = 0x60
const UNLOCK = 0x61
const STATUS_REPLY = 0x75
const LENGTH = 18

export type Request = { type: 'status' } | { type: 'unlock'; lock: number }

export interface Status {
  /** Lock 1 first; true where the hook is in. */
  hooks: boolean[]
}

/** Frames of one old CU48 board, address 0 to 15. Protocol: PROTOCOL.md in this folder. */
export const frames = (board: number): Codec<Request, Status> => ({
  encode(request) {
    const lock = request.type === 'unlock' ? request.lock - 1 : 0
    const body = [STX, board, lock, request.type === 'unlock' ? UNLOCK : STATUS, ETX]
    return Uint8Array.of(...body, sum8(Uint8Array.from(body)))
  },

  decode: bytes =>
    findFrame(bytes, LENGTH, from => {
      const frame = from.subarray(0, LENGTH)
      return isStatusOf(board, frame)
        ? { reply: { hooks: bits(frame.subarray(4, 10)) }, length: LENGTH }
        : undefined
    }),
})

const isStatusOf = (board: number, frame: Uint8Array): boolean =>
  frame.length === LENGTH &&
  frame[0] === STX &&
  frame[1] === board &&
  frame[3] === STATUS_REPLY &&
  frame[16] === ETX &&
  frame[17] === sum8(frame.subarray(0, 17))

const bits = (bytes: Uint8Array): boolean[] =>
  Array.from(bytes).flatMap(byte => Array.from({ length: 8 }, (_, bit) => (byte & (1 << bit)) !== 0))
