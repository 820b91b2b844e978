import type { Millis } from '../../drivers/host/clock.ts'
import type { Answer, Asker } from '../domain/ask.ts'
import { type Booking, partsOf, reopens } from '../domain/booking.ts'
import { type Choice, chooseCompartment, chooseLarger } from '../domain/choice.ts'
import { type Effect, record, tell } from '../domain/effect.ts'
import type { Proof } from '../domain/journal-words.ts'
import type { Known } from '../domain/known.ts'
import type { Rules, Visit, VisitEvent, VisitStep } from '../domain/visit.ts'
import { beginVisit, rulesOf, settled, stepVisit, visitDeadline } from '../domain/visit.ts'
import { hearVisit } from '../domain/visit-hearing.ts'
import type { Step, Workflow } from './workflow.ts'

//   (expected) ──claimed──▶ visit ──over──▶ (stored) ──claimed soon: once more──▶ visit ──over──▶ (stored)
//       ▲                    │ failed, or     │ refit soon: a larger one
//       │                    │ a doubt settled▼
//       └────────────────────┘ by staff     visit

/** Somebody puts something in: the keys in the evening, the finished car's keys in the morning. */
export interface Deposit {
  booking: string
  visit: Visit
  /** Opened once more: their things are in it already. */
  again: boolean
}

interface Opening {
  choice: Choice
  order: string
  rules: Rules
  at: Millis
}

export type DepositEvent =
  | VisitEvent
  | (Opening & { type: 'claimed'; booking: Booking; reader: string; proof: Proof; again: boolean })
  | (Opening & { type: 'refit'; booking: Booking | undefined; from: Asker; refusal: string | undefined })
  | { type: 'released'; by: string; at: Millis }

const NAME = 'deposit'

export const deposit: Workflow<Deposit, DepositEvent> = {
  name: NAME,

  hears(happening, known) {
    const { at, nextOrder: order } = known
    const rules = rulesOf(known.site.policy)
    if (happening.type === 'claimed' && happening.leg === 'deposit') {
      const { reader, proof } = happening
      const booking = known.booking(happening.booking)
      if (!booking) return undefined
      const again = reopens(booking, 'deposit', { at, policy: known.site.policy })
      const choice = choiceFor(booking, known)
      return {
        key: booking.id,
        event: { type: 'claimed', booking, reader, proof, choice, again, order, rules, at },
      }
    }
    if (happening.type === 'asked' && happening.ask.kind === 'refit') {
      const { ask, from } = happening
      const grace = { at, policy: known.site.policy }
      const soon = partsOf(ask.booking, known).find(each => reopens(each, 'deposit', grace))
      const booking = soon ?? known.booking(ask.booking)
      const choice: Choice = booking ? chooseLarger(booking, known) : { none: 'full' }
      const refusal = refuseRefit(booking, known)
      return {
        key: booking?.id ?? ask.booking,
        event: { type: 'refit', booking, from, refusal, choice, order, rules, at },
      }
    }
    if (happening.type === 'asked' && happening.ask.kind === 'release') {
      const standing = known.visitAt(happening.ask.compartment)
      if (standing?.workflow !== NAME) return undefined
      return { key: standing.key, event: { type: 'released', by: happening.ask.by, at } }
    }
    return hearVisit(NAME, happening, known)
  },

  step(state, event) {
    if (event.type === 'claimed') return claim(state, event)
    if (event.type === 'refit') return refit(state, event)
    if (!state) return { state, effects: [] }
    if (event.type !== 'released') return proceed(state, stepVisit(state.visit, event), event.at)
    if (state.visit.phase !== 'in-doubt') return { state, effects: [] }
    // Staff looked into it and gave the compartment back: the booking waits for its deposit as before.
    const back = state.again ? [] : [unplace(state.booking)]
    return { state: undefined, effects: [...settled(state.visit, `released by ${event.by}`), ...back] }
  },

  deadline: ({ visit }) => visitDeadline(visit),
}

/** A deposit in doubt goes on where it was, or nowhere: the things may lie there already. */
function choiceFor(booking: Booking, known: Known): Choice {
  const { compartment } = booking
  if (compartment === undefined) return chooseCompartment(booking, known)
  return known.door(compartment) === 'closed' && known.held(compartment) !== 'sensor-broken'
    ? { compartment }
    : { none: 'doors-unknown' }
}

function refuseRefit(booking: Booking | undefined, known: Known): string | undefined {
  if (!booking) return 'no such booking here'
  const { compartment = '' } = booking
  if (known.visitAt(compartment)) return 'its door is not closed yet'
  const soon = reopens(booking, 'deposit', { at: known.at, policy: known.site.policy })
  return soon ? undefined : 'it was not just closed'
}

type Of<Type> = DepositEvent & { type: Type }

function claim(state: Deposit | undefined, event: Of<'claimed'>): Step<Deposit> {
  const { booking, reader, proof, choice, again, at } = event
  const { id: name, legs } = booking
  const refuse = (why: string): Step<Deposit> => ({
    state,
    effects: [record({ type: 'claim-refused', booking: name, leg: 'deposit', why })],
  })
  // The same person may try the same door again: that settles nothing about before, but it opens nothing else either.
  if (state && state.visit.phase !== 'in-doubt') return refuse('in-progress')
  if ('none' in choice) return refuse(choice.none)
  const { compartment } = choice
  const once = again || state?.again === true
  const said = once
    ? record({ type: 'reopened', booking: name, leg: 'deposit', compartment, reader, ...proof })
    : record({ type: 'claimed', booking: name, leg: 'deposit', by: legs.deposit.by, reader, ...proof })
  const next = proceed({ booking: name, again: once }, visitTo(compartment, name, event), at)
  return {
    state: next.state,
    effects: [
      ...(state ? settled(state.visit, 'claimed-again') : []),
      said,
      ...(once ? [] : [{ type: 'amend-booking', booking: name, compartment } as const]),
      ...next.effects,
    ],
  }
}

/** Whoever closed the door took their things out again: they go into a larger one, as if they came for the first time. */
function refit(state: Deposit | undefined, event: Of<'refit'>): Step<Deposit> {
  const { booking, from, refusal, choice, at } = event
  const answer = (said: Answer): Effect => tell({ type: 'answered', to: from, answer: said })
  const why = refusal ?? ('none' in choice ? 'nothing larger is free' : undefined)
  if (!booking || why !== undefined || 'none' in choice)
    return { state, effects: [answer({ outcome: 'refused', why: why ?? '' })] }
  const { compartment } = choice
  const { id: name, compartment: before = '' } = booking
  const next = proceed({ booking: name, again: false }, visitTo(compartment, name, event), at)
  return {
    state: next.state,
    effects: [
      record({ type: 'refitted', booking: name, from: before, compartment }),
      { type: 'amend-booking', booking: name, compartment, stage: 'expected' },
      ...next.effects,
      answer({ outcome: 'done' }),
    ],
  }
}

const visitTo = (compartment: string, booking: string, { order, rules, at }: Opening) =>
  beginVisit(compartment, order, `deposit ${booking}`, rules, at)

function proceed({ booking, again }: Omit<Deposit, 'visit'>, step: VisitStep, at: Millis): Step<Deposit> {
  switch (step.now) {
    case 'going':
      return { state: { booking, again, visit: step.visit }, effects: step.effects }
    case 'over': {
      const { compartment, item } = step
      if (item === false)
        return { state: undefined, effects: [...step.effects, ...empty(booking, compartment)] }
      const end = again
        ? [record({ type: 'reclosed', booking, leg: 'deposit', compartment })]
        : stored(booking, compartment, item, at)
      return { state: undefined, effects: [...step.effects, ...end] }
    }
    case 'failed':
      return { state: undefined, effects: [...step.effects, ...putBack(booking, again, step)] }
  }
}

const stored = (booking: string, compartment: string, item: boolean | undefined, at: Millis): Effect[] => [
  record({ type: 'deposited', booking, compartment, ...(item === undefined ? {} : { item }) }),
  { type: 'amend-booking', booking, stage: 'stored', closed: at },
  tell({ type: 'stored', booking }),
]

/**
 * They closed it with nothing inside: the same door opens for the same code again. It stays theirs, for a sensor that does
 * not see what lies there must not give it to somebody else.
 */
const empty = (booking: string, compartment: string): Effect[] => [
  record({ type: 'nothing-put-in', booking, compartment }),
  { type: 'amend-booking', booking, stage: 'expected' },
]

/** The code is not spent: it may be shown again, and another compartment will be chosen. What is in there stays there. */
function putBack(
  booking: string,
  again: boolean,
  { compartment, why }: VisitStep & { now: 'failed' },
): Effect[] {
  const hold: Effect[] =
    why === 'unreachable'
      ? []
      : [record({ type: 'held', compartment, why, by: 'unit' }), { type: 'hold', compartment, why }]
  return again ? hold : [...hold, unplace(booking)]
}

const unplace = (booking: string): Effect => ({ type: 'amend-booking', booking, compartment: { none: true } })
