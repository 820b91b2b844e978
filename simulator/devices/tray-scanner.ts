import { ear } from './ear.ts'
import type { LineScanner } from './line-scanner.ts'
import type { Plug } from './peripheral.ts'

// 16 54 0D  looks from now on, and sends each code that it sees: [AIM identifier] barcode [suffix]
// 16 55 0D  looks no more; after `readMillis` it stops by itself. Neither is answered.

export interface TrayScannerSettings {
  /** Sends identifiers such as `]d2` before the barcode. */
  aim?: boolean
  suffix?: string
  /** How long it looks once triggered. */
  readMillis?: number
}

const TRIGGERS = ['\x16T\r', '\x16U\r']
const [ON] = TRIGGERS

/** A fixed scanner that, once triggered, goes on from code to code; `commandedScanner` stops at the first. */
export function trayScanner(settings: TrayScannerSettings = {}): LineScanner {
  const { aim: sendsAim = false, suffix = '\r', readMillis = 5_000 } = settings
  let show: LineScanner['scan'] = () => {}

  const plug: Plug = socket => {
    let reading: (() => void) | undefined

    function stop(): void {
      reading?.()
      reading = undefined
    }

    function heard(command: Uint8Array): void {
      stop()
      if (Buffer.from(command).toString('latin1') === ON) reading = socket.after(readMillis, stop)
    }

    show = (code, aim = ']d2') => {
      if (!reading) return
      const data = typeof code === 'string' ? Buffer.from(code, 'latin1') : code
      const ahead = Buffer.from(sendsAim ? aim : '', 'latin1')
      socket.send(Uint8Array.of(...ahead, ...data, ...Buffer.from(suffix, 'latin1')))
    }

    return { receive: ear({ forgetAfter: 200, measure, heard }, socket.now).hear }
  }

  return { plug, scan: (code, aim) => show(code, aim) }
}

function measure(bytes: Uint8Array): number | undefined {
  const said = Buffer.from(bytes.subarray(0, 3)).toString('latin1')
  if (!TRIGGERS.some(trigger => trigger.startsWith(said))) return undefined
  return said.length < 3 ? 0 : 3
}
