import type { Ask, Asker } from '../domain/ask.ts'
import { record, tell } from '../domain/effect.ts'
import type { Workflow } from './workflow.ts'

export interface FoundEvent {
  ask: Ask & { kind: 'found' }
  from: Asker
  there: boolean
}

/** What somebody forgot in a compartment, in whose keeping it is now. */
export const found: Workflow<never, FoundEvent> = {
  name: 'found',

  hears(happening, known) {
    if (happening.type !== 'asked' || happening.ask.kind !== 'found') return undefined
    const { ask, from } = happening
    const there = known.compartment(ask.compartment) !== undefined
    return { key: ask.compartment, event: { ask, from, there } }
  },

  step(_state, { ask: { compartment, what, by }, from, there }) {
    const answer = there
      ? ({ outcome: 'done' } as const)
      : ({ outcome: 'refused', why: `there is no compartment ${compartment}` } as const)
    const said = there ? [record({ type: 'found', compartment, what, by })] : []
    return { state: undefined, effects: [...said, tell({ type: 'answered', to: from, answer })] }
  },

  deadline: () => undefined,
}
