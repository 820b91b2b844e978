import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import type { Entropy } from '../../drivers/host/entropy.ts'

/** Something encrypted under a key of its own, which is wrapped with the unit's. Base64. */
export interface Box {
  key: string
  data: string
}
const wrapKey = (unitKey: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', unitKey, '', 'pawl box 1', 32))
function lock(key: Uint8Array, nonce: Uint8Array, name: string, clear: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(name))
  return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()])
}
function unlock(key: Uint8Array, name: string, sealed: Buffer): Buffer {
  const plain = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
  plain.setAAD(Buffer.from(name))
  plain.setAuthTag(sealed.subarray(-16))
  return Buffer.concat([plain.update(sealed.subarray(12, -16)), plain.final()])
}
export function sealBox(unitKey: Uint8Array, entropy: Entropy, name: string, clear: string): Box {
  const own = entropy.bytes(32)
  return {
    key: lock(wrapKey(unitKey), entropy.bytes(12), name, own).toString('base64'),
    data: lock(own, entropy.bytes(12), name, Buffer.from(clear)).toString('base64'),
  }
}
export function openBox(unitKey: Uint8Array, name: string, box: Box): string | undefined {
  try {
    const own = unlock(wrapKey(unitKey), name, Buffer.from(box.key, 'base64'))
    return unlock(own, name, Buffer.from(box.data, 'base64')).toString()
  } catch {
    return undefined
  }
}
export const boxPrint = (unitKey: Uint8Array, name: string, clear: string): string =>
  createHmac('sha256', unitKey).update(`${name}\n${clear}`).digest('hex')
