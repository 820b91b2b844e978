import { ear } from './ear.ts'
import type { Latches, LockTwin, Plug, Socket } from './peripheral.ts'

// both ways  02 ADDR LOCKNUM CMD ASK DATALEN 03 SUM DATA…   SUM = low byte of the sum of everything but itself
// ASK 00 asks; 10 done, 11 failed, 12 waited in vain, 13 unknown command, 14 data do not check.
// ADDR 10: all boards, each answers with its own number; LOCKNUM 0C: all twelve.

export interface Cu12Settings {
  /** As the dial says, 0–15. */
  address: number
  slotMillis?: number
  thinkMillis?: number
  /** The adapter before it repeats each request. */
  echoes?: boolean
  /** The hooks are of the other kind: 0 while closed. */
  inverted?: boolean
}

const LOCKS = Array.from({ length: 12 }, (_, index) => index + 1)
const EVERY_BOARD = 0x10
const EVERY_LOCK = 0x0c
const OK = 0x10
const UNKNOWN = 0x13
const BAD_DATA = 0x14
const SAVING = 500
const LONGEST_TIME = 6_000
const UPDATE = 0xf5

export function cu12Board(
  { address, slotMillis = 6, thinkMillis = 2, echoes = false, inverted = false }: Cu12Settings,
  latches: Latches,
): Plug {
  return (socket: Socket) => {
    /** In units of 10 ms. */
    let unlockTime = 0x37
    let baud = 1
    let delay = 0
    let deafUntil = -Infinity
    /** A hook reads as it was until the pulse of its lock is over. */
    const held = new Map<number, boolean>()

    const hookIn = (lock: number) => (held.get(lock) ?? latches.locked(lock)) !== inverted

    function unlock(lock: number): void {
      held.set(lock, latches.locked(lock))
      latches.energise(lock)
      socket.after(unlockTime * 10, () => held.delete(lock))
    }

    function status(): number[] {
      const bits = LOCKS.reduce((all, lock) => (hookIn(lock) ? all | (1 << (lock - 1)) : all), 0)
      return [bits & 0xff, bits >> 8]
    }

    function save(change: () => void): number[] {
      change()
      deafUntil = socket.now() + SAVING
      return []
    }

    /** What it does, and the data of its answer; undefined for a command it does not know, a number for another ASK. */
    function obey(lock: number, command: number, data: Uint8Array): number[] | number | undefined {
      const [first = 0, second = 0] = data
      const asks = data.length === 0
      switch (command) {
        case 0x80:
          return status()
        case 0x81: {
          if (lock > EVERY_LOCK) return BAD_DATA
          const locks = lock === EVERY_LOCK ? LOCKS : [lock + 1]
          for (const [turn, each] of locks.entries())
            socket.after(delay * 1_000 + turn * unlockTime * 10, () => unlock(each))
          return []
        }
        case 0x82:
          if (asks) return [unlockTime >> 8, unlockTime & 0xff]
          if (data.length !== 2 || ((first << 8) | second) > LONGEST_TIME) return BAD_DATA
          return save(() => {
            unlockTime = (first << 8) | second
          })
        case 0x83:
          if (asks) return [baud]
          return first > 3
            ? BAD_DATA
            : save(() => {
                baud = first
              })
        case 0x84:
          if (asks) return [delay]
          return first > 200
            ? BAD_DATA
            : save(() => {
                delay = first
              })
        case 0x8e:
          return save(() => {
            unlockTime = 0x37
            delay = 0
          })
        case 0x8f:
          return [0x10, 0x12]
        default:
          return undefined
      }
    }

    function heard(frame: Uint8Array): void {
      const [, to = 0, lock = 0, command = 0, ask] = frame
      if ((to !== address && to !== EVERY_BOARD) || ask !== 0) return
      if (echoes) socket.send(frame)
      const done = obey(lock, command, frame.subarray(8))
      const [code, data] =
        done === undefined ? [UNKNOWN, []] : typeof done === 'number' ? [done, []] : [OK, done]
      const wait = thinkMillis + (to === EVERY_BOARD ? address * slotMillis : 0)
      socket.after(wait, () => socket.send(frameOf(address, lock, command, code, data)))
    }

    const { hear, forget } = ear({ forgetAfter: 30, measure: measure(socket), heard }, socket.now)
    return {
      receive(bytes) {
        if (socket.now() < deafUntil) forget()
        else hear(bytes)
      },
    }
  }
}

const measure =
  (socket: Socket) =>
  (bytes: Uint8Array): number | undefined => {
    if (bytes[0] === UPDATE) return measureUpdate(bytes, socket)
    if (bytes[0] !== 0x02) return undefined
    if (bytes.length < 8) return 0
    const length = 8 + (bytes[5] ?? 0)
    if (length > 48 || bytes[6] !== 0x03) return undefined
    if (bytes.length < length) return 0
    return bytes[7] === sumWithout7(bytes.subarray(0, length)) ? length : undefined
  }

/** F5 CMD ADDR LEN 5F SUM DATA…, the sum over all but itself: noise that only begins like one ruins nothing. */
function measureUpdate(bytes: Uint8Array, socket: Socket): number | undefined {
  const length = 6 + (bytes[3] ?? 0)
  if (length > 70) return undefined
  if (bytes.length < length) return 0
  const rest = bytes.subarray(0, length).reduce((sum, byte, index) => (index === 5 ? sum : sum + byte), 0)
  if (bytes[4] !== 0x5f || bytes[5] !== (rest & 0xff)) return undefined
  if (bytes[1] === 0xb5) socket.ruined('told to erase its firmware (F5 B5)')
  return length
}

const sumWithout7 = (frame: Uint8Array): number =>
  frame.reduce((sum, byte, index) => (index === 7 ? sum : (sum + byte) & 0xff), 0)

function frameOf(address: number, lock: number, command: number, ask: number, data: number[]): Uint8Array {
  const frame = Uint8Array.of(0x02, address, lock, command, ask, data.length, 0x03, 0, ...data)
  frame[7] = sumWithout7(frame)
  return frame
}

const twin = (name: string, options: object, settings: Partial<Cu12Settings>): LockTwin => ({
  name,
  driver: 'kerong-cu12',
  baud: 19_200,
  options: { address: 3, channels: 8, ...options },
  plug: latches => cu12Board({ address: 3, ...settings }, latches),
})

export const lockTwins: LockTwin[] = [
  twin('plain', {}, {}),
  twin('echoing', {}, { echoes: true }),
  twin('other hooks', { closed_bit: 0 }, { inverted: true }),
]
