import type { Millis } from '../../drivers/host/clock.ts'
import type { Answer, Asker } from '../domain/ask.ts'
import { type Effect, record, tell } from '../domain/effect.ts'
import type { Known } from '../domain/known.ts'
import {
  beginVisit,
  type Rules,
  rulesOf,
  stepVisit,
  type Visit,
  type VisitEvent,
  visitDeadline,
} from '../domain/visit.ts'
import { hearVisit } from '../domain/visit-hearing.ts'
import type { Happening } from '../happenings.ts'
import type { Step, Workflow } from './workflow.ts'

//   (none) ──fire input, or a technician asks──▶ each door: waits its turn ──▶ visit ──closed, or will not open──▶ (none)

/** One of all doors that are opened, because of a fire or because a technician who is there wants it. */
export type OpenAll = { turn: Millis; by: string; reason: string } | { visit: Visit }

export type OpenAllEvent =
  | VisitEvent
  | {
      type: 'begin'
      by: string
      reason: string
      doors: string[]
      from: Asker | undefined
      refusal: string | undefined
    }
  | { type: 'turn'; by: string; reason: string; at: Millis }
  | { type: 'go'; compartment: string; order: string; rules: Rules; at: Millis }
  | { type: 'dropped' }

const NAME = 'open-all'
/** Whoever begins it; doors go by their own names, which have no star. */
const ALL = '*'
/** Between two pulses: a lock takes several amperes for half a second, and one supply feeds them all. */
const APART: Millis = 700

export const openAll: Workflow<OpenAll, OpenAllEvent> = {
  name: NAME,

  hears(happening, known) {
    const { at } = known
    if (happening.type === 'asked' && happening.ask.kind === 'open-all') {
      const { ask, from } = happening
      const { reason, by } = ask
      const begin = { reason, by, from, refusal: refuse(from, known), doors: doorsOf(known) }
      return { key: ALL, event: { type: 'begin', ...begin } }
    }
    if (happening.type === 'report' && isFire(happening, known)) {
      const begin = { reason: 'fire', by: 'fire input', from: undefined, refusal: undefined }
      return { key: ALL, event: { type: 'begin', ...begin, doors: doorsOf(known) } }
    }
    if (happening.type === 'open-in-turn') {
      const { compartment, by, reason, turn } = happening
      return { key: compartment, event: { type: 'turn', by, reason, at: at + turn * APART } }
    }
    const waits =
      happening.type === 'overdue' &&
      happening.workflow === NAME &&
      known.visitAt(happening.key)?.workflow !== NAME
    if (!waits) return hearVisit(NAME, happening, known)
    const { key } = happening
    // Somebody came to that door meanwhile, or opened it.
    if (known.visitAt(key) || known.door(key) === 'open') return { key, event: { type: 'dropped' } }
    const { nextOrder: order } = known
    return { key, event: { type: 'go', compartment: key, order, rules: rulesOf(known.site.policy), at } }
  },

  step(state, event) {
    switch (event.type) {
      case 'begin':
        return begin(event)
      case 'turn':
        return state
          ? { state, effects: [] }
          : { state: { turn: event.at, by: event.by, reason: event.reason }, effects: [] }
      case 'dropped':
        return { state: undefined, effects: [] }
      case 'go':
        return state && 'turn' in state ? go(state, event) : { state, effects: [] }
      // What waited for its turn moves nothing after a restart: while the input says fire, it begins anew.
      case 'restarted':
      case 'opened':
      case 'closed':
      case 'outcome':
      case 'overdue':
        if (!state || !('visit' in state)) return { state: undefined, effects: [] }
        return proceed(stepVisit(state.visit, event))
    }
  },

  deadline: state => ('visit' in state ? visitDeadline(state.visit) : state.turn),
}

const isFire = ({ device, report }: Happening & { type: 'report' }, { site }: Known): boolean => {
  const fire = site.access?.fire
  return report.type === 'input' && report.on && device === fire?.device && report.name === fire.input
}

const refuse = (from: Asker, { technician }: Known): string | undefined => {
  if ('instruction' in from) return 'all doors are opened only by somebody who is there'
  return technician === undefined
    ? 'a technician must prove first that they are there: pawl technician'
    : undefined
}

/** The doors that are shut and that nobody stands at, as the site file lists them. Never the one of a kiosk's tray. */
const doorsOf = (known: Known): string[] =>
  known.site.compartments.flatMap(({ name }) => {
    const kept = name === known.site.kiosk?.dispense?.delivery
    return kept || known.door(name) === 'open' || known.visitAt(name) ? [] : [name]
  })

function begin({ by, reason, doors, from, refusal }: OpenAllEvent & { type: 'begin' }): Step<OpenAll> {
  const answer = (said: Answer): Effect[] =>
    from ? [tell({ type: 'answered', to: from, answer: said })] : []
  if (refusal !== undefined)
    return { state: undefined, effects: answer({ outcome: 'refused', why: refusal }) }
  return {
    state: undefined,
    effects: [
      record({ type: 'open-all-began', by, reason, doors: doors.length }),
      ...doors.map((compartment, turn) => tell({ type: 'open-in-turn', compartment, by, reason, turn })),
      ...answer({ outcome: 'done' }),
    ],
  }
}

function go(
  { by, reason }: { by: string; reason: string },
  event: OpenAllEvent & { type: 'go' },
): Step<OpenAll> {
  const { compartment, order, rules, at } = event
  const next = proceed(beginVisit(compartment, order, 'maintenance', rules, at))
  return {
    state: next.state,
    effects: [record({ type: 'open-asked', compartment, reason, by }), ...next.effects],
  }
}

function proceed(step: ReturnType<typeof stepVisit>): Step<OpenAll> {
  if (step.now === 'going') return { state: { visit: step.visit }, effects: step.effects }
  const { compartment } = step
  const how = step.now === 'over' ? 'closed' : step.why
  return { state: undefined, effects: [...step.effects, record({ type: 'open-ended', compartment, how })] }
}
