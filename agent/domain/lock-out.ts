import type { Policy } from '../../config/policy.ts'
import type { Millis } from '../../drivers/host/clock.ts'

/** How often something was refused of late, and how long it has taken no code since. All times on the unit's steady clock. */
export interface Guard {
  refused: Millis[]
  /** How often in a row it locked out: each time for twice as long. */
  level: number
  /** When the last lock-out began. */
  locked?: Millis
  until?: Millis
}

/** Every reader has its own guard, and all of them together have one: nobody gains by going from pad to pad. */
export interface LockOuts {
  guards: Record<string, Guard>
}

/** The name of the guard of all readers together. */
export const UNIT = '*'

/** The whole unit takes as many wrong ones as so many readers would. */
const READERS_WORTH = 3
const LONGEST: Millis = 86_400_000
/** After each day without one a lock-out is half as long again. */
const FORGIVEN: Millis = 86_400_000

const NEW: Guard = { refused: [], level: 0 }

type Rules = Pick<Policy, 'lockout_failures' | 'lockout_window_seconds' | 'lockout_seconds'>

export const isLocked = ({ guards }: LockOuts, reader: string, at: Millis): boolean =>
  [UNIT, reader].some(name => (guards[name]?.until ?? -Infinity) > at)

/** One more was refused at that reader. `locked`: what takes no codes from now on, and for how many seconds. */
export function countRefused(
  { guards }: LockOuts,
  reader: string,
  at: Millis,
  rules: Rules,
): { state: LockOuts; locked: { name: string; seconds: number }[] } {
  const own = counted(guards[reader] ?? NEW, at, rules, 1)
  const all = counted(guards[UNIT] ?? NEW, at, rules, READERS_WORTH)
  return {
    state: { guards: { ...guards, [reader]: own.guard, [UNIT]: all.guard } },
    locked: [
      ...(own.seconds === undefined ? [] : [{ name: reader, seconds: own.seconds }]),
      ...(all.seconds === undefined ? [] : [{ name: UNIT, seconds: all.seconds }]),
    ],
  }
}

function counted(
  guard: Guard,
  at: Millis,
  { lockout_failures, lockout_window_seconds, lockout_seconds }: Rules,
  worth: number,
): { guard: Guard; seconds?: number } {
  const recent = guard.refused.filter(when => when > at - lockout_window_seconds * 1_000)
  const refused = [...recent, at]
  if (refused.length < lockout_failures * worth || (guard.until ?? -Infinity) > at)
    return { guard: { ...guard, refused: refused.slice(-lockout_failures * worth) } }
  const level = Math.max(0, guard.level - Math.floor((at - (guard.locked ?? at)) / FORGIVEN))
  const span = Math.min(LONGEST, lockout_seconds * 1_000 * 2 ** level)
  return {
    guard: { refused: [], level: level + 1, locked: at, until: at + span },
    seconds: Math.round(span / 1_000),
  }
}

/** Somebody had a right: the honest mistakes at that reader are forgotten. Those at all readers together are not. */
export function passed(state: LockOuts, reader: string): LockOuts {
  const guard = state.guards[reader]
  if (!guard || guard.refused.length === 0) return state
  return { guards: { ...state.guards, [reader]: { ...guard, refused: [] } } }
}

/** Lock-outs that are over at that moment, by name. */
export function endedAt({ guards }: LockOuts, at: Millis): { state: LockOuts; ended: string[] } {
  const ended = Object.entries(guards).flatMap(([name, { until }]) =>
    until !== undefined && until <= at ? [name] : [],
  )
  const now = Object.entries(guards).map(([name, { until, ...guard }]): [string, Guard] => [
    name,
    until === undefined || until <= at ? guard : { ...guard, until },
  ])
  return { state: { guards: Object.fromEntries(now) }, ended }
}

/** When the next lock-out is over. */
export function nextEnd({ guards }: LockOuts): Millis | undefined {
  const ends = Object.values(guards).flatMap(({ until }) => until ?? [])
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/** Who takes no codes now, by name. */
export const lockedNow = ({ guards }: LockOuts): string[] =>
  Object.entries(guards).flatMap(([name, { until }]) => (until === undefined ? [] : [name]))

/**
 * How many codes of bookings somebody hits on average who guesses for ever: each leg of each booking takes so many tries,
 * whatever the lock-outs, and each is right once in 10^digits. Only whoever books and whoever recodes gives more tries. PINs
 * are no part of it: they need the badge as well, and take as many guesses a day as the lock-outs leave.
 */
export const guessBound = ({
  digits,
  tries,
  legs,
}: {
  digits: number
  tries: number
  legs: number
}): number => (legs * tries) / 10 ** digits
