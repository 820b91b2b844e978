import { expect, test } from 'vitest'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { handClock } from '../../drivers/host/hand-clock.ts'
import { chainInspector } from '../domain/chain.ts'
import { edgeOf } from '../domain/edge.ts'
import { openStore } from '../store/open.ts'
import { type CloudLinkParts, openCloudLink } from './cloud-link.ts'
import { type Fate, frailRoad } from './frail-road.ts'
import { type Birth, type Confirm, JournalBatch, topicsOf } from './messages.ts'
import { WINDOW } from './upload.ts'

const KEY = new Uint8Array(32)
const topics = topicsOf('pawl/v1', 'U1')
const soon: Fate = () => [5]

interface World {
  rows?: number
  /** What the unit remembers, and what the cloud has, when the story begins. */
  remembered?: number
  known?: number
  fate?: Fate
  answers?: boolean
}

/** A unit with so many rows, a road and a cloud that counts. */
function world({ rows = 0, remembered = 0, known = 0, fate = soon, answers = true }: World) {
  const clock = handClock()
  const store = openStore(':memory:', KEY, { bytes: length => new Uint8Array(length), fraction: () => 0 })
  const write = (count: number) =>
    store.atomically(() => {
      for (let made = 0; made < count; made++)
        store.journal.append(clock.wall(), { type: 'door-closed', compartment: `D${made}` })
    })
  const cloud = {
    answers,
    rows: [] as { seq: number; at: number; entry: string; hash: string }[],
    births: [] as Birth[],
    messages: 0,
    furthest: 0,
    bytes: 0,
  }
  const confirm = () => {
    const said: Confirm = { v: 1, epoch: 'e1', seq: cloud.rows.length }
    if (cloud.answers) road.say(topics.confirm, said)
  }
  const road = frailRoad(clock, fate, (topic, payload) => {
    cloud.messages++
    cloud.bytes += payload.length
    if (topic === topics.birth) cloud.births.push(JSON.parse(payload))
    if (topic === topics.journal) {
      const batch = JournalBatch.parse(JSON.parse(payload))
      expect(batch.prev).toBe(store.journal.hashAt((batch.rows[0]?.seq ?? 0) - 1))
      for (const { entry, ...row } of batch.rows) {
        cloud.furthest = Math.max(cloud.furthest, row.seq)
        if (row.seq === cloud.rows.length + 1) cloud.rows.push({ ...row, entry: JSON.stringify(entry) })
      }
      expect(cloud.furthest - cloud.rows.length).toBeLessThanOrEqual(WINDOW)
    }
    confirm()
  })
  const heard: { what: string; done(): void }[] = []
  const refused: string[] = []
  const remembers: number[] = []
  let session = 0
  write(rows)
  cloud.rows = store.journal.rawAfter(0, known)
  const link = openCloudLink({
    clock,
    topics,
    journal: store.journal,
    openUplink: road.open,
    unit: 'U1',
    epoch: 'e1',
    version: { agent: '1', node: '24' },
    confirmed: remembered,
    wall: clock.wall,
    nextSession: () => ++session,
    edge: edgeOf('u', KEY, systemEntropy),
    heard: (instruction, done) => void heard.push({ what: JSON.stringify(instruction), done }),
    unreadable: ({ id, says }, done) => void heard.push({ what: `${id} cannot be read: ${says}`, done }),
    telemetry: () => ({}),
    refused: (channel, says) => void refused.push(`${channel}: ${says}`),
    confirmedUpTo: seq => void remembers.push(seq),
  } satisfies CloudLinkParts)
  return { clock, store, write, cloud, road, link, heard, refused, remembers }
}

/** The same draws every time. */
function dice(seed: number) {
  let state = seed
  return (sides: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

test('a connection begins with a birth that says where the journal stands', async () => {
  const { clock, cloud, road, store } = world({ rows: 3, remembered: 2, known: 2 })
  road.heal()
  await clock.pass(50)
  expect(cloud.births).toEqual([
    {
      v: 1,
      unit: 'U1',
      epoch: 'e1',
      session: 1,
      version: { agent: '1', node: '24' },
      head: store.journal.head(),
      confirmed: 2,
      at: clock.wall() - 50,
    },
  ])
  expect(cloud.rows).toHaveLength(3)
})

test('a row goes up as soon as it is written, and what the cloud confirms is remembered', async () => {
  const { clock, write, cloud, road, link, remembers } = world({})
  road.heal()
  await clock.pass(50)
  write(1)
  link.grew()
  await clock.pass(20)
  expect(cloud.rows.map(({ seq }) => seq)).toEqual([1])
  expect(remembers).toEqual([1])
  expect(link.status()).toMatchObject({ up: true, sent: 1, confirmed: 1 })
})

test.each([1, 2, 3, 4, 5])(
  'whatever was written offline reaches the cloud whole, over a road that loses, repeats, reorders and breaks (%i)',
  async seed => {
    const draw = dice(seed)
    const delay = () => 1 + draw(400)
    const fate: Fate = () => [[], [delay(), delay()], [delay()], [delay()], [delay()]][draw(5)] ?? []
    const { clock, write, cloud, road, link } = world({ rows: 4_000, fate })
    for (let round = 0; round < 60; round++) {
      if (draw(3) === 0) road.cut()
      if (draw(2) === 0) road.heal()
      if (draw(2) === 0) {
        write(draw(40))
        link.grew()
      }
      await clock.pass(draw(4_000))
    }
    road.heal()
    await clock.pass(600_000)
    const { seq, hash } = link.status().confirmed === cloud.rows.length ? (cloud.rows.at(-1) ?? {}) : {}
    const chain = chainInspector()
    for (const row of cloud.rows) chain.take(row)
    expect(chain.found()).toMatchObject({ breaks: [], head: { seq, hash } })
    expect(seq).toBeGreaterThanOrEqual(4_000)
    expect(link.status().sent).toBe(seq)
  },
  30_000,
)

test('a unit that forgot how far the cloud was catches up without waiting', async () => {
  const { clock, cloud, road, link } = world({ rows: 5_000, remembered: 1_000, known: 4_800 })
  road.heal()
  await clock.pass(2_000)
  expect(cloud.rows).toHaveLength(5_000)
  expect(link.status().confirmed).toBe(5_000)
})

test('a cloud that was restored from a backup gets again what it lost', async () => {
  const { clock, cloud, road, link, remembers } = world({ rows: 900, remembered: 900, known: 300 })
  road.heal()
  await clock.pass(60_000)
  expect(cloud.rows).toHaveLength(900)
  expect(remembers[0]).toBe(300)
  expect(link.status().confirmed).toBe(900)
})

test('a cloud that never answers is not flooded: a few kilobytes an hour', async () => {
  const { clock, cloud, road } = world({ rows: 100_000, answers: false })
  road.heal()
  await clock.pass(60_000)
  const first = cloud.bytes
  await clock.pass(3_600_000)
  expect(cloud.bytes - first).toBeLessThan(25_000)
  expect(cloud.messages).toBeGreaterThan(60)
})

test('a cloud that comes back after days of silence has everything within a minute and a half', async () => {
  const { clock, cloud, road } = world({ rows: 20_000, answers: false })
  road.heal()
  await clock.pass(600_000)
  cloud.answers = true
  await clock.pass(90_000)
  expect(cloud.rows).toHaveLength(20_000)
})

test('a confirmation of another epoch, or one that nobody can read, changes nothing and is not asked for again', async () => {
  const { clock, road, link, refused } = world({ rows: 10, answers: false })
  road.heal()
  await clock.pass(50)
  road.say(topics.confirm, { v: 1, epoch: 'before', seq: 10 })
  road.say(topics.confirm, { v: 1, epoch: 'e1', seq: -4 })
  await clock.pass(50)
  expect(link.status().confirmed).toBe(0)
  expect(refused).toEqual([expect.stringMatching(/^confirm: seq: /)])
  expect(road.unacknowledged()).toBe(0)
})

const open = { kind: 'open', compartment: 'D1', reason: 'forgotten', by: 'ann' }
const instruction = { v: 1, id: 'i1', expires: 9, ask: open }

test('the broker keeps an instruction until it was acted upon, over as many connections as that takes', async () => {
  const { clock, road, heard } = world({})
  road.heal()
  road.say(topics.instruction, instruction)
  await clock.pass(50)
  road.cut()
  heard[0]?.done()
  road.heal()
  await clock.pass(50)
  expect(heard.map(({ what }) => JSON.parse(what).id)).toEqual(['i1', 'i1'])
  expect(road.unacknowledged()).toBe(1)
  heard[1]?.done()
  expect(road.unacknowledged()).toBe(0)
})

test('an instruction that cannot be followed is answered where its id can be read, else only put aside', async () => {
  const { clock, road, heard, refused } = world({})
  road.heal()
  road.say(topics.instruction, { ...instruction, urgent: true })
  road.say(topics.instruction, 'open sesame')
  await clock.pass(50)
  expect(heard.map(({ what }) => what)).toEqual([expect.stringMatching(/^i1 cannot be read: /)])
  expect(refused).toHaveLength(2)
  expect(road.unacknowledged()).toBe(1)
})
