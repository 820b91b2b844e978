import { join } from 'node:path'
import { type Bank, doorsOf, fillDisk } from './doors-bank.ts'
import type { Held, Lag, Took } from './doors-unit.ts'
import { within } from './ending.ts'
import { type Bench, type Figures, figure, lay, percentile, round } from './figure.ts'
import { converse, scratch } from './machine.ts'

/** As the README advises for units. */
const NODE = '--max-semi-space-size=1'
const UNIT = 'scripts/bench/doors-unit.ts'

const SMALL: Bank = { lines: 1, boards: 1, doors: 48, bookings: 240 }
const LARGE: Bank = { lines: 8, boards: 5, doors: 50, bookings: 40_000 }
const BANKS = {
  small: SMALL,
  bare: { ...LARGE, bookings: 0 },
  middle: { ...LARGE, bookings: 10_000 },
  large: LARGE,
}
type Name = keyof typeof BANKS
const NAMES = ['small', 'middle', 'large'] as const

const HAPPENINGS = ['report', 'refused', 'opens', 'closes', 'book', 'cancel'] as const
type Measured = Record<(typeof HAPPENINGS)[number], Took>
/** How much more than with 48 doors anything may cost. */
const MOST = 1.5
const EVEN = 0.2

const about = (bank: Bank): string => `${doorsOf(bank)} doors with ${bank.bookings} bookings`

type Asked = <Said>(name: Name, word: string) => Promise<Said>

/** One word to one unit after the other, so that each has the machine to itself. */
async function inTurns<Said>(ask: Asked, word: string): Promise<Map<Name, Said>> {
  const said = new Map<Name, Said>()
  for (const name of NAMES) said.set(name, await ask<Said>(name, word))
  return said
}

const of = <Said>(said: Map<Name, Said>, name: Name): Said => {
  const found = said.get(name)
  if (found === undefined) throw new Error(`nothing was measured for ${name}`)
  return found
}

/** Every kind of happening at one unit after the other. */
async function measureAll(ask: Asked): Promise<Map<Name, Measured>> {
  const [report, refused] = [await inTurns<Took>(ask, 'report'), await inTurns<Took>(ask, 'refused')]
  const visits = await inTurns<Pick<Measured, 'opens' | 'closes'>>(ask, 'visits')
  const [book, cancel] = [await inTurns<Took>(ask, 'book'), await inTurns<Took>(ask, 'cancel')]
  return new Map(
    NAMES.map(name => [
      name,
      {
        report: of(report, name),
        refused: of(refused, name),
        ...of(visits, name),
        book: of(book, name),
        cancel: of(cancel, name),
      },
    ]),
  )
}

/** The cost of each happening, as processor time, beside that of the same one with 48 doors. */
function happenings(all: Map<Name, Measured>, say: (line: string) => void): Figures {
  const figures: Figures = {}
  const beside = (name: string, samples: (took: Measured) => number[], share: number): void => {
    const [value, floor] = [
      percentile(samples(of(all, 'large')), share),
      percentile(samples(of(all, 'small')), share),
    ]
    figures[name] = figure(value, 'ms', floor, `≤ ${MOST} × 48 doors`, value <= MOST * floor)
  }
  for (const word of HAPPENINGS) {
    beside(`doors-${word}`, took => took[word].cpu, 0.5)
    beside(`doors-${word}-p99`, took => took[word].cpu, 0.99)
    const told = NAMES.map(name => `${about(BANKS[name])} ${lay(of(all, name)[word].cpu, 'ms')}`)
    say(`${word}, of the processor: ${told.join('; ')}`)
  }
  beside('doors-unlock', took => took.opens.wall, 0.5)
  beside('doors-unlock-p99', took => took.opens.wall, 0.99)
  return figures
}

/** What a booking takes at 40,000, beside what one takes at 10,000; the doors' own share is taken off both. */
function memory(held: Map<Name, Held>, say: (line: string) => void): Figures {
  const heap = (name: Name): number => of(held, name).heap
  const early = (heap('middle') - heap('bare')) / BANKS.middle.bookings
  const late = (heap('large') - heap('middle')) / (BANKS.large.bookings - BANKS.middle.bookings)
  const door = (heap('bare') - heap('small')) / (doorsOf(LARGE) - doorsOf(SMALL))
  for (const name of Object.keys(BANKS) as Name[]) {
    const { heap, rss } = of(held, name)
    say(`${about(BANKS[name])}: heap ${round(heap / 1e6)} MB, resident ${round(rss / 1e6)} MB`)
  }
  say(`one door more: ${round(door)} bytes of heap`)
  const even = Math.abs(late / early - 1) <= EVEN
  return {
    'doors-booking': figure(late, 'bytes', early, `within ${100 * EVEN} % of the first`, even),
  }
}

function starting(starts: Map<Name, { wall: number; cpu: number }>, say: (line: string) => void): Figures {
  for (const [name, { wall, cpu }] of starts)
    say(`${about(BANKS[name])}: started in ${round(wall)} ms, ${round(cpu)} ms of the processor`)
  const { wall } = of(starts, 'large')
  return { 'doors-start': figure(wall, 'ms', of(starts, 'bare').wall, '≤ 2 s', wall <= 2_000) }
}

/** How late timers rang while people came. Fewer doors than people would measure nothing. */
function lateness(lags: Map<Name, Lag>, say: (line: string) => void): Figures {
  for (const [name, { late, opened }] of lags)
    say(
      `${about(BANKS[name])}: ${opened} doors opened for 100 people in a minute; timers late ${lay(late, 'ms')}, at most ${round(Math.max(...late))} ms`,
    )
  const p99 = (name: Name) => percentile(of(lags, name).late, 0.99)
  const [value, floor] = [p99('large'), p99('small')]
  const met = value <= Math.max(MOST * floor, floor + 1) && NAMES.every(name => of(lags, name).opened >= 90)
  return { 'doors-lag': figure(value, 'ms', floor, `≤ ${MOST} ×, or 1 ms more`, met) }
}

export const doors: Bench = {
  name: 'doors',
  about:
    '2,000 doors (8 lines of 5 boards of 50) with 40,000 bookings, beside 48 doors with 240: each happening, start, memory, idling',
  figures: [
    ...HAPPENINGS.flatMap(word => [`doors-${word}`, `doors-${word}-p99`]),
    'doors-unlock',
    'doors-unlock-p99',
    'doors-start',
    'doors-booking',
    'doors-idle',
    'doors-lag',
  ],
  measure: say =>
    within(async keep => {
      const { folder } = keep(scratch())
      const units = new Map<Name, ReturnType<typeof converse>>()
      const ask: Asked = (name, word) => {
        const unit = units.get(name)
        if (!unit) throw new Error(`${name} was not started`)
        return unit.ask(word)
      }
      const starts = new Map<Name, { wall: number; cpu: number }>()
      const held = new Map<Name, Held>()
      for (const name of Object.keys(BANKS) as Name[]) {
        const { lines, boards, doors, bookings } = BANKS[name]
        const words = [lines, boards, doors, bookings].map(String)
        const disk = join(folder, `${name}.db`)
        fillDisk(disk, BANKS[name])
        units.set(name, keep(converse(NODE, UNIT, disk, ...words)))
        starts.set(name, await ask(name, 'ready'))
        held.set(name, await ask(name, 'held'))
        if (name === 'bare') await units.get(name)?.end()
      }
      const measured = await measureAll(ask)
      const idle = await inTurns<number>(ask, 'idle')
      // At the same time, for a minute is long: what they wait for are people, not the processor.
      const lags = await Promise.all(
        NAMES.map(async (name): Promise<[Name, Lag]> => [name, await ask(name, 'lag')]),
      )
      return {
        ...happenings(measured, say),
        ...starting(starts, say),
        ...memory(held, say),
        'doors-idle': figure(
          of(idle, 'large'),
          'ms/s',
          of(idle, 'small'),
          '≤ 50 ms',
          of(idle, 'large') <= 50,
        ),
        ...lateness(new Map(lags), say),
      }
    }),
}
