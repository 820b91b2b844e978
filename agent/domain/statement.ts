import { z } from 'zod'
import { Name } from '../../config/words.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { BookingId } from './ask.ts'
import { openSign1, type Refusal, type TrustedKey } from './cose-sign1.ts'
import { ClaimId, claimsIn, Seconds, SKEW } from './token.ts'

/** What a pharmacist says and signs. Its format is published in TOKENS.md. */
export interface Statement {
  /** The pharmacist, by the name of the key (kid). */
  by: string
  /** What it is about; the unit's own name for `on-duty`. */
  prescription: string
  unit: string
  says: Says
  /** When it was signed, on the wall clock. */
  at: Millis
  /** When it ends, on the wall clock. Always there for `on-duty`. */
  until?: Millis
  /** In hexadecimal. Two statements with one id are one statement. */
  id: string
  /** SHA-256 in hexadecimal of what it is about. Always there, but never for `on-duty`. */
  digest?: string
}

export type StatementRead = { ok: true; statement: Statement } | { ok: false; why: Refusal }

const OfPrescription = z.enum([
  'release',
  'reject',
  'identified',
  'consult-joined',
  'consult-completed',
  'consult-declined',
])
export type Says = z.infer<typeof OfPrescription> | 'on-duty'

const Digest = z.instanceof(Uint8Array).refine(({ length }) => length === 32)
const common = { 3: Name, 6: Seconds, 7: ClaimId }

const Claims = z.discriminatedUnion('-65537', [
  z.strictObject({
    ...common,
    2: BookingId,
    4: Seconds.optional(),
    '-65537': OfPrescription,
    '-65538': Digest,
  }),
  z.strictObject({ ...common, 2: Name, 4: Seconds, '-65537': z.literal('on-duty') }),
])

/** Reads a statement: base64url, without padding, of a signed CWT. What it is worth now is for `judgeStatement`. */
export function readStatement(text: string, keys: readonly TrustedKey[]): StatementRead {
  const bytes = Buffer.from(text, 'base64url')
  // What is forgiven there (padding, blanks, other letters, bits left over) comes out otherwise when written again.
  if (bytes.toString('base64url') !== text) return { ok: false, why: 'unreadable' }
  const opened = openSign1(bytes, keys)
  if (!opened.ok) return opened
  const statement = statementIn(opened.payload, opened.kid)
  return statement ? { ok: true, statement } : { ok: false, why: 'unreadable' }
}

/**
 * Why a statement is worth nothing here and now. `digest` is of what stands here: it must be what was signed, and must be
 * missing where nothing was.
 */
export function judgeStatement(
  statement: Statement,
  { unit, wall, digest }: { unit: string; wall: Millis; digest?: string },
): 'wrong-unit' | 'from-the-future' | 'expired' | 'wrong-content' | undefined {
  if (statement.unit !== unit) return 'wrong-unit'
  if (statement.at > wall + SKEW) return 'from-the-future'
  if (statement.until !== undefined && wall >= statement.until + SKEW) return 'expired'
  return statement.digest === digest ? undefined : 'wrong-content'
}

function statementIn(payload: Uint8Array, by: string): Statement | undefined {
  const { data } = Claims.safeParse(claimsIn(payload))
  if (!data) return undefined
  const { 2: prescription, 3: unit, 4: exp, 6: iat, '-65537': says } = data
  if (exp !== undefined && exp <= iat) return undefined
  const id = Buffer.from(data[7]).toString('hex')
  const until = exp === undefined ? {} : { until: exp * 1_000 }
  const said = { by, prescription, unit, says, at: iat * 1_000, ...until, id }
  if (data['-65537'] === 'on-duty') return prescription === unit ? said : undefined
  return { ...said, digest: Buffer.from(data['-65538']).toString('hex') }
}
