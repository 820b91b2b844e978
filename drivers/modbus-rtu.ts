import { crc16 } from './checksums.ts'
import { type Codec, findFrame } from './codec.ts'

// unit · function · data · CRC low · CRC high. No start byte and no length: what is looked for is the one answer that
// fits the request, or an exception (function + 80, one code). MODBUS Application Protocol V1.1b3; over serial line V1.02.

/** Addresses from 0, as on the wire. */
export type Request =
  | { type: 'read-coils' | 'read-inputs'; from: number; count: number }
  | { type: 'read-holding' | 'read-input-registers'; from: number; count: number }
  /** `value` goes out as it is: FF00 and 0000 are the standard's, others are makers' own. */
  | { type: 'write-coil' | 'write-register'; address: number; value: number }

export type Reply =
  | { type: 'bits'; bits: boolean[] }
  /** 16 bits each, without sign. */
  | { type: 'registers'; registers: number[] }
  | { type: 'written' }
  | { type: 'exception'; code: number }

const FUNCTIONS: Record<Request['type'], number> = {
  'read-coils': 0x01,
  'read-inputs': 0x02,
  'read-holding': 0x03,
  'read-input-registers': 0x04,
  'write-coil': 0x05,
  'write-register': 0x06,
}

const EXCEPTION_LENGTH = 5

/** What MODBUS says with an exception: only these are names, any number may come. */
export const EXCEPTIONS: Record<number, string> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'device failure',
  5: 'acknowledge',
  6: 'busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target silent',
}

/** The codec of one exchange: a Modbus answer can be told only by what was asked. */
export function exchange(unit: number, request: Request): Codec<Request, Reply> {
  const code = FUNCTIONS[request.type]
  const length = replyLength(request)

  function parse(from: Uint8Array): { reply: Reply; length: number } | undefined {
    if (from[0] !== unit) return undefined
    if (from[1] === code && sound(from, length)) {
      const reply = readReply(request, from.subarray(0, length))
      return reply && { reply, length }
    }
    if (from[1] === code + 0x80 && sound(from, EXCEPTION_LENGTH))
      return { reply: { type: 'exception', code: from[2] ?? 0 }, length: EXCEPTION_LENGTH }
    return undefined
  }

  return {
    encode: () => withCrc([unit, code, ...body(request)]),
    decode: bytes => findFrame(bytes, Math.max(length, EXCEPTION_LENGTH), parse),
  }
}

const word = (value: number): [number, number] => [(value >> 8) & 0xff, value & 0xff]

function body(request: Request): number[] {
  switch (request.type) {
    case 'write-coil':
    case 'write-register':
      return [...word(request.address), ...word(request.value)]
    case 'read-coils':
    case 'read-inputs':
    case 'read-holding':
    case 'read-input-registers':
      return [...word(request.from), ...word(request.count)]
  }
}

function replyLength(request: Request): number {
  switch (request.type) {
    case 'read-coils':
    case 'read-inputs':
      return 5 + Math.ceil(request.count / 8)
    case 'read-holding':
    case 'read-input-registers':
      return 5 + 2 * request.count
    case 'write-coil':
    case 'write-register':
      return 8
  }
}

function readReply(request: Request, frame: Uint8Array): Reply | undefined {
  const data = frame.subarray(3, -2)
  switch (request.type) {
    case 'read-coils':
    case 'read-inputs':
      if (frame[2] !== data.length) return undefined
      return {
        type: 'bits',
        bits: Array.from(
          { length: request.count },
          (_, bit) => ((data[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0,
        ),
      }
    case 'read-holding':
    case 'read-input-registers':
      if (frame[2] !== data.length) return undefined
      return {
        type: 'registers',
        registers: Array.from(
          { length: request.count },
          (_, index) => ((data[2 * index] ?? 0) << 8) | (data[2 * index + 1] ?? 0),
        ),
      }
    case 'write-coil':
    case 'write-register':
      return body(request).every((byte, index) => frame[2 + index] === byte) ? { type: 'written' } : undefined
  }
}

function sound(from: Uint8Array, length: number): boolean {
  if (from.length < length) return false
  const crc = crc16(from.subarray(0, length - 2))
  return from[length - 2] === (crc & 0xff) && from[length - 1] === crc >> 8
}

function withCrc(bytes: number[]): Uint8Array {
  const crc = crc16(Uint8Array.from(bytes))
  return Uint8Array.of(...bytes, crc & 0xff, crc >> 8)
}
