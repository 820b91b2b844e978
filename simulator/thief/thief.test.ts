import { expect, test } from 'vitest'
import { guessBound } from '../../agent/domain/lock-out.ts'
import { DIGITS, robs, TRIES } from './thief.ts'

/** So many successes and more have a chance of less than one in a billion, when so many are expected. */
function most(expected: number): number {
  let [chance, all, count] = [Math.exp(-expected), Math.exp(-expected), 0]
  while (1 - all > 1e-9) {
    chance *= expected / ++count
    all += chance
  }
  return count
}

test('ten thousand guesses, forgeries and replays: no signature is made up, and no more codes are guessed than the tries allow', async () => {
  const bookings = 30
  const haul = await robs(10_000, bookings, 1)
  expect(haul.guesses + haul.forgeries + haul.replays).toBe(10_000)
  expect(Math.min(haul.guesses, haul.forgeries, haul.replays)).toBeGreaterThan(900)
  expect(haul.forced).toBe(0)
  const bound = guessBound({ digits: DIGITS, tries: TRIES, legs: bookings })
  expect(haul.guessed).toBeLessThanOrEqual(most(bound))
  expect(most(bound)).toBeLessThan(5)
})

test('somebody who knows the codes gets in: what counts the doors does see one', async () => {
  const haul = await robs(40, 30, 2, 1)
  expect(haul.guessed).toBeGreaterThan(0)
})
