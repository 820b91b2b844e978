import type { Plug, Socket } from './peripheral.ts'

export interface ScannerSettings {
  prefix?: string
  /** AIM identifier sent before the data, such as `]Q3`. */
  aim?: string
  suffix?: string
}

/** A counter scanner that sends what it sees, as it was set up. */
export function lineScanner({ prefix = '', aim = '', suffix = '\r' }: ScannerSettings = {}) {
  let socket: Socket | undefined
  const plug: Plug = powered => {
    socket = powered
    return { receive: () => {} }
  }
  return {
    plug,
    /** Somebody holds a code in front of it. */
    scan: (code: string) => socket?.send(Buffer.from(prefix + aim + code + suffix, 'latin1')),
  }
}
