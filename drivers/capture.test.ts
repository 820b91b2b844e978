import { expect, test } from 'vitest'
import { type Captured, openRing, readCapture, tapInto, writeCapture } from './capture.ts'
import { bytes } from './frame-trials.ts'
import { handClock } from './host/hand-clock.ts'

const HEAD = {
  line: 'left',
  about: '/dev/ttyUSB0, 9600 baud',
  why: 'somebody asked',
  when: 'now',
  now: 1_000,
}

test('a capture is a page that people read', () => {
  const all: Captured[] = [
    { at: 0, what: 'up' },
    { at: 12.25, what: 'sent', bytes: bytes('80 01 00 33 B2') },
    { at: 26.5, what: 'heard', bytes: bytes('80 01 01 01 01 33 B3') },
    { at: 900, what: 'heard', hidden: 12 },
    { at: 1_000, what: 'down' },
  ]
  const text = writeCapture(all, HEAD)
  expect(text).toBe(`# pawl capture 1
# line left: /dev/ttyUSB0, 9600 baud
# until now, because somebody asked
# milliseconds before that; > to the devices, < from them, + port opened, - port lost
    -1000.0 +
     -987.8 > 80 01 00 33 B2
     -973.5 < 80 01 01 01 01 33 B3
     -100.0 < (12 bytes)
        0.0 -
`)
  const read = readCapture(text)
  expect(read.ok && read.all.map(({ at, ...rest }) => rest)).toEqual(all.map(({ at, ...rest }) => rest))
})

test.each([
  ['', 1],
  ['80 01 00 33 B2', 1],
  ['# pawl capture 1\n-1.0 > 80 1', 2],
  ['# pawl capture 1\n\n-1.0 > 80\nnonsense', 4],
  ['# pawl capture 1\n-1.0 ? 80', 2],
])('%j is refused with its line', (text, line) => {
  expect(readCapture(text)).toMatchObject({ ok: false, line })
})

test('a ring keeps what came last, and never more than it may', () => {
  const clock = handClock()
  const ring = openRing()
  const tap = tapInto(ring, clock, false)
  for (let turn = 0; turn < 10_000; turn++) tap('heard', new Uint8Array(turn % 100))
  const all = ring.all()
  const size = all.reduce((sum, each) => sum + ('bytes' in each ? each.bytes.length : 0), 0)
  expect(all.length).toBeLessThanOrEqual(512)
  expect(size).toBeLessThanOrEqual(16_384)
  expect(size).toBeGreaterThan(16_000)
})

test('of a secret line only lengths are kept', () => {
  const ring = openRing()
  tapInto(ring, handClock(), true)('heard', bytes('4B 31 3A 31 31 31 31 0D'))
  expect(ring.all()).toEqual([{ at: expect.any(Number), what: 'heard', hidden: 8 }])
})
