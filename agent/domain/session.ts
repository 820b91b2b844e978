import type { DispenseConfig } from '../../config/kiosk.ts'
import type { DispenseStage, Evidence, Outcome, PaymentState } from '../../drivers/device.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Ask, Asker } from './ask.ts'
import { type Effect, record } from './effect.ts'
import type { PackRead } from './gs1.ts'
import type { Entry } from './journal.ts'
import type { Known } from './known.ts'
import type { Prescription } from './prescription.ts'
import type { Statement } from './statement.ts'
import type { Pack } from './stock.ts'
import type { Visit, VisitEvent } from './visit.ts'

// One patient at one machine.
//
//   verifying ─▶ consulting ─▶ paying ─▶ printing ─▶ vending ─▶ checking ─▶ delivering ─▶ closing ─▶ (over)
//       │             │           │          │          │  ▲        │           │            │
//       └─ time over, refused, restarted ────┘          │  └next pack           │            │
//                     ▼                                 └────────┴──────────────┴────────────┘
//              (over: nothing moved)                                    ▼ any doubt
//                                                            held ──a person has looked──▶ (over)
//
// Up to printing nothing has moved, and a session may simply end. From the first turn of a lane on it ends in a hand, or is held.

/** What every phase knows. */
export interface Base {
  prescription: string
  /** So that nobody else gets the machine meanwhile. */
  machine: { prescription: string; held?: true }
  /** Id of the token that was shown; used up once a motor may have moved. */
  token: string
  /** The charge that was approved. */
  paid?: string
  /** What fell in this session and was read as the right pack, by its place in the list of items. */
  fallen: Fallen[]
  /** The sensor at the tray saw something lie there in this session: only then does it mean anything that it sees nothing. */
  seen: boolean
}

export type Fallen = { index: number } & Pack

export type Phase =
  | { phase: 'verifying'; until: Millis; typed: string; digits: number }
  | { phase: 'consulting'; until: Millis; joined: boolean }
  | { phase: 'paying'; until: Millis; order: string }
  | { phase: 'printing'; until: Millis; order: string }
  | ({ phase: 'vending'; until: Millis; stage?: DispenseStage } & Turn)
  /** `right`: the pack that must fall was read; still looking whether another lies beside it. */
  | ({ phase: 'checking'; until: Millis; right: boolean } & Turn)
  | { phase: 'delivering'; visit: Visit }
  | { phase: 'closing'; until: Millis }
  | { phase: 'held'; why: Held; turn?: Turn; visit?: Visit }

/** One turn of a lane, and what was read in the tray since. */
export interface Turn {
  order: string
  index: number
  pack: Pack
  /** Packs that were read, by packId. */
  read: string[]
}

export type Held = (Entry & { type: 'dispense-held' })['why']
export type Session = Base & Phase
export type At<Name extends Phase['phase']> = Base & Extract<Phase, { phase: Name }>

export type SessionEvent = { known: Known } & (
  | { type: 'presented'; prescription: string; token: string; reader: string }
  | { type: 'key'; key: string }
  | { type: 'stated'; statement: Statement; text: string; from: Asker }
  | { type: 'payment'; state: PaymentState }
  | { type: 'dispense'; lane: string; stage: DispenseStage; evidence: Evidence; last: boolean; code: string }
  | { type: 'read'; read: PackRead }
  | { type: 'tray'; on: boolean }
  | { type: 'outcome'; order: string; outcome: Outcome }
  | { type: 'visit'; event: VisitEvent }
  | { type: 'resolve'; ask: Ask & { kind: 'resolve' }; from: Asker }
  | { type: 'overdue' }
  | { type: 'restarted' }
)

export interface SessionStep {
  state: Session | undefined
  effects: Effect[]
}

export const stay = (state: Session, ...effects: Effect[]): SessionStep => ({ state, effects })

/** What a session has at its start, and takes along. */
export const baseOf = ({ prescription, machine, token, paid, fallen, seen }: Base): Base => ({
  prescription,
  machine,
  token,
  fallen,
  seen,
  ...(paid === undefined ? {} : { paid }),
})

/** A device is told within this time, or not at all. */
export const ORDER_WITHIN: Millis = 2_000

export const patience = ({ at, site }: Known): Millis => at + site.policy.session_seconds * 1_000

/** A session runs only where the site says how to dispense. */
export function setup({ site }: Known): DispenseConfig {
  if (!site.kiosk?.dispense) throw new Error('a session at a kiosk that does not dispense')
  return site.kiosk.dispense
}

export const checkScanner = (known: Known): string =>
  setup(known).check_scanner ?? known.site.kiosk?.pack_scanner ?? ''

/** Whether something lies in the tray; undefined where no sensor tells. */
export function trayFull(known: Known): boolean | undefined {
  const { tray } = setup(known)
  return tray && known.input(tray.device, tray.input)
}

/** Ends a session in which nothing moved, or everything that fell is with the patient. What was paid for nothing goes back. */
export function over(session: Base, why: string, known: Known, ...effects: Effect[]): SessionStep {
  const back = session.fallen.length === 0 ? settle(session, false, known) : []
  const { prescription } = session
  return {
    state: undefined,
    effects: [...effects, ...back, record({ type: 'session-ended', prescription, why })],
  }
}

export const SETTLE = '#settle'

/** Tells the terminal to keep what was paid, or to give it back. */
export function settle({ paid, prescription }: Base, kept: boolean, known: Known): Effect[] {
  const device = setup(known).payment
  if (paid === undefined || device === undefined) return []
  const order = `${paid}${SETTLE}`
  return [
    record({ type: 'settle-ordered', order, prescription, kept }),
    { type: 'settle', order, device, kept, by: known.at + ORDER_WITHIN },
  ]
}

/** Stops everything until a person has looked. The token is used up: nobody knows what it gave. */
export function hold(
  session: Base,
  why: Held,
  says: string,
  known: Known,
  more: { turn?: Turn; visit?: Visit } = {},
): SessionStep {
  const { prescription } = session
  const { turn } = more
  const about = turn ? { order: turn.order, lane: turn.pack.lane } : {}
  return stay(
    { ...baseOf(session), machine: { prescription, held: true }, phase: 'held', why, ...more },
    record({ type: 'dispense-held', prescription, ...about, why, says }),
    ...useToken(session, known),
    ...look(known, false),
  )
}

/** The token opens nothing any more. */
export const useToken = ({ prescription, token }: Base, known: Known): Effect[] =>
  known.prescription(prescription)?.used.includes(token)
    ? []
    : [{ type: 'change-prescription', prescription, use: token }]

/** Lets the scanner at the tray look, or ends that. One that looks all the time refuses, which does not matter. */
export const look = (known: Known, on: boolean): Effect[] => [
  { type: 'trigger', device: checkScanner(known), on, by: known.at + ORDER_WITHIN },
]

/** The prescription of a session; it cannot go while somebody is served. */
export function served(session: Base, known: Known): Prescription {
  const found = known.prescription(session.prescription)
  if (!found) throw new Error(`a session with the prescription ${session.prescription}, which is not here`)
  return found
}

/** Takes a lane out of use until a person lifts that. */
export function setAside(lane: string, reason: string, known: Known): Effect[] {
  const id = `lane-${lane}`
  if (known.recall(id)) return []
  const packs = known.packsIn(lane).map(({ gtin, serial }) => ({ gtin, serial, lane }))
  return [
    record({ type: 'recalled', recall: id, scope: { lane }, packs, reason, by: 'pawl' }),
    { type: 'keep-recall', recall: { id, scope: { lane }, why: reason } },
  ]
}
