import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import type { Entropy } from '../../drivers/host/entropy.ts'

/** A text encrypted with AES-256-GCM under a key of its own, and that key wrapped with the unit's. Base64. */
export interface Box {
  key: string
  data: string
}

const KEY = 32
const NONCE = 12
const TAG = 16
/** A text is filled up to a multiple of this, so that its length tells nothing. */
const BLOCK = 256
const END = 0x80

/** Encrypts a text for a name: it opens under no other. Destroying `key` destroys the text. */
export function sealBox(unitKey: Uint8Array, entropy: Entropy, name: string, clear: string): Box {
  const own = entropy.bytes(KEY)
  return {
    key: lock(wrapping(unitKey), entropy.bytes(NONCE), name, own).toString('base64'),
    data: lock(own, entropy.bytes(NONCE), name, filled(clear)).toString('base64'),
  }
}

/** The text; undefined when anything is wrong with the box, its name or the key. */
export function openBox(unitKey: Uint8Array, name: string, { key, data }: Box): string | undefined {
  try {
    const own = unlock(wrapping(unitKey), name, Buffer.from(key, 'base64'))
    const clear = unlock(own, name, Buffer.from(data, 'base64'))
    return clear.subarray(0, clear.lastIndexOf(END)).toString('utf8')
  } catch {
    return undefined
  }
}

/** Says of two texts for one name whether they are the same, and nothing else: HMAC-SHA-256 in hexadecimal. */
export const boxPrint = (unitKey: Uint8Array, name: string, clear: string): string =>
  createHmac('sha256', unitKey).update(`box\n${name}\n${clear}`).digest('hex')

const wrapping = (unitKey: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', unitKey, '', 'pawl box 1', KEY))

function filled(clear: string): Buffer {
  const bytes = Buffer.from(clear, 'utf8')
  const whole = Buffer.alloc(Math.ceil((bytes.length + 1) / BLOCK) * BLOCK)
  bytes.copy(whole)
  whole[bytes.length] = END
  return whole
}

/** Nonce, ciphertext, tag. */
function lock(key: Uint8Array, nonce: Uint8Array, name: string, clear: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(name, 'utf8'))
  return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()])
}

function unlock(key: Uint8Array, name: string, sealed: Buffer): Buffer {
  const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
  cipher.setAAD(Buffer.from(name, 'utf8'))
  cipher.setAuthTag(sealed.subarray(-TAG))
  return Buffer.concat([cipher.update(sealed.subarray(NONCE, -TAG)), cipher.final()])
}
