import type { Millis } from '../../drivers/host/clock.ts'
import type { Ask } from './ask.ts'
import { type Booking, bookingsFrom, type Terms } from './booking.ts'
import { type Effect, record, tell } from './effect.ts'
import type { Leg } from './journal-words.ts'

/** What a cloud asks about one booking. */
export type BookingAsk = Ask & { kind: 'book' | 'cancel' | 'recode' | 'inform' | 'hand-over' }

export const isOfBooking = (
  ask: Ask,
): ask is Ask & { kind: 'book' | 'cancel' | 'recode' | 'inform' | 'hand-over' } =>
  ['book', 'cancel', 'recode', 'inform', 'hand-over'].includes(ask.kind)

/** What follows from a new booking. Each of its things is a booking of its own; in an exchange the other one knows who waits for it. */
export function takenIn(ask: Ask & { kind: 'book' }, after: Booking | undefined, lapses: Millis): Effect[] {
  const waits = after?.stage === 'expected'
  const { after: _after, ...free } = ask
  const made = bookingsFrom(waits ? ask : free)
  return [
    ...made.flatMap(({ id, size, low_reach, of, after: other }): Effect[] => [
      record({
        type: 'booked',
        booking: id,
        size,
        low_reach,
        ...(of === undefined ? {} : { of }),
        ...(other === undefined ? {} : { after: other }),
      }),
    ]),
    ...made.map(booking => ({ type: 'keep-booking', booking }) as const),
    ...made.slice(1).map(({ id }) => tell({ type: 'part-booked', booking: id, lapses })),
    ...(after && waits ? [{ type: 'amend-booking', booking: after.id, next: ask.booking } as const] : []),
  ]
}

/** The same terms for all that is under one code. */
export const forAll = (parts: Booking[], terms: { leg: Leg } & Partial<Terms>): Effect[] =>
  parts.map(({ id }) => ({ type: 'amend-booking', booking: id, terms }))
