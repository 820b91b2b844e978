import type { z } from 'zod'
import type { Entry } from './journal.ts'
import { dispenseEntries } from './journal-dispense.ts'

type DispenseEntry = z.output<(typeof dispenseEntries)[number]>

const NAMES: ReadonlySet<string> = new Set(dispenseEntries.map(({ shape }) => shape.type.value))

export const isDispensing = (entry: Entry): entry is DispenseEntry => NAMES.has(entry.type)

/** An entry about a prescription as a plain sentence. */
export function tellDispensing(entry: DispenseEntry): string {
  switch (entry.type) {
    case 'prescription-received':
      return `${entry.prescription} received: ${entry.items.map(({ gtin, packs }) => `${packs} × ${gtin}`).join(', ')}`
    case 'reserved':
      return `${entry.prescription}: ${entry.packs.map(({ serial }) => serial).join(', ')} held`
    case 'reservation-moved':
      return `${entry.prescription}: ${entry.now} held instead of ${entry.serial}`
    case 'out-of-stock':
      return `${entry.prescription}: ${entry.missing} × ${entry.gtin} out of stock`
    case 'lease-ended':
      return `${entry.prescription}: nothing held for it any more`
    case 'prescription-released':
      return `${entry.prescription} released by ${entry.by}`
    case 'prescription-renewed':
      return `${entry.prescription} has a new second factor`
    case 'prescription-ended':
      return `${entry.prescription} ended: ${entry.why}${entry.reason === undefined ? '' : ` (${entry.reason})`}`
    case 'personal-data-destroyed':
      return `${entry.prescription}: what was known of the person is destroyed`
    case 'pharmacist-present':
      return `${entry.by} is on duty`
    case 'statement-refused':
      return `A statement was refused: ${entry.why}`
    case 'presented':
      return `${entry.prescription} shown at ${entry.reader}`
    case 'token-refused':
      return `A token was refused at ${entry.reader}: ${entry.why}`
    case 'factor-refused':
      return `${entry.prescription}: wrong second factor, try ${entry.tries}`
    case 'factor-burnt':
      return `${entry.prescription}: too many wrong tries, its second factor is burnt`
    case 'verified':
      return `${entry.prescription}: the patient is verified (${entry.how}${entry.by === undefined ? '' : `, ${entry.by}`})`
    case 'consult-requested':
      return `${entry.prescription}: a pharmacist is asked for`
    case 'consult-joined':
      return `${entry.prescription}: ${entry.by} speaks with the patient`
    case 'consult-ended':
      return `${entry.prescription}: consultation ${entry.declined ? 'declined' : 'completed'} (${entry.by})`
    case 'charge-ordered':
      return `${entry.prescription}: the card is asked for ${entry.amount}`
    case 'paid':
      return `${entry.prescription}: ${entry.amount} paid`
    case 'payment-failed':
      return `${entry.prescription}: not paid (${entry.why})`
    case 'payment-in-doubt':
      return `${entry.prescription}: nobody knows whether it was paid`
    case 'settle-ordered':
      return `${entry.prescription}: the money is ${entry.kept ? 'kept' : 'given back'}`
    case 'settle-failed':
      return `The terminal did not take ${entry.order} (${entry.fault})`
    case 'print-ordered':
      return `${entry.prescription}: its label is told to be printed`
    case 'printed':
      return `${entry.prescription}: its label is on paper`
    case 'print-failed':
      return `${entry.prescription}: its label is not on paper (${entry.fault}, ${entry.sent ? 'perhaps printed' : 'nothing printed'})`
    case 'vend-ordered':
      return `${entry.prescription}: lane ${entry.lane} told to give out ${entry.serial} (${entry.order})`
    case 'vend-failed':
      return `Lane ${entry.lane} could not be told to turn (${entry.fault}, ${entry.sent ? 'perhaps sent' : 'nothing sent'})`
    case 'vend-seen':
      return `Lane ${entry.lane}: ${entry.stage} (${entry.evidence})`
    case 'pack-checked':
      return `${entry.serial} read in the tray: the right pack`
    case 'dispense-held':
      return `HELD ${entry.prescription}: ${entry.says}`
    case 'dispense-resolved':
      return `${entry.prescription}: ${entry.by} looked and found ${entry.serial ?? 'it'} ${entry.found}: ${entry.reason}`
    case 'handed-over':
      return `${entry.prescription} handed over (${entry.evidence})`
    case 'session-ended':
      return `${entry.prescription}: the session ended (${entry.why})`
  }
}
