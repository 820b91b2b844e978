import type { Plug, Socket } from './peripheral.ts'

// One ASCII byte a key, at once: 0–9, *, #, on some A–D; Enter is 0D. It hears nothing.

export interface Keypad {
  plug: Plug
  /** Somebody presses these, one after the other; `\r` is Enter. */
  press(keys: string): void
}

const KEYS = '0123456789*#ABCD\r'

/** A keypad on a serial line. */
export function keypad(): Keypad {
  let socket: Socket | undefined

  return {
    plug(powered) {
      socket = powered
      return { receive: () => {} }
    },
    press(keys) {
      for (const key of keys) if (!KEYS.includes(key)) throw new Error(`there is no key "${key}"`)
      for (const key of keys) socket?.send(Buffer.from(key, 'latin1'))
    },
  }
}
