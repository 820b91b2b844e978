import { ear } from './ear.ts'
import type { Latches, Plug } from './peripheral.ts'

// Written from the makers' protocol sheets and not from our driver: the two must meet only at the bytes.
//   8A bb ll 11 x  open (33 in the 2025 sheet), 00 = all one after another       80 bb ll 33 x  ask one, 00 = all

export interface Lock8aSettings {
  address: number
  channels: number
  /** Status bytes of the answer to "ask all", where the board sends more than it has locks for. */
  statusBytes?: number
  /** The contact is wired the other way: 00 means closed. */
  inverted?: boolean
  /** Repeats every frame meant for it before it answers. */
  echo?: boolean
  /** Says unasked when a lock moves, with this head. */
  push?: 0x81 | 0x82
  openFunction?: 0x11 | 0x33
}

const THINKS = 4
const NEXT_LOCK = 500

/** The generic 485 lock board: 5-byte frames, XOR at the end, silence for whatever it does not understand. */
export const lock8aBoard =
  (latches: Latches, settings: Lock8aSettings): Plug =>
  socket => {
    const { address, channels, inverted = false, echo = false, openFunction = 0x11 } = settings
    const groups = settings.statusBytes ?? Math.ceil(channels / 8)
    const sealed = (...body: number[]) =>
      Uint8Array.of(
        ...body,
        body.reduce((all, byte) => all ^ byte, 0),
      )
    const stateOf = (lock: number) => (latches.locked(lock) === inverted ? 0x00 : 0x11)

    function reply(frame: Uint8Array, after = THINKS): void {
      socket.after(after, () => socket.send(frame))
    }

    function askAll(): Uint8Array {
      const bytes = Array.from({ length: groups }, (_, group) => {
        let bits = 0
        for (let bit = 0; bit < 8; bit++) {
          const lock = group * 8 + bit + 1
          if (lock <= channels && stateOf(lock) === 0x11) bits |= 1 << bit
        }
        return bits
      })
      return sealed(0x80, address, ...bytes.reverse(), 0x33)
    }

    function openAll(frame: Uint8Array): void {
      for (let lock = 1; lock <= channels; lock++)
        socket.after((lock - 1) * NEXT_LOCK, () => latches.energise(lock))
      reply(frame, channels * NEXT_LOCK)
    }

    function obey(frame: Uint8Array): void {
      const [head, , lock = 0, what] = frame
      if (echo) socket.send(frame)
      if (head === 0x80 && what === 0x33) {
        if (lock === 0) reply(askAll())
        else if (lock <= channels) reply(sealed(0x80, address, lock, stateOf(lock)))
      }
      if (head !== 0x8a || what !== openFunction) return
      if (lock === 0) return openAll(frame)
      if (lock > channels) return
      latches.energise(lock)
      // It looks once, shortly after the pulse began, and says what it sees: no more than that.
      socket.after(60, () => socket.send(sealed(0x8a, address, lock, stateOf(lock))))
    }

    const { hear } = ear(
      {
        forgetAfter: 100,
        measure(bytes) {
          if (bytes[0] !== 0x8a && bytes[0] !== 0x80) return undefined
          if (bytes.length < 5) return 0
          const check = bytes.subarray(0, 4).reduce((all, byte) => all ^ byte, 0)
          return check === bytes[4] && bytes[1] === address ? 5 : undefined
        },
        heard: obey,
      },
      socket.now,
    )
    const { push } = settings
    if (push !== undefined)
      latches.watch(lock => lock <= channels && socket.send(sealed(push, address, lock, stateOf(lock))))
    return { receive: hear }
  }
