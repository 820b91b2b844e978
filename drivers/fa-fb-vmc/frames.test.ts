import { expect, test } from 'vitest'
import { promiseFrames } from '../frame-promises.ts'
import { bytes, dice, feed, hex, splits } from '../frame-trials.ts'
import {
  ACK,
  ackBytes,
  COMMANDS,
  driveText,
  frames,
  LONGEST,
  laneText,
  type Packet,
  POLL,
  readStatus,
} from './frames.ts'

/** By hand: somewhere in it FA FB, a length that belongs to the command, and an XOR over all of it that is zero. */
const passes = (frame: Uint8Array): boolean =>
  frame.some((_, at) => {
    const [head, second, command, length = 0] = frame.subarray(at)
    const whole = frame.subarray(at, at + length + 5)
    if (head !== 0xfa || second !== 0xfb || whole.length < length + 5) return false
    const empty = command === 0x41 || command === 0x42
    return empty === (length === 0) && whole.reduce((sum, byte) => sum ^ byte, 0) === 0
  })

const packet = (command: number, pack: number, text: string): Packet => ({ command, pack, text: bytes(text) })

/** What an agent hears. */
const HEARD: [string, Packet][] = [
  ['FA FB 41 00 40', packet(POLL, 0, '')],
  ['FA FB 42 00 43', packet(ACK, 0, '')],
  ['FA FB 04 04 A3 01 00 3C 9F', packet(COMMANDS.dispensing, 0xa3, '01 00 3C')],
  ['FA FB 04 04 A4 02 00 3C 9B', packet(COMMANDS.dispensing, 0xa4, '02 00 3C')],
  ['FA FB 04 04 9E 03 00 3C A0', packet(COMMANDS.dispensing, 0x9e, '03 00 3C')],
  ['FA FB 04 04 14 FF 00 0D E7', packet(COMMANDS.dispensing, 0x14, 'FF 00 0D')],
  ['FA FB 02 04 11 01 00 0D 1A', packet(COMMANDS.checked, 0x11, '01 00 0D')],
  ['FA FB 31 01 02 33', packet(COMMANDS.synchronise, 2, '')],
  ['FA FB 21 06 D5 01 00 01 86 A0 D5', packet(0x21, 0xd5, '01 00 01 86 A0')],
  ['FA FB 54 02 15 00 42', packet(0x54, 0x15, '00')],
]

/** What an agent says, and what it may hear and does nothing with. */
const OTHERS: [string, Packet][] = [
  ['FA FB 06 05 A6 01 00 00 3C 99', packet(COMMANDS.drive, 0xa6, '01 00 00 3C')],
  ['FA FB 06 05 01 01 01 00 0D 0E', packet(COMMANDS.drive, 1, '01 01 00 0D')],
  ['FA FB 01 03 02 00 0D 0C', packet(COMMANDS.check, 2, '00 0D')],
  ['FA FB 05 03 04 00 00 03', packet(COMMANDS.cancel, 4, '00 00')],
  [
    'FA FB 11 0C 16 00 0D 00 00 01 F4 05 0A 00 07 00 FA',
    packet(0x11, 0x16, '00 0D 00 00 01 F4 05 0A 00 07 00'),
  ],
  // Its amount looks like the beginning of another.
  ['FA FB 23 05 01 00 00 FA FB 27', packet(0x23, 1, '00 00 FA FB')],
]

const PACKETS = [...HEARD, ...OTHERS]

promiseFrames<Packet, Packet>('fa-fb-vmc', {
  codec: frames,
  requests: PACKETS,
  replies: HEARD,
  passes,
  // Two wrong bits in the same place of two bytes cancel out in an XOR: of n bytes (n − 1) / (8n − 1) of all pairs.
  misses: 1 / 8,
  strangers: [
    'FA FB 41 00 41', // a wrong check
    'FA FB 04 00 05', // a packet without its number
    'FA FB 41 01 05 44', // a poll with one
    'FA FA 41 00 41', // another head
    'FB FA 41 00 40', // the head turned round
  ],
  longest: LONGEST,
  chance: 2,
})

test('packets one behind another each come out once, wherever the line cuts them', () => {
  const stream = bytes(PACKETS.map(([text]) => text).join(' '))
  for (const pieces of splits(stream))
    expect(feed(frames.decode, pieces)).toEqual({ replies: PACKETS.map(([, each]) => each), noise: 0 })
})

// Two halves of one packet cancel out in an XOR, so a packet of even length that is cut in its middle and said again passes.
// Those of a lane's status have nine bytes: what is left in the middle is their number, and that is never 0. Cut later they
// pass by chance, but then the FA FB of the second one stands where the lane should be.
test('a status cut short and said again is never taken for another status of its lane', () => {
  const roll = dice(4)
  for (let input = 0; input < 5_000; input++) {
    const lane = roll(1_010)
    const said = { command: 4, pack: 1 + roll(255), text: Uint8Array.of(roll(256), ...laneText(lane)) }
    const frame = frames.encode(said)
    for (let cut = 0; cut < frame.length; cut++)
      for (const reply of feed(frames.decode, [frame.subarray(0, cut), frame]).replies)
        if (readStatus(reply)?.lane === lane) expect(hex(frames.encode(reply))).toBe(hex(frame))
  }
})

test('after a packet that is broken by one wrong byte the next one is heard, whatever the byte', () => {
  const [broken, next] = [bytes('FA FB 04 04 A3 01 00 3C 9F'), bytes('FA FB 41 00 40')]
  for (let at = 0; at < broken.length; at++)
    for (let wrong = 1; wrong < 256; wrong++) {
      const damaged = broken.with(at, (broken[at] ?? 0) ^ wrong)
      expect(feed(frames.decode, [damaged, next]).replies.at(-1)).toEqual(packet(POLL, 0, ''))
    }
})

test('what is said of a lane stands in two bytes, high one first', () => {
  expect(hex(ackBytes)).toBe('FA FB 42 00 43')
  expect(hex(driveText(60, true, false))).toBe('01 00 00 3C')
  expect(hex(driveText(0x1234, false, true))).toBe('00 01 12 34')
  expect(hex(laneText(1009))).toBe('03 F1')
  expect(readStatus(packet(COMMANDS.dispensing, 1, '02 03 F1'))).toEqual({ status: 2, lane: 1009 })
  expect(readStatus(packet(COMMANDS.dispensing, 1, '02 03 F1 01'))).toEqual({ status: 2, lane: 1009 })
})

test('a status without its lane is none', () => {
  for (const text of ['', '02', '02 00'])
    expect(readStatus(packet(COMMANDS.dispensing, 1, text))).toBeUndefined()
})
