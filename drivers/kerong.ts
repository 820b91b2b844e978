import { z } from 'zod'
import type { Millis } from './host/clock.ts'

// What Kerong's boards have in common: a dial, locks with hooks, and switches of one kind or the other.

/** Options of a board with so many addresses, from 0, and so many locks. */
export const hookOptions = (addresses: number, locks: number) => ({
  address: z
    .int()
    .min(0)
    .max(addresses - 1)
    .default(0)
    .describe('What the dial on the board says.'),
  channels: z.int().min(1).max(locks).default(locks).describe('How many locks are on the board.'),
  closed_bit: z
    .literal([1, 0])
    .default(1)
    .describe(
      'The bit of a closed lock; 0 where the switches of all locks on this board are of the other kind.',
    ),
  reply_within_ms: z
    .int()
    .min(20)
    .max(5_000)
    .default(500)
    .describe('How long an answer may take to begin, in milliseconds.'),
})

/** For boards that do not answer an unlock, or not all of them. */
export const unlockPause = (fallback: Millis) =>
  z
    .int()
    .min(0)
    .max(1_000)
    .default(fallback)
    .describe(
      'How long the line is left alone after an unlock, to which no answer is waited for, in milliseconds.',
    )

export const everyDial = (addresses: number): { address: number }[] =>
  Array.from({ length: addresses }, (_, address) => ({ address }))

/** True for open, the first channel first. `hooks`: lock 1 first, or its bit the lowest. */
export const openDoors = (
  hooks: boolean[] | number,
  { channels, closed_bit }: { channels: number; closed_bit: 0 | 1 },
): boolean[] => {
  const isIn = (index: number) => (typeof hooks === 'number' ? ((hooks >> index) & 1) === 1 : hooks[index])
  return Array.from({ length: channels }, (_, index) => isIn(index) !== (closed_bit === 1))
}
