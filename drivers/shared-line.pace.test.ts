import { expect, test } from 'vitest'
import { handClock } from './host/hand-clock.ts'
import { memoryLine } from './host/memory-line.ts'
import { openSharedLine } from './shared-line.ts'
import { toyCodec, toyFrame } from './toy-board.ts'

const middle = { bytes: (length: number) => new Uint8Array(length), fraction: () => 0.5 }
const BOARDS = 16
const BAUD = 9_600
const THINKS = 2
/** Patience as the lock boards have it. */
const WITHIN = 300

/** Sixteen boards, each polled again as soon as it answered, and 50 ms after it did not. */
async function bank() {
  const clock = handClock()
  const dead = new Set<number>()
  const answered = new Map<number, number[]>()
  const wire = memoryLine({
    clock,
    baud: BAUD,
    answer: ([, address = 0]) =>
      dead.has(address) ? undefined : { bytes: toyFrame(address, 7), after: THINKS },
  })
  const line = openSharedLine({ open: wire.open, clock, entropy: middle, baud: BAUD, echo: 'auto' })
  await clock.pass(0)
  const buses = Array.from({ length: BOARDS }, (_, index) =>
    line.join(`board-${index + 1}`, { within: WITHIN }),
  )

  const poll = async (address: number): Promise<void> => {
    const bus = buses[address - 1]
    if (!bus) return
    const answer = await bus.ask(toyCodec(address), 0)
    if (answer.ok) answered.get(address)?.push(clock.now())
    clock.after(answer.ok ? 0 : 50, () => void poll(address))
  }
  for (let address = 1; address <= BOARDS; address++) {
    answered.set(address, [])
    void poll(address)
  }

  /** How long a live board waits from one answer to the next, on average over the coming span. */
  async function cycle(span: number): Promise<number> {
    for (const times of answered.values()) times.length = 0
    await clock.pass(span)
    const live = [...answered].filter(([address]) => !dead.has(address))
    return live.reduce((sum, [, times]) => sum + span / times.length, 0) / live.length
  }
  return { clock, wire, line, dead, cycle, buses }
}

test('sixteen boards polled back to back keep at least 95 % of a 9,600-baud line busy', async () => {
  const { line, clock, wire } = await bank()
  await clock.pass(10_000)
  const before = line.stats()
  await clock.pass(60_000)
  const after = line.stats()
  const bytes = after.bytesRead + after.bytesWritten - before.bytesRead - before.bytesWritten
  const polls = (after.bytesWritten - before.bytesWritten) / 4
  // The boards' own time to think is not the line's to fill.
  const busy = (bytes * 10_000) / BAUD + polls * THINKS
  expect(busy / 60_000).toBeGreaterThan(0.95)
  expect(wire.written.length).toBeGreaterThan(5_000)
})

test('one dead board lengthens the poll cycle of its neighbours by less than 10 %, even in its first minute', async () => {
  const { cycle, dead } = await bank()
  const healthy = await cycle(60_000)
  dead.add(9)
  expect((await cycle(60_000)) / healthy).toBeLessThan(1.1)
  expect((await cycle(600_000)) / healthy).toBeLessThan(1.03)
})

test('an unlock on a busy line waits for no more than the exchange under way', async () => {
  const { clock, buses, wire } = await bank()
  const exchange = (8 * 10_000) / BAUD + THINKS
  for (let order = 0; order < 50; order++) {
    await clock.pass(97.3)
    const at = clock.now()
    void buses[3]?.order(toyCodec(4), 9, { by: at + 1_000, within: 50 })
    await clock.pass(exchange)
    const sent = wire.written.findLast(({ bytes }) => bytes[2] === 9)
    expect(sent?.at).toBeGreaterThanOrEqual(at)
    expect((sent?.at ?? Infinity) - at).toBeLessThanOrEqual(exchange)
  }
})

test('a line that needs silence between frames gets it, and not more', async () => {
  const clock = handClock()
  const wire = memoryLine({
    clock,
    baud: BAUD,
    answer: ([, address = 0]) => ({ bytes: toyFrame(address, 7), after: THINKS }),
  })
  const line = openSharedLine({ open: wire.open, clock, entropy: middle, baud: BAUD, echo: 'no', quiet: 4 })
  const bus = line.join('board')
  await clock.pass(0)
  for (let ask = 0; ask < 3; ask++) void bus.ask(toyCodec(1), 0)
  await clock.pass(1_000)
  const [first = 0, second = 0, third = 0] = wire.written.map(({ at }) => at)
  const exchange = (8 * 10_000) / BAUD + THINKS
  expect([second - first, third - second]).toEqual([
    expect.closeTo(exchange + 4, 6),
    expect.closeTo(exchange + 4, 6),
  ])
})
