import { describe, expect, test } from 'vitest'
import {
  type ClimateEvent,
  type ClimateLimits,
  type ClimateReading,
  meanKinetic,
  ROOM,
  startClimate,
  stepClimate,
} from './climate.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** The beginning of an hour. */
const T0 = Date.UTC(2025, 5, 1)

/** Everything told over some looks, each so many minutes after T0. */
function run(looks: [minute: number, celsius?: number][], limits: Partial<ClimateLimits> = {}) {
  let state = startClimate(T0)
  const events: ClimateEvent[] = []
  for (const [minute, celsius] of looks) {
    const reading: ClimateReading = {
      at: T0 + minute * MINUTE,
      ...(celsius === undefined ? {} : { celsius }),
    }
    const step = stepClimate(state, reading, { ...ROOM, ...limits })
    state = step.state
    events.push(...step.events)
  }
  return { state, events, kinds: events.map(({ kind }) => kind) }
}

/** A look every ten minutes, the same each time. */
const steady = (from: number, to: number, celsius: number): [number, number][] =>
  Array.from({ length: Math.floor((to - from) / 10) + 1 }, (_, n) => [from + n * 10, celsius])

describe('excursions', () => {
  test('the ends of the working range are within it', () => {
    expect(run([...steady(0, 120, 20), ...steady(130, 240, 25)]).events).toEqual([])
  })

  test('up to the time that is allowed, nothing is told; past it, once', () => {
    expect(run(steady(0, 30, 26)).events).toEqual([])
    const { events } = run(steady(0, 120, 26))
    expect(events).toEqual([
      { kind: 'excursion', side: 'hot', since: T0, lasted_ms: 40 * MINUTE, worst_c: 26, beyond: false },
    ])
  })

  test('its end is told with its worst, if its beginning was', () => {
    const { events, state } = run([...steady(0, 30, 19), [40, 17.5], [50, 19], [60, 20]])
    expect(events).toMatchObject([
      { kind: 'excursion', side: 'cold', lasted_ms: 40 * MINUTE },
      { kind: 'excursion-over', side: 'cold', worst_c: 17.5, lasted_ms: 60 * MINUTE, since: T0 },
    ])
    expect(state.excursion).toBe(undefined)
    expect(
      run([
        [0, 26],
        [10, 26],
        [20, 24],
      ]).events,
    ).toEqual([])
  })

  test('one that was found too long only by the look that ended it is told whole', () => {
    const { events } = run(
      [
        [0, 26],
        [40, 22],
      ],
      { silent_minutes: 60 },
    )
    expect(events).toMatchObject([
      { kind: 'excursion', lasted_ms: 40 * MINUTE },
      { kind: 'excursion-over', lasted_ms: 40 * MINUTE },
    ])
  })

  test('two short ones are not one long one', () => {
    expect(
      run([
        [0, 26],
        [10, 26],
        [20, 24],
        [30, 26],
        [40, 26],
        [50, 26],
      ]).events,
    ).toEqual([])
  })

  test.each([
    [15, []],
    [14.9, ['excursion']],
    [30, []],
    [30.1, ['excursion']],
  ])('outside what excursions may reach is told at once: %d °C', (celsius, kinds) => {
    expect(
      run([
        [0, 22],
        [1, celsius],
      ]).kinds,
    ).toEqual(kinds)
  })

  test('one that was told is told once more when it leaves the permitted range', () => {
    const { events } = run([...steady(0, 40, 28), [50, 31], [60, 32], [70, 29], [80, 24]])
    expect(events).toMatchObject([
      { kind: 'excursion', beyond: false },
      { kind: 'excursion', beyond: true, worst_c: 31 },
      { kind: 'excursion-over', beyond: true, worst_c: 32, lasted_ms: 80 * MINUTE },
    ])
  })

  test('from hot to cold is two of them', () => {
    const { events } = run([
      [0, 31],
      [10, 14],
      [20, 22],
    ])
    expect(events.map(event => ('side' in event ? `${event.kind} ${event.side}` : event.kind))).toEqual([
      'excursion hot',
      'excursion-over hot',
      'excursion cold',
      'excursion-over cold',
    ])
  })

  test('silence does not end one, and its time counts on', () => {
    const { events } = run([[0, 26], [10], [20], [30], [31]])
    expect(events).toMatchObject([
      { kind: 'silent' },
      { kind: 'excursion', lasted_ms: 31 * MINUTE, worst_c: 26 },
    ])
  })
})

describe('silence', () => {
  test('is told once, when it is long enough, and so is its end', () => {
    expect(run([[0, 22], [14]]).events).toEqual([])
    expect(run([[0, 22], [15], [16], [40, 22], [50, 22]]).events).toEqual([
      { kind: 'silent', quiet_ms: 15 * MINUTE },
      { kind: 'heard-again', quiet_ms: 40 * MINUTE },
    ])
  })

  test('counts from the start when nothing was ever heard', () => {
    expect(run([[15]]).kinds).toEqual(['silent'])
  })

  test('is told even when only the next reading shows it', () => {
    expect(
      run([
        [0, 22],
        [20, 22],
      ]).kinds,
    ).toEqual(['silent', 'heard-again'])
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, -60.1, 100.1])(
    '%d °C is no temperature: the sensor is silent',
    celsius => {
      expect(
        run([
          [0, 22],
          [10, celsius],
          [15, celsius],
        ]).kinds,
      ).toEqual(['silent'])
    },
  )
})

/**
 * By hand, with e^(−10000/T): 15 °C 8.4686e-16, 20 °C 1.53196e-15, 22 °C 1.9293e-15, 25 °C 2.7103e-15, 28 °C
 * 3.7802e-15, 30 °C 4.71999e-15. So of 20 and 30 °C: mean 3.12597e-15, −ln 33.39915, 10000/33.39915 = 299.41 K.
 */
describe('the mean kinetic temperature', () => {
  const bucket = (hour: number, celsius: number, hours = 1) => ({
    hour,
    ms: hours * HOUR,
    kinetic: Math.exp(-10_000 / (celsius + 273.15)) * hours * HOUR,
  })

  test.each([
    ['of one temperature is that one', [[22, 1]], 22],
    [
      'of 20 and 30 °C',
      [
        [20, 1],
        [30, 1],
      ],
      26.26,
    ],
    [
      'of 15 and 30 °C',
      [
        [15, 1],
        [30, 1],
      ],
      25.22,
    ],
    [
      'of 22, 25 and 28 °C',
      [
        [22, 1],
        [25, 1],
        [28, 1],
      ],
      25.31,
    ],
    [
      'of two hours at 20 °C and one at 30 °C: weighted by time',
      [
        [20, 2],
        [30, 1],
      ],
      24.6,
    ],
    [
      'of a month at 22 °C with an hour at 40 °C',
      [
        [22, 719],
        [40, 1],
      ],
      22.07,
    ],
  ])('%s', (_what, spans, mkt_c) => {
    const hours = spans.map(([celsius = 0, long = 0], index) => bucket(index, celsius, long))
    expect(meanKinetic(hours)?.mkt_c).toBe(mkt_c)
  })

  test('of nothing is not known', () => {
    expect(meanKinetic([])).toBe(undefined)
    expect(meanKinetic(startClimate(T0).hours)).toBe(undefined)
  })

  test('takes the time between two readings at the mean of their kinetic terms', () => {
    const { state } = run(
      [
        [0, 20],
        [60, 30],
      ],
      { silent_minutes: 90 },
    )
    expect(meanKinetic(state.hours)).toEqual({ mkt_c: 26.26, measured_hours: 1 })
  })

  test('weighs readings by their time, however unevenly they come', () => {
    const often = Array.from({ length: 61 }, (_, minute): [number, number] => [minute, 20])
    const { state } = run([...often, [61, 30], [121, 30]], { silent_minutes: 90 })
    // 60 min at 20 °C, 1 min at 3.12597e-15 and 60 min at 30 °C: the same mean.
    expect(meanKinetic(state.hours)?.mkt_c).toBe(26.26)
  })

  test('parts a span at the full hour', () => {
    const { state } = run(
      [
        [50, 22],
        [70, 22],
      ],
      { silent_minutes: 90 },
    )
    expect(state.hours.map(({ hour, ms }) => [hour - T0 / HOUR, ms / MINUTE])).toEqual([
      [0, 10],
      [1, 10],
    ])
  })

  test('does not guess what it was in a silence', () => {
    const { state } = run([
      [0, 20],
      [10, 20],
      [25, 40],
      [35, 40],
    ])
    expect(meanKinetic(state.hours)?.measured_hours).toBeCloseTo(20 / 60, 9)
    expect(run([[0, 22], [10], [14, 22]]).state.hours).toMatchObject([{ ms: 14 * MINUTE }])
  })

  test('is told when it is too high, once, and when it is good again', () => {
    const hot = steady(0, 60 * 30, 26)
    const { events } = run(hot, { high_c: 27 })
    expect(events).toEqual([{ kind: 'mkt-high', mkt_c: 26, measured_hours: 24 }])
    const { kinds, state } = run([...hot, ...steady(60 * 30 + 10, 60 * 100, 20)], { high_c: 27 })
    expect(kinds).toEqual(['mkt-high', 'mkt-good'])
    expect(state.mkt_high).toBe(false)
  })

  test('of 25 °C all the time is good', () => {
    expect(run(steady(0, 60 * 48, 25)).events).toEqual([])
  })

  test('reaches back 30 days and no further, and keeps no more hours than that', () => {
    const month = 60 * 24 * 30
    const { state } = run([...steady(0, 60 * 24, 30), ...steady(60 * 24 + 10, month + 60 * 26, 21)])
    expect(state.hours.length).toBeLessThanOrEqual(721)
    expect(meanKinetic(state.hours)?.mkt_c).toBe(21)
  })
})

describe('a clock that jumps', () => {
  test('back adds no time, and forgets nothing', () => {
    const { state, events } = run([
      [0, 22],
      [10, 22],
      [-600, 22],
      [-590, 22],
    ])
    expect(events).toEqual([])
    expect(meanKinetic(state.hours)?.measured_hours).toBeCloseTo(20 / 60, 9)
    expect(state.at).toBe(T0 - 590 * MINUTE)
  })

  test('back does not keep silence from being told', () => {
    expect(run([[0, 22], [-60 * 24 * 365], [-60 * 24 * 365 + 15]]).kinds).toEqual(['silent'])
  })

  test('years on is a silence, and begins the month anew', () => {
    const { state, kinds } = run([
      [0, 22],
      [10, 22],
      [60 * 24 * 365 * 50, 22],
    ])
    expect(kinds).toEqual(['silent', 'heard-again'])
    expect(state.hours).toEqual([])
  })

  test('to no number adds no time', () => {
    const { state } = stepClimate(startClimate(T0), { at: Number.NaN, celsius: 22 })
    expect(state).toMatchObject({ at: T0, quiet_ms: 0 })
  })

  test('back and forth for ever keeps a bounded number of hours', () => {
    let state = startClimate(T0)
    for (let n = 0; n < 4_000; n++)
      for (const minute of [0, 10]) {
        const at = T0 + ((n * 7919) % 4_000) * HOUR + minute * MINUTE
        state = stepClimate(state, { at, celsius: 22 }).state
      }
    expect(state.hours.length).toBeLessThan(1_440)
  })
})

test('a state is plain data: what is kept and read again goes on the same', () => {
  const { state } = run([
    [0, 26],
    [10, 26],
  ])
  const again = JSON.parse(JSON.stringify(state))
  const reading = { at: T0 + 45 * MINUTE, celsius: 26 }
  expect(stepClimate(again, reading)).toEqual(stepClimate(state, reading))
})
