import { xor8 } from '../checksums.ts'
import { type Codec, type Decoded, findFrame } from '../codec.ts'

// HEAD · board · lock (0 = all) · function or state · BCC (XOR of every byte before it)
// A query-all reply carries one to seven status bytes instead of lock and state: 80 board S… 33 BCC, highest group first.

const OPEN = 0x8a
const QUERY = 0x80
const ASK = 0x33
const SHORT = 5

/** What stands in the function byte of an open command: 11 on most boards, 33 in the "2025" manual. */
export type OpenFunction = 0x11 | 0x33

export type Request = { type: 'open'; lock: number } | { type: 'query'; lock: number } | { type: 'query-all' }

/** `set`: the contact bit or state byte as sent, 1 or 11; what that means is the wiring's to say. */
export type Reply =
  | { type: 'opened'; lock: number; set: boolean }
  | { type: 'state'; lock: number; set: boolean }
  | { type: 'states'; contacts: boolean[] }

/** A change that the board sent unasked (heads 82 and 81): a hint to look, never a reading. */
export interface Push {
  lock: number
}

export interface Shape {
  board: number
  statusBytes: number
  openFunction: OpenFunction
}

const closing = (...body: number[]): Uint8Array => Uint8Array.of(...body, xor8(Uint8Array.from(body)))

/** Frames of one board. Protocol: PROTOCOL.md in this folder. */
export function frames({ board, statusBytes, openFunction }: Shape): Codec<Request, Reply> {
  const long = statusBytes + 4

  function parse(frame: Uint8Array): { reply: Reply; length: number } | undefined {
    const head = frame[0]
    if (frame[1] !== board) return undefined
    if (head === QUERY && whole(frame, long) && frame[long - 2] === ASK)
      return {
        reply: { type: 'states', contacts: contacts(frame.subarray(2, 2 + statusBytes)) },
        length: long,
      }
    if ((head !== OPEN && head !== QUERY) || !whole(frame, SHORT)) return undefined
    const [, , lock = 0, state = 0] = frame
    if (lock === 0 || (state !== 0x00 && state !== 0x11)) return undefined
    const set = state === 0x11
    return { reply: { type: head === OPEN ? 'opened' : 'state', lock, set }, length: SHORT }
  }

  return {
    encode(request) {
      switch (request.type) {
        case 'open':
          return closing(OPEN, board, request.lock, openFunction)
        case 'query':
          return closing(QUERY, board, request.lock, ASK)
        case 'query-all':
          return closing(QUERY, board, 0, ASK)
      }
    },
    decode: bytes => findFrame(bytes, Math.max(long, SHORT), parse),
  }
}

/** Finds the pushed changes of one board among whatever else passes by. */
export const pushes =
  (board: number) =>
  (bytes: Uint8Array): Decoded<Push> =>
    findFrame(bytes, SHORT, frame => {
      const [head, from, lock = 0, state] = frame
      if ((head !== 0x82 && head !== 0x81) || from !== board || !whole(frame, SHORT)) return undefined
      return state === 0x00 || state === 0x11 ? { reply: { lock }, length: SHORT } : undefined
    })

const whole = (frame: Uint8Array, length: number): boolean =>
  frame.length >= length && frame[length - 1] === xor8(frame.subarray(0, length - 1))

/** Lowest lock first: the wire has the highest group first, and in each group bit 0 is the lowest lock. */
function contacts(status: Uint8Array): boolean[] {
  return Array.from(status)
    .reverse()
    .flatMap(group => Array.from({ length: 8 }, (_, bit) => (group & (1 << bit)) !== 0))
}
