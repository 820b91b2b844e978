import type { Millis } from '../../drivers/host/clock.ts'
import type { Answer, Asker } from '../domain/ask.ts'
import { amended, type Booking, partsOf } from '../domain/booking.ts'
import { type BookingAsk, forAll, isOfBooking, takenIn } from '../domain/booking-asks.ts'
import { type Effect, record, tell } from '../domain/effect.ts'
import type { Step, Workflow } from './workflow.ts'

//   (none) ──book──▶ expected ──ended──▶ (none)
//                      │ overdue: never deposited → expired; still stored → `overdue`, once, for staff to clear

/** The life of a booking around its two visits: how it comes, changes and lapses. */
export interface BookingLife {
  /** When, on the steady clock, the right whose turn it is lapses; absent once that was said. */
  lapses?: Millis
}

export type BookingEvent =
  | {
      type: 'asked'
      ask: BookingAsk
      from: Asker
      known: Booking | undefined
      /** It and all else under its code. */
      parts: Booking[]
      /** The one that it says it comes after. */
      after: Booking | undefined
      busy: boolean
      /** Nobody could read a tag here. */
      noReader: boolean
      /** Tokens for a booking of that name were used before, and could be shown again. */
      usedBefore: boolean
      at: Millis
      wall: Millis
    }
  | { type: 'overdue' | 'restarted'; booking: Booking | undefined; busy: boolean; at: Millis; wall: Millis }
  | { type: 'ended' }
  | { type: 'part'; lapses: Millis }
  | { type: 'exchanged'; booking: string; after: string }

const NAME = 'booking'
/** How long to wait with a lapse while somebody is at the door. */
const GRACE: Millis = 60_000
/** How far the clocks may have moved apart before a deadline is set anew. */
const CLOCK_STEP: Millis = 1_000

export const booking: Workflow<BookingLife, BookingEvent> = {
  name: NAME,

  hears(happening, known) {
    const { at, wall } = known
    const at_door = (key: string) => {
      const found = known.booking(key)
      return {
        booking: found,
        busy: found?.compartment !== undefined && known.visitAt(found.compartment) !== undefined,
      }
    }
    switch (happening.type) {
      case 'asked': {
        const { ask, from } = happening
        if (!isOfBooking(ask)) return undefined
        const parts = partsOf(ask.booking, known)
        const busy = parts.some(({ id }) => at_door(id).busy)
        const usedBefore = known.tokensUsedFor(ask.booking)
        const noReader = (known.site.access?.tag_readers ?? []).length === 0
        const after = ask.kind === 'book' ? known.booking(ask.after ?? '') : undefined
        return {
          key: ask.booking,
          event: {
            type: 'asked',
            ask,
            from,
            known: parts[0],
            parts,
            after,
            busy,
            noReader,
            usedBefore,
            at,
            wall,
          },
        }
      }
      case 'overdue':
      case 'restarted':
        if (happening.workflow !== NAME) return undefined
        return { key: happening.key, event: { type: happening.type, ...at_door(happening.key), at, wall } }
      case 'booking-ended':
        return { key: happening.booking, event: { type: 'ended' } }
      case 'part-booked':
        return { key: happening.booking, event: { type: 'part', lapses: happening.lapses } }
      case 'stored': {
        const { booking: after } = happening
        const next = known.booking(after)?.next
        return next === undefined
          ? undefined
          : { key: next, event: { type: 'exchanged', booking: next, after } }
      }
    }
    return undefined
  },

  step(state, event) {
    switch (event.type) {
      case 'asked':
        return obey(state, event)
      case 'ended':
        return { state: undefined, effects: [] }
      case 'part':
        return { state: { lapses: event.lapses }, effects: [] }
      case 'exchanged': {
        const { booking: id, after } = event
        const said = record({ type: 'exchanged', booking: id, after })
        return { state, effects: [said, { type: 'amend-booking', booking: id, after: { none: true } }] }
      }
      // The steady clock says when to look; the wall clock, which may have been put right since, says what is so.
      case 'restarted':
      case 'overdue':
        return look(state, event)
    }
  },

  deadline: ({ lapses }) => lapses,
}

type Asked = BookingEvent & { type: 'asked' }
type Look = BookingEvent & { type: 'overdue' | 'restarted' }

function obey(
  state: BookingLife | undefined,
  { ask, from, known, parts, after, busy, noReader, usedBefore, at, wall }: Asked,
): Step<BookingLife> {
  const answer = (reply: Answer): Effect => tell({ type: 'answered', to: from, answer: reply })
  const refuse = (why: string): Step<BookingLife> => ({
    state,
    effects: [answer({ outcome: 'refused', why })],
  })
  if (ask.kind === 'book') {
    if (known) return refuse(`booking ${ask.booking} is here already`)
    if (usedBefore) return refuse(`a booking ${ask.booking} was here before: give it another name`)
    if (ask.deposit.until <= wall) return refuse('its deposit ended in the past')
    const late = [ask.deposit, ask.collect].some(({ from = -Infinity, until }) => from >= until)
    if (late) return refuse('one of its legs ends before it begins')
    if (ask.tag !== undefined && noReader)
      return refuse('there is no tag reader here: see access.tag_readers')
    if (ask.tag !== undefined && (ask.items ?? 1) > 1) return refuse('only one thing can have that tag')
    if (ask.after !== undefined && !after)
      return refuse(`there is no booking ${ask.after} for it to come after`)
    const lapses = at + ask.deposit.until - wall
    return { state: { lapses }, effects: [...takenIn(ask, after, lapses), answer({ outcome: 'done' })] }
  }
  if (!known) return refuse('no such booking here')
  if (ask.kind === 'inform') {
    const { status, ready_at } = ask
    const about = ready_at === undefined ? { status } : { status, ready_at }
    return {
      state,
      effects: [
        record({ type: 'informed', booking: known.id, ...about }),
        { type: 'amend-booking', booking: known.id, service: { ...about, at: wall } },
        answer({ outcome: 'done' }),
      ],
    }
  }
  if (ask.kind !== 'recode' && ask.kind !== 'hand-over' && ask.kind !== 'cancel')
    return { state, effects: [] }
  if (busy) return refuse('somebody is at its door')
  if (ask.kind === 'recode') {
    const { leg, until, code: seal } = ask
    const terms = { leg, seal, until, tries: 0, burnt: false }
    return {
      state: { lapses: lapse(amended(known, { terms }), at, wall) },
      effects: [
        record({ type: 'recoded', booking: known.id, leg }),
        ...forAll(parts, terms),
        answer({ outcome: 'done' }),
      ],
    }
  }
  if (ask.kind === 'hand-over') {
    const { to: by, until, code: seal, tokens_from = wall } = ask
    const terms = { leg: 'collect', by, seal, until, tries: 0, burnt: false, tokens_from } as const
    return {
      state: { lapses: lapse(amended(known, { terms }), at, wall) },
      effects: [
        record({ type: 'handed-over-to', booking: known.id, to: by }),
        ...forAll(parts, terms),
        answer({ outcome: 'done' }),
      ],
    }
  }
  if (parts.some(({ stage }) => stage === 'stored'))
    return refuse('its things are here: have them taken out first')
  if (parts.some(({ stage }) => stage === 'collected'))
    return refuse('its things were just taken out: it ends by itself')
  const others = parts.slice(1).map(({ id }) => tell({ type: 'booking-ended', booking: id }))
  const ended = parts.flatMap(each => end(each, 'cancelled'))
  return { state: undefined, effects: [...ended, ...others, answer({ outcome: 'done' })] }
}

function look(state: BookingLife | undefined, event: Look): Step<BookingLife> {
  const { booking: found, busy, at, wall } = event
  if (!state || !found) return { state: undefined, effects: [] }
  const lapses = lapse(found, at, wall)
  // After a restart thousands of them stand as before: nothing of that is written again.
  const before = event.type === 'restarted' ? state.lapses : undefined
  if (before !== undefined && before > at && Math.abs(lapses - before) < CLOCK_STEP)
    return { state, effects: [] }
  if (lapses > at) return { state: { lapses }, effects: [] }
  if (busy) return { state: { lapses: at + GRACE }, effects: [] }
  if (found.stage === 'expected' && !found.curfew) return { state: undefined, effects: end(found, 'expired') }
  if (found.stage === 'expected')
    return {
      state: {},
      effects: state.lapses === undefined ? [] : [record({ type: 'curfew-missed', booking: found.id })],
    }
  if (state.lapses === undefined || found.stage === 'collected') return { state: {}, effects: [] }
  const { id, compartment = '' } = found
  return { state: {}, effects: [record({ type: 'overdue', booking: id, compartment })] }
}

const lapse = (found: Booking, at: Millis, wall: Millis): Millis =>
  at + found.legs[found.stage === 'expected' ? 'deposit' : 'collect'].until - wall

/** A compartment that was opened for it and closed, by its sensor empty, is looked at before somebody else gets it. */
const end = ({ id, compartment }: Booking, why: 'cancelled' | 'expired'): Effect[] => [
  record({ type: 'booking-ended', booking: id, why }),
  { type: 'forget-booking', booking: id },
  ...(compartment === undefined ? [] : outOfUse(compartment, 'perhaps-not-empty')),
]

const outOfUse = (compartment: string, why: string): Effect[] => [
  record({ type: 'held', compartment, why, by: 'unit' }),
  { type: 'hold', compartment, why },
]
