import type { Millis } from '../../drivers/host/clock.ts'
import { type ClimateEvent, type ClimateState, ROOM, startClimate, stepClimate } from '../domain/climate.ts'
import { type Effect, record } from '../domain/effect.ts'
import type { Entry } from '../domain/journal.ts'
import type { Known } from '../domain/known.ts'
import type { Recall } from '../domain/recall.ts'
import type { Workflow } from './workflow.ts'

//   watching ──excursion, silence, mean too high──▶ everything in the machine is quarantined until a person lifts that

/** What one sensor of the room measured, as far back as the mean kinetic temperature looks. */
export interface Climate {
  room: ClimateState
  next: Millis
}

export interface ClimateLook {
  device: string
  celsius: number | undefined
  at: Millis
  known: Known
}

const NAME = 'climate'
/** A month of hours is kept with each look, so a look is not taken more often than it tells something. */
const CALM: Millis = 600_000
const ALERT: Millis = 60_000

export const climate: Workflow<Climate, ClimateLook> = {
  name: NAME,

  hears(happening, known) {
    const sensors = known.site.kiosk?.climate ?? []
    const device =
      happening.type === 'report'
        ? happening.device
        : (happening.type === 'overdue' || happening.type === 'restarted') && happening.workflow === NAME
          ? happening.key
          : undefined
    if (device === undefined || !sensors.includes(device)) return undefined
    return { key: device, event: { device, celsius: known.celsius(device), at: known.at, known } }
  },

  step(state, { device, celsius, at, known }) {
    if (state) {
      const when = due(state, celsius)
      if (at < when) return { state: when === state.next ? state : { ...state, next: when }, effects: [] }
    }
    const { state: room, events } = stepClimate(
      state?.room ?? startClimate(at),
      celsius === undefined ? { at } : { at, celsius },
    )
    const next = at + (isCalm(celsius) ? CALM : ALERT)
    const told = events.map(event => record(entryOf(event, device, known)))
    const wrong = whatIsWrong(room)
    const kept = wrong === undefined ? onlyExposed(device, known) : quarantine(device, wrong, known)
    return { state: { room, next }, effects: [...told, ...(events.length > 0 ? kept : [])] }
  },

  deadline: ({ next }) => next,
}

const isCalm = (celsius: number | undefined): boolean =>
  celsius !== undefined && celsius >= ROOM.low_c && celsius <= ROOM.high_c

/** What is out of the ordinary is looked at sooner; what is out of all bounds at once. */
function due({ room, next }: Climate, celsius: number | undefined): Millis {
  if (isCalm(celsius)) return next
  const beyond = celsius !== undefined && (celsius < ROOM.least_c || celsius > ROOM.most_c)
  return beyond && !room.excursion?.beyond ? room.at : Math.min(next, room.at + ALERT)
}

/** Why what lies there may have suffered; undefined where it does not. */
function whatIsWrong({ excursion, silent, mkt_high }: ClimateState): string | undefined {
  if (excursion && excursion.told !== 'nothing') return `it was too ${excursion.side}`
  if (silent) return 'nobody knows how warm it was'
  return mkt_high ? 'the mean kinetic temperature is too high' : undefined
}

function entryOf(event: ClimateEvent, device: string, { wall }: Known): Entry {
  switch (event.kind) {
    case 'excursion': {
      const { side, lasted_ms, worst_c, beyond } = event
      return { type: 'climate-excursion', device, side, since: wall - lasted_ms, worst_c, beyond }
    }
    case 'excursion-over': {
      const { side, lasted_ms, worst_c } = event
      return { type: 'climate-recovered', device, side, lasted_ms, worst_c }
    }
    case 'silent':
      return { type: 'climate-silent', device, quiet_ms: event.quiet_ms }
    case 'heard-again':
      return { type: 'climate-heard', device, quiet_ms: event.quiet_ms }
    case 'mkt-high':
    case 'mkt-good':
      return { type: 'climate-mean', device, mkt_c: event.mkt_c, high: event.kind === 'mkt-high' }
  }
}

const nameOf = (device: string): string => `climate-${device}`

/** Nothing is given out, until a pharmacist has judged what the exposure did. */
function quarantine(device: string, reason: string, known: Known): Effect[] {
  const id = nameOf(device)
  const before = known.recall(id)
  if (before && before.scope.loaded_until === undefined) return []
  const packs = [...known.packs()].map(({ gtin, serial, lane }) => ({ gtin, serial, lane }))
  const recall: Recall = { id, scope: { unit: true }, why: reason }
  return [
    record({ type: 'recalled', recall: id, scope: recall.scope, packs, reason, by: device }),
    { type: 'keep-recall', recall },
  ]
}

/** What is loaded from now on was not exposed. */
function onlyExposed(device: string, known: Known): Effect[] {
  const before = known.recall(nameOf(device))
  if (!before || before.scope.loaded_until !== undefined) return []
  const scope = { unit: true, loaded_until: known.wall } as const
  return [
    record({ type: 'recall-narrowed', recall: before.id, scope }),
    { type: 'keep-recall', recall: { ...before, scope } },
  ]
}
