import { isDeepStrictEqual } from 'node:util'
import type { PowerConfig } from '../../config/power.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { record } from '../domain/effect.ts'
import type { Known } from '../domain/known.ts'
import {
  type Contact,
  type Contacts,
  type Mains,
  mainsOf,
  type PowerTimes,
  type Stage,
  stageOf,
} from '../domain/power.ts'
import type { Happening } from '../happenings.ts'
import type { Step, Workflow } from './workflow.ts'

//   (normal) ──mains lost──▶ on battery, low, hibernating ──mains back for long enough──▶ (normal)

/** A unit that is not back to normal from its battery; without a state its stage is normal. */
export interface PowerState {
  stage: Exclude<Stage, 'normal'>
  /** What was known of it last. */
  mains: Mains
  /** Counted from when it went on battery: mains that comes for a moment charges nothing. */
  due: PowerTimes
}

export type PowerEvent =
  | { type: 'look'; plan: PowerConfig; contacts: Contacts; at: Millis }
  /** The site file has no battery plan any more. */
  | { type: 'unplanned' }

const NAME = 'power'
const KEY = 'mains'

export const power: Workflow<PowerState, PowerEvent> = {
  name: NAME,

  hears(happening, known) {
    const { power: plan } = known.site
    const own =
      (happening.type === 'overdue' || happening.type === 'restarted') && happening.workflow === NAME
    if (!plan) return own ? { key: KEY, event: { type: 'unplanned' } } : undefined
    if (!own && !concerns(happening, plan)) return undefined
    return { key: KEY, event: { type: 'look', plan, contacts: contactsOf(plan, known), at: known.at } }
  },

  step(state, event) {
    switch (event.type) {
      case 'look':
        return look(state, event)
      case 'unplanned': {
        const change = { stage: 'normal', why: 'no-plan' } as const
        return { state: undefined, effects: state ? [record({ type: 'power-changed', ...change })] : [] }
      }
    }
  },

  // What rings while its contact is silent changes nothing; the same time counts once that speaks.
  deadline({ stage, mains, due }) {
    if (mains === 'back') return due.settled
    return { 'on-battery': due.low, low: due.hibernating, hibernating: undefined }[stage]
  },
}

/** A contact of the plan that spoke, or its board that fell silent: then the time for which mains was back is no longer known. */
function concerns(happening: Happening, plan: PowerConfig): boolean {
  if (happening.type !== 'report') return false
  const { device, report } = happening
  if (report.type !== 'input' && report.type !== 'offline') return false
  return [plan.mains_lost, plan.battery_low, plan.battery_critical].some(
    each => each?.device === device && (report.type === 'offline' || each.input === report.name),
  )
}

function contactsOf({ mains_lost, battery_low, battery_critical }: PowerConfig, known: Known): Contacts {
  const read = (contact: PowerConfig['mains_lost']): Contact => {
    if (!contact) return 'none'
    const on = known.input(contact.device, contact.input)
    if (on === undefined) return 'silent'
    return on ? 'on' : 'off'
  }
  return {
    mains_lost: read(mains_lost),
    battery_low: read(battery_low),
    battery_critical: read(battery_critical),
  }
}

function look(
  before: PowerState | undefined,
  { plan, contacts, at }: PowerEvent & { type: 'look' },
): Step<PowerState> {
  const was = before ?? { stage: 'normal', mains: 'back' }
  const now = mainsOf(contacts)
  const due = timesFor(before?.due ?? goesDown(plan, at), now, at + plan.settle_seconds * 1_000)
  const change = stageOf(was, contacts, due, at)
  const stage = change?.stage ?? was.stage
  const effects = change ? [record({ type: 'power-changed', ...change })] : []
  if (stage === 'normal') return { state: undefined, effects }
  const state: PowerState = { stage, mains: now ?? was.mains, due }
  // The same state, not one like it: or a time that passed while its contact is silent would ring for ever.
  return { state: isDeepStrictEqual(before, state) ? before : state, effects }
}

const goesDown = ({ low_after_minutes, hibernate_after_minutes }: PowerConfig, at: Millis): PowerTimes => ({
  low: at + low_after_minutes * 60_000,
  hibernating: at + hibernate_after_minutes * 60_000,
})

/** Mains that went again, or that nobody saw for a while, must settle anew. */
const timesFor = (
  { low, hibernating, settled }: PowerTimes,
  mains: Mains | undefined,
  fresh: Millis,
): PowerTimes => (mains === 'back' ? { low, hibernating, settled: settled ?? fresh } : { low, hibernating })
