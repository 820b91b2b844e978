import type { Codec } from '../codec.ts'

// One input report of 64 bytes: 02 · LEN (0–56) · AIM identifier (3) · data, LEN bytes · … · [63] 1 = more follows
// Some vendors put a byte before the identifier. USB HID Point of Sale Usage Tables 1.02, usage 8C/02.

const REPORT = 64
const ID = 0x02
const MOST = 56
const RIGHT_BRACKET = 0x5d

export interface Piece {
  aim: string | undefined
  data: Uint8Array
  more: boolean
}

/** Feature report FE: Honeywell's scanners send nothing before they got it. */
export const ENABLE = Uint8Array.of(0xfe, 0x01)

const TRIGGERS = { on: [0x16, 0x54, 0x0d], off: [0x16, 0x55, 0x0d] }

/** Honeywell's menu commands in an output report FD with their length. */
export const triggerOf = (on: boolean): Uint8Array => {
  const command = TRIGGERS[on ? 'on' : 'off']
  return Uint8Array.of(0xfd, command.length, ...command)
}

/** Input reports, each whole: the operating system never splits one. */
export const decodeReport: Codec<never, Piece>['decode'] = bytes => {
  for (let at = 0; at + REPORT <= bytes.length; at++) {
    const piece = read(bytes.subarray(at, at + REPORT))
    if (piece) return { reply: piece, rest: bytes.subarray(at + REPORT), noise: at }
  }
  const noise = Math.max(0, bytes.length - (REPORT - 1))
  return { rest: bytes.subarray(noise), noise }
}

function read(report: Uint8Array): Piece | undefined {
  const [id, length = 0] = report
  const more = report[REPORT - 1]
  if (id !== ID || length > MOST || (more !== 0 && more !== 1)) return undefined
  const shift = report[2] !== RIGHT_BRACKET && report[3] === RIGHT_BRACKET ? 1 : 0
  const aim = report.subarray(2 + shift, 5 + shift)
  const data = report.slice(5 + shift, 5 + shift + length)
  return {
    aim: aim[0] === RIGHT_BRACKET ? String.fromCharCode(...aim) : undefined,
    data,
    more: more === 1,
  }
}
