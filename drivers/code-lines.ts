import type { Decoded } from './codec.ts'

// [prefix] · [AIM identifier: ] letter digit] · data · suffix (CR, LF, both, or silence)

const CR = 0x0d
const LF = 0x0a
const RIGHT_BRACKET = 0x5d

export type Suffix = 'any' | 'cr' | 'lf' | 'crlf' | 'none'

export interface Barcode {
  /** As read: GS (1D) and every other byte inside is kept. */
  bytes: Uint8Array
  /** Such as `]d2` for GS1 DataMatrix. */
  aim: string | undefined
}

export interface Shape {
  suffix: Suffix
  /** Bytes that every code starts with, as this scanner was set up. */
  prefix: Uint8Array
  aim: 'auto' | 'yes' | 'no'
}

/** Takes the first whole line off the front; undefined while its end has not come. */
export function takeLine(bytes: Uint8Array, suffix: Suffix): Decoded<Uint8Array> {
  const end = suffix === 'none' ? -1 : findEnd(bytes, suffix)
  if (end < 0) return { rest: bytes, noise: 0 }
  return { reply: bytes.subarray(0, end), rest: bytes.subarray(end + (suffix === 'crlf' ? 2 : 1)), noise: 0 }
}

function findEnd(bytes: Uint8Array, suffix: Suffix): number {
  switch (suffix) {
    case 'cr':
      return bytes.indexOf(CR)
    case 'lf':
      return bytes.indexOf(LF)
    case 'crlf':
      return bytes.findIndex((byte, index) => byte === CR && bytes[index + 1] === LF)
    case 'any':
    case 'none':
      return bytes.findIndex(byte => byte === CR || byte === LF)
  }
}

/** What one line says; undefined for an empty one and for one that lacks what the site says every code has. */
export function readBarcode(line: Uint8Array, { prefix, aim }: Shape): Barcode | undefined {
  if (!prefix.every((byte, index) => line[index] === byte)) return undefined
  const body = line.subarray(prefix.length)
  const named = aim !== 'no' && startsWithAim(body)
  if (aim === 'yes' && !named) return undefined
  const bytes = Uint8Array.from(named ? body.subarray(3) : body)
  if (bytes.length === 0) return undefined
  return { bytes, aim: named ? String.fromCharCode(...body.subarray(0, 3)) : undefined }
}

/** ISO/IEC 15424: `]`, a letter for the symbology, and a modifier. */
function startsWithAim([bracket, letter = 0, modifier = 0]: Uint8Array): boolean {
  const text = String.fromCharCode(letter, modifier)
  return bracket === RIGHT_BRACKET && /^[A-Za-z][0-9A-Za-z]$/.test(text)
}
