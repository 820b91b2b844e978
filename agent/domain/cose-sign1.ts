import { createPublicKey, verify } from 'node:crypto'
import { decode, encode } from 'cborg'

//   [ protected: << { 1: -8, 4: kid } >>, unprotected: { }, payload, signature(64) ]
//   as it is, as 18(…), or as 61(18(…))

/** Somebody whose signature counts. */
export interface TrustedKey {
  /** What a signature calls it by (kid). */
  id: string
  /** The 32 bytes of an Ed25519 public key in base64. Anything else never matches. */
  key: string
}

export type Refusal = 'unreadable' | 'unknown-key' | 'bad-signature'

export type Opened = { ok: true; payload: Uint8Array; kid: string } | { ok: false; why: Refusal }

interface Message {
  header: Uint8Array
  kid: string
  payload: Uint8Array
  signature: Uint8Array
}

const LONGEST = 512
const ALGORITHM = 1
const EDDSA = -8
const KEY_ID = 4
const KID = /^[A-Za-z0-9._-]{1,32}$/
const SIGN1_TAG = [0xd2]
const CWT_TAG = [0xd8, 0x3d, ...SIGN1_TAG]

/**
 * Opens what was signed: COSE_Sign1 (RFC 9052, sections 4.2 and 4.4) with Ed25519 (RFC 9053, section 2.2), no external
 * data, tag 18 or not, and around that the tag of a CWT or not (RFC 8392, section 6). `unreadable` is whatever is not
 * exactly that, is longer than `longest` bytes, or says anything in its headers but algorithm and key. Never throws.
 *
 * The tags are not signed. Whoever must know something again goes by its id, never by its bytes.
 */
export function openSign1(bytes: Uint8Array, keys: readonly TrustedKey[], longest = LONGEST): Opened {
  const message = bytes.length > longest ? undefined : messageIn(readCbor(untagged(bytes)))
  if (!message) return { ok: false, why: 'unreadable' }
  const { kid, payload } = message
  const named = keys.filter(({ id }) => id === kid).flatMap(({ key }) => rawKey(key) ?? [])
  if (named.length === 0) return { ok: false, why: 'unknown-key' }
  return named.some(key => isSignedBy(key, message))
    ? { ok: true, payload, kid }
    : { ok: false, why: 'bad-signature' }
}

/**
 * Reads one CBOR item (RFC 8949), maps as Map; undefined unless it is in preferred serialization to the last byte: nothing
 * of indefinite length, no number or length longer than it must be, no whole number as a float, no key twice, no tag, no
 * broken UTF-8, nothing behind it. The order of keys is free.
 */
export function readCbor(bytes: Uint8Array): unknown {
  try {
    const value: unknown = decode(bytes, {
      strict: true,
      useMaps: true,
      rejectDuplicateMapKeys: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowNaN: false,
      allowInfinity: false,
      allowBigInt: false,
    })
    // Reading forgives a whole number that is a float, and bytes that are no UTF-8: writing it again shows them.
    const again = encode(value, { mapSorter: () => 0 })
    return Buffer.compare(again, bytes) === 0 ? value : undefined
  } catch {
    return undefined
  }
}

function untagged(bytes: Uint8Array): Uint8Array {
  const tag = [CWT_TAG, SIGN1_TAG].find(each => each.every((byte, at) => bytes[at] === byte))
  return bytes.subarray(tag?.length ?? 0)
}

function messageIn(value: unknown): Message | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined
  const [header, unprotected, payload, signature]: unknown[] = value
  if (!(header instanceof Uint8Array && payload instanceof Uint8Array)) return undefined
  if (!(signature instanceof Uint8Array && signature.length === 64)) return undefined
  if (!(unprotected instanceof Map && unprotected.size === 0)) return undefined
  const kid = kidIn(readCbor(header))
  return kid === undefined ? undefined : { header, kid, payload, signature }
}

function kidIn(header: unknown): string | undefined {
  if (!(header instanceof Map && header.size === 2 && header.get(ALGORITHM) === EDDSA)) return undefined
  const kid: unknown = header.get(KEY_ID)
  const text = kid instanceof Uint8Array ? Buffer.from(kid).toString('latin1') : ''
  return KID.test(text) ? text : undefined
}

function rawKey(text: string): Buffer | undefined {
  const raw = Buffer.from(text, 'base64')
  return raw.length === 32 && raw.toString('base64') === text ? raw : undefined
}

function isSignedBy(key: Buffer, { header, payload, signature }: Message): boolean {
  const signed = encode(['Signature1', header, new Uint8Array(), payload])
  try {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') }
    return verify(null, signed, createPublicKey({ key: jwk, format: 'jwk' }), signature)
  } catch {
    return false
  }
}
