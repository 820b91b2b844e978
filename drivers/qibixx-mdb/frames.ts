import type { Decoded } from '../codec.ts'

// One line each way, fields by comma: upper-case letters command, lower-case ones tell. \n, or \r\n from the adapter.

const LF = 0x0a
export const LONGEST = 256

export type Told =
  | { type: 'off' | 'reset' | 'init' | 'idle' | 'vend' | 'denied' }
  /** In the smallest unit of money, where the adapter says one. */
  | { type: 'credit' | 'approved'; amount: number | undefined }
  | { type: 'error'; says: string }

/** One notification about the cashless master; other lines are noise. */
export const decodeTold =
  (decimals: number) =>
  (bytes: Uint8Array): Decoded<Told> => {
    let at = 0
    for (let end = bytes.indexOf(LF, at); end >= 0; end = bytes.indexOf(LF, at)) {
      const told = read(Buffer.from(bytes.subarray(at, end)).toString('latin1').trim(), decimals)
      if (told) return { reply: told, rest: bytes.subarray(end + 1), noise: at }
      at = end + 1
    }
    const noise = Math.max(at, bytes.length - LONGEST + 1)
    return { rest: bytes.subarray(noise), noise }
  }

function read(line: string, decimals: number): Told | undefined {
  const [head, what, first, second] = line.split(',')
  if (head !== 'd') return undefined
  if (what === 'ERR') return { type: 'error', says: line.slice('d,ERR,'.length) }
  if (what !== 'STATUS') return undefined
  switch (first) {
    case 'OFF':
      return { type: 'off' }
    case 'RESET':
      return { type: 'reset' }
    case 'INIT':
      return { type: 'init' }
    case 'IDLE':
      return { type: 'idle' }
    case 'VEND':
      return { type: 'vend' }
    case 'CREDIT':
      return { type: 'credit', amount: amountOf(second, decimals) }
    case 'RESULT':
      if (second === '1') return { type: 'approved', amount: amountOf(line.split(',')[4], decimals) }
      // What is neither is no denial: the card may have been charged.
      return second?.startsWith('-') ? { type: 'denied' } : undefined
    default:
      return undefined
  }
}

const amountOf = (text: string | undefined, decimals: number): number | undefined =>
  text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Math.round(Number(text) * 10 ** decimals) : undefined

export const money = (amount: number, decimals: number): string => (amount / 10 ** decimals).toFixed(decimals)

export const line = (text: string): Uint8Array => new TextEncoder().encode(`${text}\n`)
