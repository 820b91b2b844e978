import type { Entropy } from '../../drivers/host/entropy.ts'

/** Chance that tells the same story again. */
export interface Random {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  chance(one: number, outOf: number): boolean
  pick<T>(list: readonly T[]): T
  bytes(length: number): Uint8Array
  /** From 0 up to, not including, 1. */
  fraction(): number
  /** A stream of its own, the same however much was drawn here before: one more draw in one place shifts no other. */
  fork(name: string): Random
}

/** The generator is sfc32 by Chris Doty-Humphrey. */
export function random(seed: number | string): Random {
  const text = String(seed)
  let [a, b, c, counter] = [digest(text, 0x9e3779b9), digest(text, 0x243f6a88), digest(text, 0xb7e15162), 1]

  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + result) | 0
    return result >>> 0
  }
  for (let warm = 0; warm < 15; warm++) next()

  const fraction = () => next() / 2 ** 32
  const between = (low: number, high: number) => low + Math.floor(fraction() * (high - low + 1))

  return {
    between,
    chance: (one, outOf) => fraction() * outOf < one,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new Error('nothing to pick from')
      return list[between(0, list.length - 1)] as T
    },
    bytes: length => Uint8Array.from({ length }, () => between(0, 255)),
    fraction,
    fork: name => random(`${text}/${name}`),
  }
}

/** The chance an agent is given in a simulated life. */
export const entropy = ({ bytes, fraction }: Random): Entropy => ({ bytes, fraction })

/** FNV-1a, with murmur's last mix so that seeds 1 and 2 share nothing. */
function digest(text: string, start: number): number {
  let hash = start
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
