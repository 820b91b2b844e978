import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { CloudConfig } from '../../config/site.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { chainInspector, type RawRow } from '../domain/chain.ts'
import { edgeOf } from '../domain/edge.ts'
import { openStore } from '../store/open.ts'
import { openCloudLink } from './cloud-link.ts'
import { JournalBatch, topicsOf } from './messages.ts'
import { mqttUplink } from './mqtt-uplink.ts'
import { aedesBroker, cable, mosquittoBroker, type TestBroker } from './test-brokers.ts'
import type { Uplink, UplinkEvent } from './uplink.ts'

const quick = { bytes: (length: number) => new Uint8Array(length), fraction: () => 0 }
const ends: (() => void | Promise<void>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

type Told = UplinkEvent & { text?: string }

/** One end of a road: what it heard, in order, and a way to wait for the next thing that fits. */
function party(broker: string, clientId: string, config: object = {}, subscribe = [`to/${clientId}`]) {
  const heard: Told[] = []
  const waiting = new Set<() => void>()
  const read = new Map<string, number>()
  let session = 0
  const uplink: Uplink = mqttUplink({
    cloud: CloudConfig.parse({ broker, ...config }),
    clientId,
    clock: systemClock,
    entropy: quick,
  })({
    subscribe,
    introduce: () => ({ session: ++session, will: { topic: 'deaths', payload: `${clientId} ${session}` } }),
    hear(event) {
      heard.push(event.type === 'message' ? { ...event, text: Buffer.from(event.payload).toString() } : event)
      for (const check of [...waiting]) check()
    },
  })
  ends.push(() => uplink.close())

  /** The next event of that type. A message that waited may come before the broker says that we are subscribed. */
  const next = <Type extends UplinkEvent['type']>(type: Type) =>
    new Promise<Told & { type: Type }>(resolve => {
      const check = (): void => {
        const found = heard.filter(event => event.type === type)[read.get(type) ?? 0]
        if (!found) return
        read.set(type, (read.get(type) ?? 0) + 1)
        waiting.delete(check)
        resolve(found as Told & { type: Type })
      }
      waiting.add(check)
      check()
    })
  return { ...uplink, heard, next }
}

async function message(one: ReturnType<typeof party>): Promise<string | undefined> {
  const { text, done } = await one.next('message')
  done()
  return text
}

const kinds: [string, object, () => Promise<TestBroker>][] = [
  ['aedes, MQTT 3.1.1', { mqtt: '3.1.1' }, () => aedesBroker()],
  ['mosquitto, MQTT 5', { mqtt: '5' }, () => mosquittoBroker('allow_anonymous true')],
  ['mosquitto, MQTT 3.1.1', { mqtt: '3.1.1' }, () => mosquittoBroker('allow_anonymous true')],
]

describe.each(kinds)('with %s', (_name, config, open) => {
  async function both() {
    const broker = await open()
    ends.push(() => broker.kill())
    const wire = await cable(broker.port)
    ends.push(() => wire.cut())
    const cloud = party(`mqtt://127.0.0.1:${broker.port}`, 'cloud', config, ['to/cloud', 'deaths'])
    await cloud.next('up')
    const unit = party(wire.broker, 'unit', config)
    return { wire, cloud, unit, session: (await unit.next('up')).session }
  }

  test('a message is the broker’s to keep until it was taken for good', async () => {
    const { wire, cloud, unit } = await both()
    cloud.publish('to/unit', 'open M1')
    const first = await unit.next('message')
    expect(first.text).toBe('open M1')
    await wire.cut()
    await unit.next('down')
    first.done()
    await wire.heal()
    // It comes before the broker says that we are subscribed, and nothing else comes until it was taken.
    const second = await unit.next('message')
    expect(second.text).toBe('open M1')
    second.done()
    await unit.next('up')
    cloud.publish('to/unit', 'and then')
    expect(await message(unit)).toBe('and then')
    // Its acknowledgement went before this answer on the same road, so the broker has it.
    unit.publish('to/cloud', 'all heard')
    expect([await message(cloud), await message(cloud)]).toEqual(['unit 1', 'all heard'])
    await wire.cut()
    await wire.heal()
    await unit.next('up')
    cloud.publish('to/unit', 'at last')
    expect(await message(unit)).toBe('at last')
  })

  test('what was said while the unit was away waits for it', async () => {
    const { wire, cloud, unit } = await both()
    await wire.cut()
    await unit.next('down')
    expect(unit.publish('to/cloud', 'lost')).toBe(false)
    cloud.publish('to/unit', 'one')
    cloud.publish('to/unit', 'two')
    await cloud.next('message').then(({ text, done }) => {
      expect(text).toBe('unit 1')
      done()
    })
    await wire.heal()
    expect([await message(unit), await message(unit)]).toEqual(['one', 'two'])
  })

  test('each connection has a new session, and the will of a broken one says which it was', async () => {
    const { wire, cloud, unit, session } = await both()
    expect(session).toBe(1)
    await wire.cut()
    expect(await message(cloud)).toBe('unit 1')
    await wire.heal()
    const { session: later } = await unit.next('up')
    expect(later).toBeGreaterThan(1)
    await wire.cut()
    expect(await message(cloud)).toBe(`unit ${later}`)
  })

  test('a unit that is stopped says its last words, and then its will is read', async () => {
    const { cloud, unit } = await both()
    unit.publish('to/cloud', 'stopped')
    unit.close()
    expect([await message(cloud), await message(cloud)]).toEqual(['stopped', 'unit 1'])
    expect(unit.heard.map(({ type }) => type)).toEqual(['up'])
  })

  test('no more is in flight than sixteen, and what was refused is welcome later', async () => {
    const { cloud, unit } = await both()
    let taken = 0
    while (unit.publish('to/cloud', `row ${taken}`)) taken++
    expect(taken).toBe(16)
    await unit.next('roomy')
    expect(unit.publish('to/cloud', 'row 16')).toBe(true)
    for (let row = 0; row <= 16; row++) expect(await message(cloud)).toBe(`row ${row}`)
  })

  test('20,000 rows reach the cloud without a gap over a cable that breaks every 200 kB', async () => {
    const broker = await open()
    ends.push(() => broker.kill())
    const wire = await cable(broker.port)
    ends.push(() => wire.cut())
    wire.breakAfter(200_000)
    const topics = topicsOf('pawl/v1', 'U1')
    const rows: RawRow[] = []
    const cloud = party(`mqtt://127.0.0.1:${broker.port}`, 'cloud', config, [topics.journal])
    await cloud.next('up')

    const store = openStore(':memory:', new Uint8Array(32), quick)
    store.atomically(() => {
      for (let row = 0; row < 20_000; row++) store.journal.append(row, { type: 'stopped' })
    })
    let session = 0
    const link = openCloudLink({
      clock: systemClock,
      topics,
      journal: store.journal,
      openUplink: mqttUplink({
        cloud: CloudConfig.parse({ broker: wire.broker, ...config }),
        clientId: 'U1',
        clock: systemClock,
        entropy: quick,
      }),
      unit: 'U1',
      epoch: 'e1',
      version: { agent: '1', node: '24' },
      confirmed: 0,
      wall: systemClock.wall,
      nextSession: () => ++session,
      edge: edgeOf('u', new Uint8Array(32), systemEntropy),
      heard: (_instruction, done) => done(),
      unreadable: (_instruction, done) => done(),
      telemetry: () => ({}),
      refused: (_channel, says) => expect.unreachable(says),
      confirmedUpTo: () => {},
    })
    ends.push(() => link.close())

    while (rows.length < 20_000) {
      const { text, done } = await cloud.next('message')
      const batch = JournalBatch.parse(JSON.parse(text ?? ''))
      for (const { entry, ...row } of batch.rows)
        if (row.seq === rows.length + 1) rows.push({ ...row, entry: JSON.stringify(entry) })
      done()
      cloud.publish(topics.confirm, JSON.stringify({ v: 1, epoch: 'e1', seq: rows.length }))
    }
    const chain = chainInspector()
    for (const row of rows) chain.take(row)
    expect(chain.found()).toMatchObject({ breaks: [], head: store.journal.head() })
    expect(wire.cuts()).toBeGreaterThan(5)
  })
})

test('a broker that ends and starts again has the unit back, and nothing that it kept is lost', async () => {
  const broker = await mosquittoBroker('allow_anonymous true')
  ends.push(() => broker.kill())
  const unit = party(`mqtt://127.0.0.1:${broker.port}`, 'unit')
  const cloud = party(`mqtt://127.0.0.1:${broker.port}`, 'cloud')
  await Promise.all([unit.next('up'), cloud.next('up')])
  cloud.publish('to/unit', 'open M1')
  await unit.next('message')
  await broker.again()
  expect((await unit.next('down')).why).toBeTruthy()
  expect(await message(unit)).toBe('open M1')
  expect((await unit.next('up')).session).toBeGreaterThan(1)
})

test('a broker that wants a password says so, and the file with the right one is read at the next attempt', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-password-'))
  ends.push(() => rmSync(folder, { recursive: true }))
  const password_file = join(folder, 'password')
  const broker = await aedesBroker('right')
  ends.push(() => broker.kill())
  const unit = party(`mqtt://127.0.0.1:${broker.port}`, 'unit', {
    mqtt: '3.1.1',
    username: 'u',
    password_file,
  })
  expect((await unit.next('down')).why).toMatch(/no such file/)
  writeFileSync(password_file, 'wrong\n')
  expect((await unit.next('down')).why).toMatch(/refused|no such file/)
  writeFileSync(password_file, 'right\n')
  await unit.next('up')
})
