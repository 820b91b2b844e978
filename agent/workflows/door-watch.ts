import type { Millis } from '../../drivers/host/clock.ts'
import type { DoorReading } from '../domain/door.ts'
import { type Effect, record } from '../domain/effect.ts'
import type { Alarm } from '../domain/journal.ts'
import type { Known } from '../domain/known.ts'
import { explains } from '../domain/visit.ts'
import type { Step, Workflow } from './workflow.ts'

//   closed ◀──reading──▶ open ──overdue──▶ open, with the left-open alarm

/** What is known of one door, and which alarms stand. The only one that writes down that a door moved. */
export interface DoorWatch {
  /** The last reading, however long ago; absent before the first. */
  last?: 'closed' | 'open'
  alarms: Alarm[]
  /** When a door left open becomes an alarm. */
  until?: Millis
}

export type DoorEvent =
  | Reading
  | { type: 'alarm'; compartment: string; alarm: Alarm; on: boolean; order: string | undefined }
  | { type: 'overdue'; compartment: string; door: DoorReading }

interface Reading {
  type: 'reading'
  compartment: string
  open: boolean
  /** The change itself was seen; false for the first reading after a silence. */
  seen: boolean
  /** The order under which this door may open now. */
  order: string | undefined
  /** Where none is, the one under way at another door of the same device. */
  elsewhere: string | undefined
  limit: Millis
  at: Millis
}

const NAME = 'door-watch'

export const doorWatch: Workflow<DoorWatch, DoorEvent> = {
  name: NAME,

  hears(happening, known) {
    if (happening.type === 'alarm') {
      const { compartment, alarm, on, order } = happening
      return { key: compartment, event: { type: 'alarm', compartment, alarm, on, order } }
    }
    if (happening.type === 'overdue' && happening.workflow === NAME) {
      const { key } = happening
      return { key, event: { type: 'overdue', compartment: key, door: known.door(key) } }
    }
    if (happening.type !== 'report' || happening.report.type !== 'door') return undefined
    const { channel, open, was } = happening.report
    const compartment = known.compartmentAt(happening.device, channel)?.name
    if (compartment === undefined) return undefined
    const seen = was !== undefined
    const limit = known.site.policy.left_open_seconds * 1_000
    const order = orderAt(compartment, seen, known)
    // Only what opened by itself may be the wrong door.
    const elsewhere =
      open && order === undefined ? orderBeside(compartment, happening.device, known) : undefined
    return {
      key: compartment,
      event: { type: 'reading', compartment, open, seen, order, elsewhere, limit, at: known.at },
    }
  },

  step(state = { alarms: [] }, event) {
    switch (event.type) {
      case 'reading':
        return event.open ? opened(state, event) : closed(state, event)
      case 'alarm':
        return event.on
          ? raise(state, event.alarm, event.compartment, event.order)
          : clear(state, [event.alarm], event.compartment)
      case 'overdue': {
        const { until: _over, ...rest } = state
        // Nobody can see it now; its next reading starts the clock again.
        if (event.door !== 'open') return { state: rest, effects: [] }
        return raise(rest, 'left-open', event.compartment)
      }
    }
  },

  deadline: ({ until }) => until,
}

/** Which order lets this door open. */
function orderAt(name: string, seen: boolean, known: Known): string | undefined {
  const own = known.visitAt(name)?.visit
  return own && explains(own, { seen, at: known.at }) ? own.order : undefined
}

/** Which order is under way at another door of the same device; of several the last. */
function orderBeside(name: string, device: string, known: Known): string | undefined {
  let order: string | undefined
  for (const { visit } of known.visits()) {
    const beside = visit.compartment !== name && known.compartment(visit.compartment)?.device === device
    if (beside && visit.phase === 'unlocking') order = visit.order
  }
  return order
}

function opened(state: DoorWatch, reading: Reading): Step<DoorWatch> {
  const { compartment, seen, order, elsewhere, limit, at } = reading
  const open: DoorWatch = { last: 'open', alarms: state.alarms, until: at + limit }
  // Still open after a silence or a restart: nothing is new but the patience.
  if (state.last === 'open') return { state: open, effects: [] }
  const said =
    order === undefined && !seen
      ? record({ type: 'door-found', compartment, open: true })
      : record({ type: 'door-opened', compartment, ...(order === undefined ? {} : { order }) })
  const eased = clear(open, ['will-not-open'], compartment)
  const alarmed =
    order !== undefined || state.last === undefined
      ? eased
      : raise(eased.state, elsewhere === undefined ? 'forced' : 'wrong-door', compartment, elsewhere)
  return { state: alarmed.state, effects: [said, ...new Set([...eased.effects, ...alarmed.effects])] }
}

function closed(state: DoorWatch, { compartment, seen }: Reading): Step<DoorWatch> {
  const shut: DoorWatch = { last: 'closed', alarms: state.alarms }
  if (state.last !== 'open') return { state: shut, effects: [] }
  const said = record(
    seen ? { type: 'door-closed', compartment } : { type: 'door-found', compartment, open: false },
  )
  const next = clear(shut, ['left-open', 'forced', 'wrong-door'], compartment)
  return { state: next.state, effects: [said, ...next.effects] }
}

interface Watched {
  state: DoorWatch
  effects: Effect[]
}

function raise(state: DoorWatch, alarm: Alarm, compartment: string, order?: string): Watched {
  if (state.alarms.includes(alarm)) return { state, effects: [] }
  return {
    state: { ...state, alarms: [...state.alarms, alarm] },
    effects: [
      record({ type: 'alarm-raised', alarm, compartment, ...(order === undefined ? {} : { order }) }),
    ],
  }
}

function clear(state: DoorWatch, over: Alarm[], compartment: string): Watched {
  const gone = state.alarms.filter(alarm => over.includes(alarm))
  if (gone.length === 0) return { state, effects: [] }
  return {
    state: { ...state, alarms: state.alarms.filter(alarm => !over.includes(alarm)) },
    effects: gone.map(alarm => record({ type: 'alarm-cleared', alarm, compartment })),
  }
}
