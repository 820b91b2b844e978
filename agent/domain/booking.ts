import type { Size } from '../../config/site.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Ask } from './ask.ts'
import type { Leg } from './journal.ts'

/** One stay of somebody's things in a compartment: put in by one, taken out by another. */
export interface Booking {
  id: string
  size: Size
  low_reach: boolean
  /** `expected` until the deposit's door was opened and closed. */
  stage: 'expected' | 'stored'
  /** Set from the first unlock of the deposit until the booking ends. */
  compartment?: string
  legs: Record<Leg, Terms>
}

/** Who may open for one leg, and what is left of the right to. */
export interface Terms {
  by: 'customer' | 'staff'
  /** The code, sealed (see codes.ts). */
  seal: string
  /** Unix time. */
  until: Millis
  /** Wrong tries so far. */
  tries: number
  burnt: boolean
}

export function bookingFrom(ask: Ask & { kind: 'book' }): Booking {
  const terms = ({ by, code, until }: (typeof ask)[Leg]): Terms => ({
    by,
    seal: code,
    until,
    tries: 0,
    burnt: false,
  })
  return {
    id: ask.booking,
    size: ask.size,
    low_reach: ask.low_reach,
    stage: 'expected',
    legs: { deposit: terms(ask.deposit), collect: terms(ask.collect) },
  }
}

/** The leg whose turn it is. */
export const legOf = (booking: Booking): Leg => (booking.stage === 'expected' ? 'deposit' : 'collect')

export const withTerms = (booking: Booking, leg: Leg, terms: Partial<Terms>): Booking => ({
  ...booking,
  legs: { ...booking.legs, [leg]: { ...booking.legs[leg], ...terms } },
})

/** The booking without a compartment of its own. */
export function unplaced(booking: Booking): Booking {
  const { compartment: _left, ...rest } = booking
  return rest
}
