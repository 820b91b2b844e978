import type { z } from 'zod'
import type { Entry } from './journal.ts'
import { doorEntries } from './journal-doors.ts'

type DoorsEntry = z.output<(typeof doorEntries)[number]>

const NAMES: ReadonlySet<string> = new Set(doorEntries.map(({ shape }) => shape.type.value))

export const isDoors = (entry: Entry): entry is DoorsEntry => NAMES.has(entry.type)

/** An entry about a door or its lock as a plain sentence. */
export function tellDoors(entry: DoorsEntry): string {
  switch (entry.type) {
    case 'latch-slow':
      return `${entry.compartment} opens slowly: ${entry.took_ms} ms where ${entry.typical_ms} ms is usual`
    case 'latch-recovered':
      return `${entry.compartment} opens as fast as it did again`
    case 'door-opened':
      return `${entry.compartment} opened${entry.order === undefined ? '' : ` for ${entry.order}`}`
    case 'door-closed':
      return `${entry.compartment} closed`
    case 'item-changed':
      return `${entry.compartment} ${entry.present ? 'holds something now' : 'is empty now'}${entry.opened ? '' : ', though its door was not opened'}`
    case 'door-found':
      return `${entry.compartment} found ${entry.open ? 'open' : 'closed'} after nobody could see it`
    case 'alarm-raised':
      return `ALARM ${entry.compartment}: ${entry.alarm}`
    case 'alarm-cleared':
      return `${entry.compartment}: ${entry.alarm} is over`
    case 'unlock-ordered':
      return `${entry.compartment} told to open (${entry.order}, try ${entry.attempt}, ${entry.purpose})`
    case 'unlock-failed':
      return `${entry.compartment} could not be told to open (${entry.fault}, ${entry.sent ? 'perhaps sent' : 'nothing sent'})`
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
    case 'open-all-began':
      return `${entry.by} has all ${entry.doors} doors opened: ${entry.reason}`
    case 'command-refused':
      return `${entry.kind} refused at the console${entry.by === undefined ? '' : ` to ${entry.by}`}: ${entry.why}`
    case 'technician-challenged':
      return `Challenge for a technician: ${entry.challenge}`
    case 'technician-proved':
      return `${entry.by} is there for the operator, for ${entry.seconds / 60} minutes`
    case 'technician-refused':
      return `${entry.by} could not prove to be sent by the operator (${entry.why})`
    case 'technician-left':
      return `${entry.by} is no longer there for the operator`
    case 'held':
      return `${entry.compartment} out of use: ${entry.why} (${entry.by})`
    case 'released':
      return `${entry.compartment} back in use (${entry.by})`
  }
}
