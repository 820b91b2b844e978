import type { Millis } from '../../drivers/host/clock.ts'
import { record } from '../domain/effect.ts'
import { outOfService } from '../domain/out-of-service.ts'
import type { Workflow } from './workflow.ts'

//   (in service) ──something is wrong──▶ waiting ──still wrong──▶ out ──all is well──▶ (in service)

/** Whether a kiosk can serve, said when it changes: what lasts a moment only is not worth a word. */
export type Availability = { phase: 'waiting'; until: Millis } | { phase: 'out'; why: string; until?: Millis }

export interface AvailabilityEvent {
  why: string | undefined
  owed: number
  at: Millis
}

const NAME = 'availability'
const A_WHILE: Millis = 20_000

export const availability: Workflow<Availability, AvailabilityEvent> = {
  name: NAME,

  // Whatever happens may be what takes it out of service, or brings it back.
  hears(happening, known) {
    if (!known.site.kiosk?.dispense) return undefined
    // While somebody is served, the door and the tray are in use, and nothing is wrong with that.
    if (known.machine && happening.type !== 'overdue') return undefined
    const owed = [...known.prescriptions()].length
    return {
      key: 'kiosk',
      event: { why: known.machine ? undefined : outOfService(known), owed, at: known.at },
    }
  },

  step(state, { why, owed, at }) {
    if (why === undefined) {
      const back = state?.phase === 'out' ? [record({ type: 'in-service' })] : []
      return { state: undefined, effects: back }
    }
    if (!state) return { state: { phase: 'waiting', until: at + A_WHILE }, effects: [] }
    if (state.phase === 'waiting' && state.until > at) return { state, effects: [] }
    if (state.phase === 'out' && state.why === why)
      return { state: state.until === undefined ? state : { phase: 'out', why }, effects: [] }
    // Another reason counts once it has lasted, too: after a restart everything takes its time to answer.
    if (state.phase === 'out' && state.until === undefined)
      return { state: { ...state, until: at + A_WHILE }, effects: [] }
    if (state.phase === 'out' && (state.until ?? 0) > at) return { state, effects: [] }
    return { state: { phase: 'out', why }, effects: [record({ type: 'out-of-service', why, owed })] }
  },

  deadline: ({ until }) => until,
}
