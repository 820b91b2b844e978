import type { Millis } from '../../drivers/host/clock.ts'
import { type Effect, record, tell } from '../domain/effect.ts'
import type { Known } from '../domain/known.ts'
import type { Workflow } from './workflow.ts'

//   settled ──the door or the sensor moved──▶ waiting ──overdue, door closed──▶ settled, and said if it differs

/** What the item sensor of a compartment sees once things have come to rest; hands that move in an open door are no news. */
export interface ItemWatch {
  /** Absent before the first. */
  present?: boolean
  /** Its door was open since then, or may have been. */
  opened: boolean
  until?: Millis
}

export type ItemEvent =
  | { type: 'moved'; opened: boolean; at: Millis }
  | {
      type: 'overdue'
      compartment: string
      item: boolean | undefined
      closed: boolean
      stored: boolean
      at: Millis
    }

const NAME = 'item-watch'
const SETTLES: Millis = 2_000

export const itemWatch: Workflow<ItemWatch, ItemEvent> = {
  name: NAME,

  hears(happening, known) {
    if (happening.type === 'overdue' && happening.workflow === NAME) {
      const { key } = happening
      return { key, event: { type: 'overdue', compartment: key, ...seenAt(key, known), at: known.at } }
    }
    if (happening.type !== 'report') return undefined
    const { device, report } = happening
    if (report.type !== 'door' && report.type !== 'item') return undefined
    const place = known.compartmentAt(device, report.channel)
    if (!place || known.item(place.name) === undefined) return undefined
    // After a silence nobody knows whether it was opened meanwhile.
    const opened = report.type === 'door' ? report.open || report.was === undefined : report.was === undefined
    return { key: place.name, event: { type: 'moved', opened, at: known.at } }
  },

  step(state = { opened: true }, event) {
    if (event.type === 'moved')
      return {
        state: { ...state, opened: state.opened || event.opened, until: event.at + SETTLES },
        effects: [],
      }
    const { until: _until, ...rest } = state
    const { item, closed, compartment, stored } = event
    if (!closed || item === undefined) return { state: rest, effects: [] }
    const settled: ItemWatch = { present: item, opened: false }
    if (state.present === item || (state.present === undefined && !item))
      return { state: settled, effects: [] }
    const said = record({ type: 'item-changed', compartment, present: item, opened: state.opened })
    return { state: settled, effects: [said, ...alarm(compartment, item, state.opened, stored)] }
  },

  deadline: ({ until }) => until,
}

const seenAt = (compartment: string, known: Known) => ({
  item: known.item(compartment),
  closed: known.door(compartment) === 'closed',
  stored: known.bookingIn(compartment)?.stage === 'stored',
})

/** Taken out through another way than the door. */
const alarm = (compartment: string, present: boolean, opened: boolean, stored: boolean): Effect[] =>
  !present && !opened && stored ? [tell({ type: 'alarm', alarm: 'emptied', compartment, on: true })] : []
