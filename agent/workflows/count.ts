import type { Ask, Asker } from '../domain/ask.ts'
import { type Effect, record, tell } from '../domain/effect.ts'
import type { Known } from '../domain/known.ts'
import type { Recall } from '../domain/recall.ts'
import { setAside } from '../domain/session.ts'
import type { Workflow } from './workflow.ts'

export interface CountEvent {
  ask: Ask & { kind: 'count' }
  from: Asker
  there: boolean
  busy: boolean
  expected: number
  /** Why the lane is set aside, if it is. */
  aside: Recall | undefined
  known: Known
}

/** A lane counted blind. What does not tally sets the lane aside until it does; why it did not is asked for. */
export const count: Workflow<never, CountEvent> = {
  name: 'count',

  hears(happening, known) {
    if (happening.type !== 'asked' || happening.ask.kind !== 'count') return undefined
    const { ask, from } = happening
    const { lane } = ask
    return {
      key: lane,
      event: {
        ask,
        from,
        there: known.lane(lane) !== undefined,
        busy: known.machine !== undefined,
        expected: known.packsIn(lane).length,
        aside: known.recall(`lane-${lane}`),
        known,
      },
    }
  },

  step(_state, { ask, from, there, busy, expected, aside, known }) {
    const { lane, counted, reason, by } = ask
    const refuse = (why: string, ...effects: Effect[]) => ({
      state: undefined,
      effects: [...effects, tell({ type: 'answered', to: from, answer: { outcome: 'refused', why } })],
    })
    if (!there) return refuse(`there is no lane ${lane}`)
    if (busy) return refuse('the machine is in use')
    const about = reason === undefined ? {} : { reason }
    const said = record({ type: 'counted', lane, counted, expected, ...about, by })
    const done = tell({ type: 'answered', to: from, answer: { outcome: 'done' } })
    if (counted === expected) {
      const back: Effect[] = aside
        ? [
            record({ type: 'recall-lifted', recall: aside.id, reason: 'it was counted and tallies', by }),
            { type: 'forget-recall', recall: aside.id },
          ]
        : []
      return { state: undefined, effects: [said, ...back, done] }
    }
    const away = setAside(lane, 'it was counted and does not tally', known)
    if (reason === undefined)
      return refuse('that is not what should be there: count again, and say why with a reason', said, ...away)
    return { state: undefined, effects: [said, ...away, done] }
  },

  deadline: () => undefined,
}
