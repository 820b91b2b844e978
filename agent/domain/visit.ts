import type { Policy } from '../../config/policy.ts'
import type { Outcome } from '../../drivers/device.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import type { DoorReading } from './door.ts'
import { type Effect, record, tell } from './effect.ts'

// One person at one door.
//
//   unlocking ──opened──▶ open ──closed──▶ (over)
//    │ ▲ │ └─────overdue, door unknown──▶ in-doubt ──found open soon──▶ open
//    │ └─┘ overdue, door closed, tries left   ▲
//    │ overdue ×n, or nothing was sent        │ door closed, silent, or found open too late
//    ▼                                        │
//  (failed)        restarted ──▶ asking ──────┘──found open soon──▶ open

export type Visit =
  | {
      phase: 'unlocking'
      compartment: string
      order: string
      attempt: number
      until: Millis
      /** A door found open after a silence is this order's doing only until then. */
      explains: Millis
      rules: Rules
      purpose: string
    }
  /** After a restart: was the door opened meanwhile? Only its sensor may say; nothing is repeated. */
  | { phase: 'asking'; compartment: string; order: string; until: Millis; explains: Millis }
  | { phase: 'open'; compartment: string; order: string }
  | { phase: 'in-doubt'; compartment: string; order: string; explains: Millis }

/** Taken from the policy when the visit begins, so that it ends by the rules it began with. */
export interface Rules {
  within: Millis
  attempts: number
  orderWithin: Millis
}

export type VisitEvent =
  /** `seen`: the change itself was seen, not only the door found open after a silence. */
  | { type: 'opened'; seen: boolean; at: Millis }
  /** `item`: whether something lies behind it now, where a sensor can tell. */
  | { type: 'closed'; at: Millis; item: boolean | undefined }
  | { type: 'overdue'; at: Millis; door: DoorReading }
  | { type: 'outcome'; order: string; outcome: Outcome; at: Millis }
  | { type: 'restarted'; at: Millis }

export type VisitStep =
  | { now: 'going'; visit: Visit; effects: Effect[] }
  /** The door was opened and closed again, both seen by its sensor. `item`: what lies behind it then, where that can be told. */
  | { now: 'over'; compartment: string; item: boolean | undefined; effects: Effect[] }
  /** Nothing moved, and there is evidence of that. */
  | { now: 'failed'; compartment: string; why: 'will-not-open' | 'unreachable'; effects: Effect[] }

const ANSWER_WITHIN: Millis = 10_000
/** Longer, and a thief with a crowbar would be taken for the customer. */
const EXPLAINED_WITHIN: Millis = 15_000

export const rulesOf = (policy: Policy): Rules => ({
  within: policy.unlock_seconds * 1_000,
  attempts: policy.unlock_attempts,
  orderWithin: policy.order_seconds * 1_000,
})

/** Begins a visit: the order is written down, then the latch is fired. `order` must never have been used before. */
export const beginVisit = (
  compartment: string,
  order: string,
  purpose: string,
  rules: Rules,
  at: Millis,
): VisitStep & { now: 'going' } => unlock({ compartment, order, purpose, rules }, 1, at)

export function stepVisit(visit: Visit, event: VisitEvent): VisitStep {
  switch (visit.phase) {
    case 'unlocking':
      return stepUnlocking(visit, event)
    case 'asking':
      if (event.type === 'opened' && explains(visit, event)) return open(visit)
      if (event.type === 'opened' || event.type === 'closed' || event.type === 'overdue') return doubt(visit)
      if (event.type === 'restarted') return ask(visit, event.at)
      return stay(visit)
    case 'open':
      if (event.type === 'closed')
        return { now: 'over', compartment: visit.compartment, item: event.item, effects: [] }
      return stay(visit)
    case 'in-doubt':
      if (event.type === 'opened' && explains(visit, event)) return open(visit, ...settled(visit, 'opened'))
      return stay(visit)
  }
}

/** Whether the order of this visit is why its door opened: what a person did by force must never pass for it. */
export function explains(visit: Visit, { seen, at }: { seen: boolean; at: Millis }): boolean {
  switch (visit.phase) {
    case 'unlocking':
    case 'open':
      return true
    case 'asking':
    case 'in-doubt':
      return !seen && at <= visit.explains
  }
}

/** What the journal says when a doubt ends. `how`: opened, claimed-again, or who settled it. */
export const settled = ({ order, compartment }: Visit, how: string): Effect[] => [
  record({ type: 'doubt-resolved', order, compartment, how }),
  tell({ type: 'alarm', alarm: 'in-doubt', compartment, on: false }),
]

export const visitDeadline = (visit: Visit): Millis | undefined =>
  'until' in visit ? visit.until : undefined

type Unlocking = Visit & { phase: 'unlocking' }

function stepUnlocking(visit: Unlocking, event: VisitEvent): VisitStep {
  switch (event.type) {
    case 'opened':
      return open(visit)
    case 'closed':
      return stay(visit)
    case 'outcome':
      if (event.outcome.ok || event.order !== visit.order) return stay(visit)
      return refused(visit, event.outcome)
    case 'overdue':
      if (event.door === 'open') return open(visit)
      if (event.door === 'unknown') return doubt(visit)
      if (visit.attempt < visit.rules.attempts) return unlock(visit, visit.attempt + 1, event.at)
      return failed(visit, 'will-not-open')
    // Nobody may be standing there any more, so a restart never finishes what it interrupted.
    case 'restarted':
      return ask(visit, event.at)
  }
}

function unlock(
  { compartment, order, purpose, rules }: Pick<Unlocking, 'compartment' | 'order' | 'purpose' | 'rules'>,
  attempt: number,
  at: Millis,
): VisitStep & { now: 'going' } {
  const name = attempt === 1 ? order : `${order.replace(/#\d+$/, '')}#${attempt}`
  return {
    now: 'going',
    visit: {
      phase: 'unlocking',
      compartment,
      order: name,
      attempt,
      until: at + rules.within,
      explains: at + EXPLAINED_WITHIN,
      rules,
      purpose,
    },
    effects: [
      record({ type: 'unlock-ordered', order: name, compartment, attempt, purpose }),
      { type: 'unlock', order: name, compartment, by: at + rules.orderWithin },
    ],
  }
}

function refused(visit: Unlocking, outcome: Outcome & { ok: false }): VisitStep {
  const { order, compartment } = visit
  const { fault, sent, frame } = outcome
  const about = frame === undefined || frame === '' ? {} : { frame }
  const said = record({ type: 'unlock-failed', order, compartment, fault, sent, ...about })
  // Sent, perhaps: then only the door can tell, and its deadline still runs.
  if (sent) return stay(visit, said)
  const end = failed(visit, 'unreachable')
  return { ...end, effects: [said, ...end.effects] }
}

const stay = (visit: Visit, ...effects: Effect[]): VisitStep => ({ now: 'going', visit, effects })

const open = ({ compartment, order }: Visit, ...effects: Effect[]): VisitStep =>
  stay({ phase: 'open', compartment, order }, ...effects)

type Unsure = Visit & { phase: 'unlocking' | 'asking' }

const ask = ({ compartment, order, explains }: Unsure, at: Millis): VisitStep =>
  stay({ phase: 'asking', compartment, order, until: at + ANSWER_WITHIN, explains })

const doubt = ({ compartment, order, explains }: Unsure): VisitStep =>
  stay(
    { phase: 'in-doubt', compartment, order, explains },
    record({ type: 'in-doubt', order, compartment }),
    tell({ type: 'alarm', alarm: 'in-doubt', compartment, on: true, order }),
  )

const failed = ({ compartment, order }: Visit, why: 'will-not-open' | 'unreachable'): VisitStep => ({
  now: 'failed',
  compartment,
  why,
  effects: [
    record({ type: 'stuck', order, compartment, why }),
    ...(why === 'will-not-open' ? [tell({ type: 'alarm', alarm: why, compartment, on: true, order })] : []),
  ],
})
