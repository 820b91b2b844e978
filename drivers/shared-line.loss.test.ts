import { expect, test } from 'vitest'
import { handClock } from './host/hand-clock.ts'
import { memoryLine } from './host/memory-line.ts'
import { openSharedLine } from './shared-line.ts'
import { toyCodec, toyFrame } from './toy-board.ts'

const middle = { bytes: (length: number) => new Uint8Array(length), fraction: () => 0.5 }

/** One board at address 1 that answers 7, unless it is mute. */
async function cable() {
  const clock = handClock()
  const board = { mute: false }
  const wire = memoryLine({
    clock,
    baud: 9_600,
    answer: ([, address = 0]) => (board.mute ? undefined : { bytes: toyFrame(address, 7), after: 10 }),
  })
  const line = openSharedLine({ open: wire.open, clock, entropy: middle, baud: 9_600, echo: 'auto' })
  const bus = line.join('board')
  await clock.pass(0)
  return {
    clock,
    wire,
    line,
    board,
    bus,
    ask: () => bus.ask(toyCodec(1), 0),
    order: () => bus.order(toyCodec(1), 9, { by: clock.now() + 60_000, within: 100 }),
    orders: () => wire.written.filter(({ bytes }) => bytes[2] === 9),
  }
}

test('when the line is lost, what is under way and what waits fails at once', async () => {
  const { clock, wire, board, ask, order } = await cable()
  board.mute = true
  const ended = [ask(), ask(), order()]
  await clock.pass(1)
  wire.cut('unplugged')
  expect(await Promise.all(ended)).toMatchObject([
    { ok: false, fault: 'line-down' },
    { ok: false, fault: 'line-down' },
    { ok: false, fault: 'line-down', sent: false },
  ])
})

test('an order whose line was lost after it was written may have moved something', async () => {
  const { clock, wire, order } = await cable()
  const ordered = order()
  await clock.pass(1)
  wire.cut('unplugged')
  expect(await ordered).toMatchObject({ ok: false, fault: 'line-down', sent: true })
})

test('an order that waited when the line was lost never reaches the line that comes after', async () => {
  const { clock, wire, board, ask, order, orders } = await cable()
  board.mute = true
  void ask()
  void order()
  await clock.pass(1)
  wire.lose('unplugged')
  const meanwhile = order()
  await clock.pass(5_000)
  expect(wire.written.at(-1)?.epoch).toBe(1)
  expect(orders()).toEqual([])
  expect(await meanwhile).toMatchObject({ ok: false, fault: 'line-down', sent: false })
})

test('watchers are told at once how it is, and then each change', async () => {
  const { clock, wire, bus } = await cable()
  const told: boolean[] = []
  bus.watch(up => void told.push(up))
  expect(told).toEqual([true])
  wire.cut('unplugged')
  await clock.pass(30_000)
  expect(told).toEqual([true, false])
  wire.mend()
  await clock.pass(30_000)
  expect(told).toEqual([true, false, true])
})

test('statistics say why a line is down, and how often it came back', async () => {
  const { clock, wire, line, ask } = await cable()
  wire.cut('unplugged')
  await clock.pass(1)
  expect(line.stats()).toMatchObject({ up: false, why: 'unplugged', epoch: 1, reopened: 0 })
  wire.mend()
  await clock.pass(30_000)
  const asked = ask()
  await clock.pass(100)
  expect(await asked).toEqual({ ok: true, reply: 7 })
  expect(line.stats()).toMatchObject({ up: true, epoch: 2, reopened: 1, bytesWritten: 4, bytesRead: 4 })
  expect(line.stats().why).toBeUndefined()
})

test('a device that rested is asked anew on a fresh line', async () => {
  const { clock, wire, line, board, ask } = await cable()
  board.mute = true
  for (let asked = 0; asked < 3; asked++) {
    void ask()
    await clock.pass(950)
  }
  for (let probe = 0; probe < 40; probe++) {
    void ask()
    await clock.pass(1_000)
  }
  expect(line.stats().devices.board?.resting).toBe(true)
  wire.lose('unplugged')
  board.mute = false
  await clock.pass(100)
  const asked = ask()
  await clock.pass(100)
  expect(await asked).toEqual({ ok: true, reply: 7 })
})

test('a line on which nothing is heard after an order is given up, with what may be stuck in it', async () => {
  const { clock, line, board, order } = await cable()
  board.mute = true
  void order()
  await clock.pass(2_000)
  expect(line.stats().epoch).toBe(1)
  await clock.pass(1_000)
  expect(line.stats().epoch).toBe(2)
})

test('a line on which anything is heard after an order is kept', async () => {
  const { clock, wire, line, board, order } = await cable()
  board.mute = true
  void order()
  await clock.pass(1_000)
  wire.say(Uint8Array.of(0x00))
  await clock.pass(60_000)
  expect(line.stats().epoch).toBe(1)
})

test('a closed line answers everything, writes and hears nothing and opens no more', async () => {
  const { clock, wire, line, board, bus, ask, order } = await cable()
  const heard: number[] = []
  bus.listen(bytes => void heard.push(...bytes))
  board.mute = true
  const waiting = [ask(), order()]
  await clock.pass(1)
  line.close()
  const written = wire.written.length
  const after = [ask(), order()]
  wire.say(toyFrame(1, 7))
  wire.lose('unplugged')
  await clock.pass(60_000)
  for (const each of [...waiting, ...after])
    expect(await each).toMatchObject({ ok: false, fault: 'line-down' })
  expect(wire.written.length).toBe(written)
  expect(heard).toEqual([])
  expect(line.stats()).toMatchObject({ up: false, epoch: 1 })
})

test('pushed frames are heard between exchanges, within them and inside noise', async () => {
  const { clock, wire, bus, ask } = await cable()
  const pushed: number[] = []
  const raw: number[] = []
  bus.overhear(toyCodec(2).decode, value => void pushed.push(value))
  bus.listen(bytes => void raw.push(...bytes))

  wire.say(toyFrame(2, 1))
  const asked = ask()
  wire.say(Uint8Array.of(0xa5, 0x99, ...toyFrame(2, 2), 0x00))
  await clock.pass(100)
  expect(await asked).toEqual({ ok: true, reply: 7 })
  wire.say(toyFrame(2, 3).subarray(0, 3))
  wire.say(toyFrame(2, 3).subarray(3))
  expect(pushed).toEqual([1, 2, 3])
  expect(raw).toEqual([
    ...toyFrame(2, 1),
    ...[0xa5, 0x99, ...toyFrame(2, 2), 0x00],
    ...toyFrame(1, 7),
    ...toyFrame(2, 3),
  ])
})

test('a line that babbles is not listened to for longer than any board speaks', async () => {
  const { clock, wire, ask } = await cable()
  void ask()
  wire.say(new Uint8Array(3_000))
  await clock.pass(0)
  expect(wire.written.length).toBe(2)
})

test('half a pushed frame of an old line is not joined to the first bytes of the next', async () => {
  const { clock, wire, bus } = await cable()
  const pushed: number[] = []
  bus.overhear(toyCodec(2).decode, value => void pushed.push(value))
  wire.say(toyFrame(2, 5).subarray(0, 2))
  wire.lose('unplugged')
  await clock.pass(1_000)
  wire.say(toyFrame(2, 5).subarray(2))
  expect(pushed).toEqual([])
})

test('a frame that is not the one wanted goes to those who overhear', async () => {
  const { clock, wire, bus } = await cable()
  const pushed: number[] = []
  bus.overhear(toyCodec(1).decode, value => void pushed.push(value))
  const asked = bus.ask(toyCodec(1), 0, { wanted: value => value === 7 })
  wire.say(toyFrame(1, 0x82))
  await clock.pass(100)
  expect(await asked).toEqual({ ok: true, reply: 7 })
  expect(pushed).toEqual([0x82])
})
