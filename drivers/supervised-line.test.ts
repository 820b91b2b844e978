import { expect, test } from 'vitest'
import { handClock } from './host/hand-clock.ts'
import type { Line, Listener } from './host/line.ts'
import { superviseLine } from './supervised-line.ts'

/** Chance that always falls the same way: waits are as long as they can be. */
const latest = { bytes: (length: number) => new Uint8Array(length), fraction: () => 0.999_999 }
const earliest = { ...latest, fraction: () => 0 }

/** A port that opens or not as it is told, and keeps every pipe it ever gave out. */
function port(entropy = latest) {
  const clock = handClock()
  const pipes: { listener: Listener; written: number[]; closed: boolean }[] = []
  const tries: number[] = []
  const told: string[] = []
  let works = true
  const line = superviseLine({
    clock,
    entropy,
    async open(listener): Promise<Line> {
      tries.push(Math.round(clock.now()))
      if (!works) throw new Error('not there')
      const pipe = { listener, written: [] as number[], closed: false }
      pipes.push(pipe)
      return {
        write: bytes => void pipe.written.push(...bytes),
        close: () => {
          pipe.closed = true
        },
      }
    },
    up: epoch => void told.push(`up ${epoch}`),
    down: why => void told.push(`down: ${why}`),
    read: bytes => void told.push(`read ${bytes.join(' ')}`),
  })
  return { clock, line, pipes, tries, told, breaks: () => (works = false), mends: () => (works = true) }
}

test('a port that is not there is tried for ever, from 100 ms doubling to 10 s', async () => {
  const { clock, tries, told, breaks, mends, pipes } = port()
  await clock.pass(0)
  breaks()
  pipes[0]?.listener.lost('unplugged')
  await clock.pass(3_600_000)
  const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0))
  expect(waits.slice(0, 9)).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000])
  expect(tries.length).toBeGreaterThan(350)
  mends()
  await clock.pass(10_000)
  expect(told.at(-1)).toBe('up 2')
})

test('a port that opens and is lost at once does not spin, however the jitter falls', async () => {
  const { clock, tries, pipes } = port(earliest)
  for (let step = 0; step < 1_000; step++) {
    await clock.pass(1)
    pipes.at(-1)?.listener.lost('gone again')
  }
  expect(tries.length).toBeLessThanOrEqual(101)
})

test('a port lost at once each time waits longer each time', async () => {
  const { clock, tries, pipes } = port()
  for (let step = 0; step < 30_000; step += 50) {
    await clock.pass(50)
    pipes.at(-1)?.listener.lost('gone again')
  }
  expect(tries.length).toBeLessThan(12)
})

test('a port that had been there for long is back after the first wait', async () => {
  const { clock, tries, pipes, breaks, mends } = port()
  await clock.pass(0)
  breaks()
  pipes[0]?.listener.lost('unplugged')
  await clock.pass(60_000)
  mends()
  await clock.pass(60_000)
  const before = clock.now()
  pipes[1]?.listener.lost('unplugged')
  await clock.pass(1_000)
  expect(tries.at(-1)).toBe(before + 100)
})

test('what was meant for an old line never reaches the new one', async () => {
  const { clock, line, pipes } = port()
  await clock.pass(0)
  pipes[0]?.listener.lost('unplugged')
  line.write(1, Uint8Array.of(0x11))
  await clock.pass(1_000)
  line.write(1, Uint8Array.of(0x22))
  line.write(2, Uint8Array.of(0x33))
  expect(pipes.map(pipe => pipe.written)).toEqual([[], [0x33]])
})

test('an old object is not heard any more', async () => {
  const { clock, told, pipes } = port()
  await clock.pass(0)
  pipes[0]?.listener.lost('unplugged')
  await clock.pass(1_000)
  pipes[0]?.listener.read(Uint8Array.of(1))
  pipes[0]?.listener.lost('again')
  pipes[1]?.listener.read(Uint8Array.of(2))
  expect(told).toEqual(['up 1', 'down: unplugged', 'up 2', 'read 2'])
})

test('a pipe lost before its opening was told is never told as up', async () => {
  const clock = handClock()
  const told: string[] = []
  let closed = 0
  superviseLine({
    clock,
    entropy: latest,
    async open(listener) {
      if (closed === 0) listener.lost('at once')
      return { write: () => {}, close: () => void closed++ }
    },
    up: epoch => void told.push(`up ${epoch}`),
    down: why => void told.push(`down: ${why}`),
    read: () => {},
  })
  await clock.pass(50)
  expect({ told, closed }).toEqual({ told: ['down: at once'], closed: 1 })
  await clock.pass(100)
  expect(told).toEqual(['down: at once', 'up 1'])
})

test('a dropped line is closed and opened anew', async () => {
  const { clock, line, told, pipes } = port()
  await clock.pass(0)
  line.drop('mute')
  await clock.pass(1_000)
  expect(pipes.map(pipe => pipe.closed)).toEqual([true, false])
  expect(told).toEqual(['up 1', 'down: mute', 'up 2'])
})

test('a closed line stays closed, and an opening under way is given back', async () => {
  const { clock, line, tries, pipes, told } = port()
  line.close()
  await clock.pass(60_000)
  expect(tries.length).toBe(1)
  expect(pipes[0]?.closed).toBe(true)
  expect(told).toEqual([])
})
