import { randomBytes } from 'node:crypto'

/** Chance, handed to whatever needs it. No other file asks the machine for randomness. */
export interface Entropy {
  /** `length` unpredictable bytes. */
  bytes(length: number): Uint8Array
  /** A number from 0 up to, not including, 1. For jitter, never for secrets. */
  fraction(): number
}

export const systemEntropy: Entropy = {
  bytes: length => randomBytes(length),
  fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
}
