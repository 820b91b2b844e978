import type { Millis } from '../../drivers/host/clock.ts'
import type { Booking } from '../domain/booking.ts'
import { type Effect, record, tell } from '../domain/effect.ts'
import type { Known } from '../domain/known.ts'
import { PERMITS } from '../domain/power.ts'
import type { Step, Workflow } from './workflow.ts'

//   (nobody) ──badge──▶ asked for the PIN ──proved──▶ at a door ──closed, stuck, badge, overdue──▶ at the next ──▶ (over)

/** One of the staff collects whatever waits for staff, led from door to door. */
export type Round =
  | { phase: 'pin'; by: string; until: Millis }
  | { phase: 'door'; by: string; reader: string; compartment: string; been: string[]; until: Millis }

/** Something that waits for staff behind a door that can be opened now. */
interface Target {
  compartment: string
  booking: string
}

/** Looked for only where a round goes on: most doors that are closed are no part of one. */
type Waiting = () => Target[]

export type RoundEvent =
  | { type: 'badge'; device: string; by: string | undefined; hasPin: boolean; waiting: Waiting; at: Millis }
  | { type: 'proved'; by: string; reader: string; waiting: Waiting; at: Millis }
  /** That door is done with: it was closed, or will not open. */
  | { type: 'done'; compartment: string; waiting: Waiting; at: Millis }
  | { type: 'overdue'; waiting: Waiting; at: Millis }
  | { type: 'restarted' }

const NAME = 'round'
/** One after the other: there is one way through a bank of doors. */
const KEY = 'staff'
const PIN_WITHIN: Millis = 30_000
const AT_A_DOOR: Millis = 120_000

export const round: Workflow<Round, RoundEvent> = {
  name: NAME,

  hears(happening, known) {
    const { at } = known
    const waiting = () => waitingFor(known)
    const heard = (event: RoundEvent) => ({ key: KEY, event })
    switch (happening.type) {
      case 'report': {
        const { device, report } = happening
        if (report.type === 'badge') return hearBadge(device, report.id, known)
        if (report.type !== 'door' || report.open) return undefined
        const compartment = known.compartmentAt(device, report.channel)?.name ?? ''
        const closes = known.visitAt(compartment)?.visit.phase === 'open'
        return closes ? heard({ type: 'done', compartment, waiting, at }) : undefined
      }
      case 'alarm':
        if (happening.alarm !== 'will-not-open' || !happening.on) return undefined
        return heard({ type: 'done', compartment: happening.compartment, waiting, at })
      case 'staff-proved':
        return heard({ ...happening, type: 'proved', waiting, at })
      case 'overdue':
        return happening.workflow === NAME ? heard({ type: 'overdue', waiting, at }) : undefined
      case 'restarted':
        return happening.workflow === NAME ? heard({ type: 'restarted' }) : undefined
    }
    return undefined
  },

  step(state, event) {
    switch (event.type) {
      case 'badge':
        return badge(state, event)
      case 'proved':
        return state?.phase === 'pin' && state.by === event.by ? begin(event) : { state, effects: [] }
      case 'done':
        return state?.phase === 'door' && state.compartment === event.compartment
          ? onward(state, event)
          : { state, effects: [] }
      case 'overdue':
        return state?.phase === 'door' ? onward(state, event) : { state: undefined, effects: [] }
      case 'restarted':
        return { state: undefined, effects: state?.phase === 'door' ? [ended(state, 'restart')] : [] }
    }
  },

  deadline: ({ until }) => until,
}

function hearBadge(device: string, id: string, known: Known) {
  const { access, staff } = known.site
  if (!access?.badge_readers.includes(device)) return undefined
  const found = staff.find(({ badge }) => badge === id)
  const event: RoundEvent = {
    type: 'badge',
    device,
    by: found?.name,
    hasPin: found?.pin !== undefined,
    waiting: () => waitingFor(known),
    at: known.at,
  }
  return { key: KEY, event }
}

/** What is for staff, and what a customer left for longer than the policy permits. */
function isForStaff({ stage, legs: { collect } }: Booking, { site, wall }: Known): boolean {
  if (stage !== 'stored') return false
  if (collect.by === 'staff') return true
  const hours = site.policy.remove_overdue_hours
  return hours !== undefined && wall >= collect.until + hours * 3_600_000
}

/** What staff may take out now, door by door as the site file lists them. */
const waitingFor = (known: Known): Target[] =>
  (PERMITS[known.stage].collect ? known.site.compartments : []).flatMap(({ name }) => {
    const booking = known.bookingIn(name)
    const ready =
      booking !== undefined &&
      isForStaff(booking, known) &&
      known.door(name) === 'closed' &&
      known.held(name) === undefined &&
      known.visitAt(name) === undefined
    return ready ? [{ compartment: name, booking: booking.id }] : []
  })

type Of<Type> = RoundEvent & { type: Type }

/** Before the round it asks for the PIN; on the round it leads on from a door that nobody closes. */
function badge(state: Round | undefined, event: Of<'badge'>): Step<Round> {
  const { device, by, hasPin, at } = event
  const no = (says: string): Step<Round> => ({
    state,
    effects: [record({ type: 'badge-refused', device, ...(by === undefined ? {} : { by }), says })],
  })
  if (by === undefined) return no('nobody of the staff in the site file has it')
  if (!hasPin) return no('no PIN of theirs stands in the site file: a badge alone opens no door')
  if (state?.phase === 'door') return state.by === by ? onward(state, event) : no(`${state.by} is on a round`)
  return { state: { phase: 'pin', by, until: at + PIN_WITHIN }, effects: [] }
}

function begin({ by, reader, waiting, at }: Of<'proved'>): Step<Round> {
  const all = waiting()
  const [first] = all
  const began = record({ type: 'round-began', by, reader, waiting: all.length })
  if (!first)
    return { state: undefined, effects: [began, record({ type: 'round-ended', by, doors: 0, how: 'done' })] }
  return lead({ by, reader, been: [] }, first, at, began)
}

type Walk = Pick<Round & { phase: 'door' }, 'by' | 'reader' | 'been'>

function lead(
  { by, reader, been }: Walk,
  { compartment, booking }: Target,
  at: Millis,
  ...before: Effect[]
): Step<Round> {
  const proof = { how: 'staff', who: by } as const
  return {
    state: { phase: 'door', by, reader, compartment, been: [...been, compartment], until: at + AT_A_DOOR },
    effects: [...before, tell({ type: 'claimed', booking, leg: 'collect', reader, proof })],
  }
}

function onward(
  state: Round & { phase: 'door' },
  { waiting, at }: { waiting: Waiting; at: Millis },
): Step<Round> {
  const next = waiting().find(({ compartment }) => !state.been.includes(compartment))
  return next ? lead(state, next, at) : { state: undefined, effects: [ended(state, 'done')] }
}

const ended = ({ by, been }: Round & { phase: 'door' }, how: 'done' | 'restart'): Effect =>
  record({ type: 'round-ended', by, doors: been.length, how })
