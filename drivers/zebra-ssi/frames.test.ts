import { describe, expect, test } from 'vitest'
import { promiseFrames } from '../frame-promises.ts'
import { bytes, dice, feed, prefixes, splits } from '../frame-trials.ts'
import { frames, gather, LONGEST, type LongCode, type Packet, type Request } from './frames.ts'

const KNOWN = bytes('F3 73 A4 D0 D1 F6 C6 80 B1 B4 D6 14')

/** By hand: somewhere in it a packet of the scanner whose bytes and sum make 10000 together. */
const passes = (frame: Uint8Array): boolean =>
  frame.some((length, at) => {
    const [, opcode = 0, source] = frame.subarray(at)
    const [high = 0, low = 0] = frame.subarray(at + length)
    if (length < 4 || at + length + 2 > frame.length || source !== 0 || !KNOWN.includes(opcode)) return false
    if (opcode === 0xf3 && length === 4) return false
    const total = frame.subarray(at, at + length).reduce((sum, byte) => sum + byte, 0)
    return (total + high * 0x100 + low) % 0x10000 === 0
  })

const packet = (text: string) => ({ repeated: false, text })

promiseFrames<Request, Packet>('zebra-ssi', {
  codec: frames,
  requests: [
    ['04 E4 04 00 FF 14', { type: 'start' }],
    ['04 E5 04 00 FF 13', { type: 'stop' }],
    ['04 D0 04 00 FF 28', { type: 'ack' }],
    ['05 D1 04 00 01 FF 25', { type: 'nak', data: [0x01] }],
    ['05 D1 04 00 02 FF 24', { type: 'nak', data: [0x02] }],
    ['05 D1 04 00 06 FF 20', { type: 'nak', data: [0x06] }],
    ['04 A3 04 00 FF 55', { type: 'ask-revision' }],
    ['08 C6 04 00 00 FF 8A 08 FD 9D', { type: 'parameters', data: [0x00, 0xff, 0x8a, 0x08] }],
    ['05 74 04 00 00 FF 83', { type: 'ack-segment', data: [0x00] }],
  ],
  replies: [
    ['04 D0 00 00 FF 2C', { ...packet('\xd0'), type: 'ack' }],
    ['05 D1 00 00 01 FF 29', { ...packet('\xd1\x01'), type: 'nak' }],
    ['08 A4 00 00 50 4C 31 30 FE 57', { ...packet('\xa4PL10'), type: 'revision' }],
    ['05 F6 00 00 0B FE FA', { ...packet('\xf6\x0b'), type: 'other' }],
    [
      '07 F3 00 00 01 4E 52 FE 65',
      { ...packet('\xf3\x01NR'), type: 'decoded', kind: 1, data: bytes('4E 52') },
    ],
    [
      '07 F3 00 01 01 4E 52 FE 64',
      { repeated: true, text: '\xf3\x01NR', type: 'decoded', kind: 1, data: bytes('4E 52') },
    ],
    [
      '09 F3 00 00 1B 4B 31 3A 31 FE 02',
      { ...packet('\xf3\x1bK1:1'), type: 'decoded', kind: 0x1b, data: bytes('4B 31 3A 31') },
    ],
    [
      '08 73 00 00 01 4B 31 32 FE D6',
      { ...packet('\x73\x01K12'), type: 'segment', index: 1, body: bytes('4B 31 32'), last: true },
    ],
  ],
  passes,
  // One bit up and one down in the same place cancel out in a sum: one pair of bits in eight, half of the time.
  misses: 1 / 16,
  strangers: [
    '04 E4 04 00 FF 14', // a question of the host
    '04 F3 00 00 FF 09', // a code without a kind
    '05 55 00 00 01 FF A5', // no opcode of a scanner
    '03 D0 00 FF 2D', // shorter than a packet can be
    '04 D0 00 00 2C FF', // low byte of the sum first
  ],
  longest: LONGEST,
})

/** A packet of the scanner, summed by hand. */
function said(opcode: number, ...data: number[]): Uint8Array {
  const body = [4 + data.length, opcode, 0, 0, ...data]
  const sum = 0x10000 - body.reduce((total, byte) => total + byte, 0)
  return Uint8Array.of(...body, sum >> 8, sum & 0xff)
}

/** Nothing comes of it before its last segment, which gives the whole code. */
const put = (segments: Packet[]): (LongCode | undefined)[] => {
  const take = gather()
  return segments.map(each => (each.type === 'segment' ? take(each) : undefined))
}

describe('a code longer than a packet', () => {
  const roll = dice(73)
  const code = Uint8Array.from({ length: 700 }, () => roll(256))
  const head = [0xf3, 0, 0, 0, 0, 0x1b, 0, code.length >> 8, code.length & 0xff]
  const parts = [[...head, ...code.subarray(0, 241)], [...code.subarray(241, 491)], [...code.subarray(491)]]
  const packets = parts.map((part, index) => said(0x73, index, ...part))
  const whole = { kind: 0x1b, data: Buffer.from(code) }
  const segments = feed(frames.decode, packets).replies
  const at = (...order: number[]): Packet[] => order.flatMap(index => segments[index] ?? [])

  test('is put together from its segments, however the line cuts them', () => {
    const stream = Uint8Array.from(packets.flatMap(each => [...each]))
    for (const pieces of splits(stream)) {
      const { replies, noise } = feed(frames.decode, pieces)
      expect(noise).toBe(0)
      expect(put(replies)).toEqual([undefined, undefined, whole])
    }
  })

  test('is found after noise of any length', () => {
    const [first = new Uint8Array()] = packets
    for (const prefix of prefixes(first, 20))
      expect(feed(frames.decode, [prefix, first]).replies.at(-1)).toEqual(segments[0])
  })

  test('is none when a segment is missing, out of turn or cut short, and the next one is whole again', () => {
    for (const order of [[0, 2], [1, 2], [2], [0, 1, 1, 2], [0, 2, 1]])
      expect(put(at(...order)).every(each => each === undefined)).toBe(true)
    expect(put(at(0, 2, 0, 1, 2)).at(-1)).toEqual(whole)
    expect(put(at(0, 1, 0, 1, 2)).at(-1)).toEqual(whole)
    const short = at(0, 1, 2).map(each =>
      each.type === 'segment' ? { ...each, body: each.body.slice(0, -1) } : each,
    )
    expect(put(short)).toEqual([undefined, undefined, undefined])
    expect(put([...short, ...at(0, 1, 2)]).at(-1)).toEqual(whole)
  })

  test('comes out of a hundred thousand shuffled segments never but whole', () => {
    const take = gather()
    const dealt = dice(74)
    let last: number[] = []
    for (let input = 0; input < 100_000; input++) {
      const index = dealt(3)
      const segment = segments[index]
      last = [...last.slice(-2), index]
      const found = segment?.type === 'segment' ? take(segment) : undefined
      expect(found !== undefined).toBe(last.join() === '0,1,2')
      if (found) expect(found.data.length).toBe(code.length)
    }
  })
})
