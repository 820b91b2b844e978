import type { z } from 'zod'
import type { Entry } from './journal.ts'
import { accessEntries } from './journal-access.ts'

type AccessEntry = z.output<(typeof accessEntries)[number]>

const NAMES: ReadonlySet<string> = new Set(accessEntries.map(({ shape }) => shape.type.value))

export const isAccess = (entry: Entry): entry is AccessEntry => NAMES.has(entry.type)

/** An entry about a booking, or whoever came for one, as a plain sentence. */
export function tellAccess(entry: AccessEntry): string {
  switch (entry.type) {
    case 'booked':
      return `${entry.booking} booked, size ${entry.size}${entry.low_reach ? ', low reach' : ''}`
    case 'booking-ended':
      return `${entry.booking} ended: ${entry.why}`
    case 'overdue':
      return `${entry.booking} still lies in ${entry.compartment}: its time is over`
    case 'tag-awaited':
      return `${entry.booking}: hold its tag before the reader`
    case 'wrong-item':
      return `That is not what ${entry.booking} expects: another tag was read at ${entry.device}`
    case 'curfew-missed':
      return `${entry.booking} should be back by now, and is not`
    case 'found':
      return `${entry.by} found in ${entry.compartment}: ${entry.what}`
    case 'recoded':
      return `${entry.booking} has a new code to ${entry.leg}`
    case 'claimed':
      return `${entry.by} may ${entry.leg} ${entry.booking} (${entry.how})`
    case 'pin-refused':
      return `Wrong PIN of ${entry.by} at ${entry.reader}`
    case 'round-began':
      return `${entry.by} begins a round of ${entry.waiting} doors`
    case 'round-ended':
      return `The round of ${entry.by} is over after ${entry.doors} doors (${entry.how})`
    case 'revocations-taken':
      return `List ${entry.number} revokes ${entry.tokens} tokens and ${entry.bookings} bookings`
    case 'handed-over-to':
      return `${entry.booking} is for somebody else (${entry.to}): rights to collect it from before are over`
    case 'exchanged':
      return `${entry.booking} may be handed out: ${entry.after} was put in`
    case 'informed':
      return `${entry.booking}: ${entry.status}`
    case 'reopened':
      return `${entry.compartment} once more for ${entry.booking} (${entry.leg}, ${entry.how})`
    case 'reclosed':
      return `${entry.compartment} closed again for ${entry.booking}`
    case 'refitted':
      return `${entry.booking} did not fit in ${entry.from}: ${entry.compartment} instead`
    case 'claim-refused':
      return `${entry.booking} refused to ${entry.leg}: ${entry.why}`
    case 'code-refused':
      return entry.booking === undefined
        ? `Unknown code at ${entry.reader}`
        : `Wrong code for ${entry.booking}, try ${entry.tries}`
    case 'code-burnt':
      return `${entry.booking}: too many wrong tries, its code to ${entry.leg} is burnt`
    case 'locked-out':
      return `${entry.reader} locked out for ${entry.seconds} s`
    case 'lock-out-ended':
      return `${entry.reader} takes codes again`
    case 'nothing-put-in':
      return `${entry.compartment} closed, and nothing lies in it: ${entry.booking} was not put in`
    case 'nothing-taken':
      return `${entry.compartment} closed, and ${entry.booking} still lies in it`
    case 'deposited':
      return `${entry.booking} lies in ${entry.compartment}`
    case 'collected':
      return `${entry.booking} taken from ${entry.compartment}`
  }
}
