import type { Size } from '../../config/site.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Ask } from './ask.ts'
import type { Leg } from './journal-words.ts'

/** One stay of somebody's things in a compartment: put in by one, taken out by another. */
export interface Booking {
  id: string
  size: Size
  low_reach: boolean
  /** Only there. */
  zone?: string
  /** One of several things under one code: the booking that people name. */
  of?: string
  /** Nothing is handed out before the things of that booking were put in: an exchange. */
  after?: string
  /** What hangs at the things, in hexadecimal: it must be read before the door for them opens. */
  tag?: string
  /** What is out must be back when its deposit ends: late is said, and it is taken in all the same. */
  curfew?: true
  /** The booking that waits for this one. */
  next?: string
  /** For whoever looks at the bookings. */
  visit?: string
  vehicle?: string
  /** How far the work is, and when that was said, on the wall clock. */
  service?: Service
  /** `expected` until the deposit's door was opened and closed; `collected` for as long as it may be opened once more. */
  stage: 'expected' | 'stored' | 'collected'
  /** When its door was closed last, on the unit's steady clock. */
  closed?: Millis
  /** Set from the first unlock of the deposit until the booking ends. */
  compartment?: string
  legs: Record<Leg, Terms>
}

export interface Service {
  status: string
  /** Unix time. */
  ready_at?: Millis
  at: Millis
}

/** Who may open for one leg, and what is left of the right to. */
export interface Terms {
  by: 'customer' | 'staff'
  /** The code, sealed (see codes.ts). */
  seal: string
  /** Unix time; absent: at once. */
  from?: Millis
  until: Millis
  /** Wrong tries so far. */
  tries: number
  burnt: boolean
  /** Unix time: tokens that count from an earlier moment on were another's, before it was handed over. */
  tokens_from?: Millis
}

/** One booking for each of its things: they share code, terms and the name that people show. */
export const bookingsFrom = (ask: Ask & { kind: 'book' }): Booking[] =>
  Array.from({ length: ask.items ?? 1 }, (_, index) => {
    const made = bookingFrom(ask)
    return index === 0 ? made : { ...made, id: partName(ask.booking, index + 1), of: ask.booking }
  })

export const MOST_ITEMS = 8

/** No cloud can give a booking such a name: it has a dot. */
const partName = (booking: string, number: number): string => `${booking}.${number}`

/** What is left of a booking's things, in their order. */
export const partsOf = (booking: string, known: { booking(id: string): Booking | undefined }): Booking[] =>
  Array.from({ length: MOST_ITEMS }, (_, index) =>
    known.booking(index === 0 ? booking : partName(booking, index + 1)),
  ).filter(each => each !== undefined)

function bookingFrom(ask: Ask & { kind: 'book' }): Booking {
  const { visit, vehicle, after, curfew, tag } = ask
  const terms = ({ by, code, from, until }: (typeof ask)[Leg]): Terms => ({
    by,
    ...(from === undefined ? {} : { from }),
    seal: code,
    until,
    tries: 0,
    burnt: false,
  })
  return {
    id: ask.booking,
    size: ask.size,
    low_reach: ask.low_reach,
    ...(ask.zone === undefined ? {} : { zone: ask.zone }),
    ...(after === undefined ? {} : { after }),
    ...(curfew ? { curfew } : {}),
    ...(tag === undefined ? {} : { tag }),
    ...(visit === undefined ? {} : { visit }),
    ...(vehicle === undefined ? {} : { vehicle }),
    stage: 'expected',
    legs: { deposit: terms(ask.deposit), collect: terms(ask.collect) },
  }
}

/** Whether whoever closed its door may open it once more: they forgot something, or it does not fit. */
export const reopens = ({ stage, closed }: Booking, leg: Leg, { at, policy }: Grace): boolean =>
  stage === (leg === 'deposit' ? 'stored' : 'collected') &&
  closed !== undefined &&
  at < closed + policy.reopen_seconds * 1_000

export interface Grace {
  /** On the unit's steady clock. */
  at: Millis
  policy: { reopen_seconds: number }
}

/** The leg whose turn it is. */
export const legOf = (booking: Booking): Leg => (booking.stage === 'expected' ? 'deposit' : 'collect')

/**
 * What of a booking changes, and nothing else: several processes write to one booking, and none may bring back what
 * another changed meanwhile.
 */
export interface Amendment {
  stage?: Booking['stage']
  closed?: Millis
  /** `none` takes the booking out of its compartment. */
  compartment?: string | { none: true }
  terms?: { leg: Leg } & Partial<Terms>
  service?: Service
  next?: string
  /** What it waited for was put in. */
  after?: { none: true }
}

export function amended(
  booking: Booking,
  { stage, compartment, terms, closed, service, next, after }: Amendment,
): Booking {
  const { compartment: before, after: waited, ...rest } = booking
  const now = compartment === undefined ? before : typeof compartment === 'string' ? compartment : undefined
  return {
    ...rest,
    ...(now === undefined ? {} : { compartment: now }),
    stage: stage ?? booking.stage,
    ...(closed === undefined ? {} : { closed }),
    ...(service === undefined ? {} : { service }),
    ...(next === undefined ? {} : { next }),
    ...(waited === undefined || after ? {} : { after: waited }),
    legs: terms ? withTerms(booking, terms) : booking.legs,
  }
}

function withTerms({ legs }: Booking, { leg, ...terms }: { leg: Leg } & Partial<Terms>): Booking['legs'] {
  return { ...legs, [leg]: { ...legs[leg], ...terms } }
}
