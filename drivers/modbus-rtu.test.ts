import { expect, test } from 'vitest'
import { promiseFrames } from './frame-promises.ts'
import { bytes, hex } from './frame-trials.ts'
import { exchange, type Reply, type Request } from './modbus-rtu.ts'

/** By hand, from the other end: the CRC of a whole frame, its own included, is zero. */
function residue(frame: Uint8Array): number {
  let crc = 0xffff
  for (const byte of frame)
    for (let bit = 0; bit < 8; bit++) {
      const low = (crc ^ (byte >> bit)) & 1
      crc = (crc >> 1) ^ (low ? 0xa001 : 0)
    }
  return crc
}

const suite = (name: string, request: Request, asked: string, said: string, reply: Reply): void =>
  promiseFrames<Request, Reply>(`modbus, ${name}`, {
    codec: exchange(1, request),
    requests: [[asked, request]],
    replies: [[said, reply]],
    passes: frame =>
      frame[0] === 1 &&
      (residue(frame) === 0 || ((frame[1] ?? 0) > 0x80 && residue(frame.subarray(0, 5)) === 0)),
    // CRC-16 sees every one- and two-bit error in a frame of this length. But a frame has no length of its own: of some
    // hundred pairs one makes the beginning of the frame an exception, and that costs one reading.
    misses: said.length > 17 ? 0 : 1 / 1_000,
    strangers: ['02 01 01 00 51 B8', '01 85 02 C3 52', '01 01 02 00 00 B9 FC'],
    longest: bytes(said).length,
    chance: 1,
  })

suite('coils', { type: 'read-coils', from: 0, count: 8 }, '01 01 00 00 00 08 3D CC', '01 01 01 00 51 88', {
  type: 'bits',
  bits: new Array(8).fill(false),
})
suite('inputs', { type: 'read-inputs', from: 0, count: 8 }, '01 02 00 00 00 08 79 CC', '01 02 01 00 A1 88', {
  type: 'bits',
  bits: new Array(8).fill(false),
})
suite(
  'a pulse',
  { type: 'write-coil', address: 0x0200, value: 7 },
  '01 05 02 00 00 07 8D B0',
  '01 05 02 00 00 07 8D B0',
  { type: 'written' },
)
suite(
  'a setting',
  { type: 'write-register', address: 0x1000, value: 1 },
  '01 06 10 00 00 01 4C CA',
  '01 06 10 00 00 01 4C CA',
  { type: 'written' },
)
suite(
  'holding registers',
  { type: 'read-holding', from: 0x0101, count: 1 },
  '01 03 01 01 00 01 D4 36',
  '01 03 02 00 01 79 84',
  { type: 'registers', registers: [1] },
)
suite(
  'input registers',
  { type: 'read-input-registers', from: 1, count: 2 },
  '01 04 00 01 00 02 20 0B',
  '01 04 04 01 31 02 22 2A CE',
  { type: 'registers', registers: [305, 546] },
)

test.each([
  ['01 82 02 C1 61', { type: 'read-inputs', from: 0, count: 8 }, 2],
  ['01 85 03 02 91', { type: 'write-coil', address: 0, value: 1 }, 3],
] as const)('%s is an exception', (text, request, code) => {
  expect(exchange(1, request).decode(bytes(text)).reply).toEqual({ type: 'exception', code })
})

test.each([
  ['01 05 00 00 FF 00 8C 3A', 0, 0xff00],
  ['01 05 00 FF 00 00 FD FA', 0x00ff, 0],
  ['01 05 02 01 00 08 9C 74', 0x0201, 8],
] as const)('%s is written', (text, address, value) => {
  const request = { type: 'write-coil', address, value } as const
  expect(hex(exchange(1, request).encode(request))).toBe(text)
})

test('the answer to another write is none', () => {
  const { decode } = exchange(1, { type: 'write-coil', address: 0x0201, value: 8 })
  expect(decode(bytes('01 05 02 00 00 07 8D B0')).reply).toBeUndefined()
})
