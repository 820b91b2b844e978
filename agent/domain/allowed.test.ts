import { describe, expect, test } from 'vitest'
import type { PolicyPack } from '../../config/policy-pack.ts'
import { type Bar, counsellingOf, type Moment, whyNot } from './allowed.ts'

const pack: PolicyPack = {
  name: 'test-1',
  jurisdiction: 'US-NY',
  title: 'A test',
  sources: ['Rule 1'],
  counselling: { when: 'never', before_loading: false, may_decline: false, wait_seconds: 600 },
  refills_only: false,
  opening_hours: 'always',
  closed_on: [],
  lease_hours: 72,
  permit_in_records: false,
  records_years: 6,
  personal_data_days: 30,
  max_offline_hours: 24,
  second_factor: true,
}

const SECOND = 1_000
const HOUR = 3_600_000
/** A Wednesday, noon in New York. */
const NOON = Date.parse('2026-07-01T12:00:00-04:00')

const moment: Moment = {
  wall: NOON,
  timeZone: 'America/New_York',
  contact: NOON,
  pharmacistUntil: undefined,
  refill: false,
  counselledBefore: false,
}

const why = (rules: PolicyPack | undefined, at: Partial<Moment> = {}): Bar['why'] | undefined =>
  whyNot(rules, { ...moment, ...at })?.why

test('a pack that forbids nothing bars nothing', () => {
  expect(why(pack)).toBeUndefined()
})

test('without a pack that is signed off nothing is given out', () => {
  expect(why(undefined)).toBe('not-signed-off')
})

/** Everything is against it; then, one by one, what is said first is put right. */
test('the first of several reasons is said, each in a sentence of its own', () => {
  const strict: PolicyPack = {
    ...pack,
    closed_on: ['2026-07-01'],
    pharmacist_lease_seconds: 90,
    refills_only: true,
    counselling: { ...pack.counselling, before_loading: true },
  }
  const open = { ...strict, closed_on: [] }
  const bad: Partial<Moment> = { contact: undefined }
  const watched = { ...bad, pharmacistUntil: NOON + 1 }
  const online = { ...watched, contact: NOON }
  const refill = { ...online, refill: true }
  const told: [PolicyPack | undefined, Partial<Moment>][] = [
    [undefined, bad],
    [strict, bad],
    [open, bad],
    [open, watched],
    [open, online],
    [open, refill],
    [open, { ...refill, counselledBefore: true }],
  ]
  const bars = told.map(([rules, at]) => whyNot(rules, { ...moment, ...at }))
  expect(bars.map(bar => bar?.why)).toEqual([
    'not-signed-off',
    'closed',
    'pharmacist-away',
    'offline-too-long',
    'not-a-refill',
    'not-counselled',
    undefined,
  ])
  const said = bars.flatMap(bar => bar?.says ?? [])
  expect(new Set(said).size).toBe(6)
  for (const says of said) expect(says).toMatch(/^[a-z].{15,}[a-z]$/)
})

describe('supervision by a live pharmacist', () => {
  const texas: PolicyPack = { ...pack, pharmacist_lease_seconds: 90 }

  test.each([
    ['never promised', undefined, 'pharmacist-away'],
    ['promised until a moment from now', NOON + 1, undefined],
    ['promised until now', NOON, 'pharmacist-away'],
    ['promised until a moment ago', NOON - 1, 'pharmacist-away'],
  ])('%s', (_what, pharmacistUntil, bar) => {
    expect(why(texas, { pharmacistUntil })).toBe(bar)
  })

  test('is asked for only where the pack says so', () => {
    expect(why(pack, { pharmacistUntil: NOON - 1 })).toBeUndefined()
  })
})

describe('the silence of the cloud', () => {
  test.each([
    ['never heard', undefined, 'offline-too-long'],
    ['heard a moment less than the limit ago', NOON - 24 * HOUR + 1, undefined],
    ['heard exactly the limit ago', NOON - 24 * HOUR, 'offline-too-long'],
    ['heard a little ahead, as after the clock was put right', NOON + 120 * SECOND, undefined],
    ['heard at a time that is still to come', NOON + 120 * SECOND + 1, 'offline-too-long'],
  ])('%s', (_what, contact, bar) => {
    expect(why(pack, { contact })).toBe(bar)
  })

  test('may be limited to a part of an hour', () => {
    const short = { ...pack, max_offline_hours: 0.25 }
    expect(why(short, { contact: NOON - 900 * SECOND + 1 })).toBeUndefined()
    expect(why(short, { contact: NOON - 900 * SECOND })).toBe('offline-too-long')
  })
})

test.each([
  [false, false, undefined],
  [false, true, undefined],
  [true, false, 'not-a-refill'],
  [true, true, undefined],
])('refills only: %s, a refill: %s: %s', (refills_only, refill, bar) => {
  expect(why({ ...pack, refills_only }, { refill })).toBe(bar)
})

test.each([
  [false, false, undefined],
  [false, true, undefined],
  [true, false, 'not-counselled'],
  [true, true, undefined],
])('counselling before loading: %s, counselled: %s: %s', (before_loading, counselledBefore, bar) => {
  const rules = { ...pack, counselling: { ...pack.counselling, before_loading } }
  expect(why(rules, { counselledBefore })).toBe(bar)
})

/** Whether it is open at a moment of ISO 8601. */
const openAt = (
  hours: PolicyPack['opening_hours'],
  text: string,
  more: Partial<Moment & PolicyPack> = {},
) => {
  const { timeZone = 'America/New_York', closed_on = [] } = more
  const wall = Date.parse(text)
  const bar = why({ ...pack, opening_hours: hours, closed_on }, { wall, contact: wall, timeZone })
  expect([undefined, 'closed']).toContain(bar)
  return bar === undefined
}

type Week = Exclude<PolicyPack['opening_hours'], 'always'>
const hours = (days: Week[number]['days'], from: string, to: string): Week[number] => ({ days, from, to })

describe('opening hours', () => {
  const split = [hours(['mon', 'wed'], '08:30', '12:00'), hours(['wed'], '13:00', '18:00')]

  test.each([
    ['2026-07-01T08:29:59.999-04:00', false],
    ['2026-07-01T08:30:00-04:00', true],
    ['2026-07-01T11:59:59.999-04:00', true],
    ['2026-07-01T12:00:00-04:00', false],
    ['2026-07-01T12:59:59.999-04:00', false],
    ['2026-07-01T13:00:00-04:00', true],
    ['2026-07-01T18:00:00-04:00', false],
    ['2026-07-02T09:00:00-04:00', false],
    ['2026-06-29T09:00:00-04:00', true],
    ['2026-06-29T14:00:00-04:00', false],
  ])('the minute of opening is open and that of closing closed: %s: %s', (at, open) => {
    expect(openAt(split, at)).toBe(open)
  })

  test('go by the day of the week where the unit stands, on each day of it', () => {
    const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
    for (const [index, day] of days.entries()) {
      const only = [hours([day], '00:00', '24:00')]
      for (let date = 5; date < 12; date++) {
        const at = `2026-07-${String(date).padStart(2, '0')}T23:30:00-04:00`
        expect(openAt(only, at), `${day} ${at}`).toBe(date - 5 === index)
      }
    }
  })

  test('go by the time zone, not by that of the machine', () => {
    const day = [hours(['thu'], '09:00', '10:00')]
    const at = '2026-07-01T23:30:00Z'
    expect(openAt(day, at, { timeZone: 'UTC' })).toBe(false)
    expect(openAt(day, at, { timeZone: 'Pacific/Auckland' })).toBe(false)
    expect(openAt(day, '2026-07-01T21:30:00Z', { timeZone: 'Pacific/Auckland' })).toBe(true)
    expect(openAt(day, '2026-07-02T03:45:00Z', { timeZone: 'Asia/Kathmandu' })).toBe(true)
    expect(openAt(day, '2026-07-02T03:14:59Z', { timeZone: 'Asia/Kathmandu' })).toBe(false)
  })

  test('until 24:00 end with the day, and a night takes two entries', () => {
    const late = [hours(['wed'], '22:00', '24:00')]
    expect(openAt(late, '2026-07-01T23:59:59.999-04:00')).toBe(true)
    expect(openAt(late, '2026-07-02T00:00:00-04:00')).toBe(false)
    const night = [...late, hours(['thu'], '00:00', '06:00')]
    expect(openAt(night, '2026-07-02T00:00:00-04:00')).toBe(true)
    expect(openAt(night, '2026-07-02T06:00:00-04:00')).toBe(false)
    expect(openAt(night, '2026-07-01T00:00:00-04:00')).toBe(false)
  })
})

describe('days on which it is closed', () => {
  const closed_on = ['2026-07-04', '2026-12-31']

  test.each([
    ['2026-07-03T23:59:59.999-04:00', true],
    ['2026-07-04T00:00:00-04:00', false],
    ['2026-07-04T23:59:59.999-04:00', false],
    ['2026-07-05T00:00:00-04:00', true],
    ['2026-12-31T23:59:59.999-05:00', false],
    ['2027-01-01T00:00:00-05:00', true],
    ['2027-07-04T12:00:00-04:00', true],
  ])('begin and end at midnight there, even where it is always open: %s: %s', (at, open) => {
    expect(openAt('always', at, { closed_on })).toBe(open)
    expect(openAt([hours(['sun', 'thu', 'fri', 'sat'], '00:00', '24:00')], at, { closed_on })).toBe(open)
  })
})

describe('when clocks change', () => {
  // New York: on Sunday, 8 March 2026, 02:00 becomes 03:00; on Sunday, 1 November 2026, 02:00 becomes 01:00.
  test.each([
    ['before the change', '08:00', '2026-03-07T08:00:00-05:00'],
    ['on its day', '08:00', '2026-03-08T08:00:00-04:00'],
    ['back, before', '08:00', '2026-10-31T08:00:00-04:00'],
    ['back, on its day', '08:00', '2026-11-01T08:00:00-05:00'],
  ])('it opens by the clock on the wall: %s', (_what, from, at) => {
    const weekend = [hours(['sat', 'sun'], from, '12:00')]
    expect(openAt(weekend, at)).toBe(true)
    expect(openAt(weekend, new Date(Date.parse(at) - 1).toISOString())).toBe(false)
    expect(openAt(weekend, new Date(Date.parse(at) + 4 * HOUR).toISOString())).toBe(false)
    expect(openAt(weekend, new Date(Date.parse(at) + 4 * HOUR - 1).toISOString())).toBe(true)
  })

  test('what opens in the hour that never comes opens after it; what lies within it never does', () => {
    const from = [hours(['sun'], '02:30', '04:00')]
    expect(openAt(from, '2026-03-08T01:59:59.999-05:00')).toBe(false)
    expect(openAt(from, '2026-03-08T03:00:00-04:00')).toBe(true)
    const within = [hours(['sun'], '02:00', '03:00')]
    for (let minute = 0; minute < 24 * 60; minute++) {
      const at = new Date(Date.parse('2026-03-08T00:00:00-05:00') + minute * 60 * SECOND).toISOString()
      expect(openAt(within, at), at).toBe(false)
    }
  })

  test('an hour that comes twice is open twice', () => {
    const early = [hours(['sun'], '01:00', '01:30')]
    const told = ['01:00:00-04:00', '01:29:59-04:00', '01:30:00-04:00', '01:00:00-05:00', '01:30:00-05:00']
    expect(told.map(time => openAt(early, `2026-11-01T${time}`))).toEqual([true, true, false, true, false])
  })

  test('a day without midnight is open from its first minute, and closed for the whole of it', () => {
    // Santiago: on Sunday, 6 September 2026, 00:00 becomes 01:00.
    const timeZone = 'America/Santiago'
    const sunday = [hours(['sun'], '00:00', '24:00')]
    const [before, after] = ['2026-09-06T03:59:59.999Z', '2026-09-06T04:00:00Z']
    expect([before, after].map(at => openAt(sunday, at, { timeZone }))).toEqual([false, true])
    const closed_on = ['2026-09-06']
    expect([before, after].map(at => openAt('always', at, { timeZone, closed_on }))).toEqual([true, false])
  })

  test.each([
    ['2026-03-08', 23],
    ['2026-07-01', 24],
    ['2026-11-01', 25],
  ])('a closed day has as many hours as the day: %s has %i', (date, length) => {
    const start = Date.parse(`${date}T00:00:00Z`) - 12 * HOUR
    const closed = Array.from({ length: 48 }, (_, hour) => new Date(start + hour * HOUR).toISOString())
    expect(closed.filter(at => !openAt('always', at, { closed_on: [date] }))).toHaveLength(length)
  })
})

test.each([
  ['never', false, false],
  ['never', true, false],
  ['first-time', false, false],
  ['first-time', true, true],
  ['each', false, true],
  ['each', true, true],
] as const)('counselling %s, first time %s: needed %s', (when, firstTime, needed) => {
  const rules = { ...pack, counselling: { ...pack.counselling, when } }
  expect(counsellingOf(rules, firstTime)).toEqual({ needed, mayDecline: false, waitMillis: 600_000 })
})

test('whether counselling may be declined is what the pack says', () => {
  const rules = { ...pack, counselling: { ...pack.counselling, may_decline: true, wait_seconds: 30 } }
  expect(counsellingOf(rules, true)).toEqual({ needed: false, mayDecline: true, waitMillis: 30_000 })
})
