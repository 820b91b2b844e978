import type { LineScanner } from './line-scanner.ts'
import type { Plug } from './peripheral.ts'

// Input report, 64 bytes of which each `send` carries one:
//   02 LEN ] A M data… (at most 56, zeros after) [61] the maker's code id  [62] 00  [63] 01: more reports follow
// Feature report FE 01 enables sending; output report FD LEN 16 54 0D triggers, FD LEN 16 55 0D stops.

export interface HidPosScannerSettings {
  /** Some vendors put the AIM identifier, and the data after it, one byte later. */
  aimShift?: 0 | 1
  /** Sends nothing until it was enabled, after each power-up anew. */
  needsEnabling?: boolean
  /** Reads only when told to, rather than all the time. */
  triggered?: boolean
  /** How long it looks for a barcode once triggered. */
  readMillis?: number
}

const INPUT = 0x02
const OUTPUT = 0xfd
const FEATURE = 0xfe

const REPORT = 64
const MOST = 56
const CODE_ID = 61
const MORE = 63

/** What one maker calls each kind of code. */
const CODE_IDS: Record<string, string> = { ']C0': 'j', ']C1': 'I', ']E0': 'd', ']d1': 'w', ']d2': 'w' }

/** A scanner on USB. It receives whole reports, their id first. */
export function hidPosScanner(settings: HidPosScannerSettings = {}): LineScanner {
  const { aimShift = 0, needsEnabling = false, triggered = false, readMillis = 5_000 } = settings
  let show: LineScanner['scan'] = () => {}

  const plug: Plug = socket => {
    let enabled = !needsEnabling
    let reading: (() => void) | undefined

    function stop(): void {
      reading?.()
      reading = undefined
    }

    function obey(command: string): void {
      if (command === '\x16T\r') {
        stop()
        reading = socket.after(readMillis, stop)
      }
      if (command === '\x16U\r') stop()
    }

    show = (code, aim = ']Q1') => {
      if (!enabled || (triggered && !reading)) return
      stop()
      const data = typeof code === 'string' ? Buffer.from(code, 'latin1') : code
      for (const report of reportsOf(data, aim, aimShift)) socket.send(report)
    }

    return {
      receive([id, length = 0, ...rest]) {
        if (id === FEATURE) enabled = !needsEnabling || length === 1
        if (id === OUTPUT && length <= rest.length)
          obey(Buffer.from(rest.slice(0, length)).toString('latin1'))
      },
    }
  }

  return { plug, scan: (code, aim) => show(code, aim) }
}

function reportsOf(data: Uint8Array, aim: string, aimShift: 0 | 1): Uint8Array[] {
  const reports: Uint8Array[] = []
  for (let at = 0; at === 0 || at < data.length; at += MOST) {
    const piece = data.subarray(at, at + MOST)
    const report = new Uint8Array(REPORT)
    report.set([INPUT, piece.length])
    report[CODE_ID] = codeId(aim)
    // One byte later, full data leaves the code id no room.
    report.set([...Buffer.from(aim, 'latin1'), ...piece], 2 + aimShift)
    report[MORE] = at + MOST < data.length ? 1 : 0
    reports.push(report)
  }
  return reports
}

function codeId(aim: string): number {
  const letter = aim.startsWith(']Q') ? 's' : (CODE_IDS[aim] ?? '\0')
  return letter.charCodeAt(0)
}
