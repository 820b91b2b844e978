import { createHmac, timingSafeEqual } from 'node:crypto'
import { BookingId } from './ask.ts'
import type { Leg } from './journal-words.ts'

/** What a person holds in front of the scanner: `BOOKING:CODE`. */
export interface Shown {
  booking: string
  code: string
}

/** Seals a code: HMAC-SHA-256 with the unit's key, bound to its booking and leg, in hexadecimal. */
export type Seal = (booking: string, leg: Leg, code: string) => string

export const sealWith =
  (key: Uint8Array): Seal =>
  (booking, leg, code) =>
    createHmac('sha256', key).update(`${booking}\n${leg}\n${code}`).digest('hex')

/** Compares two seals (64 hexadecimal digits each) in a time that does not tell where they differ. */
export const sameSeal = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

const LONGEST = 128

/** Reads what was scanned; undefined when it is no booking code at all. */
export function readShown(bytes: Uint8Array): Shown | undefined {
  if (bytes.length > LONGEST) return undefined
  const [booking = '', code = '', ...more] = Buffer.from(bytes).toString('latin1').trim().split(':')
  if (more.length > 0 || !BookingId.safeParse(booking).success || !/^[A-Za-z0-9]{4,64}$/.test(code))
    return undefined
  return { booking, code }
}

/**
 * Seals a second factor digit by digit: the seal of all digits so far, and of one more. So what was typed is never kept,
 * not even half of it.
 */
export const factorSeal =
  (key: Uint8Array) =>
  (prescription: string, before: string, digit: string): string =>
    createHmac('sha256', key).update(`${prescription}\nfactor\n${before}\n${digit}`).digest('hex')

/** The seal of a whole second factor. */
export const sealFactor = (key: Uint8Array, prescription: string, digits: string): string =>
  [...digits].reduce((before, digit) => factorSeal(key)(prescription, before, digit), '')
