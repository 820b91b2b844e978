import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { Entropy } from '../drivers/host/entropy.ts'

const LENGTH = 32
const HEX = /^[0-9a-f]{64}\s*$/

/** The unit's own key: 32 bytes in hexadecimal in a file only its owner reads. Made at the first start, never replaced. */
export function unitKey(path: string, entropy: Entropy): Uint8Array {
  const kept = read(path)
  if (kept !== undefined) {
    if (!HEX.test(kept))
      throw new Error(
        `${path} is not a unit key (64 hexadecimal digits); put the right one back, or every code of this unit is lost`,
      )
    return Buffer.from(kept.trim(), 'hex')
  }
  const key = entropy.bytes(LENGTH)
  const file = openSync(path, 'wx', 0o600)
  writeSync(file, `${Buffer.from(key).toString('hex')}\n`)
  fsyncSync(file)
  closeSync(file)
  return key
}

/** Reads a key that must be there, for verifying. */
export function readKey(path: string): Uint8Array {
  const kept = read(path)
  if (kept === undefined || !HEX.test(kept)) throw new Error(`there is no key at ${path}`)
  return Buffer.from(kept.trim(), 'hex')
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
