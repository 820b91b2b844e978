import type { Millis } from '../../drivers/host/clock.ts'
import type { Booking } from '../domain/booking.ts'
import { type Choice, chooseCompartment } from '../domain/choice.ts'
import { type Effect, record } from '../domain/effect.ts'
import type { Proof } from '../domain/journal.ts'
import type { Known } from '../domain/known.ts'
import type { Rules, Visit, VisitEvent, VisitStep } from '../domain/visit.ts'
import { beginVisit, rulesOf, settled, stepVisit, visitDeadline } from '../domain/visit.ts'
import { hearVisit } from '../domain/visit-hearing.ts'
import type { Step, Workflow } from './workflow.ts'

//   (expected) ──claimed──▶ visit ──over──▶ (stored)
//       ▲                    │ failed, or a doubt settled by staff
//       └────────────────────┘

/** Somebody puts something in: the keys in the evening, the finished car's keys in the morning. */
export interface Deposit {
  booking: string
  visit: Visit
}

export type DepositEvent =
  | VisitEvent
  | {
      type: 'claimed'
      booking: Booking
      reader: string
      proof: Proof
      choice: Choice
      order: string
      rules: Rules
      at: Millis
    }
  | { type: 'released'; by: string; at: Millis }

const NAME = 'deposit'

export const deposit: Workflow<Deposit, DepositEvent> = {
  name: NAME,

  hears(happening, known) {
    if (happening.type === 'claimed' && happening.leg === 'deposit') {
      const booking = known.booking(happening.booking)
      if (!booking) return undefined
      const { at, nextOrder: order } = known
      const choice = choiceFor(booking, known)
      const rules = rulesOf(known.site.policy)
      return {
        key: booking.id,
        event: {
          type: 'claimed',
          booking,
          reader: happening.reader,
          proof: happening.proof,
          choice,
          order,
          rules,
          at,
        },
      }
    }
    if (happening.type === 'asked' && happening.ask.kind === 'release') {
      const standing = known.visitAt(happening.ask.compartment)
      if (standing?.workflow !== NAME) return undefined
      return { key: standing.key, event: { type: 'released', by: happening.ask.by, at: known.at } }
    }
    return hearVisit(NAME, happening, known)
  },

  step(state, event) {
    if (event.type === 'claimed') return claim(state, event)
    if (!state) return { state, effects: [] }
    if (event.type !== 'released') return proceed(state.booking, stepVisit(state.visit, event))
    if (state.visit.phase !== 'in-doubt') return { state, effects: [] }
    // Staff looked into it and gave the compartment back: the booking waits for its deposit as before.
    return {
      state: undefined,
      effects: [...settled(state.visit, `released by ${event.by}`), unplace(state.booking)],
    }
  },

  deadline: ({ visit }) => visitDeadline(visit),
}

/** A deposit in doubt goes on where it was, or nowhere: the things may lie there already. */
function choiceFor(booking: Booking, known: Known): Choice {
  const { compartment } = booking
  if (compartment === undefined) return chooseCompartment(booking, known)
  return known.door(compartment) === 'closed' ? { compartment } : { none: 'doors-unknown' }
}

type Claim = DepositEvent & { type: 'claimed' }

function claim(state: Deposit | undefined, event: Claim): Step<Deposit> {
  const { booking, reader, proof, choice, order, rules, at } = event
  const refuse = (why: string): Step<Deposit> => ({
    state,
    effects: [record({ type: 'claim-refused', booking: booking.id, leg: 'deposit', why })],
  })
  // The same person may try the same door again: that settles nothing about before, but it opens nothing else either.
  if (state && state.visit.phase !== 'in-doubt') return refuse('in-progress')
  if ('none' in choice) return refuse(choice.none)
  const { compartment } = choice
  const { by } = booking.legs.deposit
  const next = proceed(booking.id, beginVisit(compartment, order, `deposit ${booking.id}`, rules, at))
  return {
    state: next.state,
    effects: [
      ...(state ? settled(state.visit, 'claimed-again') : []),
      record({ type: 'claimed', booking: booking.id, leg: 'deposit', by, reader, ...proof }),
      { type: 'amend-booking', booking: booking.id, compartment },
      ...next.effects,
    ],
  }
}

function proceed(booking: string, step: VisitStep): Step<Deposit> {
  switch (step.now) {
    case 'going':
      return { state: { booking, visit: step.visit }, effects: step.effects }
    case 'over':
      return { state: undefined, effects: [...step.effects, ...stored(booking, step.compartment)] }
    case 'failed':
      return { state: undefined, effects: [...step.effects, ...putBack(booking, step)] }
  }
}

const stored = (booking: string, compartment: string): Effect[] => [
  record({ type: 'deposited', booking, compartment }),
  { type: 'amend-booking', booking, stage: 'stored' },
]

/** The code is not spent: it may be shown again, and another compartment will be chosen. */
function putBack(booking: string, { compartment, why }: VisitStep & { now: 'failed' }): Effect[] {
  const hold: Effect[] =
    why === 'unreachable'
      ? []
      : [record({ type: 'held', compartment, why, by: 'unit' }), { type: 'hold', compartment, why }]
  return [...hold, unplace(booking)]
}

const unplace = (booking: string): Effect => ({ type: 'amend-booking', booking, compartment: { none: true } })
