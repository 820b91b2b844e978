import { type Effect, record } from '../domain/effect.ts'
import type { Workflow } from './workflow.ts'

//   (unknown) ──first reading──▶ on or off ──change──▶ off or on

/** Contacts that are no doors: tamper, mains, battery. Each change is written down, and so is one that nobody saw happen. */
export interface InputWatch {
  on: boolean
}

export interface InputEvent {
  device: string
  input: string
  on: boolean
}

export const inputWatch: Workflow<InputWatch, InputEvent> = {
  name: 'input-watch',

  hears(happening) {
    if (happening.type !== 'report' || happening.report.type !== 'input') return undefined
    const { device, report } = happening
    return { key: `${device} ${report.name}`, event: { device, input: report.name, on: report.on } }
  },

  step(state, { device, input, on }) {
    if (state?.on === on) return { state, effects: [] }
    // A contact that is off at the first reading of its life has nothing to say.
    const silent = state === undefined && !on
    const effects: Effect[] = silent ? [] : [record({ type: 'input-changed', device, input, on })]
    return { state: { on }, effects }
  },

  deadline: () => undefined,
}
