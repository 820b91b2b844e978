import type { LineConfig } from '../../config/site.ts'
import { hidPipe, nameOf } from './hid-pipe.ts'
import type { OpenLine } from './line.ts'
import { serialLine } from './serial-line.ts'
import { tcpLine } from './tcp-line.ts'

/** How to open the line that a site file describes. */
export function lineOpener({ name, serial, tcp, hid }: LineConfig): OpenLine {
  if (serial) return serialLine(serial)
  if (tcp) return tcpLine(tcp)
  if (hid) return hidPipe(hid)
  return async () => {
    throw new Error(`Line ${name} says neither serial nor tcp nor hid.`)
  }
}

/** Bits that one byte takes on the wire, start and stop included, and how many go in a second. */
export function linePace({ serial, tcp, hid }: LineConfig): { baud: number; bitsPerByte: number } {
  // Reports go over USB at once: no time for their bytes.
  if (hid) return { baud: 12_000_000, bitsPerByte: 10 }
  if (!serial) return { baud: tcp?.baud ?? 9_600, bitsPerByte: 10 }
  const { baud, data_bits, parity, stop_bits } = serial
  return { baud, bitsPerByte: 1 + data_bits + (parity === 'none' ? 0 : 1) + stop_bits }
}

/** What a line hangs on, in a few letters for people. */
export const portOf = ({ serial, tcp, hid }: LineConfig): string =>
  serial?.path ?? (tcp ? `${tcp.host}:${tcp.port}` : hid ? nameOf(hid) : '')
