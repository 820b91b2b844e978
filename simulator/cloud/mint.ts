import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { encode, rfc8949EncodeOptions, Tagged } from 'cborg'
import type { Millis } from '../../drivers/host/clock.ts'

// The hand that signs, written from agent/domain/TOKENS.md alone: it shares no code with the hand that reads.

export interface TokenTerms {
  subject: string
  unit: string
  action: string
  /** Unix time, like `expires` and `issuedAt`; a part of a second is dropped. */
  notBefore: Millis
  expires: Millis
  issuedAt?: Millis
  issuer?: string
  /** Eight to sixteen bytes that were never used before. */
  id: Uint8Array
}

export interface StatementTerms {
  says: string
  /** The unit's own name where it says `on-duty`. */
  prescription: string
  unit: string
  /** Unix time, like `until`; a part of a second is dropped. */
  at: Millis
  until?: Millis
  /** Eight to sixteen bytes that were never used before. */
  id: Uint8Array
  /** SHA-256 in hexadecimal of what it is about; nothing for `on-duty`. */
  digest?: string
}

export interface RevocationTerms {
  /** The unit that it is for; `*` for all. */
  unit: string
  number: number
  /** Unix time; a part of a second is dropped. */
  at: Millis
  tokens: Uint8Array[]
  bookings: string[]
}

/** An operator or a pharmacist, with their key. Refuses nothing: a test may want wrong things signed rightly. */
export interface Signer {
  id: string
  /** The 32 bytes of the public key in base64, as a site file has it. */
  key: string
  privatePem: string
  /** The text that a QR code holds. */
  token(terms: TokenTerms): string
  /** The text that goes over the wire. */
  statement(terms: StatementTerms): string
  /** The same, of a list of what opens nothing any more. */
  revocations(terms: RevocationTerms): string
}

type Claim = number | string | Uint8Array | Uint8Array[] | string[]
type Claims = [key: number, value: Claim | undefined][]

/** PKCS #8 of an Ed25519 key (RFC 8410, section 7), up to its 32 bytes of seed. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const SAYS = -65_537
const DIGEST = -65_538
const NUMBER = -65_539
const TOKENS = -65_540
const BOOKINGS = -65_541

/** The same seed (32 bytes) makes the same key, and the same terms the same text. */
export function newSigner(id: string, seed: Uint8Array): Signer {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  const { x = '' } = createPublicKey(secret).export({ format: 'jwk' })
  return {
    id,
    key: Buffer.from(x, 'base64url').toString('base64'),
    privatePem: secret.export({ format: 'pem', type: 'pkcs8' }).toString(),
    token: terms => toBase45(sign1(tokenClaims(terms), id, secret)),
    statement: terms => Buffer.from(sign1(statementClaims(terms), id, secret)).toString('base64url'),
    revocations: terms => Buffer.from(sign1(revocationClaims(terms), id, secret)).toString('base64url'),
  }
}

/** RFC 9285. */
export const toBase45 = (bytes: Uint8Array): string =>
  Array.from({ length: Math.ceil(bytes.length / 2) }, (_, at) => {
    const [first = 0, second] = bytes.subarray(at * 2, at * 2 + 2)
    return second === undefined ? digits(first, 2) : digits(first * 256 + second, 3)
  }).join('')

const digits = (value: number, count: number): string =>
  Array.from({ length: count }, (_, at) => ALPHABET[Math.floor(value / 45 ** at) % 45]).join('')

const seconds = (at: Millis): number => Math.floor(at / 1_000)
const maybe = (at: Millis | undefined): number | undefined => (at === undefined ? undefined : seconds(at))

const tokenClaims = ({
  issuer,
  subject,
  unit,
  expires,
  notBefore,
  issuedAt,
  id,
  action,
}: TokenTerms): Claims => [
  [1, issuer],
  [2, subject],
  [3, unit],
  [4, seconds(expires)],
  [5, seconds(notBefore)],
  [6, maybe(issuedAt)],
  [7, id],
  [SAYS, action],
]

const statementClaims = ({ prescription, unit, until, at, id, says, digest }: StatementTerms): Claims => [
  [2, prescription],
  [3, unit],
  [4, maybe(until)],
  [6, seconds(at)],
  [7, id],
  [SAYS, says],
  [DIGEST, digest === undefined ? undefined : Buffer.from(digest, 'hex')],
]

const revocationClaims = ({ unit, number, at, tokens, bookings }: RevocationTerms): Claims => [
  [3, unit],
  [6, seconds(at)],
  [SAYS, 'revoked'],
  [NUMBER, number],
  [TOKENS, tokens],
  [BOOKINGS, bookings],
]

/** COSE_Sign1 with its tag (RFC 9052, section 4.4). */
function sign1(claims: Claims, kid: string, secret: KeyObject): Uint8Array {
  const payload = cbor(new Map(claims.filter(([, value]) => value !== undefined)))
  const header = cbor(
    new Map<number, number | Uint8Array>([
      [1, -8],
      [4, Buffer.from(kid)],
    ]),
  )
  const signature = sign(null, cbor(['Signature1', header, new Uint8Array(), payload]), secret)
  return cbor(new Tagged(18, [header, new Map(), payload, signature]))
}

const cbor = (value: unknown): Uint8Array => encode(value, rfc8949EncodeOptions)
