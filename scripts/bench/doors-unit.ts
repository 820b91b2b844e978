// One unit of many doors in a process of its own, its boards beside it on wires that take no time.
// doors-unit.ts DISK LINES BOARDS DOORS BOOKINGS   each word on stdin is answered by one line of JSON

import { createInterface } from 'node:readline'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Ask } from '../../agent/domain/ask.ts'
import { sealWith } from '../../agent/domain/codes.ts'
import type { Entry } from '../../agent/domain/journal.ts'
import { systemClock as clock, sleep } from '../../drivers/host/clock.ts'
import { type Bank, bookingName, CODES, KEY, storedIn } from './doors-bank.ts'
import { openBank } from './doors-station.ts'
import { percentile } from './figure.ts'

/** Milliseconds of one happening after the other: of the processor, and until it was on the disk. */
export interface Took {
  cpu: number[]
  wall: number[]
}

export interface Lag {
  late: number[]
  /** Doors that were told to open. */
  opened: number
}

export interface Held {
  heap: number
  rss: number
}

const [disk = '', ...counts] = process.argv.slice(2)
const [lines = 1, boards = 1, doors = 48, bookings = 0] = counts.map(Number)
const bank: Bank = { lines, boards, doors, bookings }
const WARM = 60
const SAMPLES = 200
/** Seconds. */
const IDLE = 7
const MINUTE = 60_000
const PEOPLE = 100
/** How long somebody stands before an open door. */
const STAY = 3_000
const LAG_STEP = 5

const { unit, names, began, scan, move, onOrder } = openBank(disk, bank)
const { known } = unit.present
let heard: (entry: Entry) => void = () => {}
unit.follow(rows => {
  for (const { entry } of rows) heard(entry)
})

async function ready(): Promise<{ wall: number; cpu: number }> {
  while (!names.every(name => known.door(name) === 'closed')) await sleep(clock, 1)
  // Whatever stood in the queue before is through when this is answered.
  await unit.ask({ kind: 'cancel', booking: 'nobody' })
  return { wall: performance.now() - began.wall, cpu: spent(began.cpu) }
}

const spent = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1_000
}

const row = (is: (entry: Entry) => boolean): Promise<void> =>
  new Promise(resolve => {
    heard = entry => is(entry) && resolve()
  })

const unlocked = (): Promise<string> => new Promise(onOrder)

/** What one thing takes, until what it returns resolves. */
async function timed(run: () => Promise<unknown>): Promise<{ cpu: number; wall: number }> {
  await new Promise(resolve => setImmediate(resolve))
  const since = { wall: performance.now(), cpu: process.cpuUsage() }
  await run()
  return { cpu: spent(since.cpu), wall: performance.now() - since.wall }
}

const listed = (all: { cpu: number; wall: number }[]): Took => ({
  cpu: all.map(({ cpu }) => cpu),
  wall: all.map(({ wall }) => wall),
})

/** One after the other; the first ones warm the compiler. */
async function each(run: (index: number) => Promise<unknown>): Promise<Took> {
  const all: { cpu: number; wall: number }[] = []
  for (let index = 0; index < WARM + SAMPLES; index++) all.push(await timed(() => run(index)))
  return listed(all.slice(WARM))
}

/** Opened by hand and closed again, in turns; the rest of the doors stay as they are. */
const report = (): Promise<Took> =>
  each(index => {
    const door = names[((index >> 1) * 7) % names.length] ?? ''
    const type = index % 2 === 0 ? 'door-opened' : 'door-closed'
    const done = row(entry => entry.type === type && entry.compartment === door)
    move(door, index % 2 === 0)
    return done
  })

const refused = (): Promise<Took> =>
  each(index => {
    const done = row(({ type }) => type === 'code-refused')
    scan(index, 'X1:0000')
    return done
  })

let visited = storedIn(bank)

/**
 * People put something in and take it out again, in turns. `opens`: from the code to the first byte of the order on the wire;
 * `closes`: from the closed door until it is written down that the visit is over.
 */
async function visits(): Promise<{ opens: Took; closes: Took }> {
  const all: { opens: { cpu: number; wall: number }; closes: { cpu: number; wall: number } }[] = []
  for (let index = 0; index < WARM + SAMPLES; index++) {
    const leg = index % 2 === 0 ? 'deposit' : 'collect'
    const booking = bookingName(index % 2 === 0 ? ++visited : visited)
    let door = ''
    const opens = await timed(async () => {
      const told = unlocked()
      scan(index, `${booking}:${CODES[leg]}`)
      door = await told
    })
    await row(({ type }) => type === 'door-opened')
    const closes = await timed(() => {
      const over = row(({ type }) => type === (leg === 'deposit' ? 'deposited' : 'collected'))
      move(door, false)
      return over
    })
    all.push({ opens, closes })
  }
  const measured = all.slice(WARM)
  return {
    opens: listed(measured.map(each => each.opens)),
    closes: listed(measured.map(each => each.closes)),
  }
}

const seal = sealWith(KEY)
const bookAsk = (booking: string): Ask => ({
  kind: 'book',
  booking,
  size: 'M',
  low_reach: false,
  deposit: { by: 'customer', code: seal(booking, 'deposit', '1111'), until: known.wall + MINUTE * 60 },
  collect: { by: 'staff', code: seal(booking, 'collect', '2222'), until: known.wall + MINUTE * 120 },
})

const book = (): Promise<Took> => each(index => unit.ask(bookAsk(`N${index}`)))
const cancel = (): Promise<Took> => each(index => unit.ask({ kind: 'cancel', booking: `N${index}` }))

/** Milliseconds of the processor in a second in which nothing happens, at the median: now and then the engine tidies up. */
async function idle(): Promise<number> {
  const seconds: number[] = []
  for (let second = 0; second < IDLE; second++) {
    const since = { wall: performance.now(), cpu: process.cpuUsage() }
    await sleep(clock, 1_000)
    seconds.push((spent(since.cpu) * 1_000) / (performance.now() - since.wall))
  }
  return percentile(seconds, 0.5)
}

/** How late timers rang while people came, one after the other, within a minute: milliseconds. */
async function lag(): Promise<Lag> {
  const late: number[] = []
  let over = false
  const watch = (async () => {
    while (!over) {
      const at = performance.now()
      await sleep(clock, LAG_STEP)
      late.push(Math.max(0, performance.now() - at - LAG_STEP))
    }
  })()
  let opened = 0
  onOrder(door => {
    opened++
    clock.after(STAY, () => move(door, false))
  })
  const first = visited
  for (let person = 0; person < PEOPLE; person++) {
    // Who collects takes what was put in some people before.
    const earlier = first + (person >> 1) - 5
    if (person % 2 === 1 && earlier > first) scan(person, `${bookingName(earlier)}:${CODES.collect}`)
    else scan(person, `${bookingName(++visited)}:${CODES.deposit}`)
    await sleep(clock, MINUTE / PEOPLE)
  }
  over = true
  await watch
  await sleep(clock, 2 * STAY)
  return { late, opened }
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

async function held(): Promise<Held> {
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage()
    await sleep(clock, 50)
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, rss }
}

const answers: Record<string, () => Promise<unknown>> = {
  ready,
  held,
  report,
  refused,
  visits,
  book,
  cancel,
  idle,
  lag,
}

createInterface(process.stdin)
  .on('line', word => {
    void answers[word]?.().then(said => process.stdout.write(`${JSON.stringify(said)}\n`))
  })
  .on('close', () => process.exit(0))
