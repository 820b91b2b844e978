import { ear } from './ear.ts'
import type { LineScanner } from './line-scanner.ts'
import type { Plug, Socket } from './peripheral.ts'

// request  7E 00 TYPE LEN ADDRh ADDRl DATA… CRCh CRCl     AB CD for the CRC: do not check
// answer   02 00 00 LEN DATA… CRCh CRCl                   to a heartbeat 03 instead of 02
// CRC: polynomial 1021 from 0, over TYPE … DATA. 07 reads zones, 08 writes them, 09 saves them, 0A is the
// heartbeat. Answers and barcodes go out on one line; a bad CRC and an unknown type meet with silence.

export interface Gm65Settings {
  /** Reads only when told to, rather than all the time. */
  triggered?: boolean
  /** Sends identifiers such as `]d2` before the barcode, until told otherwise. */
  aim?: boolean
  suffix?: string
  /** How long it looks for a barcode once triggered. */
  readMillis?: number
}

const READ = 0x07
const WRITE = 0x08
const SAVE = 0x09
const HEARTBEAT = 0x0a

const MODE = 0x0000
const TRIGGER = 0x0002
const BAUD = 0x002a
const AIM = 0x00d0
const DEFAULTS = 0x00d9

const CONTINUOUS = 0xd6
const ON_COMMAND = 0xd5
const RESTORE = 0x55
const AIM_ON = 0x80

const THINKING = 2
/** Three heartbeats. */
const LINK_MILLIS = 30_000
const RESTARTING = 500

export function gm65(settings: Gm65Settings = {}): LineScanner {
  const { suffix = '\r', readMillis = 5_000 } = settings
  let show: LineScanner['scan'] = () => {}

  const plug: Plug = socket => {
    let zones = factory(settings)
    let saved = zones.slice()
    let deafUntil = -Infinity
    let look: (() => void) | undefined
    let link = () => {}

    function endRead(): void {
      look?.()
      look = undefined
      zones[TRIGGER] = 0
    }

    function startRead(): void {
      endRead()
      zones[TRIGGER] = 1
      look = socket.after(readMillis, endRead)
    }

    /** What was not saved is gone, as is the barcode it was looking for. */
    function restart(): void {
      endRead()
      forget()
      zones = saved.slice()
      deafUntil = socket.now() + RESTARTING
    }

    function answer(data: Iterable<number>, head = 0x02): void {
      socket.send(Uint8Array.of(head, 0x00, ...withCrc([0x00, [...data].length, ...data])))
    }

    function write(at: number, data: Uint8Array): void {
      const touches = (zone: number) => (zone >= at && zone < at + data.length ? data[zone - at] : undefined)
      if (touches(DEFAULTS) === RESTORE) zones = factory(settings)
      else zones.set(data, at)
      const trigger = touches(TRIGGER)
      if (trigger !== undefined) {
        if (trigger & 1) startRead()
        else endRead()
      }
    }

    function obey([, , type, , high = 0, low = 0, ...rest]: Uint8Array): void {
      const at = (high << 8) | low
      const data = Uint8Array.from(rest.slice(0, -2))
      const [count = 0] = data
      if (type === HEARTBEAT) {
        link()
        link = socket.after(LINK_MILLIS, restart)
        answer([0], 0x03)
      }
      if (type === SAVE) {
        saved = zones.slice()
        answer([0])
      }
      if (type === WRITE && at + data.length <= zones.length) {
        write(at, data)
        answer([0])
      }
      if (type === READ && data.length === 1 && at + count <= zones.length)
        answer(zones.subarray(at, at + count))
    }

    const { hear, forget } = ear(
      { forgetAfter: 200, measure, heard: frame => void socket.after(THINKING, () => obey(frame)) },
      socket.now,
    )

    show = (code, aim = ']Q1') => {
      if (socket.now() < deafUntil || !(readsAlways(zones) || look)) return
      endRead()
      sendCode(socket, (zones[AIM] ?? 0) & AIM_ON ? aim : '', code, suffix)
    }

    return {
      receive(bytes) {
        if (socket.now() >= deafUntil) hear(bytes)
      },
    }
  }

  return { plug, scan: (code, aim) => show(code, aim) }
}

function sendCode(socket: Socket, aim: string, code: string | Uint8Array, suffix: string): void {
  const data = typeof code === 'string' ? Buffer.from(code, 'latin1') : code
  socket.send(Uint8Array.of(...Buffer.from(aim, 'latin1'), ...data, ...Buffer.from(suffix, 'latin1')))
}

function factory({ triggered = false, aim = false }: Gm65Settings): Uint8Array {
  const zones = new Uint8Array(0x100)
  zones[MODE] = triggered ? ON_COMMAND : CONTINUOUS
  // 9600 baud.
  zones.set([0x39, 0x01], BAUD)
  zones[AIM] = aim ? AIM_ON : 0
  return zones
}

/** The low two bits of the mode byte: by hand, on command, all the time, when something moves. */
const readsAlways = (zones: Uint8Array): boolean => ((zones[MODE] ?? 0) & 0b10) !== 0

function measure(bytes: Uint8Array): number | undefined {
  const [head, zero, type = READ, size = 1] = bytes
  if (head !== 0x7e) return undefined
  if (zero !== undefined && zero !== 0) return undefined
  if (type < READ || type > HEARTBEAT || size === 0) return undefined
  const length = 8 + size
  if (bytes.length < 4 || bytes.length < length) return 0
  const given = ((bytes[length - 2] ?? 0) << 8) | (bytes[length - 1] ?? 0)
  return given === 0xabcd || given === crc(bytes.subarray(2, length - 2)) ? length : undefined
}

function crc(bytes: Iterable<number>): number {
  let sum = 0
  for (const byte of bytes) {
    sum ^= byte << 8
    for (let bit = 0; bit < 8; bit++) sum = ((sum << 1) ^ (sum & 0x8000 ? 0x1021 : 0)) & 0xffff
  }
  return sum
}

const withCrc = (bytes: number[]): number[] => [...bytes, crc(bytes) >> 8, crc(bytes) & 0xff]
