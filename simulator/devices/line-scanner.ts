import type { Plug, Socket } from './peripheral.ts'

// [prefix] [AIM identifier] barcode [suffix], as bytes: a barcode may hold GS (1D) and is not text.

export interface LineScannerSettings {
  prefix?: string
  /** Sends identifiers such as `]d2` before the barcode. */
  aim?: boolean
  /** CR on most modules; '' on some, where only silence ends a barcode. */
  suffix?: string
}

export interface LineScanner {
  plug: Plug
  /** Somebody holds a barcode before it. `aim` says what kind of barcode it is. */
  scan(code: string | Uint8Array, aim?: string): void
}

export function lineScanner({
  prefix = '',
  aim: sendsAim = false,
  suffix = '\r',
}: LineScannerSettings): LineScanner {
  let socket: Socket | undefined

  return {
    plug(powered) {
      socket = powered
      return { receive: () => {} }
    },
    scan(code, aim = ']Q1') {
      const data = typeof code === 'string' ? Buffer.from(code, 'latin1') : code
      const ahead = Buffer.from(prefix + (sendsAim ? aim : ''), 'latin1')
      socket?.send(Uint8Array.of(...ahead, ...data, ...Buffer.from(suffix, 'latin1')))
    },
  }
}
