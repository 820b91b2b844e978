import { expect, test } from 'vitest'
import { SiteConfig } from '../config/site.ts'
import type { Report } from '../drivers/device.ts'
import type { Clock, Millis } from '../drivers/host/clock.ts'
import { handClock } from '../drivers/host/hand-clock.ts'
import { deadlines } from './deadlines.ts'
import type { Ask } from './domain/ask.ts'
import { sealWith } from './domain/codes.ts'
import type { Known } from './domain/known.ts'
import { startLoop } from './loop.ts'
import { openPresent } from './present.ts'
import { openProcesses } from './processes.ts'
import { openStore } from './store/open.ts'
import { unitTime } from './time.ts'
import { workflows } from './workflows/all.ts'

const KEY = new Uint8Array(32)
const BOARD = 50
const DAY: Millis = 86_400_000
const seal = sealWith(KEY)

/** Counts whatever is asked of what the unit knows, and every thing in a list that is looked at. */
function counting(known: Known) {
  let lookups = 0
  function* each<Thing>(things: Iterable<Thing>): Generator<Thing> {
    for (const thing of things) {
      lookups++
      yield thing
    }
  }
  const compartments = new Proxy(known.site.compartments, {
    get(list, name) {
      if (typeof name === 'string' && /^\d+$/.test(name)) lookups++
      return Reflect.get(list, name)
    },
  })
  const site = { ...known.site, compartments }
  const asked = new Proxy(known, {
    get(target, name) {
      lookups++
      if (name === 'site') return site
      if (name === 'visits') return () => each(target.visits())
      if (name === 'bookings') return () => each(target.bookings())
      return Reflect.get(target, name)
    },
  })
  return { known: asked, lookups: () => lookups }
}

/** A bank on a clock of our own, without devices: the loop, the store and every workflow, with a count of the work. */
async function bank(boards: number, clock: Clock & { pass(span: Millis): Promise<void> } = handClock()) {
  const numbers = Array.from({ length: boards }, (_, board) => board)
  const compartments = numbers.flatMap(board =>
    Array.from({ length: BOARD }, (_, lock) => ({
      name: `D${board}-${lock + 1}`,
      size: lock === 0 ? ('S' as const) : ('L' as const),
      height_mm: 1_000,
      device: `board-${board}`,
      channel: lock + 1,
    })),
  )
  const site = SiteConfig.parse({
    unit: 'bank',
    lines: [{ name: 'bus', serial: { path: '/dev/null' } }],
    devices: [
      ...numbers.map(board => ({ name: `board-${board}`, line: 'bus', driver: 'lock-8a' })),
      { name: 'scanner', line: 'bus', driver: 'line-scanner' },
    ],
    compartments,
  })
  const entropy = { bytes: (length: number) => new Uint8Array(length), fraction: () => 0 }
  const store = openStore(':memory:', KEY, entropy)
  const processes = openProcesses(store.processes, workflows)
  const time = unitTime(clock, store.journal.lastAt)
  const present = openPresent({ site, store, processes, time, key: KEY })
  const { known, lookups } = counting(present.known)
  const told: string[] = []
  const loop = startLoop({
    clock,
    time,
    store,
    workflows,
    processes,
    present: { ...present, known },
    act() {},
    committed: rows => void told.push(...rows.map(({ entry }) => entry.type)),
  })

  /** How much was looked up for what happens now. */
  async function work(happen: () => void): Promise<number> {
    const before = lookups()
    happen()
    await clock.pass(0)
    return lookups() - before
  }
  const report = (device: string, said: Report) =>
    work(() => loop.happen({ type: 'report', device, report: said }))
  const ask = (asked: Ask) => work(() => loop.happen({ type: 'asked', ask: asked, from: { console: 'c' } }))

  const played = {
    told,
    door: (name: string, open: boolean, was: boolean | undefined) => {
      const place = present.known.compartment(name)
      if (!place) throw new Error(`there is no door ${name}`)
      return report(place.device, { type: 'door', channel: place.channel, open, was })
    },
    scan: (text: string) =>
      report('scanner', { type: 'scan', bytes: new TextEncoder().encode(text), aim: undefined }),
    book: (booking: string, size: 'S' | 'L', until = clock.wall() + DAY) =>
      ask({
        kind: 'book',
        booking,
        size,
        low_reach: false,
        deposit: { by: 'customer', code: seal(booking, 'deposit', '1111'), until },
        collect: { by: 'staff', code: seal(booking, 'collect', '2222'), until },
      }),
    cancel: (booking: string) => ask({ kind: 'cancel', booking }),
  }
  for (const { name } of compartments) await played.door(name, false, undefined)
  return played
}

/** A tenth of all doors are waited at, and there are five bookings for each door. */
async function busyBank(boards: number) {
  const played = await bank(boards)
  for (let booking = 0; booking < boards * BOARD * 5; booking++) await played.book(`B${booking}`, 'L')
  for (let person = 0; person < boards * 5; person++) await played.scan(`B${person}:1111`)
  await played.book('S1', 'S')
  await played.book('S2', 'S')
  // The last door of all: nobody waits there.
  const quiet = `D${boards - 1}-${BOARD}`
  return {
    ordered: await played.door('D0-2', true, false),
    forced: await played.door(quiet, true, false),
    closed: await played.door(quiet, false, true),
    refused: await played.scan('B3:0000'),
    unknown: await played.scan('X1:0000'),
    booked: await played.book('N1', 'L'),
    cancelled: await played.cancel('N1'),
    chosen: await played.scan('S1:1111'),
  }
}

test('what happens at one door asks no more of two thousand doors than of fifty', async () => {
  const [few, many] = [await busyBank(1), await busyBank(40)]
  expect(many.ordered).toBeLessThanOrEqual(few.ordered)
  expect(many.closed).toBeLessThanOrEqual(few.closed)
  expect(many.refused).toBeLessThanOrEqual(few.refused)
  expect(many.unknown).toBeLessThanOrEqual(few.unknown)
  expect(many.booked).toBeLessThanOrEqual(few.booked)
  expect(many.cancelled).toBeLessThanOrEqual(few.cancelled)
  // 39 more boards have 39 more doors of that size: each is asked for six things, and all others for nothing.
  expect(many.chosen).toBeLessThanOrEqual(few.chosen + 39 * 6)
  // Opened by nobody's order: whether it is a wrong door is found among those that stand at doors, and nowhere else.
  expect(many.forced).toBeLessThanOrEqual(few.forced + 39 * 5 * 2)
  expect(Math.min(...Object.values(few))).toBeGreaterThan(0)
})

test('of bookings that were cancelled no deadline is kept for long', () => {
  const alarms = deadlines()
  for (let booking = 0; booking < 100; booking++) alarms.set('booking', `stays-${booking}`, DAY + booking)
  for (let booking = 0; booking < 20_000; booking++) {
    alarms.set('booking', `B${booking}`, 30 * DAY - booking)
    alarms.set('booking', `B${booking}`, undefined)
  }
  expect(alarms.size()).toBeLessThan(2_000)
  expect(alarms.passed(2 * DAY).map(({ key }) => key)).toEqual(
    Array.from({ length: 100 }, (_, booking) => `stays-${booking}`),
  )
})

test('a deadline further away than a timer can wait is waited for all the same', async () => {
  const clock = handClock()
  const spans: Millis[] = []
  const after: Clock['after'] = (delay, wake) => {
    spans.push(delay)
    return clock.after(delay, wake)
  }
  const { book, told } = await bank(1, { ...clock, after })
  await book('B1', 'L', clock.wall() + 60 * DAY)
  await clock.pass(59 * DAY)
  expect(told).toEqual(['booked'])
  await clock.pass(2 * DAY)
  expect(told).toEqual(['booked', 'booking-ended'])
  expect(Math.max(...spans)).toBeLessThan(2 ** 31)
})
