import type { Plug } from './peripheral.ts'

// 02 H H H H H H H H H H S S 03     ten hexadecimal digits of a card, two of the XOR of its five bytes
// Over and over while a card is held before it; it hears nothing.

export interface Rdm6300Settings {
  repeatMillis?: number
}

export interface Rdm6300 {
  plug: Plug
  /** Somebody holds a card before it, until they take it away or hold another. Ten hexadecimal digits. */
  hold(cardHex: string): void
  takeAway(): void
}

const STX = 0x02
const ETX = 0x03

/** A reader of 125 kHz cards. */
export function rdm6300({ repeatMillis = 65 }: Rdm6300Settings = {}): Rdm6300 {
  /** Part of the world: it is still there when the power comes back. */
  let held: Uint8Array | undefined
  let begin = () => {}

  const plug: Plug = socket => {
    let rest = () => {}

    function tell(): void {
      rest()
      if (!held) return
      socket.send(held)
      rest = socket.after(repeatMillis, tell)
    }

    begin = tell
    // A reader that is just waking sees no card yet.
    rest = socket.after(repeatMillis, tell)
    return { receive: () => {} }
  }

  return {
    plug,
    hold(cardHex) {
      held = frameOf(cardHex)
      begin()
    },
    takeAway() {
      held = undefined
    },
  }
}

function frameOf(cardHex: string): Uint8Array {
  if (!/^[0-9a-f]{10}$/i.test(cardHex)) throw new Error(`a card has ten hexadecimal digits, not "${cardHex}"`)
  const sum = Buffer.from(cardHex, 'hex').reduce((all, byte) => all ^ byte, 0)
  const digits = (cardHex + sum.toString(16).padStart(2, '0')).toUpperCase()
  return Uint8Array.of(STX, ...Buffer.from(digits, 'latin1'), ETX)
}
