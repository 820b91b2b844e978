import { expect, test } from 'vitest'
import {
  countRefused,
  endedAt,
  guessBound,
  isLocked,
  type LockOuts,
  nextEnd,
  passed,
  UNIT,
} from './lock-out.ts'

const rules = { lockout_failures: 10, lockout_window_seconds: 600, lockout_seconds: 900 }
const DAY = 86_400_000

/** Refuses so many at a reader, one a second; when it locked out, and for how long. */
function refuse(state: LockOuts, times: number, from = 0, reader = 'pad') {
  const locked: string[] = []
  for (let second = 0; second < times; second++) {
    const at = from + second * 1_000
    const next = countRefused(state, reader, at, rules)
    state = next.state
    locked.push(...next.locked.map(({ name, seconds }) => `${name} ${seconds}`))
  }
  return { state, locked }
}

const none: LockOuts = { guards: {} }

test('ten refused within ten minutes lock a reader out; nine do not, nor do ten in an hour', () => {
  expect(refuse(none, 9).locked).toEqual([])
  expect(refuse(none, 10).locked).toEqual(['pad 900'])
  let state = none
  for (let minute = 0; minute < 600; minute += 7)
    state = countRefused(state, 'pad', minute * 60_000, rules).state
  expect(isLocked(state, 'pad', 600 * 60_000)).toBe(false)
})

test('each lock-out in a row is twice as long as the one before, a day at most', () => {
  let state = none
  const seen: string[] = []
  let at = 0
  for (let round = 0; round < 10; round++) {
    const next = refuse(state, 10, at)
    seen.push(...next.locked.filter(each => each.startsWith('pad')))
    at = nextEnd(next.state) ?? at
    state = endedAt(next.state, at).state
    expect(isLocked(state, 'pad', at)).toBe(false)
  }
  expect(seen.slice(0, 4)).toEqual(['pad 900', 'pad 1800', 'pad 3600', 'pad 7200'])
  expect(seen.at(-1)).toBe('pad 86400')
})

test('days without one make it short again', () => {
  const first = refuse(none, 10)
  const second = refuse(endedAt(first.state, 900_000 + 10_000).state, 10, 920_000)
  expect(second.locked).toEqual(['pad 1800'])
  const quiet = endedAt(second.state, 5 * DAY).state
  expect(refuse(quiet, 10, 5 * DAY).locked).toEqual(['pad 900'])
})

test('who goes from reader to reader locks out all of them', () => {
  let state = none
  const locked: string[] = []
  for (let pad = 0; pad < 6; pad++) {
    const next = refuse(state, 5, pad * 6_000, `pad-${pad}`)
    state = next.state
    locked.push(...next.locked)
  }
  expect(locked).toEqual([`${UNIT} 900`])
  expect(isLocked(state, 'pad-9', 60_000)).toBe(true)
})

test('a lock-out ends once, and one reader’s end is not another’s', () => {
  const { state } = refuse(none, 10)
  expect(nextEnd(state)).toBe(909_000)
  expect(endedAt(state, 908_999).ended).toEqual([])
  const over = endedAt(state, 909_000)
  expect(over.ended).toEqual(['pad'])
  expect(endedAt(over.state, 909_000).ended).toEqual([])
  expect(isLocked(state, 'other', 10_000)).toBe(false)
})

test('what is kept does not grow with the guesses', () => {
  expect(JSON.stringify(refuse(none, 10_000).state).length).toBeLessThan(1_000)
})

test('the bound on guesses is that of the tries, not of the time', () => {
  expect(guessBound({ digits: 6, tries: 5, legs: 200 })).toBe(0.001)
})

test('a right one makes up for mistakes at its reader, not for those at all of them, nor for a lock-out', () => {
  const { state } = refuse(none, 9)
  expect(refuse(passed(state, 'pad'), 9, 9_000).locked).toEqual([])
  let all = none
  const locked: string[] = []
  for (let pad = 0; pad < 6; pad++) {
    const next = refuse(all, 5, pad * 6_000, `pad-${pad}`)
    locked.push(...next.locked)
    all = passed(next.state, `pad-${pad}`)
  }
  expect(locked).toEqual([`${UNIT} 900`])
  const out = refuse(none, 10).state
  expect(isLocked(passed(out, 'pad'), 'pad', 20_000)).toBe(true)
})
