import type { Millis } from '../../drivers/host/clock.ts'
import { type Effect, record, tell } from './effect.ts'
import type { Known } from './known.ts'
import {
  type At,
  type Base,
  baseOf,
  hold,
  look,
  type Session,
  type SessionStep,
  served,
  settle,
  setup,
  stay,
  trayFull,
} from './session.ts'
import { beginVisit, rulesOf, stepVisit, type VisitEvent } from './visit.ts'

/** A tray's contact is read several times a second; the door may be seen to close before the tray is seen to be empty. */
const TRAY_WITHIN: Millis = 4_000
/** How long sensors have to be heard again, after a restart or a silence. */
export const SEE_AGAIN: Millis = 10_000

/** Opens the delivery door for whoever was verified. */
export function deliver(base: Base, known: Known): SessionStep {
  const { prescription } = base
  const { delivery } = setup(known)
  const barred = base.fallen.find(pack => known.shelf.barred(pack) !== undefined)
  if (barred) return hold(base, 'barred', `${barred.serial} may not be given out any more.`, known)
  // One person at one door: whoever opened it otherwise is not done, or nobody knows what they did.
  if (known.visitAt(delivery))
    return hold(base, 'door', 'Somebody else is at the delivery door, or was.', known)
  if (known.door(delivery) !== 'closed')
    return hold(base, 'door', 'The delivery door was not seen to be closed before it was to open.', known)
  const rules = rulesOf(known.site.policy)
  const begun = beginVisit(delivery, known.nextOrder, `deliver ${prescription}`, rules, known.at)
  return stay(
    { ...baseOf(base), phase: 'delivering', visit: begun.visit },
    ...look(known, false),
    ...begun.effects,
  )
}

/** What happens at the delivery door. */
export function atDoor(session: At<'delivering'>, event: VisitEvent, known: Known): SessionStep {
  const step = stepVisit(session.visit, event)
  switch (step.now) {
    case 'going': {
      const { visit } = step
      if (visit.phase !== 'in-doubt') return stay({ ...session, visit }, ...step.effects)
      const held = hold(session, 'door', 'Nobody saw whether the delivery door opened.', known, { visit })
      return { ...held, effects: [...step.effects, ...held.effects] }
    }
    case 'failed': {
      const held = hold(session, 'door', `The delivery door did not open: ${step.why}.`, known)
      return { ...held, effects: [...step.effects, ...held.effects] }
    }
    case 'over': {
      const doubtful = unseen(session, known)
      const until = known.at + (doubtful ? SEE_AGAIN : TRAY_WITHIN)
      const closing: Session = { ...baseOf(session), phase: 'closing', until }
      if (doubtful || trayFull(known) === true) return stay(closing, ...step.effects)
      const end = handedOver(closing, known)
      return { ...end, effects: [...step.effects, ...end.effects] }
    }
  }
}

/** A doubt about the door ends when it is found open soon after its order. */
export function foundOpen(session: At<'held'>, event: VisitEvent): SessionStep {
  if (!session.visit) return stay(session)
  const step = stepVisit(session.visit, event)
  if (step.now !== 'going' || step.visit.phase !== 'open') return stay(session)
  const { prescription } = session
  const again: Session = {
    ...baseOf(session),
    machine: { prescription },
    phase: 'delivering',
    visit: step.visit,
  }
  return stay(again, ...step.effects)
}

/** The door is closed: is the tray empty? */
export function closed(session: At<'closing'>, known: Known): SessionStep {
  if (trayFull(known) === true)
    return hold(session, 'left-behind', 'The door was closed again and the tray is not empty.', known)
  if (unseen(session, known)) {
    const says = session.seen
      ? 'The sensor that would see whether the tray is empty is silent.'
      : 'The sensor at the tray never saw what fell into it, so it cannot tell whether it was taken.'
    return hold(session, 'tray-unseen', says, known)
  }
  return handedOver(session, known)
}

/** What the sensor at the tray says while that is waited for. */
export const trayToldAtEnd = (session: At<'closing'>, known: Known): SessionStep =>
  trayFull(known) === false && session.seen ? closed(session, known) : stay(session)

/** There is a sensor at the tray, and nobody can tell by it. */
const unseen = ({ seen }: Base, known: Known): boolean =>
  setup(known).tray !== undefined && (!seen || trayFull(known) === undefined)

/** The packs are with the patient. Evidence is the sensor, which saw them in the tray and then saw it empty, where there is one. */
function handedOver(session: At<'closing'>, known: Known): SessionStep {
  const { prescription, fallen } = session
  const evidence = setup(known).tray ? 'sensor' : 'door'
  const packs = fallen.map(({ gtin, serial }) => ({ gtin, serial }))
  const items: Effect[] = fallen.map(({ index, gtin, serial }) => ({
    type: 'change-prescription',
    prescription,
    item: { index, gtin, serial, now: 'handed-over' },
  }))
  return {
    state: undefined,
    effects: [
      record({ type: 'handed-over', prescription, packs, evidence }),
      ...items,
      ...settle(session, true, known),
      ...notePaid(session),
      ...finish(session, known),
    ],
  }
}

/** What is due is paid once, however often somebody must come. */
export const notePaid = ({ paid, prescription }: Base): Effect[] =>
  paid === undefined ? [] : [{ type: 'change-prescription', prescription, paid: true }]

/** Whether that was all of it. What is still owed can be had another time, unless part of it was enough. */
export function finish(session: Base, known: Known): Effect[] {
  const { prescription, fallen } = session
  const found = served(session, known)
  const given = new Set(fallen.map(({ index }) => index))
  const owed = found.items.some(({ now }, index) => now !== 'handed-over' && !given.has(index))
  if (owed && !found.partial) return [record({ type: 'session-ended', prescription, why: 'out-of-stock' })]
  return [
    record({ type: 'prescription-ended', prescription, why: owed ? 'partial' : 'handed-over' }),
    tell({ type: 'prescription-ended', prescription }),
  ]
}
