import { describe, expect, test } from 'vitest'
import { bytes, damaged, dice, feed, fuzz, hex, splits } from '../frame-trials.ts'
import { decodeReport, ENABLE, type Piece, triggerOf } from './frames.ts'

const INPUTS = Number(process.env.PAWL_FUZZ ?? 100_000)

/** A report as the manual lays it out: the beginning, zeros, and the last three bytes. */
function report(beginning: string, end: string): Uint8Array {
  const whole = new Uint8Array(64)
  whole.set(bytes(beginning))
  whole.set(bytes(end), 61)
  return whole
}

const LETTERS = hex(Uint8Array.from({ length: 56 }, (_, index) => 0x30 + index))

const REPORTS: [says: string, report: Uint8Array, piece: Piece][] = [
  [
    'the first 56 bytes of a QR code',
    report(`02 38 5D 51 30 ${LETTERS}`, '73 00 01'),
    { aim: ']Q0', data: bytes(LETTERS), more: true },
  ],
  [
    'its last four',
    report('02 04 5D 51 30 4B 31 3A 31', '73 00 00'),
    { aim: ']Q0', data: bytes('4B 31 3A 31'), more: false },
  ],
  [
    'a Honeywell answer to a menu command',
    report('02 09 5D 58 30 6E 75 6D 3A 20 4E 2F 41 0D 0A', '00 00 00'),
    { aim: ']X0', data: bytes('6E 75 6D 3A 20 4E 2F 41 0D'), more: false },
  ],
  [
    'an identifier one byte later',
    report('02 04 00 5D 64 32 4B 31 3A 31', '00 00 00'),
    { aim: ']d2', data: bytes('4B 31 3A 31'), more: false },
  ],
  [
    '56 bytes behind an identifier one byte later',
    report(`02 38 73 5D 51 30 ${LETTERS}`, '00 00 00').with(61, 0x67),
    { aim: ']Q0', data: bytes(LETTERS), more: false },
  ],
  [
    'a code without an identifier',
    report('02 02 00 00 00 4B 31', '00 00 00'),
    { aim: undefined, data: bytes('4B 31'), more: false },
  ],
  ['nothing', report('02 00 5D 51 30', '00 00 00'), { aim: ']Q0', data: new Uint8Array(), more: false }],
]

describe.each(REPORTS)('a report with %s', (_, whole, piece) => {
  test('is read', () => {
    expect(decodeReport(whole)).toEqual({ reply: piece, rest: new Uint8Array(), noise: 0 })
  })

  test('is found whole however it is cut, and after noise of any length in which no report begins', () => {
    for (const pieces of splits(whole))
      expect(feed(decodeReport, pieces)).toEqual({ replies: [piece], noise: 0 })
    const roll = dice(7)
    for (let length = 0; length <= 130; length++) {
      // Any 02 may begin a report, and its other 63 bytes would be swallowed: nothing in them would tell.
      const noise = Uint8Array.from({ length }, () => roll(256)).map(byte => (byte === 2 ? 3 : byte))
      expect(feed(decodeReport, [noise, whole])).toEqual({ replies: [piece], noise: length })
    }
  })

  // A report has no checksum: USB has one under it. All that a report shows by itself are its id, a length of at most 56
  // and a last byte of 0 or 1; what is wrong elsewhere is a wrong code, and the signature inside of the code tells.
  test('with one or two bits wrong is taken exactly when id, length and last byte still look right', () => {
    const wrongs: string[] = []
    let taken = 0
    for (const { frame } of damaged(whole)) {
      const { reply } = decodeReport(frame)
      const [id, length = 0, last = 0] = [frame[0], frame[1], frame[63]]
      if ((reply !== undefined) !== (id === 2 && length <= 0x38 && last <= 1)) wrongs.push(hex(frame))
      if (reply) taken++
      if (reply && (reply.data.length !== length || reply.more !== (last === 1))) wrongs.push(hex(frame))
    }
    expect(wrongs).toEqual([])
    // Of 512 bits 8 of the id, 7 of the last byte and the two highest of the length are always seen, its lowest three sometimes.
    expect(taken).toBeGreaterThanOrEqual(492 + (492 * 491) / 2)
    expect(taken).toBeLessThanOrEqual(495 + (495 * 494) / 2)
  })
})

test('reports one behind another each come out once', () => {
  const stream = Uint8Array.from(REPORTS.flatMap(([, whole]) => [...whole]))
  const pieces = REPORTS.map(([, , piece]) => piece)
  expect(feed(decodeReport, [stream])).toEqual({ replies: pieces, noise: 0 })
  expect(
    feed(
      decodeReport,
      Array.from(stream, byte => Uint8Array.of(byte)),
    ),
  ).toEqual({ replies: pieces, noise: 0 })
})

test.each([
  ['another id', report('01 04 5D 51 30 4B 31 3A 31', '73 00 00')],
  ['more data than a report holds', report('02 39 5D 51 30 4B 31 3A 31', '73 00 00')],
  ['a last byte that is neither 0 nor 1', report('02 04 5D 51 30 4B 31 3A 31', '73 00 02')],
  ['its last byte missing', report('02 04 5D 51 30 4B 31 3A 31', '73 00 00').subarray(0, 63)],
  ['its id missing', report('02 04 5D 51 30 4B 31 3A 31', '73 00 00').subarray(1)],
])('a report with %s is none', (_, whole) => {
  expect(decodeReport(whole).reply).toBeUndefined()
})

test(`${INPUTS} random inputs: nothing thrown, nothing kept that could not begin a report`, () => {
  const { wrongs, accepted } = fuzz(
    decodeReport,
    REPORTS.map(([, whole]) => whole),
    INPUTS,
    64,
  )
  expect(wrongs).toEqual([])
  expect(accepted).toBe(0)
})

test('random reports: never more data than their length says, and all of it from the report', () => {
  const roll = dice(8)
  for (let input = 0; input < 20_000; input++) {
    const whole = Uint8Array.from({ length: 64 }, () => roll(roll(2) === 0 ? 3 : 256))
    whole[0] = 2
    const { reply, rest, noise } = decodeReport(whole)
    if (reply === undefined) continue
    expect([reply.data.length, rest.length, noise]).toEqual([whole[1], 0, 0])
    expect(hex(whole)).toContain(hex(reply.data))
  }
})

test('what is written is what the makers print', () => {
  expect(hex(ENABLE)).toBe('FE 01')
  expect(hex(triggerOf(true))).toBe('FD 03 16 54 0D')
  expect(hex(triggerOf(false))).toBe('FD 03 16 55 0D')
})
