import { expect, test } from 'vitest'
import { handClock } from './host/hand-clock.ts'
import { memoryLine } from './host/memory-line.ts'
import { openSharedLine } from './shared-line.ts'
import { toyCodec, toyFrame } from './toy-board.ts'

const middle = { bytes: (length: number) => new Uint8Array(length), fraction: () => 0.5 }

/** Boards 1 to 9 on one line; each answers 7 after 10 ms unless it is among the dead, or `answer` says otherwise. */
async function cable({ answer }: { answer?: (address: number, value: number) => number | undefined } = {}) {
  const clock = handClock()
  const dead = new Set<number>()
  const wire = memoryLine({
    clock,
    baud: 9_600,
    answer: ([, address = 0, value = 0]) => {
      if (dead.has(address)) return undefined
      const says = answer ? answer(address, value) : 7
      return says === undefined ? undefined : { bytes: toyFrame(address, says), after: 10 }
    },
  })
  const line = openSharedLine({ open: wire.open, clock, entropy: middle, baud: 9_600, echo: 'auto' })
  const boards = new Map(
    Array.from({ length: 9 }, (_, index) => [index + 1, line.join(`board-${index + 1}`)]),
  )
  await clock.pass(0)

  const bus = (address: number) => {
    const board = boards.get(address)
    if (!board) throw new Error(`no board ${address}`)
    return board
  }
  return {
    clock,
    wire,
    line,
    dead,
    bus,
    ask: (address: number, value = 0, how = {}) => bus(address).ask(toyCodec(address), value, how),
    order: (address: number, value = 0, how = {}) =>
      bus(address).order(toyCodec(address), value, { by: clock.now() + 1_500, within: 100, ...how }),
    /** What was written, as `address:value`. */
    sent: () => wire.written.map(({ bytes: [, address, value] }) => `${address}:${value}`),
  }
}

test('an order goes before everything but the exchange under way, an urgent ask before polls', async () => {
  const { clock, ask, order, sent } = await cable()
  void ask(1)
  void ask(2)
  void ask(3, 1, { urgent: true })
  void order(4, 9)
  await clock.pass(1_000)
  expect(sent()).toEqual(['1:0', '4:9', '3:1', '2:0'])
})

test('a poll that waited for a second behind read-backs of others goes before those that came later', async () => {
  const { clock, ask, sent } = await cable()
  const look = (): Promise<void> => ask(1, 1, { urgent: true }).then(look)
  const watch = (): Promise<void> => ask(2, 1, { urgent: true }).then(watch)
  void look()
  void watch()
  void ask(3)
  await clock.pass(990)
  expect(sent()).not.toContain('3:0')
  await clock.pass(60)
  expect(sent().filter(frame => frame === '3:0')).toHaveLength(1)
})

test('the next frame leaves the moment the reply before it ended', async () => {
  const { clock, ask, wire } = await cable()
  void ask(1)
  void ask(2)
  await clock.pass(1_000)
  // Four bytes there, ten milliseconds of thought, four bytes back.
  expect(wire.written[1]?.at).toBeCloseTo((8 * 10_000) / 9_600 + 10, 6)
})

test('no device is polled twice while another waits', async () => {
  const { clock, ask, sent } = await cable()
  const again = (address: number): Promise<void> => ask(address).then(() => again(address))
  for (const address of [1, 2, 3]) void again(address)
  for (let more = 0; more < 5; more++) void ask(4)
  await clock.pass(400)
  const polls = sent()
  for (let from = 1; from + 4 <= 17; from += 4)
    expect(new Set(polls.slice(from, from + 4)).size, polls.join(' ')).toBe(4)
})

test('an order is written once, whatever comes back', async () => {
  const { clock, order, dead, sent } = await cable()
  dead.add(4)
  const ordered = order(4, 9)
  await clock.pass(1_000)
  expect(await ordered).toEqual({ ok: true })
  expect(sent()).toEqual(['4:9'])
})

test('an order that waited past its deadline is dropped, and not one byte of it leaves', async () => {
  const { clock, ask, order, dead, sent } = await cable()
  dead.add(1)
  void ask(1)
  const late = order(2, 9, { by: clock.now() + 200 })
  await clock.pass(1_000)
  expect(await late).toMatchObject({ ok: false, fault: 'too-late', sent: false, frame: 'A5 02 09 B0' })
  expect(sent()).not.toContain('2:9')
})

test('a reading is asked for three times, an answer ends it, and others go in between', async () => {
  let mute = 1
  const { clock, ask, sent, line } = await cable({
    answer: address => (address === 1 && mute-- > 0 ? undefined : 7),
  })
  const first = ask(1)
  void ask(2)
  await clock.pass(2_000)
  expect(await first).toEqual({ ok: true, reply: 7 })
  expect(sent()).toEqual(['1:0', '2:0', '1:0'])
  expect(line.stats().devices['board-1']).toMatchObject({ asked: 1, answered: 1, retried: 1, failed: 0 })
})

test('a reading that nobody gives names the frame that got no answer', async () => {
  const { clock, ask, dead, sent, line } = await cable()
  dead.add(3)
  const asked = ask(3, 5)
  await clock.pass(2_000)
  expect(await asked).toEqual({ ok: false, fault: 'no-reply', frame: 'A5 03 05 AD' })
  expect(sent()).toEqual(['3:5', '3:5', '3:5'])
  expect(line.stats().devices['board-3']).toMatchObject({ failed: 1, retried: 2, lastFailure: 'A5 03 05 AD' })
})

test('patience begins when the last byte was sent', async () => {
  const { clock, bus, dead } = await cable()
  dead.add(1)
  let ended = -1
  void bus(1)
    .order(toyCodec(1), 0, { by: 1, within: 0 })
    .then(() => {
      ended = clock.now()
    })
  await clock.pass(100)
  expect(ended).toBeCloseTo((4 * 10_000) / 9_600, 6)
})

test('a resting device costs its line nothing and refuses orders, until it answers a probe', async () => {
  const { clock, ask, order, dead, sent } = await cable()
  dead.add(5)
  for (let asked = 0; asked < 3; asked++) {
    void ask(5)
    await clock.pass(950)
  }
  const before = sent().length
  const refused = [await ask(5), await order(5, 9)]
  expect(refused[0]).toMatchObject({ ok: false, fault: 'no-reply' })
  expect(refused[1]).toMatchObject({ ok: false, fault: 'no-reply', sent: false })
  expect(sent().length).toBe(before)

  dead.clear()
  await clock.pass(1_000)
  const probe = ask(5)
  await clock.pass(400)
  expect(await probe).toEqual({ ok: true, reply: 7 })
  const taken = order(5, 9)
  await clock.pass(400)
  expect(await taken).toMatchObject({ ok: true })
})

test('a reply that comes after patience ended never answers a later question', async () => {
  const clock = handClock()
  let slow = 400
  const wire = memoryLine({
    clock,
    baud: 9_600,
    // It answers with what it was asked, so that a reply tells which question it belongs to.
    answer: ([, address = 0, value = 0]) => ({ bytes: toyFrame(address, value + 100), after: slow }),
  })
  const line = openSharedLine({ open: wire.open, clock, entropy: middle, baud: 9_600, echo: 'auto' })
  const bus = line.join('slow')
  await clock.pass(0)
  const first = bus.ask(toyCodec(1), 1)
  await clock.pass(310)
  slow = 250
  await clock.pass(200)
  // The second try was answered by the reply to the first; the reply to the second is still on its way.
  expect(await first).toEqual({ ok: true, reply: 101 })
  const second = bus.ask(toyCodec(1), 2)
  await clock.pass(1_000)
  expect(await second).toEqual({ ok: true, reply: 102 })
})

test('what comes between exchanges is noise, never a reply', async () => {
  const { clock, wire, ask, dead, line } = await cable()
  wire.say(toyFrame(1, 99))
  dead.add(1)
  const asked = ask(1)
  await clock.pass(2_000)
  expect(await asked).toMatchObject({ ok: false, fault: 'no-reply' })
  expect(line.stats().noise).toBe(4)
})

test('a device that throws fails its own request and nobody else', async () => {
  const { clock, bus, ask, line } = await cable()
  const broken = {
    ...toyCodec(1),
    decode: () => {
      throw new Error('a slip of the pen')
    },
  }
  const mute = {
    ...toyCodec(1),
    encode: () => {
      throw new Error('lost for words')
    },
  }
  const asked = [bus(1).ask(broken, 0), bus(1).ask(mute, 0)]
  const ordered = [
    bus(1).order(broken, 0, { by: 9_999, within: 50 }),
    bus(1).order(mute, 0, { by: 9_999, within: 50 }),
  ]
  bus(2).overhear(broken.decode, () => {})
  bus(2).listen(() => {
    throw new Error('deaf')
  })
  const neighbour = ask(3)
  await clock.pass(1_000)
  for (const each of asked) expect(await each).toMatchObject({ ok: false, fault: 'refused' })
  expect(await ordered[0]).toMatchObject({ ok: false, fault: 'refused', sent: true })
  expect(await ordered[1]).toMatchObject({ ok: false, fault: 'refused', sent: false })
  expect(await neighbour).toEqual({ ok: true, reply: 7 })
  expect(line.stats().devices['board-1']).toMatchObject({ bugs: 4 })
  expect(line.stats().devices['board-2']?.bugs).toBeGreaterThan(0)
})
