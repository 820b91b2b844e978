import { z } from 'zod'
import { Name } from '../../config/words.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { fromBase45 } from './base45.ts'
import { openSign1, type Refusal, readCbor, type TrustedKey } from './cose-sign1.ts'

/** What a person shows, signed by the operator. Its format is published in TOKENS.md. */
export interface Token {
  /** The prescription or booking that it is for. */
  subject: string
  unit: string
  action: Action
  /** On the wall clock, like `expires`. */
  notBefore: Millis
  expires: Millis
  /** In hexadecimal. Two tokens with one id are one token. */
  id: string
  /** Whose signature it bears (kid). */
  key: string
}

/** A token that opened something, remembered until nobody could show it again. */
export type UsedToken = Pick<Token, 'id' | 'subject' | 'expires'>

export type TokenRead = { ok: true; token: Token } | { ok: false; why: Refusal }

/** What a token lets its bearer do. */
export type Action = z.infer<typeof Action>
const Action = z.enum(['collect', 'deposit', 'return', 'pick-up', 'enter'])

/** How far the clock of a unit and that of whoever signs may be apart. */
export const SKEW: Millis = 120_000

const LONGEST_TEXT = 1_024
const LONGEST_LIFE: Millis = 366 * 86_400_000
const YEAR_10000 = 253_402_300_800

/** A moment in whole seconds since 1970 (NumericDate of RFC 8392, but never a float). */
export const Seconds = z.int().min(0).lt(YEAR_10000)
const Bytes = z.instanceof(Uint8Array)
export const ClaimId = Bytes.refine(({ length }) => length >= 8 && length <= 16)

const Claims = z.strictObject({
  1: z.string().min(1).max(64).optional(),
  2: Name,
  3: Name,
  4: Seconds,
  5: Seconds,
  6: Seconds.optional(),
  7: ClaimId,
  '-65537': Action,
})

/**
 * Reads what was scanned: base45 of a signed CWT, with or without the scanner's line end. Whether it is worth anything here
 * and now is for `judgeToken`.
 */
export function readToken(bytes: Uint8Array, keys: readonly TrustedKey[]): TokenRead {
  // Not ASCII: that would forgive a flipped eighth bit. Blanks stay: base45 may begin with one.
  const text = Buffer.from(bytes.subarray(0, LONGEST_TEXT)).toString('latin1')
  const signed = fromBase45(text.replace(/^[\r\n]+|[\r\n]+$/g, ''))
  if (!signed || bytes.length > LONGEST_TEXT) return { ok: false, why: 'unreadable' }
  const opened = openSign1(signed, keys)
  if (!opened.ok) return opened
  const token = tokenIn(opened.payload, opened.kid)
  return token ? { ok: true, token } : { ok: false, why: 'unreadable' }
}

/** Why a token is worth nothing here and now. A token is good from its first moment up to, not including, its last. */
export function judgeToken(
  token: Token,
  { unit, action, wall }: { unit: string; action: Action; wall: Millis },
): 'wrong-unit' | 'wrong-action' | 'too-early' | 'expired' | undefined {
  if (token.unit !== unit) return 'wrong-unit'
  if (token.action !== action) return 'wrong-action'
  if (wall < token.notBefore - SKEW) return 'too-early'
  return wall >= token.expires + SKEW ? 'expired' : undefined
}

/** The claims of a CWT by their number; undefined when they are no map, or one of them has a name instead. */
export function claimsIn(payload: Uint8Array): Record<string, unknown> | undefined {
  const claims = readCbor(payload)
  if (!(claims instanceof Map)) return undefined
  const entries: [unknown, unknown][] = [...claims]
  return entries.every(([key]) => typeof key === 'number') ? Object.fromEntries(entries) : undefined
}

function tokenIn(payload: Uint8Array, key: string): Token | undefined {
  const { data } = Claims.safeParse(claimsIn(payload))
  if (!data) return undefined
  const [notBefore, expires] = [data[5] * 1_000, data[4] * 1_000]
  if (expires <= notBefore || expires - notBefore > LONGEST_LIFE) return undefined
  const id = Buffer.from(data[7]).toString('hex')
  return { subject: data[2], unit: data[3], action: data['-65537'], notBefore, expires, id, key }
}
