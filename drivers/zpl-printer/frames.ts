import { type Codec, findFrame, hex } from '../codec.ts'
import type { Page } from '../device.ts'

// ~HS is answered by three lines, each 02 … 03 0D 0A, fields by comma. ZPL II Programming Guide, ~HS.
// 1: aaa,b paper out,c paused,dddd,eee formats in buffer,f buffer full,g,h partial format,iii,j RAM corrupt,k too cold,l too hot
// 2: mmm,n,o head up,p ribbon out,q,r,s,t label waiting,uuuuuuuu labels remaining,v,www
// 3: xxxx,y

export interface HostStatus {
  paperOut: boolean
  paused: boolean
  formatsWaiting: number
  bufferFull: boolean
  partial: boolean
  corrupt: boolean
  temperature: boolean
  headUp: boolean
  ribbonOut: boolean
  labelWaiting: boolean
  labelsRemaining: number
}

const ASK = Uint8Array.from('~HS\r\n', letter => letter.charCodeAt(0))
const STX = 0x02
const END = [0x03, 0x0d, 0x0a]
/** Longer than any answer. */
export const LONGEST = 160

/** The question for the state of a Zebra printer and its answer. Protocol: PROTOCOL.md in this folder. */
export const frames: Codec<'status', HostStatus> = {
  encode: () => ASK,
  decode: bytes => findFrame(bytes, LONGEST, from => (from[0] === STX ? readAnswer(from) : undefined)),
}

function readAnswer(from: Uint8Array): { reply: HostStatus; length: number } | undefined {
  const lines: string[][] = []
  let at = 0
  while (lines.length < 3) {
    const end = from.findIndex(
      (_, index) => index > at && END.every((byte, step) => from[index + step] === byte),
    )
    if (from[at] !== STX || end < 0 || end > LONGEST) return undefined
    lines.push(String.fromCharCode(...from.subarray(at + 1, end)).split(','))
    at = end + END.length
  }
  const [first = [], second = [], third = []] = lines
  const status = statusOf(first, second)
  return status && third.length === 2 ? { reply: status, length: at } : undefined
}

const FLAG = /^[01]$/
const NUMBER = /^\d+$/

/** Nothing of an answer is believed unless all of it looks as the manual says: there is no checksum. */
function statusOf(first: string[], second: string[]): HostStatus | undefined {
  if (first.length !== 12 || second.length !== 11) return undefined
  const numbers = [first[0], first[3], first[4], first[8], second[0], second[8], second[10]]
  const flags = [1, 2, 5, 6, 7, 9, 10, 11].map(index => first[index])
  const others = [1, 2, 3, 4, 7, 9].map(index => second[index])
  if (!numbers.every(text => NUMBER.test(text ?? ''))) return undefined
  if (![...flags, ...others].every(text => FLAG.test(text ?? ''))) return undefined
  const set = (text: string | undefined) => text === '1'
  return {
    paperOut: set(first[1]),
    paused: set(first[2]),
    formatsWaiting: Number(first[4]),
    bufferFull: set(first[5]),
    partial: set(first[7]),
    corrupt: set(first[9]),
    temperature: set(first[10]) || set(first[11]),
    headUp: set(second[2]),
    ribbonOut: set(second[3]),
    labelWaiting: set(second[7]),
    labelsRemaining: Number(second[8]),
  }
}

export interface Layout {
  /** Height of a line of text, in dots. */
  line: number
  /** From the edges, in dots. */
  margin: number
}

/** One label in ZPL II. What ZPL would obey in a text is written as its hexadecimal code. */
export function labelOf({ lines, code }: Page, { line, margin }: Layout): Uint8Array {
  const text = lines.map(
    (each, index) =>
      `^FO${margin},${margin + index * line}^A0N,${Math.round(line * 0.8)}^FH_^FD${escaped(each)}^FS`,
  )
  const under = margin + lines.length * line
  const square = code === undefined ? '' : `^FO${margin},${under}^BQN,2,5^FH_^FDQA,${escaped(code)}^FS`
  return new TextEncoder().encode(`^XA^CI28${text.join('')}${square}^XZ`)
}

const escaped = (text: string): string =>
  text.replace(/[\p{Cc}^~\\_]/gu, letter =>
    Array.from(new TextEncoder().encode(letter), byte => `_${hex(Uint8Array.of(byte))}`).join(''),
  )
