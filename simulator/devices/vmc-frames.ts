import { ear } from './ear.ts'
import type { Socket } from './peripheral.ts'

// FA FB CMD LEN [PackNO TEXT…] XOR     LEN counts PackNO and text; XOR is of every byte before it
// host   POLL or a packet     answer   ACK, or after a POLL a command, which the host acknowledges at once

/** What may be counted from outside. */
export interface Tally {
  /** Polls and packets that nobody answered in time. */
  unanswered: number
  /** The milliseconds to each of the last answers, those that came too late among them. */
  lastAnswerMillis: number[]
  /** Packets that were repeated in vain. */
  gaveUp: number
}

/** Loses a command on its way here, or the ACK on its way back, after which it is acted on all the same. */
export type Refuse = (command: number) => 'unheard' | 'ack-lost' | undefined

export interface Hosting {
  pollMillis: number
  refuse: Refuse
  /** A command that was not heard before. */
  heard(command: number, text: Uint8Array): void
}

export interface Host {
  /** Goes out in the place of a coming poll. */
  tell(command: number, ...text: number[]): void
  pollEvery(millis: number): void
  receive(bytes: Uint8Array): void
}

interface Packet {
  command: number
  text: number[]
  sent: number
}

const ANSWER_WITHIN = 100
/** After the first time. */
const REPEATS = 5
/** A command with a number heard less than so many exchanges ago is that one, repeated. */
const REPEATED_WITHIN = 6
const ANSWERS_KEPT = 100
const LONGEST_TEXT = 0x40
const FORGET_AFTER = 100

const POLL = 0x41
const ACK = 0x42

/** The half of the conversation that begins every exchange. */
export function host(socket: Socket, { pollMillis, refuse, heard }: Hosting, tally: Tally): Host {
  const outbox: Packet[] = []
  /** In which exchange each command and number was last heard. */
  const known = new Map<number, number>()
  let every = pollMillis
  let packNo = 1
  let exchange = 0
  /** What has had no answer so far. */
  let asked: { at: number; packet: Packet | undefined; late: boolean } | undefined

  function ask(): void {
    exchange++
    const [packet] = outbox
    const mine = { at: socket.now(), packet, late: false }
    asked = mine
    socket.after(ANSWER_WITHIN, () => {
      if (asked !== mine) return
      mine.late = true
      tally.unanswered++
      if (packet && packet.sent > REPEATS) {
        tally.gaveUp++
        done()
      }
    })
    socket.after(every, ask)
    if (packet) packet.sent++
    socket.send(packet ? withXor(packet.command, [packNo, ...packet.text]) : withXor(POLL))
  }

  function done(): void {
    outbox.shift()
    packNo = (packNo % 255) + 1
  }

  function answered(frame: Uint8Array): void {
    const [, , command = 0, length, number = 0] = frame
    if (!asked || (length === 0 && command !== ACK)) return
    const { at, packet, late } = asked
    // A packet wants an ACK: a command in its place is out of turn.
    if (packet && !late && length !== 0) return
    asked = undefined
    tally.lastAnswerMillis.push(socket.now() - at)
    tally.lastAnswerMillis.splice(0, tally.lastAnswerMillis.length - ANSWERS_KEPT)
    if (late) return
    if (length === 0) {
      if (packet) done()
      return
    }
    take(command, number, frame.subarray(5, -1))
  }

  function take(command: number, number: number, text: Uint8Array): void {
    const lost = refuse(command)
    if (lost === 'unheard') return
    if (lost !== 'ack-lost') socket.send(withXor(ACK))
    const key = (command << 8) | number
    const before = known.get(key) ?? -Infinity
    known.set(key, exchange)
    if (exchange - before >= REPEATED_WITHIN) heard(command, text)
  }

  const { hear } = ear({ forgetAfter: FORGET_AFTER, measure, heard: answered }, socket.now)
  socket.after(every, ask)

  return {
    tell: (command, ...text) => void outbox.push({ command, text, sent: 0 }),
    pollEvery(millis) {
      every = millis
    },
    receive: hear,
  }
}

/** FA FB may stand inside a text too, so only length and XOR say where a frame ends. */
function measure(bytes: Uint8Array): number | undefined {
  const [first, second = 0xfb, , text = 0] = bytes
  if (first !== 0xfa || second !== 0xfb || text > LONGEST_TEXT) return undefined
  const length = 5 + text
  if (bytes.length < length) return 0
  return bytes[length - 1] === xor(bytes.subarray(0, length - 1)) ? length : undefined
}

function withXor(command: number, text: number[] = []): Uint8Array {
  const head = [0xfa, 0xfb, command, text.length, ...text]
  return Uint8Array.of(...head, xor(head))
}

const xor = (bytes: Iterable<number>): number => {
  let all = 0
  for (const byte of bytes) all ^= byte
  return all
}

/** The high byte first. */
export const split16 = (value: number): [number, number] => [(value >> 8) & 0xff, value & 0xff]
/** The high byte first. */
export const split32 = (value: number): number[] => [...split16(value >>> 16), ...split16(value)]
/** The high byte first. */
export const word = ([high = 0, low = 0]: Uint8Array): number => (high << 8) | low
