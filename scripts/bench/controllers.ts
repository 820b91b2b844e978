// Vending controllers, one on each tty, in a process of their own: no work of the bench delays their polls.
// controllers.ts LINK…   each line on stdin is answered with what was counted since the one before
import { createInterface } from 'node:readline'
import { systemClock as clock, sleep } from '../../drivers/host/clock.ts'
import type { Plug } from '../../simulator/devices/peripheral.ts'
import { lane, type VmcWorld, vmc, vmcWorld } from '../../simulator/devices/vmc.ts'
import { openPty } from '../../simulator/world/pty.ts'

/** What one controller saw since it was asked last. */
export interface Seen {
  /** The milliseconds to each answer, late ones too. */
  answers: number[]
  /** Polls and packets that had no answer within 100 ms. */
  unanswered: number
  /** Polls and packets that it sent. */
  asked: number
  gaveUp: number
  /** Drives that came, each repetition too. */
  drives: number
  /** Of those, how many were answers to a poll that was too old to be answered. */
  staleDrives: number
  /** How often each lane turned so far, those that did. */
  turned: [lane: number, times: number][]
}

const BAUD = 57_600
const LANES = 60
const APART = 100
const ANSWER_WITHIN = 100
const DRIVE = Buffer.of(0xfa, 0xfb, 0x06)

function openController(link: string) {
  const lanes = Array.from({ length: LANES }, (_, index): [number, ReturnType<typeof lane>] => [
    index + 1,
    lane('drops', 100),
  ])
  const world = vmcWorld(...lanes)
  const seen = { asked: 0, drives: 0, staleDrives: 0 }
  openPty({ clock, baud: BAUD, plugs: [watched(world, seen)], link })
  return (): Seen => {
    const { unanswered, gaveUp } = world
    const answers = world.lastAnswerMillis.splice(0)
    const turned = lanes.flatMap(([number, { turned }]): [number, number][] =>
      turned > 0 ? [[number, turned]] : [],
    )
    const said = { ...seen, answers, unanswered, gaveUp, turned }
    Object.assign(seen, { asked: 0, drives: 0, staleDrives: 0 })
    Object.assign(world, { unanswered: 0, gaveUp: 0 })
    return said
  }
}

/** A controller whose connector is looked at from outside. */
const watched =
  (world: VmcWorld, seen: { asked: number; drives: number; staleDrives: number }): Plug =>
  socket => {
    let askedAt = 0
    const send = (bytes: Uint8Array): void => {
      // An ACK says nothing that wants an answer.
      if (bytes[2] !== 0x42) {
        seen.asked++
        askedAt = socket.now()
      }
      socket.send(bytes)
    }
    const device = vmc({}, world)({ ...socket, send })
    return {
      receive(bytes) {
        if (Buffer.from(bytes).includes(DRIVE)) {
          seen.drives++
          if (socket.now() - askedAt > ANSWER_WITHIN) seen.staleDrives++
        }
        device.receive(bytes)
      },
    }
  }

const counts: (() => Seen)[] = []
for (const link of process.argv.slice(2)) {
  counts.push(openController(link))
  // They shall not poll in the same moment.
  await sleep(clock, APART)
}

createInterface(process.stdin)
  .on('line', () => process.stdout.write(`${JSON.stringify(counts.map(count => count()))}\n`))
  .on('close', () => process.exit(0))
