import type { Millis } from '../../drivers/host/clock.ts'
import { type Effect, record } from '../domain/effect.ts'
import type { Workflow } from './workflow.ts'

//   learning ──ten openings──▶ known ──three slow ones──▶ slow ──three good ones──▶ known

/** How a lock does: how often it opened, and how long it usually takes from the order to the door. */
export interface LatchWatch {
  cycles: number
  /** Learned from its own openings. */
  typical: Millis
  /** The last one. */
  took: Millis
  /** Openings in a row that say otherwise than `slow` does. */
  against: number
  slow: boolean
}

export interface LatchEvent {
  compartment: string
  took: Millis
}

/** Openings before a lock is judged. */
const LEARNING = 10
/** How many in a row change the judgement. */
const IN_A_ROW = 3
/** Slow is twice as long as usual and this much more, so that reading the door now and then is not taken for it. */
const SLACK: Millis = 250

export const latchWatch: Workflow<LatchWatch, LatchEvent> = {
  name: 'latch-watch',

  hears(happening, known) {
    if (happening.type !== 'report' || happening.report.type !== 'door') return undefined
    const { channel, open, was } = happening.report
    if (!open || was !== false) return undefined
    const place = known.compartmentAt(happening.device, channel)
    const visit = place && known.visitAt(place.name)?.visit
    if (!place || visit?.phase !== 'unlocking') return undefined
    const ordered = visit.until - visit.rules.within
    return { key: place.name, event: { compartment: place.name, took: Math.round(known.at - ordered) } }
  },

  step(state, { compartment, took }) {
    const { cycles, typical, against, slow } = state ?? { cycles: 0, typical: took, against: 0, slow: false }
    const isSlow = cycles >= LEARNING && took > 2 * typical + SLACK
    const turned = isSlow !== slow ? against + 1 : 0
    const now = turned >= IN_A_ROW ? !slow : slow
    // A slow opening teaches nothing: a lock that wears out must not teach that this is how it should be.
    const learned = isSlow ? typical : typical + (took - typical) / Math.min(cycles + 1, LEARNING)
    const next = { cycles: cycles + 1, typical: learned, took, against: now === slow ? turned : 0, slow: now }
    return { state: next, effects: now === slow ? [] : [judged(compartment, next)] }
  },

  deadline: () => undefined,
}

const judged = (compartment: string, { slow, typical, took, cycles }: LatchWatch): Effect =>
  record(
    slow
      ? { type: 'latch-slow', compartment, typical_ms: Math.round(typical), took_ms: took, cycles }
      : { type: 'latch-recovered', compartment, took_ms: took, cycles },
  )
