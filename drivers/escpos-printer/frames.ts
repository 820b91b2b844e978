import { type Codec, findFrame } from '../codec.ts'
import type { Page } from '../device.ts'

// 10 04 n asks one thing in real time, even while the printer prints; one byte comes back.
// Its fixed bits: 1 and 4 set, 0 and 7 clear. 1D 72 01 is asked in turn: it is answered when all before it is printed.

/** 1 printer, 2 cause of offline, 3 error, 4 paper. */
export type Ask = 1 | 2 | 3 | 4

export const realTime: Codec<Ask, number> = {
  encode: ask => Uint8Array.of(0x10, 0x04, ask),
  decode: bytes =>
    findFrame(bytes, 1, ([byte = 0]) => ((byte & 0x93) === 0x12 ? { reply: byte, length: 1 } : undefined)),
}

/** The paper sensor, asked in turn behind what is to be printed. */
export const inTurn: Codec<'paper', number> = {
  encode: () => Uint8Array.of(0x1d, 0x72, 0x01),
  decode: bytes =>
    findFrame(bytes, 1, ([byte = 0]) => ((byte & 0x90) === 0 ? { reply: byte, length: 1 } : undefined)),
}

export const BITS = {
  offline: 0x08,
  coverOpen: 0x04,
  stoppedAtPaperEnd: 0x20,
  cutter: 0x08,
  unrecoverable: 0x20,
  heat: 0x40,
  paperLow: 0x0c,
  paperOut: 0x60,
}

export interface Paper {
  columns: number
  /** Lines fed before the cut, so that the last one is past the blade. */
  feed: number
  cut: 'full' | 'partial' | 'none'
  /** Whether the printer knows GS ( k, the usual command for QR codes; otherwise a code is printed as text. */
  qr: boolean
}

const INIT = [0x1b, 0x40]
/** Windows-1252: Latin letters with their accents. */
const WPC1252 = [0x1b, 0x74, 0x10]
const LF = 0x0a
const CUTS = { full: [0x1d, 0x56, 0x00], partial: [0x1d, 0x56, 0x01], none: [] }

/** One receipt. Characters that the code page has not are printed as `?`; nothing in a text is obeyed. */
export function receiptOf({ lines, code }: Page, { columns, feed, cut, qr }: Paper): Uint8Array {
  const text = code === undefined || qr ? lines : [...lines, code]
  return Uint8Array.of(
    ...INIT,
    ...WPC1252,
    ...text.flatMap(line => folded(line, columns)).flatMap(line => [...latin(line), LF]),
    ...(qr && code !== undefined ? square(code) : []),
    ...new Array<number>(feed).fill(LF),
    ...CUTS[cut],
  )
}

/** The longest data of a command here: a QR code. */
const LONGEST_DATA = 400

/**
 * Ends what broke off in a receipt: bytes that say nothing fill the data of a command that was cut short, and what was
 * printed so far leaves on a slip of its own. Without it the next receipt would begin under somebody else's lines.
 */
export const rest = ({ feed, cut }: Pick<Paper, 'feed' | 'cut'>): Uint8Array =>
  Uint8Array.of(
    ...new Array<number>(LONGEST_DATA).fill(0),
    ...new Array<number>(feed + 1).fill(LF),
    ...CUTS[cut],
  )

/** What Windows-1252 has at 80 to 9F; a space where it has nothing. */
const HIGH = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'

const latin = (line: string): number[] =>
  Array.from(line, letter => {
    const point = letter.codePointAt(0) ?? 0
    if ((point >= 0x20 && point < 0x7f) || (point >= 0xa0 && point <= 0xff)) return point
    const high = HIGH.indexOf(letter)
    return high < 0 ? 0x3f : 0x80 + high
  })

function folded(line: string, columns: number): string[] {
  const letters = [...line]
  const count = Math.max(1, Math.ceil(letters.length / columns))
  return Array.from({ length: count }, (_, row) => letters.slice(row * columns, (row + 1) * columns).join(''))
}

/** GS ( k: model 2, dots of 6, error correction M, store, print. */
function square(code: string): number[] {
  // A printer obeys 10 04, 10 05 and 10 14 even inside of data: they open drawers and cut the power.
  const data = [...new TextEncoder().encode(code.replaceAll('\u0010', '?'))]
  const command = (...body: number[]) => [0x1d, 0x28, 0x6b, body.length & 0xff, body.length >> 8, ...body]
  return [
    ...command(0x31, 0x41, 0x32, 0x00),
    ...command(0x31, 0x43, 0x06),
    ...command(0x31, 0x45, 0x31),
    ...command(0x31, 0x50, 0x30, ...data),
    ...command(0x31, 0x51, 0x30),
  ]
}
