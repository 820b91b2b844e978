import type { Millis } from '../../drivers/host/clock.ts'
import { type Booking, reopens } from '../domain/booking.ts'
import type { DoorReading } from '../domain/door.ts'
import { type Effect, record, tell } from '../domain/effect.ts'
import type { Proof } from '../domain/journal-words.ts'
import type { Known } from '../domain/known.ts'
import type { Rules, Visit, VisitEvent, VisitStep } from '../domain/visit.ts'
import { beginVisit, rulesOf, settled, stepVisit, visitDeadline } from '../domain/visit.ts'
import { hearVisit } from '../domain/visit-hearing.ts'
import type { Step, Workflow } from './workflow.ts'

//   (stored) ──claimed──▶ visit ──over──▶ lingering ──overdue──▶ (over)
//      ▲                   │                │ ▲ claimed soon: once more
//      └── failed, or a ───┘                ▼ │
//          doubt settled by staff          visit
//
// Without time for that (reopen_seconds) it is over as soon as the door is closed.

/** Somebody takes out what a deposit put in: staff in the morning, the customer after closing. */
export type Collect = Visiting | Lingering

interface Visiting {
  booking: string
  visit: Visit
  /** How long its door may be opened once more, from when it is closed. */
  linger: Millis
  lingers?: Millis
  /** Staff take out what a customer left here for too long. */
  removes?: true
}

/** Taken out; until then its door may be opened once more, and nobody else gets the compartment. */
interface Lingering {
  booking: string
  lingers: Millis
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
      again: boolean
      /** How long it may be opened once more. */
      linger: Millis
      at: Millis
    }
  | { type: 'released'; by: string; at: Millis }
  | { type: 'lapsed' }
  /** Somebody else ended that booking. */
  | { type: 'ended' }

const NAME = 'collect'

export const collect: Workflow<Collect, CollectEvent> = {
  name: NAME,

  hears(happening, known) {
    if (happening.type === 'claimed' && happening.leg === 'collect') {
      const { reader, proof } = happening
      const booking = known.booking(happening.booking)
      if (!booking) return undefined
      const { at, nextOrder: order } = known
      const { policy } = known.site
      const again = reopens(booking, 'collect', { at, policy })
      const linger = policy.reopen_seconds * 1_000
      const [door, rules] = [doorFor(booking, known), rulesOf(policy)]
      return {
        key: booking.id,
        event: { type: 'claimed', booking, reader, proof, door, order, rules, again, linger, at },
      }
    }
    if (happening.type === 'asked' && happening.ask.kind === 'release') {
      const standing = known.visitAt(happening.ask.compartment)
      if (standing?.workflow !== NAME) return undefined
      return { key: standing.key, event: { type: 'released', by: happening.ask.by, at: known.at } }
    }
    if (happening.type === 'booking-ended') return { key: happening.booking, event: { type: 'ended' } }
    if (happening.type === 'overdue' && happening.workflow === NAME && isLingering(happening.key, known))
      return { key: happening.key, event: { type: 'lapsed' } }
    return hearVisit(NAME, happening, known)
  },

  step(state, event) {
    if (event.type === 'claimed') return claim(state, event)
    if (event.type === 'ended') return { state: state && 'visit' in state ? state : undefined, effects: [] }
    if (!state) return { state, effects: [] }
    if (event.type === 'lapsed') return { state: undefined, effects: gone(state.booking) }
    if (!('visit' in state)) return { state, effects: [] }
    if (event.type !== 'released') return proceed(state, stepVisit(state.visit, event), event.at)
    if (state.visit.phase !== 'in-doubt') return { state, effects: [] }
    const after = stay(state)
    return { ...after, effects: [...settled(state.visit, `released by ${event.by}`), ...after.effects] }
  },

  deadline: state => ('visit' in state ? visitDeadline(state.visit) : state.lingers),
}

const isLingering = (key: string, known: Known): boolean => {
  const booking = known.booking(key)
  return booking?.stage === 'collected' && known.visitAt(booking.compartment ?? '') === undefined
}

function doorFor({ compartment }: Booking, known: Known): DoorReading {
  const busy = compartment === undefined ? undefined : known.visitAt(compartment)
  const free = busy === undefined || busy.workflow === NAME
  // Nothing that a broken sensor says would prove that the door opened, or that it was closed.
  const blind = compartment !== undefined && known.held(compartment) === 'sensor-broken'
  return compartment !== undefined && free && !blind ? known.door(compartment) : 'unknown'
}

type Claim = CollectEvent & { type: 'claimed' }

function claim(state: Collect | undefined, event: Claim): Step<Collect> {
  const { booking, reader, proof, door, order, rules, again, linger, at } = event
  const { id, compartment } = booking
  const refuse = (why: string): Step<Collect> => ({
    state,
    effects: [record({ type: 'claim-refused', booking: id, leg: 'collect', why })],
  })
  const doubt = state && 'visit' in state ? state.visit : undefined
  if (doubt && doubt.phase !== 'in-doubt') return refuse('in-progress')
  if (compartment === undefined) return refuse('nothing-stored')
  // Opened and closed must both be seen, so a door that is open or unknown now proves nothing later.
  if (door !== 'closed') return refuse(door === 'open' ? 'door-open' : 'door-unknown')
  const removes = proof.how === 'staff' && booking.legs.collect.by === 'customer'
  const kept = {
    ...(state?.lingers === undefined ? {} : { lingers: state.lingers }),
    ...(removes ? { removes } : {}),
  }
  const begun = beginVisit(compartment, order, `collect ${id}`, rules, at)
  const next = proceed({ booking: id, linger, ...kept }, begun, at)
  const said = again
    ? record({ type: 'reopened', booking: id, leg: 'collect', compartment, reader, ...proof })
    : record({ type: 'claimed', booking: id, leg: 'collect', by: booking.legs.collect.by, reader, ...proof })
  return {
    state: next.state,
    effects: [...(doubt ? settled(doubt, 'claimed-again') : []), said, ...next.effects],
  }
}

function proceed(state: Omit<Visiting, 'visit'>, step: VisitStep, at: Millis): Step<Collect> {
  switch (step.now) {
    case 'going':
      return { state: { ...state, visit: step.visit }, effects: step.effects }
    // The right to collect stands: the door stayed shut, and what is in it is still theirs.
    case 'failed': {
      const after = stay(state)
      return { ...after, effects: [...step.effects, ...after.effects] }
    }
    case 'over': {
      const { compartment, item } = step
      if (item === true && state.lingers === undefined) {
        const said = record({ type: 'nothing-taken', booking: state.booking, compartment })
        return { state: undefined, effects: [...step.effects, said] }
      }
      const end = taken(state, step, at)
      return { ...end, effects: [...step.effects, ...end.effects] }
    }
  }
}

/** As it was before this visit: stored, or taken out and lingering. */
const stay = ({ booking, lingers }: Pick<Visiting, 'booking' | 'lingers'>): Step<Collect> => ({
  state: lingers === undefined ? undefined : { booking, lingers },
  effects: [],
})

function taken(
  { booking, linger, lingers, removes }: Omit<Visiting, 'visit'>,
  { compartment, item }: { compartment: string; item: boolean | undefined },
  at: Millis,
): Step<Collect> {
  const said: Effect =
    lingers === undefined
      ? record({ type: 'collected', booking, compartment, ...(item === undefined ? {} : { item }) })
      : record({ type: 'reclosed', booking, leg: 'collect', compartment })
  const until = lingers ?? at + linger
  if (removes) return { state: undefined, effects: [said, ...gone(booking, 'removed')] }
  if (until <= at) return { state: undefined, effects: [said, ...gone(booking)] }
  return {
    state: { booking, lingers: until },
    effects: [
      said,
      ...(lingers === undefined
        ? [{ type: 'amend-booking', booking, stage: 'collected', closed: at } as const]
        : []),
    ],
  }
}

const gone = (booking: string, why: 'collected' | 'removed' = 'collected'): Effect[] => [
  record({ type: 'booking-ended', booking, why }),
  { type: 'forget-booking', booking },
  tell({ type: 'booking-ended', booking }),
]
