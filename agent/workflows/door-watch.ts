import type { Millis } from '../../drivers/host/clock.ts'
import type { DoorReading } from '../domain/door.ts'
import { doorStates, UNTIL_RETURNED } from '../domain/door-states.ts'
import { type Effect, record } from '../domain/effect.ts'
import type { Alarm } from '../domain/journal-words.ts'
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
  /** An order explains why it is open. */
  ordered?: true
  /** When it was closed after such an opening. */
  shut?: Millis
  /** When it was seen to move of late. */
  moves?: Millis[]
}

interface Place {
  compartment: string
  /** It is out of use already. */
  held: boolean
  /** It is the door of a kiosk's tray: what happens there is looked at and settled with `pawl resolve`. */
  tray: boolean
}

export type DoorEvent =
  | Reading
  | (Place & { type: 'alarm'; alarm: Alarm; on: boolean; order: string | undefined })
  | (Place & { type: 'overdue'; door: DoorReading })
  /** Staff gave the compartment back. */
  | (Place & { type: 'returned' })

interface Reading extends Place {
  type: 'reading'
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
/** A door that opens so soon after it was closed was not latched. */
const SPRINGS_BACK: Millis = 5_000
/** So many moves within so long no hand makes. */
const FLUTTER = { moves: 8, within: 5_000 }

export const doorWatch: Workflow<DoorWatch, DoorEvent> = {
  name: NAME,

  hears(happening, known) {
    const heard = (compartment: string, event: (place: Place) => DoorEvent) => ({
      key: compartment,
      event: event({
        compartment,
        held: known.held(compartment) !== undefined,
        tray: compartment === known.site.kiosk?.dispense?.delivery,
      }),
    })
    if (happening.type === 'alarm') {
      const { compartment, alarm, on, order } = happening
      return heard(compartment, place => ({ ...place, type: 'alarm', alarm, on, order }))
    }
    if (happening.type === 'returned')
      return heard(happening.compartment, place => ({ ...place, type: 'returned' }))
    if (happening.type === 'overdue' && happening.workflow === NAME)
      return heard(happening.key, place => ({ ...place, type: 'overdue', door: known.door(happening.key) }))
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
    return heard(compartment, place => ({
      ...place,
      type: 'reading',
      open,
      seen,
      order,
      elsewhere,
      limit,
      at: known.at,
    }))
  },

  step(state = { alarms: [] }, event) {
    switch (event.type) {
      case 'reading':
        return read(state, event)
      case 'alarm':
        return event.on ? raise(state, event.alarm, event, event.order) : clear(state, [event.alarm], event)
      case 'returned': {
        const { moves: _moves, ...rest } = state
        return clear(rest, UNTIL_RETURNED, event)
      }
      case 'overdue': {
        const { until: _over, ...rest } = state
        // Nobody can see it now; its next reading starts the clock again.
        if (event.door !== 'open') return { state: rest, effects: [] }
        return raise(rest, 'left-open', event)
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

/** A sensor that flutters is said once; what it says from then on is not written down, until staff gave the door back. */
function read(state: DoorWatch, event: Reading): Step<DoorWatch> {
  const broken = state.alarms.includes('sensor-broken')
  const recent = (state.moves ?? []).filter(when => when > event.at - FLUTTER.within)
  const moves = event.seen ? [...recent, event.at] : recent
  if (!broken && moves.length >= FLUTTER.moves) {
    const next = event.open ? opened(state, event) : closed(state, event)
    const { moves: _moves, until: _until, ...rest } = next.state
    const alarmed = raise(rest, 'sensor-broken', event)
    return { state: alarmed.state, effects: [...next.effects, ...alarmed.effects] }
  }
  if (broken && event.order === undefined)
    return { state: { ...state, last: event.open ? 'open' : 'closed' }, effects: [] }
  const next = event.open ? opened(state, event) : closed(state, event)
  return { ...next, state: { ...next.state, ...(moves.length > 0 ? { moves } : {}) } }
}

function opened(state: DoorWatch, reading: Reading): Watched {
  const { compartment, seen, order, elsewhere, limit, at } = reading
  const open: DoorWatch = {
    last: 'open',
    alarms: state.alarms,
    until: at + limit,
    ...(order === undefined ? {} : { ordered: true }),
  }
  // Still open after a silence or a restart: nothing is new but the patience.
  if (state.last === 'open') return { state: { ...open, ...ofOrder(state) }, effects: [] }
  const said =
    order === undefined && !seen
      ? record({ type: 'door-found', compartment, open: true })
      : record({ type: 'door-opened', compartment, ...(order === undefined ? {} : { order }) })
  const eased = clear(open, ['will-not-open'], reading)
  const unasked = order === undefined && state.last !== undefined
  const alarmed = unasked ? raise(eased.state, whyUnasked(state, reading), reading, elsewhere) : eased
  return { state: alarmed.state, effects: [said, ...new Set([...eased.effects, ...alarmed.effects])] }
}

const ofOrder = ({ ordered }: DoorWatch) => (ordered ? { ordered } : {})

function whyUnasked({ shut }: DoorWatch, { seen, at, elsewhere }: Reading): Alarm {
  if (elsewhere !== undefined) return 'wrong-door'
  return seen && shut !== undefined && at - shut <= SPRINGS_BACK ? 'not-latched' : 'forced'
}

function closed(state: DoorWatch, reading: Reading): Watched {
  const { compartment, seen, at } = reading
  const shut: DoorWatch = {
    last: 'closed',
    alarms: state.alarms,
    ...(state.ordered && seen ? { shut: at } : {}),
  }
  if (state.last !== 'open') return { state: shut, effects: [] }
  const said = record(
    seen ? { type: 'door-closed', compartment } : { type: 'door-found', compartment, open: false },
  )
  const over: Alarm[] = [
    'left-open',
    'forced',
    'wrong-door',
    ...(reading.tray ? ['not-latched' as const] : []),
  ]
  const next = clear(shut, over, reading)
  return { state: next.state, effects: [said, ...next.effects] }
}

interface Watched {
  state: DoorWatch
  effects: Effect[]
}

/** Says it once, and takes the compartment out of use where that alarm wants it. */
function raise(state: DoorWatch, alarm: Alarm, { compartment, held, tray }: Place, order?: string): Watched {
  if (state.alarms.includes(alarm)) return { state, effects: [] }
  const out: Effect[] =
    doorStates[alarm].outOfUse && !held && (!tray || alarm === 'sensor-broken')
      ? [
          record({ type: 'held', compartment, why: alarm, by: 'unit' }),
          { type: 'hold', compartment, why: alarm },
        ]
      : []
  return {
    state: { ...state, alarms: [...state.alarms, alarm] },
    effects: [
      record({ type: 'alarm-raised', alarm, compartment, ...(order === undefined ? {} : { order }) }),
      ...out,
    ],
  }
}

function clear(state: DoorWatch, over: readonly Alarm[], { compartment }: Place): Watched {
  const gone = state.alarms.filter(alarm => over.includes(alarm))
  if (gone.length === 0) return { state, effects: [] }
  return {
    state: { ...state, alarms: state.alarms.filter(alarm => !over.includes(alarm)) },
    effects: gone.map(alarm => record({ type: 'alarm-cleared', alarm, compartment })),
  }
}
