import { record, tell } from '../domain/effect.ts'
import type { Known } from '../domain/known.ts'
import {
  baseOf,
  hold,
  over,
  SETTLE,
  type Session,
  type SessionEvent,
  type SessionStep,
  stay,
} from '../domain/session.ts'
import { begin, typed, verified } from '../domain/session-begin.ts'
import { consulted, paid } from '../domain/session-consult.ts'
import { atDoor, closed, foundOpen, SEE_AGAIN, trayToldAtEnd } from '../domain/session-deliver.ts'
import { hearSession } from '../domain/session-hearing.ts'
import { resolve } from '../domain/session-resolve.ts'
import { looked, printed, read, turned, unmoved } from '../domain/session-vend.ts'
import { useStatement } from '../domain/statement-hearing.ts'
import type { Workflow } from './workflow.ts'

/** One machine, one tray, one patient at a time. */
const NAME = 'dispense'
const KEY = 'tray'

/** Gives a prescription out, step by step; the phases are drawn in domain/session.ts. */
export const dispense: Workflow<Session, SessionEvent> = {
  name: NAME,

  hears(happening, known) {
    if (!known.site.kiosk?.dispense) return undefined
    const event = hearSession(NAME, happening, known)
    return event && { key: KEY, event }
  },

  step(state, event) {
    const { known } = event
    if (event.type === 'presented') return begin(state, event)
    if (event.type === 'outcome' && event.order.endsWith(SETTLE)) return settled(state, event)
    if (!state) return nobody(event)
    switch (event.type) {
      case 'resolve':
        return state.phase === 'held'
          ? resolve(state, event.ask, event.from, known)
          : refuseResolve(state, event)
      case 'stated':
        return stated(state, event)
      case 'restarted':
        return restarted(state, known)
      case 'overdue':
        return overdue(state, known)
      case 'key':
        return state.phase === 'verifying' ? typed(state, event.key, known) : stay(state)
      case 'payment':
        return payment(state, event)
      case 'dispense':
        return dispensed(state, event)
      case 'read':
        return state.phase === 'vending' || state.phase === 'checking'
          ? read(state, event, known)
          : stay(state)
      case 'tray':
        return trayTold(state, event.on, known)
      case 'outcome':
        return outcome(state, event)
      case 'visit':
        if (state.phase === 'delivering') return atDoor(state, event.event, known)
        return state.phase === 'held' ? foundOpen(state, event.event) : stay(state)
    }
  },

  deadline: state => {
    if (state.phase === 'delivering') return 'until' in state.visit ? state.visit.until : undefined
    return state.phase === 'held' ? undefined : state.until
  },
}

/** From then on what comes into the tray is what fell in this session. */
const MOVED: ReadonlySet<Session['phase']> = new Set(['vending', 'checking', 'delivering', 'closing', 'held'])

function trayTold(state: Session, on: boolean, known: Known): SessionStep {
  const seeing = on && MOVED.has(state.phase) ? { ...state, seen: true } : state
  return seeing.phase === 'closing' ? trayToldAtEnd(seeing, known) : stay(seeing)
}

type Of<Type> = SessionEvent & { type: Type }

const refused = (event: Of<'resolve' | 'stated'>, why: string) =>
  tell({ type: 'answered', to: event.from, answer: { outcome: 'refused', why } })

function nobody(event: SessionEvent): SessionStep {
  if (event.type === 'resolve') return { state: undefined, effects: [refused(event, 'nothing is held')] }
  if (event.type === 'stated')
    return { state: undefined, effects: [refused(event, 'nobody is being served')] }
  return { state: undefined, effects: [] }
}

const refuseResolve = (state: Session, event: Of<'resolve'>): SessionStep =>
  stay(state, refused(event, 'somebody is being served, and nothing is held'))

/** What a pharmacist says while a patient stands there. */
function stated(state: Session, event: Of<'stated'>): SessionStep {
  const { statement, text, known } = event
  if (statement.prescription !== state.prescription)
    return stay(state, refused(event, 'somebody else is being served'))
  const next =
    state.phase === 'verifying' && statement.says === 'identified'
      ? verified(state, { how: 'pharmacist', by: statement.by }, known)
      : state.phase === 'consulting'
        ? consulted(state, statement, text, known)
        : { refused: 'that is not what is waited for' }
  if ('refused' in next) return stay(state, refused(event, next.refused))
  const done = tell({ type: 'answered', to: event.from, answer: { outcome: 'done' } })
  return { ...next, effects: [...useStatement(statement), ...next.effects, done] }
}

/** What the controller says of a lane that nobody turns now is written down all the same. */
function dispensed(state: Session, event: Of<'dispense'>): SessionStep {
  const { known, lane, stage, evidence, code } = event
  if (state.phase === 'vending' && state.pack.lane === lane) return turned(state, event, known)
  const turn = state.phase === 'held' ? state.turn : undefined
  if (turn?.pack.lane !== lane) return stay(state)
  return stay(state, record({ type: 'vend-seen', order: turn.order, lane, stage, evidence, code }))
}

function payment(state: Session, { state: said, known }: Of<'payment'>): SessionStep {
  if (state.phase !== 'paying') return stay(state)
  return said === 'approved' || said === 'denied' || said === 'in-doubt'
    ? paid(state, said, known)
    : stay(state)
}

function settled(state: Session | undefined, { order, outcome: said }: Of<'outcome'>): SessionStep {
  if (said.ok) return { state, effects: [] }
  const { fault, sent } = said
  return { state, effects: [record({ type: 'settle-failed', order, fault, sent })] }
}

/** What a device said of an order: whether it took it, not whether the thing happened. */
function outcome(state: Session, event: Of<'outcome'>): SessionStep {
  const { known, order, outcome: said } = event
  if (!('order' in state) || state.order !== order) return stay(state)
  if (state.phase === 'printing') return printed(state, event, known)
  if (said.ok) return stay(state)
  const { fault, sent } = said
  if (state.phase === 'paying') return sent ? stay(state) : paid(state, 'denied', known)
  if (state.phase !== 'vending') return stay(state)
  const failed = record({ type: 'vend-failed', order, lane: state.pack.lane, fault, sent })
  // Sent, perhaps: then only the controller or time can tell.
  return sent ? stay(state, failed) : unmoved(state, known, false, failed)
}

function overdue(state: Session, known: Known): SessionStep {
  switch (state.phase) {
    case 'verifying':
      return over(state, 'walked-away', known)
    case 'consulting':
      return over(state, 'no-pharmacist', known)
    case 'paying':
      return paid(state, 'in-doubt', known)
    case 'printing':
      return printed(state, { outcome: { ok: false, fault: 'in-doubt', sent: true } }, known)
    case 'vending':
      return turned(state, { ...GAVE_UP, known }, known)
    case 'checking':
      return looked(state, known)
    case 'closing':
      return closed(state, known)
    case 'delivering':
    case 'held':
      return stay(state)
  }
}

const GAVE_UP = {
  type: 'dispense',
  lane: '',
  stage: 'in-doubt',
  evidence: 'silence',
  last: true,
  code: '',
} as const

/** Nobody may be standing there any more: what has not moved anything ends, and what has is held. */
function restarted(state: Session, known: Known): SessionStep {
  switch (state.phase) {
    case 'verifying':
    case 'consulting':
      return over(state, 'interrupted', known)
    case 'paying':
      return paid(state, 'in-doubt', known)
    case 'printing':
      return printed(state, { outcome: { ok: false, fault: 'in-doubt', sent: true } }, known)
    case 'vending':
    case 'checking': {
      const { order, index, pack, read: names } = state
      const says = `The power went while lane ${pack.lane} gave out a pack.`
      return hold(state, 'interrupted', says, known, { turn: { order, index, pack, read: names } })
    }
    case 'closing':
      return stay({ ...baseOf(state), phase: 'closing', until: known.at + SEE_AGAIN })
    case 'delivering':
    case 'held':
      return stay(state)
  }
}
