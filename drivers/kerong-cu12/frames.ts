import { sum8 } from '../checksums.ts'
import { type Codec, findFrame } from '../codec.ts'

// 02 · ADDR · LOCK (lock - 1) · CMD · ASK (0 in a request) · LEN · 03 · SUM · DATA, LEN bytes of it
// SUM: low byte of the sum of every other byte, DATA included. ADDR 0–15; each board answers with its own.

const STX = 0x02
const ETX = 0x03
const STATUS = 0x80
const UNLOCK = 0x81
const HEAD = 8
const STATUS_DATA = 2
const LONGEST = HEAD + STATUS_DATA

export type Request = { type: 'status' } | { type: 'unlock'; lock: number }

/** What stands in ASK. */
export type Ask = 'ok' | 'failed' | 'timed-out' | 'unknown-command' | 'bad-data'

export type Reply =
  /** Bit n is lock n + 1; set where the hook is in. */
  { type: 'status'; hooks: number } | { type: 'unlock'; lock: number; ask: Ask }

const ASKS = new Map<number, Ask>([
  [0x10, 'ok'],
  [0x11, 'failed'],
  [0x12, 'timed-out'],
  [0x13, 'unknown-command'],
  [0x14, 'bad-data'],
])

/** Frames of one CU12 board (or another of Kerong's with ASK), address 0 to 15. Protocol: PROTOCOL.md in this folder. */
export const frames = (board: number): Codec<Request, Reply> => ({
  encode(request) {
    const lock = request.type === 'unlock' ? request.lock - 1 : 0
    const body = [STX, board, lock, request.type === 'unlock' ? UNLOCK : STATUS, 0, 0, ETX]
    return Uint8Array.of(...body, sum8(Uint8Array.from(body)))
  },

  decode: bytes =>
    findFrame(bytes, LONGEST, from => {
      const length = HEAD + (from[5] ?? 0)
      if (length > LONGEST || from.length < length) return undefined
      const reply = read(board, from.subarray(0, length))
      return reply && { reply, length }
    }),
})

function read(board: number, frame: Uint8Array): Reply | undefined {
  const [stx, from, lock = 0, command, asked = 0, length, etx, sum = 0] = frame
  const ask = ASKS.get(asked)
  if (stx !== STX || etx !== ETX || from !== board || ask === undefined) return undefined
  if (sum !== ((sum8(frame) - sum) & 0xff)) return undefined
  if (command === UNLOCK && length === 0) return { type: 'unlock', lock: lock + 1, ask }
  const [low = 0, high = 0] = frame.subarray(HEAD)
  return command === STATUS && length === STATUS_DATA && ask === 'ok'
    ? { type: 'status', hooks: low | (high << 8) }
    : undefined
}
