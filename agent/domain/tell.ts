import type { Entry } from './journal.ts'
import { isDispensing, tellDispensing } from './tell-dispense.ts'
import { isStock, tellStock } from './tell-stock.ts'

/** One journal entry as a plain sentence, without its time. */
export function tellEntry(entry: Entry): string {
  if (isStock(entry)) return tellStock(entry)
  if (isDispensing(entry)) return tellDispensing(entry)
  switch (entry.type) {
    case 'started':
      return `Agent ${entry.version} started${{ first: ' for the first time', stop: '', crash: ' after it was cut off' }[entry.after]}`
    case 'stopped':
      return 'Agent stopped in order'
    case 'device-online':
      return `${entry.device} answers`
    case 'device-offline':
      return `${entry.device} does not answer (${entry.why})`
    case 'input-changed':
      return `${entry.device}: ${entry.input} is ${entry.on ? 'on' : 'off'}`
    case 'latch-slow':
      return `${entry.compartment} opens slowly: ${entry.took_ms} ms where ${entry.typical_ms} ms is usual`
    case 'latch-recovered':
      return `${entry.compartment} opens as fast as it did again`
    case 'door-opened':
      return `${entry.compartment} opened${entry.order === undefined ? '' : ` for ${entry.order}`}`
    case 'door-closed':
      return `${entry.compartment} closed`
    case 'door-found':
      return `${entry.compartment} found ${entry.open ? 'open' : 'closed'} after nobody could see it`
    case 'alarm-raised':
      return `ALARM ${entry.compartment}: ${entry.alarm}`
    case 'alarm-cleared':
      return `${entry.compartment}: ${entry.alarm} is over`
    case 'booked':
      return `${entry.booking} booked, size ${entry.size}${entry.low_reach ? ', low reach' : ''}`
    case 'booking-ended':
      return `${entry.booking} ended: ${entry.why}`
    case 'overdue':
      return `${entry.booking} still lies in ${entry.compartment}: its time is over`
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
    case 'unlock-ordered':
      return `${entry.compartment} told to open (${entry.order}, try ${entry.attempt}, ${entry.purpose})`
    case 'unlock-failed':
      return `${entry.compartment} could not be told to open (${entry.fault}, ${entry.sent ? 'perhaps sent' : 'nothing sent'})`
    case 'deposited':
      return `${entry.booking} lies in ${entry.compartment}`
    case 'collected':
      return `${entry.booking} taken from ${entry.compartment}`
    case 'stuck':
      return `${entry.compartment} given up: ${entry.why}`
    case 'in-doubt':
      return `${entry.compartment} in doubt: told to open, and nobody saw whether it did`
    case 'doubt-resolved':
      return `${entry.compartment} no longer in doubt: ${entry.how}`
    case 'open-asked':
      return `${entry.by} asks to open ${entry.compartment}: ${entry.reason}`
    case 'open-ended':
      return `Opening ${entry.compartment} ended: ${entry.how}`
    case 'held':
      return `${entry.compartment} out of use: ${entry.why} (${entry.by})`
    case 'released':
      return `${entry.compartment} back in use (${entry.by})`
    case 'instruction-accepted':
      return `Instruction ${entry.id} to ${entry.kind} accepted`
    case 'instruction-conflict':
      return `Instruction ${entry.id} came again with other content: the first one stands`
    case 'instruction-ended':
      return `Instruction ${entry.id} to ${entry.kind}: ${entry.outcome}${entry.why === undefined ? '' : `, ${entry.why}`}`
  }
}
