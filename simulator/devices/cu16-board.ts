import { ear } from './ear.ts'
import type { Latches, Plug } from './peripheral.ts'

// Written from the maker's specification 1.6 and not from our driver.
//   02 ADDR CMD 03 SUM, with DATA before 03 for settings; ADDR = board and lock in one byte, F0 = every board

export interface Cu16Settings {
  board: number
  inverted?: boolean
  echo?: boolean
}

const THINKS = 5
const SAVES = 500
const NEXT_LOCK = 600

/** KR-CU16: never answers an unlock, never says no, and still reads "locked" while the coil is driven. */
export const cu16Board =
  (latches: Latches, { board, inverted = false, echo = false }: Cu16Settings): Plug =>
  socket => {
    let pulse = 550
    let delay = 0
    let baud = 1
    let deafUntil = -Infinity
    const driven = new Map<number, number>()
    const sum = (bytes: Iterable<number>) => [...bytes].reduce((all, byte) => (all + byte) & 0xff, 0)

    /** The hook cannot be seen to have let go before the pulse is over. */
    const hookIn = (lock: number) => (socket.now() < (driven.get(lock) ?? 0) ? true : latches.locked(lock))
    const bits = (from: number, test: (lock: number) => boolean) => {
      let byte = 0
      for (let bit = 0; bit < 8; bit++) if (test(from + bit)) byte |= 1 << bit
      return byte
    }
    const hook = (lock: number) => hookIn(lock) !== inverted

    function answer(code: number, data?: [number, number], after = THINKS): void {
      socket.after(after, () => {
        const [d3, d4] = data ?? [bits(1, latches.item), bits(9, latches.item)]
        const body = [0x02, board << 4, code, bits(1, hook), bits(9, hook), d3, d4, 0x03]
        socket.send(Uint8Array.of(...body, sum(body)))
      })
    }

    function fire(lock: number): void {
      driven.set(lock, socket.now() + pulse)
      latches.energise(lock)
    }

    function save(set: () => void): void {
      set()
      deafUntil = socket.now() + SAVES
    }

    function obey(frame: Uint8Array): void {
      if (frame[0] === 0xf5) {
        if (frame[1] === 0xb5) socket.ruined('it was told to erase its firmware')
        return
      }
      const [, address = 0, command, first = 0, second = 0] = frame
      const mine = address >> 4 === board
      if (socket.now() < deafUntil || (!mine && address >> 4 !== 0x0f)) return
      if (echo && mine) socket.send(frame)
      const set = frame.length > 5
      switch (command) {
        case 0x30:
          if (mine) answer(0x35)
          return
        case 0x32:
          return answer(0x36, undefined, THINKS + board * 20)
        case 0x31:
          if (mine) socket.after(delay * 1_000, () => fire((address & 0x0f) + 1))
          return
        case 0x33:
          if (!mine) return
          for (let lock = 0; lock < 16; lock++) socket.after(lock * NEXT_LOCK, () => fire(lock + 1))
          return answer(0x35)
        case 0x37:
          if (set) save(() => (pulse = Math.min((first << 8) | second, 0x1770) * 10))
          return answer(0x38, [(pulse / 10) >> 8, (pulse / 10) & 0xff])
        case 0x39:
          if (set && first <= 250) save(() => (delay = first))
          return answer(0x39)
        case 0x40:
          if (set) save(() => (baud = first))
          return answer(0x40, [0, baud])
        default:
      }
    }

    const { hear } = ear(
      {
        forgetAfter: 100,
        measure(bytes) {
          if (bytes[0] === 0xf5) return measureUpdate(bytes, sum)
          if (bytes[0] !== 0x02) return undefined
          const length = bytes[2] === 0x37 && bytes[3] !== 0x03 ? 7 : bytes[3] === 0x03 ? 5 : 6
          if (bytes.length < Math.max(5, length)) return 0
          const whole = bytes[length - 2] === 0x03 && bytes[length - 1] === sum(bytes.subarray(0, length - 1))
          return whole ? length : undefined
        },
        heard: obey,
      },
      socket.now,
    )
    return { receive: hear }
  }

/** F5 CMD ADDR LEN 5F SUM DATA…, the sum over all but itself. */
function measureUpdate(bytes: Uint8Array, sum: (bytes: Iterable<number>) => number): number | undefined {
  const length = 6 + (bytes[3] ?? 0)
  if (bytes.length < length) return length > 64 ? undefined : 0
  const rest = [...bytes.subarray(0, 5), ...bytes.subarray(6, length)]
  return bytes[4] === 0x5f && bytes[5] === sum(rest) ? length : undefined
}
