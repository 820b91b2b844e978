import { scryptSync, timingSafeEqual } from 'node:crypto'

// scrypt (RFC 7914) with N = 4096, r = 8, p = 1 over the digits: `scrypt$4096$SALT$HASH`, both in base64.

const COST = 4_096
const HASH = 32
export const SALT = 16
const FORM = /^scrypt\$4096\$([A-Za-z0-9+/]{22}==)\$([A-Za-z0-9+/]{43}=)$/

export const isPin = (digits: string): boolean => /^\d{4,12}$/.test(digits)

const hash = (digits: string, salt: Uint8Array): Buffer =>
  scryptSync(digits, salt, HASH, { N: COST, r: 8, p: 1 })

/** What stands in a site file in the place of a PIN. `salt`: sixteen bytes of chance. */
export const sealPin = (digits: string, salt: Uint8Array): string =>
  `scrypt$${COST}$${Buffer.from(salt).toString('base64')}$${hash(digits, salt).toString('base64')}`

/** Whether those digits are the PIN; takes some ten milliseconds, whatever they are. */
export function pinIsRight(digits: string, sealed: string): boolean {
  const [, salt = '', expected = ''] = FORM.exec(sealed) ?? []
  const found = hash(digits, Buffer.from(salt, 'base64'))
  const known = Buffer.from(expected, 'base64')
  return known.length === found.length && timingSafeEqual(known, found)
}
