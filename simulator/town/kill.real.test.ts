import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entry } from '../../agent/domain/journal.ts'
import type { DoorView, Status } from '../../agent/views.ts'
import { random } from '../world/random.ts'
import { agree } from './agree.ts'
import { book } from './people.ts'
import { openTown, type Town } from './town.ts'

/** When the agent is killed: so many milliseconds after the thing, drawn anew each time. */
const MOMENTS = {
  'while a booking arrives': 40,
  'between the code and the pulse': 12,
  'around the pulse': 60,
  'while the door stands open': 200,
  'as the door closes': 80,
} as const

type Moment = keyof typeof MOMENTS

const VISITS = 30
const dice = random(20_260_101)
let town: Town

beforeAll(async () => {
  town = await openTown()
  town.startAgent()
  await calm()
})

afterAll(() => town.close())

const count = (fits: (entry: Entry) => boolean): number =>
  town.operator.book.rows.filter(({ entry }) => fits(entry)).length
const pass = (span: number) => new Promise<void>(resolve => void town.clock.after(span, resolve))
const releases = () => town.steel.doors.reduce((sum, door) => sum + door.releases.length, 0)
const openDoor = () => town.steel.doors.find(({ open }) => open)
let kills = 0

/** One question to the agent that runs now; undefined while none does. */
function ask<Answer>(what: 'status' | 'doors'): Promise<Answer | undefined> {
  return new Promise(resolve => {
    let text = ''
    const socket = connect(town.socket, () => socket.write(`{"ask":"${what}"}\n`))
    socket.on('data', chunk => {
      text += chunk.toString()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve(text.endsWith('\n') ? (JSON.parse(text) as Answer) : undefined))
  })
}

/** Until an agent runs, sees every door, has told the cloud everything, and has no order under way. */
async function calm(): Promise<void> {
  const deadline = town.clock.now() + 20_000
  for (;;) {
    const said = await ask<{ status?: Status }>('status')
    const doors = await ask<{ doors?: DoorView[] }>('doors')
    const busy = doors?.doors?.some(({ visit }) => visit === 'unlocking' || visit === 'asking') ?? true
    const { status } = said ?? {}
    if (!busy && status?.cloud.up && status.journal.waiting === 0 && status.doors.unknown === 0) return
    if (town.clock.now() > deadline)
      throw new Error(`the agent does not come to rest: ${JSON.stringify(said)} ${town.said()}`)
    await pass(20)
  }
}

/** Until the unit itself sees that door closed: a board that is asked in turns says so later than one that tells. */
async function seenShut(name: string): Promise<void> {
  const deadline = town.clock.now() + 5_000
  for (;;) {
    const { doors = [] } = (await ask<{ doors?: DoorView[] }>('doors')) ?? {}
    const mine = doors.find(({ compartment }) => compartment === name)
    if (mine?.door === 'closed' && mine.visit !== 'open') return
    if (town.clock.now() > deadline) throw new Error(`the unit does not see that ${name} is closed`)
    await pass(20)
  }
}

/** Kills it after `span`, kills it again while it starts, and starts it for good. No coil may be driven because of that. */
async function killed(span: number): Promise<void> {
  await pass(span)
  await town.endAgent('SIGKILL')
  // What left the agent is still on the wire for a frame's time.
  await pass(30)
  const driven = releases()
  town.startAgent()
  await pass(dice.between(1, 700))
  await town.endAgent('SIGKILL')
  kills += 2
  town.startAgent()
  await calm()
  expect(releases(), 'nothing opens because of a restart').toBe(driven)
}

/** Goes on as a person would: through the open door if there is one, else shows the code once more. */
async function finish(booking: string, code: string, done: (entry: Entry) => boolean): Promise<void> {
  for (let attempt = 0; attempt < 3 && count(done) === 0; attempt++) {
    if (!openDoor()) {
      town.scanner.scan(`${booking}:${code}`)
      const deadline = town.clock.now() + 12_000
      while (!openDoor() && town.clock.now() < deadline) await pass(10)
    }
    await calm()
    const door = openDoor()
    door?.push()
    if (door) await seenShut(door.name)
    await calm()
  }
  expect(count(done), `${booking} to end as it should`).toBe(1)
}

async function visit(number: number, moment: Moment): Promise<void> {
  const booking = `KILL-${number}`
  const span = () => dice.between(0, MOMENTS[moment])
  const booked = book(town, booking, 'customer')
  if (moment === 'while a booking arrives') await killed(span())
  const { deposit, collect } = await booked
  const legs = [
    { code: deposit, done: (entry: Entry) => entry.type === 'deposited' && entry.booking === booking },
    { code: collect, done: (entry: Entry) => entry.type === 'collected' && entry.booking === booking },
  ]
  for (const { code, done } of legs) {
    if (moment === 'between the code and the pulse' || moment === 'around the pulse') {
      town.scanner.scan(`${booking}:${code}`)
      await killed((moment === 'around the pulse' ? 12 : 0) + span())
    }
    if (moment === 'while the door stands open' || moment === 'as the door closes') {
      town.scanner.scan(`${booking}:${code}`)
      while (!openDoor()) await pass(5)
      if (moment === 'as the door closes') {
        // An opening that nobody saw is another story.
        await calm()
        openDoor()?.push()
      }
      await killed(span())
    }
    await finish(booking, code, done)
  }
}

test('killed at any moment of a visit: nothing opens unasked, no right is lost or doubled', async () => {
  const moments = Object.keys(MOMENTS) as Moment[]
  for (let number = 0; number < VISITS; number++)
    await visit(number, moments[number % moments.length] ?? 'around the pulse')
  expect(kills).toBeGreaterThanOrEqual(100)
}, 240_000)

test('killed while it opens a door for the operator: obeyed at most once, and answered once', async () => {
  for (let number = 1; number <= 6; number++) {
    const compartment = `B${number}`
    const before = town.steel.door(compartment).releases.length
    const id = town.operator.instruct({
      kind: 'open',
      compartment,
      reason: 'test',
      by: 'operator',
      clear: false,
      grant: town.token(compartment, 'enter'),
    })
    await killed(dice.between(0, 90))
    await town.operator.until(`${id} to end`, entry => entry.type === 'instruction-ended' && entry.id === id)
    expect(count(entry => entry.type === 'instruction-ended' && entry.id === id)).toBe(1)
    expect(town.steel.door(compartment).releases.length - before).toBeLessThanOrEqual(1)
    openDoor()?.push()
    const release = town.operator.instruct({ kind: 'release', compartment, by: 'technician' })
    await town.operator.until(
      'the release',
      entry => entry.type === 'instruction-ended' && entry.id === release,
    )
    await calm()
  }
}, 120_000)

test('afterwards steel, journal and cloud agree on every row and every pulse', async () => {
  await calm()
  await town.endAgent('SIGTERM')
  const { disagreements, journalRows, cloudRows } = agree(town)
  expect(disagreements).toEqual([])
  expect(cloudRows).toBe(journalRows)
})
