import type { Millis } from '../../drivers/host/clock.ts'
import type { Booking } from '../domain/booking.ts'
import type { DoorReading } from '../domain/door.ts'
import { record, tell } from '../domain/effect.ts'
import type { Proof } from '../domain/journal.ts'
import type { Rules, Visit, VisitEvent, VisitStep } from '../domain/visit.ts'
import { beginVisit, rulesOf, settled, stepVisit, visitDeadline } from '../domain/visit.ts'
import { hearVisit } from '../domain/visit-hearing.ts'
import type { Step, Workflow } from './workflow.ts'

//   (stored) ──claimed──▶ visit ──over──▶ (collected)
//      ▲                   │ failed, or a doubt settled by staff
//      └───────────────────┘

/** Somebody takes out what a deposit put in: staff in the morning, the customer after closing. */
export interface Collect {
  booking: string
  visit: Visit
}

export type CollectEvent =
  | VisitEvent
  | {
      type: 'claimed'
      booking: Booking
      reader: string
      proof: Proof
      door: DoorReading
      order: string
      rules: Rules
      at: Millis
    }
  | { type: 'released'; by: string; at: Millis }

const NAME = 'collect'

export const collect: Workflow<Collect, CollectEvent> = {
  name: NAME,

  hears(happening, known) {
    if (happening.type === 'claimed' && happening.leg === 'collect') {
      const booking = known.booking(happening.booking)
      if (!booking) return undefined
      const busy = booking.compartment === undefined ? undefined : known.visitAt(booking.compartment)
      const free = busy === undefined || busy.workflow === NAME
      const door = booking.compartment !== undefined && free ? known.door(booking.compartment) : 'unknown'
      const { at, nextOrder: order } = known
      const rules = rulesOf(known.site.policy)
      return {
        key: booking.id,
        event: {
          type: 'claimed',
          booking,
          reader: happening.reader,
          proof: happening.proof,
          door,
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
    return { state: undefined, effects: settled(state.visit, `released by ${event.by}`) }
  },

  deadline: ({ visit }) => visitDeadline(visit),
}

type Claim = CollectEvent & { type: 'claimed' }

function claim(state: Collect | undefined, event: Claim): Step<Collect> {
  const { booking, reader, proof, door, order, rules, at } = event
  const { id, compartment } = booking
  const refuse = (why: string): Step<Collect> => ({
    state,
    effects: [record({ type: 'claim-refused', booking: id, leg: 'collect', why })],
  })
  if (state && state.visit.phase !== 'in-doubt') return refuse('in-progress')
  if (compartment === undefined) return refuse('nothing-stored')
  // Opened and closed must both be seen, so a door that is open or unknown now proves nothing later.
  if (door !== 'closed') return refuse(door === 'open' ? 'door-open' : 'door-unknown')
  const next = proceed(id, beginVisit(compartment, order, `collect ${id}`, rules, at))
  return {
    state: next.state,
    effects: [
      ...(state ? settled(state.visit, 'claimed-again') : []),
      record({ type: 'claimed', booking: id, leg: 'collect', by: booking.legs.collect.by, reader, ...proof }),
      ...next.effects,
    ],
  }
}

function proceed(booking: string, step: VisitStep): Step<Collect> {
  switch (step.now) {
    case 'going':
      return { state: { booking, visit: step.visit }, effects: step.effects }
    // The right to collect stands: the door stayed shut, and what is in it is still theirs.
    case 'failed':
      return { state: undefined, effects: step.effects }
    case 'over':
      return {
        state: undefined,
        effects: [
          ...step.effects,
          record({ type: 'collected', booking, compartment: step.compartment }),
          record({ type: 'booking-ended', booking, why: 'collected' }),
          { type: 'forget-booking', booking },
          tell({ type: 'booking-ended', booking }),
        ],
      }
  }
}
