import { ear } from './ear.ts'
import type { LineScanner } from './line-scanner.ts'
import type { Plug, Socket } from './peripheral.ts'

// packet   LEN OPCODE SOURCE STATUS DATA… SUMh SUMl    LEN: all but the sum; SUM: the two's complement of the sum
// SOURCE   00 scanner, 04 host.   STATUS  bit 0 sent again, bit 1 more of this message follows
// decoded  F3, DATA = code type, barcode. One too long for a packet goes as segments (73):
//   first  FF 73 00 STATUS 00 F3 .. .. .. .. TYPE .. LENh LENl barcode…     then  LEN 73 00 STATUS NUMBER barcode…
// What the host does not acknowledge is sent again. Bad sums are answered D1 01, unknown opcodes D1 02.

export interface SsiScannerSettings {
  /** Sends packets from the start; otherwise bare bytes until parameter EE asks for packets. */
  packeted?: boolean
  /** How often a packet that nobody acknowledged is sent again. */
  repeats?: number
  repeatMillis?: number
  /** The most of a barcode that fits a packet. */
  segment?: number
}

interface Packet {
  opcode: number
  data: Uint8Array
  /** Another packet of the same message follows. */
  more: boolean
}

const HOST = 0x04
const ACK = 0xd0
const NAK = 0xd1
const SEGMENT = 0x73
const SEGMENT_ACK = 0x74
const DECODED = 0xf3
const PARAMETERS = 0xc6
const DEFAULTS = 0xc8
const FLUSH = 0xd2
const START = 0xe4
const STOP = 0xe5
const ENABLE = 0xe9
const DISABLE = 0xea

const RESEND = 0x01
const BAD_CONTEXT = 0x02
const DENIED = 0x06

const SOFTWARE_ACK = 0x9f
const PACKETED = 0xee
const TRIGGER_MODE = 0x8a
const BY_HOST = 0x08
const SEND_NO_READ = 0x5e
const NO_READ = Uint8Array.of(0x01, 0x4e, 0x52)

const THINKING = 2
const SESSION_MILLIS = 9_900
const REVISION = 'PAWLSSI-001-R00'
/** Every baud rate, no other interface, segments; then the opcodes it obeys. */
const CAPABILITIES = [0xff, 0xff, 0x00, 0x01]

/** Among them some that it only acknowledges: 10 macro PDF, C4 C5 aim, E6 beep, E7 E8 LED, EB sleep. */
const OBEYED = [
  ...[START, STOP, ENABLE, DISABLE, PARAMETERS, DEFAULTS, FLUSH],
  ...[0x10, 0xc4, 0xc5, 0xe6, 0xe7, 0xe8, 0xeb],
]

const LINEAR = { ']A0': 0x01, ']C0': 0x03, ']C1': 0x0f, ']E0': 0x0b, ']E4': 0x0a, ']e0': 0x30 }
const MATRIX = { ']L0': 0x11, ']Q1': 0x1c, ']Q3': 0x1c, ']d1': 0x1b, ']d2': 0x1b, ']z0': 0x2d }
const CODE_TYPES: Record<string, number> = { ...LINEAR, ...MATRIX }

export function ssiScanner(settings: SsiScannerSettings = {}): LineScanner {
  const { packeted = false, segment = 250 } = settings
  let show: LineScanner['scan'] = () => {}

  const plug: Plug = socket => {
    const fresh = (): [number, number][] => [
      [SOFTWARE_ACK, 1],
      [PACKETED, packeted ? 1 : 0],
      [TRIGGER_MODE, 0],
      [SEND_NO_READ, 0],
    ]
    let parameters = new Map(fresh())
    let enabled = true
    let session: (() => void) | undefined

    const wantsAck = () => parameters.get(SOFTWARE_ACK) !== 0
    const { push, taken, again, giveUp, flush } = outbox(socket, settings, wantsAck)
    const reply = (opcode: number, ...data: number[]) =>
      socket.send(packetOf(opcode, 0, Uint8Array.from(data)))

    function endSession(): void {
      session?.()
      session = undefined
    }

    function startSession(): void {
      endSession()
      session = socket.after(SESSION_MILLIS, () => {
        endSession()
        if (parameters.get(SEND_NO_READ) === 1) tell(NO_READ)
      })
    }

    /** `decoded`: the code type, then the barcode. */
    function tell(decoded: Uint8Array): void {
      if (parameters.get(PACKETED) === 1) push(messageOf(decoded, segment))
      else socket.send(decoded.slice(1))
    }

    /** FF (no beep), then pairs of number and value. */
    function setParameters([, ...pairs]: Uint8Array): boolean {
      const numbers = pairs.filter((_, index) => index % 2 === 0)
      if (pairs.length === 0 || pairs.length % 2 === 1 || numbers.includes(0xff)) return false
      for (const [turn, number] of numbers.entries()) parameters.set(number, pairs[turn * 2 + 1] as number)
      return true
    }

    function tellParameters(numbers: Uint8Array): void {
      const pairs = [...numbers].flatMap(number => {
        const value = parameters.get(number)
        return value === undefined ? [] : [number, value]
      })
      push([{ opcode: PARAMETERS, data: Uint8Array.of(0xff, ...pairs), more: false }])
    }

    /** Why it refuses; undefined once it is done. */
    function carryOut(opcode: number, data: Uint8Array): number | undefined {
      if (!OBEYED.includes(opcode)) return BAD_CONTEXT
      if (opcode === START && !enabled) return DENIED
      if (opcode === PARAMETERS && !setParameters(data)) return BAD_CONTEXT
      if (opcode === START) startSession()
      if (opcode === STOP || opcode === DISABLE) endSession()
      if (opcode === ENABLE || opcode === DISABLE) enabled = opcode === ENABLE
      if (opcode === DEFAULTS) parameters = new Map(fresh())
      if (opcode === FLUSH) flush()
      return undefined
    }

    function obey(frame: Uint8Array): void {
      if (!isSound(frame)) return reply(NAK, RESEND)
      const [, opcode = 0] = frame
      const data = frame.subarray(4, -2)
      if (opcode === ACK || opcode === SEGMENT_ACK) return taken()
      if (opcode === NAK) return data[0] === RESEND ? again() : giveUp()
      if (opcode === 0xa3) return reply(0xa4, ...Buffer.from(REVISION))
      if (opcode === 0xd3) return reply(0xd4, ...CAPABILITIES, ...OBEYED)
      if (opcode === 0xc7) return tellParameters(data)
      const refusal = carryOut(opcode, data)
      if (refusal === undefined) reply(ACK)
      else reply(NAK, refusal)
    }

    const { hear } = ear(
      { forgetAfter: 200, measure, heard: frame => void socket.after(THINKING, () => obey(frame)) },
      socket.now,
    )

    show = (code, aim = ']Q1') => {
      const waits = parameters.get(TRIGGER_MODE) === BY_HOST && !session
      if (!enabled || waits) return
      endSession()
      const data = typeof code === 'string' ? Buffer.from(code, 'latin1') : code
      tell(Uint8Array.of(CODE_TYPES[aim] ?? 0, ...data))
    }

    return { receive: hear }
  }

  return { plug, scan: (code, aim) => show(code, aim) }
}

/** What the host must acknowledge, one packet after the other. */
function outbox(
  socket: Socket,
  { repeats = 2, repeatMillis = 2_000 }: SsiScannerSettings,
  wantsAck: () => boolean,
) {
  const messages: Packet[][] = []
  let sent = 0
  let stopWaiting = () => {}

  function sendFront(): void {
    const packet = messages[0]?.[0]
    if (!packet) return
    if (sent > repeats) return drop(Infinity)
    const status = (sent > 0 ? 0b01 : 0) | (packet.more ? 0b10 : 0)
    socket.send(packetOf(packet.opcode, status, packet.data))
    sent++
    if (!wantsAck()) return drop(1)
    stopWaiting = socket.after(repeatMillis, sendFront)
  }

  function drop(packets: number): void {
    stopWaiting()
    sent = 0
    messages[0]?.splice(0, packets)
    if (messages[0]?.length === 0) messages.shift()
    sendFront()
  }

  return {
    push(message: Packet[]) {
      messages.push(message)
      if (messages.length === 1) sendFront()
    },
    taken: () => drop(1),
    again() {
      stopWaiting()
      sendFront()
    },
    giveUp: () => drop(Infinity),
    flush() {
      messages.length = 0
      drop(0)
    },
  }
}

function messageOf(decoded: Uint8Array, segment: number): Packet[] {
  const [type = 0] = decoded
  const code = decoded.subarray(1)
  if (code.length <= Math.min(segment, 250)) return [{ opcode: DECODED, data: decoded, more: false }]
  // A packet is 255 bytes at most: 14 before the barcode in the first, 5 in the others.
  const first = Math.min(segment, 241)
  const step = Math.min(segment, 250)
  const head = [0, DECODED, 0, 0, 0, 0, type, 0, code.length >> 8, code.length & 0xff]
  const data = [Uint8Array.of(...head, ...code.subarray(0, first))]
  for (let at = first; at < code.length; at += step)
    data.push(Uint8Array.of(data.length, ...code.subarray(at, at + step)))
  return data.map((piece, turn) => ({ opcode: SEGMENT, data: piece, more: turn < data.length - 1 }))
}

/** Whether the sum fits is asked later: a host whose sum is wrong gets an answer. */
function measure([length = 0, , source, ...rest]: Uint8Array): number | undefined {
  if (length < 4) return undefined
  if (source === undefined) return 0
  if (source !== HOST) return undefined
  return rest.length + 3 < length + 2 ? 0 : length + 2
}

const checksum = (bytes: Uint8Array): number => -bytes.reduce((sum, byte) => sum + byte, 0) & 0xffff

function isSound(frame: Uint8Array): boolean {
  const [high = 0, low = 0] = frame.subarray(-2)
  return checksum(frame.subarray(0, -2)) === ((high << 8) | low)
}

function packetOf(opcode: number, status: number, data: Uint8Array): Uint8Array {
  const packet = Uint8Array.of(4 + data.length, opcode, 0x00, status, ...data)
  const sum = checksum(packet)
  return Uint8Array.of(...packet, sum >> 8, sum & 0xff)
}
