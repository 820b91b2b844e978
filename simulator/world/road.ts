import type { ClearAsk } from '../../agent/domain/ask.ts'
import { topicsOf } from '../../agent/sync/messages.ts'
import type { OpenUplink, UplinkEvent, UplinkSettings } from '../../agent/sync/uplink.ts'
import type { Clock, Millis } from '../../drivers/host/clock.ts'
import { ledger } from '../cloud/ledger.ts'
import type { Random } from './random.ts'

export interface RoadFaults {
  /** Chances out of a hundred for each message. */
  repeated: number
  reordered: number
}

interface RoadSettings {
  clock: Clock
  random: Random
  unit: string
  faults: RoadFaults
  struck(fault: 'link-down' | 'repeated' | 'reordered'): void
}

const IN_FLIGHT = 16

/** A broker and a cloud on the simulated clock: drops links with all that was in the air, repeats, reorders, and keeps what was not acknowledged. */
export function openRoad({ clock, random, unit, faults, struck }: RoadSettings) {
  const topics = topicsOf('pawl/v1', unit)
  const book = ledger()
  /** What the broker keeps for the unit until it says it has it. */
  const kept = new Map<number, { topic: string; payload: Uint8Array }>()
  /** Instructions that the unit said it has: it answers for them now. */
  const acknowledged = new Set<string>()
  const instructions = new Map<number, string>()
  let whole = true
  let numbered = 0
  let present:
    | { settings: UplinkSettings; up: boolean; inFlight: number; full: boolean; clock: Clock }
    | undefined

  const hits = (fault: 'repeated' | 'reordered'): boolean => {
    if (faults[fault] === 0 || !random.chance(faults[fault], 100)) return false
    struck(fault)
    return true
  }
  const travel = (): Millis => (hits('reordered') ? random.between(200, 2_000) : random.between(5, 60))

  /** Something that happens at the other end of this connection, if it still stands by then. */
  function carry(mine: NonNullable<typeof present>, act: () => void, inOrder = false): void {
    if (inOrder) return void clock.after(5, () => present === mine && mine.up && act())
    for (let times = hits('repeated') ? 2 : 1; times > 0; times--)
      clock.after(travel(), () => present === mine && mine.up && act())
  }

  function down(topic: string, message: object): number {
    const id = ++numbered
    kept.set(id, { topic, payload: Buffer.from(JSON.stringify(message)) })
    if (present?.up) deliver(present, id)
    return id
  }

  function forget(id: number): void {
    kept.delete(id)
    const name = instructions.get(id)
    if (name !== undefined) acknowledged.add(name)
  }

  function deliver(mine: NonNullable<typeof present>, id: number): void {
    carry(mine, () => {
      const message = kept.get(id)
      if (message)
        hear(mine, {
          type: 'message',
          ...message,
          done: () => present === mine && mine.up && forget(id),
        })
    })
  }

  const hear = (mine: NonNullable<typeof present>, event: UplinkEvent) => mine.settings.hear(event)

  function arrive(topic: string, text: string): void {
    const message = JSON.parse(text)
    if (topic === topics.birth) confirm(book.birth(message))
    if (topic === topics.journal) confirm(book.journal(message))
  }

  const confirm = ({ epoch, seq }: { epoch: string; seq: number }) =>
    down(topics.confirm, { v: 1, epoch, seq })

  function connect(mine: NonNullable<typeof present>): void {
    if (present !== mine) return
    if (!whole) return void mine.clock.after(random.between(1_000, 8_000), () => connect(mine))
    const { session } = mine.settings.introduce()
    mine.up = true
    hear(mine, { type: 'up', session })
    for (const id of kept.keys()) deliver(mine, id)
  }

  function drop(): void {
    const mine = present
    if (!mine?.up) return
    mine.up = false
    mine.inFlight = 0
    hear(mine, { type: 'down', why: 'the link is down' })
    mine.clock.after(random.between(1_000, 8_000), () => connect(mine))
  }

  return {
    book,
    /** The road as one life of the unit sees it; `mortal` dies with that life. */
    uplink:
      (mortal: Clock): OpenUplink =>
      settings => {
        const mine = { settings, up: false, inFlight: 0, full: false, clock: mortal }
        present = mine
        mortal.after(random.between(50, 1_500), () => connect(mine))
        return {
          publish(topic, payload) {
            if (present !== mine || !mine.up) return false
            if (mine.inFlight >= IN_FLIGHT) {
              mine.full = true
              return false
            }
            mine.inFlight++
            carry(mine, () => arrive(topic, payload), topic === topics.birth)
            clock.after(travel(), () => {
              if (present !== mine || !mine.up) return
              mine.inFlight = Math.max(0, mine.inFlight - 1)
              if (!mine.full) return
              mine.full = false
              hear(mine, { type: 'roomy' })
            })
            return true
          },
          close() {
            if (present === mine) present = undefined
          },
        }
      },
    hangUp() {
      present = undefined
    },
    acknowledged: acknowledged as ReadonlySet<string>,
    /** `ask` may be nonsense: whatever has an id is owed an answer. */
    instruct(id: string, expires: Millis, ask: ClearAsk | { kind: 'nonsense' }) {
      instructions.set(down(topics.instruction, { v: 1, id, expires, ask }), id)
    },
    breakDown() {
      whole = false
      struck('link-down')
      drop()
    },
    heal() {
      whole = true
    },
  }
}

export type Road = ReturnType<typeof openRoad>
