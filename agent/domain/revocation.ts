import { z } from 'zod'
import { Name } from '../../config/words.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { BookingId } from './ask.ts'
import { openSign1, type Refusal, type TrustedKey } from './cose-sign1.ts'
import { ClaimId, claimsIn, Seconds, SKEW, type Token } from './token.ts'

/** Tokens that open nothing any more. A list replaces the one before it whole. Its format is published in TOKENS.md. */
export interface RevocationList {
  /** Whose signature it bears (kid). */
  by: string
  /** Higher than that of every list before it. */
  number: number
  /** When it was signed, on the wall clock. */
  at: Millis
  /** Ids of tokens, in hexadecimal. */
  ids: string[]
  /** Bookings, no token of which opens anything. */
  subjects: string[]
}

export type RevocationRead = { ok: true; list: RevocationList } | { ok: false; why: Refusal | 'wrong-unit' }

/** In bytes: some 1,500 ids. */
const LONGEST = 28 * 1_024

const EVERY_UNIT = '*'

const Claims = z.strictObject({
  3: z.union([Name, z.literal(EVERY_UNIT)]),
  6: Seconds,
  '-65537': z.literal('revoked'),
  '-65539': z.int().min(1).max(Number.MAX_SAFE_INTEGER),
  '-65540': z.array(ClaimId),
  '-65541': z.array(BookingId),
})

/** Reads a list: base64url, without padding, of a signed CWT. Whether it is newer than what is known is for the caller. */
export function readRevocations(text: string, keys: readonly TrustedKey[], unit: string): RevocationRead {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) return { ok: false, why: 'unreadable' }
  const opened = openSign1(bytes, keys, LONGEST)
  if (!opened.ok) return opened
  const { data } = Claims.safeParse(claimsIn(opened.payload))
  if (!data) return { ok: false, why: 'unreadable' }
  if (data[3] !== EVERY_UNIT && data[3] !== unit) return { ok: false, why: 'wrong-unit' }
  return {
    ok: true,
    list: {
      by: opened.kid,
      number: data['-65539'],
      at: data[6] * 1_000,
      ids: data['-65540'].map(id => Buffer.from(id).toString('hex')),
      subjects: data['-65541'],
    },
  }
}

/** Why a list is not taken in the place of the one that is known. */
export function refuseRevocations(
  list: RevocationList,
  known: RevocationList | undefined,
  wall: Millis,
): string | undefined {
  if (list.at > wall + SKEW) return 'it was signed in the future'
  if (known && list.number <= known.number) return `list ${known.number} is known already`
  return undefined
}

export const isRevoked = ({ id, subject }: Pick<Token, 'id' | 'subject'>, list: RevocationList | undefined) =>
  list !== undefined && (list.ids.includes(id) || list.subjects.includes(subject))
