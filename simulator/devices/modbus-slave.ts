import { ear } from './ear.ts'
import type { Peripheral, Socket } from './peripheral.ts'

// unit · function · data · CRC (low byte first). An exception is function + 80 and one code.

/** What a Modbus device keeps. Each answers undefined for an address it has not. */
export interface Registers {
  coil?(address: number): boolean | undefined
  input?(address: number): boolean | undefined
  holding?(address: number): number | undefined
  inputRegister?(address: number): number | undefined
  /** False for an address or a value it does not take. */
  writeCoil?(address: number, value: number): boolean
  writeHolding?(address: number, value: number): boolean
}

export interface SlaveSettings {
  unit: number
  thinkMillis?: number
  echoes?: boolean
}

const MOST_BITS = 2_000
const MOST_REGISTERS = 125

/** A Modbus RTU slave on the line: standard functions 01–06, 0F, 10, and exceptions 01–03. */
export function modbusSlave(
  { unit, thinkMillis = 4, echoes = false }: SlaveSettings,
  registers: Registers,
  socket: Socket,
): Peripheral {
  function heard(frame: Uint8Array): void {
    const [to, code = 0] = frame
    if (to !== unit && to !== 0) return
    if (echoes) socket.send(frame)
    const answer = obey(registers, code, frame.subarray(2, -2))
    const body = typeof answer === 'number' ? [unit, code | 0x80, answer] : [unit, code, ...answer]
    if (to === unit) socket.after(thinkMillis, () => socket.send(withCrc(body)))
  }
  return { receive: ear({ forgetAfter: 20, measure, heard }, socket.now).hear }
}

/** The data of the answer, or the code of an exception. */
function obey(registers: Registers, code: number, data: Uint8Array): number[] | number {
  const at = word(data, 0)
  const second = word(data, 2)
  switch (code) {
    case 0x01:
      return readBits(registers.coil, at, second)
    case 0x02:
      return readBits(registers.input, at, second)
    case 0x03:
      return readWords(registers.holding, at, second)
    case 0x04:
      return readWords(registers.inputRegister, at, second)
    case 0x05:
      if (!registers.writeCoil) return 1
      return registers.writeCoil(at, second) ? [...data] : 2
    case 0x06:
      if (!registers.writeHolding) return 1
      return registers.writeHolding(at, second) ? [...data] : 2
    case 0x0f:
      return registers.writeCoil
        ? writeMany(
            data,
            second,
            bit => ((data[5 + (bit >> 3)] ?? 0) & (1 << (bit & 7)) ? 0xff00 : 0),
            registers.writeCoil,
          )
        : 1
    case 0x10:
      return registers.writeHolding
        ? writeMany(data, second, index => word(data, 5 + 2 * index), registers.writeHolding)
        : 1
    default:
      return 1
  }
}

function writeMany(
  data: Uint8Array,
  count: number,
  value: (index: number) => number,
  write: (address: number, value: number) => boolean,
): number[] | number {
  for (let index = 0; index < count; index++) if (!write(word(data, 0) + index, value(index))) return 2
  return [...data.subarray(0, 4)]
}

function readBits(read: Registers['coil'], from: number, count: number): number[] | number {
  if (!read) return 1
  if (count < 1 || count > MOST_BITS) return 3
  const bytes = new Array<number>(Math.ceil(count / 8)).fill(0)
  for (let index = 0; index < count; index++) {
    const bit = read(from + index)
    if (bit === undefined) return 2
    if (bit) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7))
  }
  return [bytes.length, ...bytes]
}

function readWords(read: Registers['holding'], from: number, count: number): number[] | number {
  if (!read) return 1
  if (count < 1 || count > MOST_REGISTERS) return 3
  const words: number[] = []
  for (let index = 0; index < count; index++) {
    const value = read(from + index)
    if (value === undefined) return 2
    words.push((value >> 8) & 0xff, value & 0xff)
  }
  return [words.length, ...words]
}

const word = (data: Uint8Array, at: number): number => ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0)

/** A request is eight bytes, or as long as the number of its data says. Any sound one is heard, whoever it is for. */
function measure(bytes: Uint8Array): number | undefined {
  const code = bytes[1]
  if (code === undefined) return 0
  if (code < 1 || code > 0x10) return undefined
  const many = code === 0x0f || code === 0x10
  if (many && bytes.length < 7) return 0
  const length = many ? 9 + (bytes[6] ?? 0) : 8
  if (bytes.length < length) return 0
  const crc = crcOf(bytes.subarray(0, length - 2))
  return bytes[length - 2] === (crc & 0xff) && bytes[length - 1] === crc >> 8 ? length : undefined
}

function crcOf(bytes: Iterable<number>): number {
  let crc = 0xffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0xa001 : 0)
  }
  return crc
}

const withCrc = (bytes: number[]): Uint8Array => {
  const crc = crcOf(bytes)
  return Uint8Array.of(...bytes, crc & 0xff, crc >> 8)
}
