import type { Millis } from '../../drivers/host/clock.ts'
import type { Answer, Ask, Asker } from '../domain/ask.ts'
import { type Effect, record, tell } from '../domain/effect.ts'
import { type Grant, judgeGrant } from '../domain/grant.ts'
import type { Known } from '../domain/known.ts'
import { whyNotOpen } from '../domain/opening.ts'
import type { Token } from '../domain/token.ts'
import type { Rules, Visit, VisitEvent, VisitStep } from '../domain/visit.ts'
import { beginVisit, rulesOf, settled, stepVisit, visitDeadline } from '../domain/visit.ts'
import { hearVisit } from '../domain/visit-hearing.ts'
import type { Step, Workflow } from './workflow.ts'

//   (none) ──open──▶ visit ──over, or failed──▶ (none)         hold and release: answered at once

/** A door opened for a person who gave a reason: a technician at the unit, or the operator from afar. */
export interface Maintenance {
  visit: Visit
  /** Who still waits for an answer. */
  from?: Asker
  /** The booking whose things are taken out for good by this. */
  clears?: string
  /** Who gives the compartment back to use, if its door opens and closes. */
  returns?: string
}

export type MaintenanceEvent =
  | VisitEvent
  | {
      type: 'open'
      ask: Ask & { kind: 'open' | 'return' }
      from: Asker
      refusal: string | undefined
      /** The signature that permits it from afar, for one time. */
      grant: Token | undefined
      clears: string | undefined
      order: string
      rules: Rules
      at: Millis
    }
  | { type: 'hold'; ask: Ask & { kind: 'hold' }; from: Asker; known: boolean }
  | { type: 'release'; ask: Ask & { kind: 'release' }; from: Asker; held: boolean; busy: boolean }

const NAME = 'maintenance'

export const maintenance: Workflow<Maintenance, MaintenanceEvent> = {
  name: NAME,

  hears(happening, known) {
    if (happening.type !== 'asked') return hearVisit(NAME, happening, known)
    const { ask, from } = happening
    if (ask.kind === 'open' || ask.kind === 'return')
      return { key: ask.compartment, event: hearOpen(ask, from, known) }
    if (ask.kind === 'hold') {
      const there = known.compartment(ask.compartment) !== undefined
      return { key: ask.compartment, event: { type: 'hold', ask, from, known: there } }
    }
    if (ask.kind !== 'release') return undefined
    const phase = known.visitAt(ask.compartment)?.visit.phase
    const held = known.held(ask.compartment) !== undefined || phase === 'in-doubt'
    // A doubt about the delivery door is settled by saying what was found: pawl resolve.
    const dispensing = known.visitAt(ask.compartment)?.workflow === 'dispense'
    const busy = dispensing || (phase !== undefined && phase !== 'in-doubt')
    return { key: ask.compartment, event: { type: 'release', ask, from, held, busy } }
  },

  step(state, event) {
    switch (event.type) {
      case 'open':
        return open(state, event)
      case 'hold':
        return hold(state, event)
      case 'release':
        return release(state, event)
      case 'opened':
      case 'closed':
      case 'outcome':
      case 'overdue':
      case 'restarted':
        return state ? proceed(state, stepVisit(state.visit, event)) : { state, effects: [] }
    }
  },

  deadline: ({ visit }) => visitDeadline(visit),
}

function hearOpen(ask: Ask & { kind: 'open' | 'return' }, from: Asker, known: Known): MaintenanceEvent {
  const grant: Grant = 'instruction' in from ? judgeGrant(ask.compartment, ask.grant, known) : { ok: true }
  const unheld = ask.kind === 'return' && known.held(ask.compartment) === undefined
  return {
    type: 'open',
    ask,
    from,
    refusal:
      whyNotOpen(ask.compartment, NAME, from, known) ??
      (unheld ? 'it is not held' : undefined) ??
      (grant.ok ? undefined : grant.why),
    grant: grant.ok ? grant.token : undefined,
    clears: ask.kind === 'open' && ask.clear ? known.bookingIn(ask.compartment)?.id : undefined,
    order: known.nextOrder,
    rules: rulesOf(known.site.policy),
    at: known.at,
  }
}

const answer = (to: Asker | undefined, reply: Answer): Effect[] =>
  to === undefined ? [] : [tell({ type: 'answered', to, answer: reply })]

function open(state: Maintenance | undefined, event: MaintenanceEvent & { type: 'open' }): Step<Maintenance> {
  const { ask, from, order, rules, at, clears, grant } = event
  if (event.refusal !== undefined)
    return { state, effects: answer(from, { outcome: 'refused', why: event.refusal }) }
  const { compartment, by } = ask
  const reason = ask.kind === 'open' ? ask.reason : 'to give it back to use'
  const after = ask.kind === 'return' ? { returns: by } : clears === undefined ? {} : { clears }
  const next = proceed(
    { visit: { phase: 'open', compartment, order }, from, ...after },
    beginVisit(compartment, order, 'maintenance', rules, at),
  )
  return {
    state: next.state,
    effects: [
      ...(state ? settled(state.visit, 'opened-again') : []),
      ...(grant
        ? [{ type: 'use-token', id: grant.id, subject: grant.subject, expires: grant.expires } as const]
        : []),
      record({
        type: 'open-asked',
        compartment,
        reason,
        by,
        ...(grant ? { token: grant.id, key: grant.key } : {}),
      }),
      ...next.effects,
    ],
  }
}

function hold(
  state: Maintenance | undefined,
  { ask, from, known }: MaintenanceEvent & { type: 'hold' },
): Step<Maintenance> {
  const { compartment, reason: why, by } = ask
  if (!known)
    return {
      state,
      effects: answer(from, { outcome: 'refused', why: `there is no compartment ${compartment}` }),
    }
  return {
    state,
    effects: [
      record({ type: 'held', compartment, why, by }),
      { type: 'hold', compartment, why },
      ...answer(from, { outcome: 'done' }),
    ],
  }
}

function release(
  state: Maintenance | undefined,
  event: MaintenanceEvent & { type: 'release' },
): Step<Maintenance> {
  const { compartment, by } = event.ask
  if (event.busy)
    return { state, effects: answer(event.from, { outcome: 'refused', why: 'somebody is at this door' }) }
  if (!event.held)
    return { state, effects: answer(event.from, { outcome: 'refused', why: 'it is not held' }) }
  return {
    state: undefined,
    effects: [
      ...(state ? settled(state.visit, `released by ${by}`) : []),
      ...givenBack(compartment, by),
      ...answer(event.from, { outcome: 'done' }),
    ],
  }
}

function proceed(state: Maintenance, step: VisitStep): Step<Maintenance> {
  const { from, ...rest } = state
  switch (step.now) {
    case 'going': {
      const { visit } = step
      if (visit.phase === 'open')
        return { state: { ...rest, visit }, effects: [...step.effects, ...answer(from, { outcome: 'done' })] }
      if (visit.phase === 'in-doubt')
        return {
          state: { ...rest, visit },
          effects: [
            ...step.effects,
            ...answer(from, {
              outcome: 'in-doubt',
              why: 'it was told to open; its sensor could not say whether it did',
            }),
          ],
        }
      return { state: { ...state, visit }, effects: step.effects }
    }
    case 'failed': {
      const { compartment } = state.visit
      const why = step.why === 'unreachable' ? 'its board could not be reached' : 'it will not open'
      return {
        state: undefined,
        effects: [
          ...step.effects,
          record({ type: 'open-ended', compartment, how: step.why }),
          ...answer(from, { outcome: 'refused', why }),
        ],
      }
    }
    case 'over':
      return { state: undefined, effects: [...step.effects, ...over(step, rest)] }
  }
}

function over(
  { compartment }: { compartment: string },
  { clears, returns }: Pick<Maintenance, 'clears' | 'returns'>,
): Effect[] {
  const ended = record({ type: 'open-ended', compartment, how: 'closed' })
  if (returns !== undefined) return [ended, ...givenBack(compartment, returns)]
  if (clears === undefined) return [ended]
  return [
    ended,
    record({ type: 'booking-ended', booking: clears, why: 'cleared' }),
    { type: 'forget-booking', booking: clears },
    tell({ type: 'booking-ended', booking: clears }),
  ]
}

const givenBack = (compartment: string, by: string): Effect[] => [
  record({ type: 'released', compartment, by }),
  { type: 'release', compartment },
  tell({ type: 'returned', compartment }),
]
