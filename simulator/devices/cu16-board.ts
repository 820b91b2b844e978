import { ear } from './ear.ts'
import type { Latches, LockTwin, Plug, Socket } from './peripheral.ts'

// request  02 ADDR CMD [DATA…] 03 SUM            SUM = low byte of the sum of all before it
// reply    02 ADDR RCMD D1 D2 D3 D4 03 SUM       D1 D2: hook in, locks 1–8, 9–16; D3 D4: item inside, likewise
// ADDR: the board in the high nibble (F: every board on the line), the lock less one in the low nibble.
// A bad sum, another board's number and an unknown command meet with silence; unlock (31) is never answered.

export interface Cu16Settings {
  /** As the dial says, 0–9. */
  address: number
  /** When all boards are asked at once they reply one after another, each in the slot of its number. */
  slotMillis?: number
  thinkMillis?: number
  /** The adapter before it repeats each request. */
  echoes?: boolean
}

const LOCKS = Array.from({ length: 16 }, (_, index) => index + 1)
const LONGEST_UNLOCK = 0x1770
const LONGEST_DELAY = 250
const SAVING = 500
const STX = 0x02
const ETX = 0x03
/** Version and update frames: F5 CMD ADDR LEN 5F SUM DATA…, the sum over all but itself. */
const UPDATE = 0xf5
/** Among update frames, whose address is a byte of its own. */
const EVERY_BOARD = 0x64

export function cu16Board(
  { address, slotMillis = 6, thinkMillis = 2, echoes = false }: Cu16Settings,
  latches: Latches,
): Plug {
  return (socket: Socket) => {
    /** In units of 10 ms. */
    let unlockTime = 0x37
    let unlockDelay = 0
    let deafUntil = -Infinity
    /** The hook bit of a lock stays as it was until its pulse is over. */
    const pulsing = new Map<number, { hook: boolean; pulses: number }>()

    const hookIn = (lock: number) => pulsing.get(lock)?.hook ?? latches.locked(lock)

    function reply(code: number, delay: number, last?: [number, number]): void {
      socket.after(thinkMillis + delay, () => {
        const hooks = bits(hookIn)
        const [d3, d4] = last ?? split(bits(latches.item))
        socket.send(withSum([0x02, address << 4, code, ...split(hooks), d3, d4, 0x03]))
      })
    }

    function unlock(lock: number): void {
      const before = pulsing.get(lock)
      pulsing.set(lock, { hook: hookIn(lock), pulses: (before?.pulses ?? 0) + 1 })
      latches.energise(lock)
      socket.after(unlockTime * 10, () => {
        const now = pulsing.get(lock)
        if (now && now.pulses > 1) pulsing.set(lock, { ...now, pulses: now.pulses - 1 })
        else pulsing.delete(lock)
      })
    }

    function obey(frame: Uint8Array): void {
      if (frame[0] === UPDATE) return update(frame)
      const [, to = 0, command = 0] = frame
      const data = frame.subarray(3, -2)
      const board = to >> 4
      if (board !== address && board !== 0xf) return
      if (echoes) socket.send(frame)
      const slot = board === 0xf ? address * slotMillis : 0
      const asks = data.length === 0

      if (command === 0x30 && asks) reply(0x35, slot)
      if (command === 0x31 && asks) socket.after(unlockDelay * 1_000, () => unlock((to & 0xf) + 1))
      if (command === 0x32 && asks) reply(0x36, slot)
      if (command === 0x33 && asks) {
        for (const [turn, lock] of LOCKS.entries()) socket.after(turn * unlockTime * 10, () => unlock(lock))
        reply(0x35, slot)
      }
      if (command === 0x37 && data.length !== 1) {
        if (!asks)
          save(() => {
            unlockTime = Math.min(LONGEST_UNLOCK, word(data))
          })
        reply(0x38, slot, split16(unlockTime))
      }
      if (command === 0x39 && data.length === 1) {
        const seconds = data[0] as number
        if (seconds <= LONGEST_DELAY)
          save(() => {
            unlockDelay = seconds
          })
        reply(0x39, slot)
      }
      if (command === 0x40 && data.length === 1) reply(0x40, slot, [0, data[0] as number])
    }

    function update([, command = 0, to = 0]: Uint8Array): void {
      // Whichever board it is meant for: nobody may say this.
      if (command === 0xb5) socket.ruined('told to erase its firmware (F5 B5)')
      if (to !== address && to !== EVERY_BOARD) return
      if (command === 0xb6) socket.after(thinkMillis, () => socket.send(versionOf(address)))
    }

    /** Writing its flash takes the board half a second, in which it hears nothing. */
    function save(change: () => void): void {
      change()
      deafUntil = socket.now() + SAVING
    }

    const { hear, forget } = ear({ forgetAfter: 30, measure, heard: obey }, socket.now)

    return {
      receive(bytes) {
        if (socket.now() < deafUntil) forget()
        else hear(bytes)
      },
    }
  }
}

/** 5 bytes, 6 or 7 with data: the tail tells, because a sum that fits by chance is rare. */
function measure(bytes: Uint8Array): number | undefined {
  if (bytes[0] === UPDATE) return measureUpdate(bytes)
  if (bytes[0] !== STX) return undefined
  for (const length of [5, 6, 7]) {
    if (bytes.length < length) return 0
    const sound = bytes[length - 2] === ETX && bytes[length - 1] === sum(bytes.subarray(0, length - 1))
    if (sound) return length
  }
  return undefined
}

function measureUpdate(bytes: Uint8Array): number | undefined {
  const length = 6 + (bytes[3] ?? 0)
  if (length > 70) return undefined
  if (bytes.length < length) return 0
  const rest = Uint8Array.of(...bytes.subarray(0, 5), ...bytes.subarray(6, length))
  return bytes[4] === 0x5f && bytes[5] === sum(rest) ? length : undefined
}

/** Software 1, hardware 1. */
function versionOf(address: number): Uint8Array {
  const head = [UPDATE, 0xb6, address, 0x02, 0x5f]
  const version = [0x01, 0x01]
  return Uint8Array.of(...head, sum([...head, ...version]), ...version)
}

const sum = (bytes: Iterable<number>): number => {
  let total = 0
  for (const byte of bytes) total += byte
  return total & 0xff
}

const withSum = (bytes: number[]): Uint8Array => Uint8Array.of(...bytes, sum(bytes))

/** Sixteen bits, lock 1 lowest. */
const bits = (set: (lock: number) => boolean): number =>
  LOCKS.reduce((all, lock) => (set(lock) ? all | (1 << (lock - 1)) : all), 0)

/** The low byte first, as the status bytes go. */
const split = (word16: number): [number, number] => [word16 & 0xff, word16 >> 8]
/** The high byte first, as the times go. */
const split16 = (word16: number): [number, number] => [word16 >> 8, word16 & 0xff]
const word = ([high = 0, low = 0]: Uint8Array): number => (high << 8) | low

const twin = (name: string, settings: Partial<Cu16Settings>): LockTwin => ({
  name,
  driver: 'kerong-cu16',
  baud: 19_200,
  options: { address: 2, channels: 8 },
  plug: latches => cu16Board({ address: 2, ...settings }, latches),
})

export const lockTwins: LockTwin[] = [twin('plain', {}), twin('echoing', { echoes: true })]
