import type { LineConfig } from '../../config/site.ts'
import type { OpenLine } from './line.ts'
import { serialLine } from './serial-line.ts'
import { tcpLine } from './tcp-line.ts'

/** How to open the line that a site file describes. */
export function lineOpener({ name, serial, tcp }: LineConfig): OpenLine {
  if (serial) return serialLine(serial)
  if (tcp) return tcpLine(tcp)
  return async () => {
    throw new Error(`Line ${name} says neither serial nor tcp.`)
  }
}

/** Bits that one byte takes on the wire, start and stop included, and how many go in a second. */
export function linePace({ serial, tcp }: LineConfig): { baud: number; bitsPerByte: number } {
  if (!serial) return { baud: tcp?.baud ?? 9_600, bitsPerByte: 10 }
  const { baud, data_bits, parity, stop_bits } = serial
  return { baud, bitsPerByte: 1 + data_bits + (parity === 'none' ? 0 : 1) + stop_bits }
}
