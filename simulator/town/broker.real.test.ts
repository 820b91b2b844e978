import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { topicsOf } from '../../agent/sync/messages.ts'
import { agree } from './agree.ts'
import { book, collects, deposits, is, showsCode } from './people.ts'
import { openTown, type Town } from './town.ts'

const topics = topicsOf('pawl/v1', 'autocentre-1')
let town: Town

beforeAll(async () => {
  town = await openTown()
  town.startAgent()
  await town.operator.until('both boards', () =>
    ['board-left', 'board-right'].every(device =>
      town.operator.book.rows.some(({ entry }) => entry.type === 'device-online' && entry.device === device),
    ),
  )
})

afterAll(() => town.close())

const openAsk = (compartment: string) => ({
  kind: 'open',
  compartment,
  reason: 'inspection',
  by: 'operator',
  clear: false,
  grant: town.token(compartment, 'enter'),
})
const soon = () => Math.floor(town.clock.wall() + 60_000)
const ended = (id: string) =>
  town.operator.until(
    `${id} to end`,
    is('instruction-ended', entry => entry.id === id),
  )

/** Asks for something harmless and waits for its end: whatever came before has been dealt with by then. */
async function afterAllThat(id: string): Promise<void> {
  town.broker.say(topics.instruction, {
    v: 1,
    id,
    expires: soon(),
    ask: { kind: 'release', compartment: 'A1', by: 'x' },
  })
  await ended(id)
}

test('an instruction that comes twenty times is obeyed once; another one under its name changes nothing', async () => {
  const message = { v: 1, id: 'twenty', expires: soon(), ask: openAsk('B1') }
  for (let time = 0; time < 20; time++) town.broker.say(topics.instruction, message)
  town.broker.say(topics.instruction, { ...message, ask: openAsk('B2') })
  await ended('twenty')
  await town.operator.until(
    'the conflict',
    is('instruction-conflict', entry => entry.id === 'twenty'),
  )
  town.steel.door('B1').push()
  await afterAllThat('after-twenty')
  expect(town.steel.door('B1').releases).toHaveLength(1)
  expect(town.steel.door('B2').releases).toHaveLength(0)
})

test('an instruction that comes after its time is answered, and nothing opens', async () => {
  const expires = Math.floor(town.clock.wall() - 1)
  town.broker.say(topics.instruction, { v: 1, id: 'late', expires, ask: openAsk('B3') })
  expect((await ended('late')).entry).toMatchObject({ outcome: 'expired' })
  expect(town.steel.door('B3').releases).toHaveLength(0)
})

test('nonsense of every kind opens nothing and stops nothing; what has an id is answered', async () => {
  const nonsense: object[] = [
    {},
    [],
    { v: 2, id: 'version', expires: soon(), ask: openAsk('B4') },
    { v: 1, id: 'extra', expires: soon(), ask: { ...openAsk('B4'), force: true } },
    { v: 1, id: 'kind', expires: soon(), ask: { kind: 'open-all' } },
    { v: 1, id: 'spaces in it', expires: soon(), ask: openAsk('B4') },
    { v: 1, id: 'huge', expires: soon(), ask: { ...openAsk('B4'), reason: 'x'.repeat(200_000) } },
    { v: 1, id: 'nowhere', expires: soon(), ask: openAsk('Q9') },
    { v: 1, id: 'proto', expires: soon(), ask: { ...openAsk('__proto__') } },
  ]
  for (const message of nonsense) town.broker.say(topics.instruction, message)
  for (const id of ['version', 'extra', 'kind', 'nowhere', 'proto'])
    expect((await ended(id)).entry).toMatchObject({ outcome: 'refused' })
  await afterAllThat('after-nonsense')
  expect(town.steel.door('B4').releases).toHaveLength(0)
})

test('confirmations that lie, go back or speak of another journal lose no row', async () => {
  const { epoch } = town.operator.book.state()
  for (const said of [
    { v: 1, epoch, seq: 0 },
    { v: 1, epoch, seq: 1_000_000 },
    { v: 1, epoch: 'another', seq: 5 },
    { v: 1, epoch, seq: -1 },
    { v: 1, epoch, seq: 'x' },
    { v: 1, epoch, seq: 3 },
  ])
    town.broker.say(topics.confirm, said)
  await afterAllThat('after-lies')
  expect(town.operator.book.disagreements).toEqual([])
})

test('a broker that vanishes at every step of a visit: customers notice nothing, the cloud misses nothing', async () => {
  const codes = await book(town, 'VANISH', 'customer')
  const flicker = async (): Promise<void> => {
    await town.broker.cut()
    await town.broker.heal()
  }
  await flicker()
  await town.broker.cut()
  const door = await showsCode(town, 'VANISH', codes.deposit)
  await town.broker.heal()
  await flicker()
  door.put('keys')
  door.push()
  await flicker()
  await town.operator.until(
    'the deposit',
    is('deposited', entry => entry.booking === 'VANISH'),
    60_000,
  )
  await collects(town, 'VANISH', codes.collect, 'keys', () => {})
}, 120_000)

test('no code is in any file of the unit, nor in anything that it told the cloud', async () => {
  const codes = await book(town, 'SECRET', 'staff')
  await deposits(town, 'SECRET', codes.deposit, 'secret keys', () => {})
  town.scanner.scan('SECRET:PLANTED4711')
  await town.operator.until(
    'the wrong code',
    is('code-refused', entry => entry.booking === 'SECRET'),
  )
  const told = JSON.stringify(town.operator.book.rows)
  const kept = readdirSync(town.data)
    .filter(name => !name.endsWith('.sock'))
    .map(name => readFileSync(join(town.data, name)))
  for (const secret of [codes.deposit, codes.collect, 'PLANTED4711']) {
    expect(told).not.toContain(secret)
    for (const bytes of kept) expect(bytes.includes(secret)).toBe(false)
  }
  // What is searched for would be found: the booking's name stands in both.
  expect(told).toContain('SECRET')
  expect(kept.some(bytes => bytes.includes('SECRET'))).toBe(true)
  await collects(town, 'SECRET', codes.collect, 'secret keys', () => {})
})

test('a board that dies takes its own doors only; its door is refused, and it comes back by itself', async () => {
  town.lines.left.kill(0)
  await town.operator.until(
    'the board to be missed',
    is('device-offline', entry => entry.device === 'board-left'),
  )
  const refused = town.operator.instruct({
    kind: 'open',
    compartment: 'A8',
    reason: 'x',
    by: 'x',
    clear: false,
    grant: town.token('A8', 'enter'),
  })
  expect((await ended(refused)).entry).toMatchObject({ outcome: 'refused' })
  expect(town.steel.door('A8').releases).toHaveLength(0)
  const served = town.operator.instruct({
    kind: 'open',
    compartment: 'B5',
    reason: 'x',
    by: 'x',
    clear: false,
    grant: town.token('B5', 'enter'),
  })
  expect((await ended(served)).entry).toMatchObject({ outcome: 'done' })
  town.steel.door('B5').push()
  const before = town.operator.book.rows.length
  town.lines.left.revive(0)
  await town.operator.until('the board to be back', entry =>
    town.operator.book.rows.slice(before).some(row => row.entry === entry && entry.type === 'device-online'),
  )
})

test('afterwards steel, journal and cloud agree', async () => {
  await afterAllThat('the-end')
  await town.endAgent('SIGTERM')
  expect(agree(town).disagreements).toEqual([])
})
