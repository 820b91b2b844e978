import type { Ask, Asker } from '../domain/ask.ts'
import { type Effect, record, tell } from '../domain/effect.ts'
import { fits, type Recall } from '../domain/recall.ts'
import type { Pack } from '../domain/stock.ts'
import type { Workflow } from './workflow.ts'

export type RecallEvent =
  | { type: 'recall'; ask: Ask & { kind: 'recall' }; from: Asker; known: Recall | undefined; packs: Pack[] }
  | { type: 'lift'; ask: Ask & { kind: 'lift' }; from: Asker; known: Recall | undefined }

/** Recalls and quarantines: obeyed from the commit on in which they are known, and kept until a person lifts them. */
export const recall: Workflow<never, RecallEvent> = {
  name: 'recall',

  hears(happening, known) {
    if (happening.type !== 'asked') return undefined
    const { ask, from } = happening
    if (ask.kind === 'recall') {
      const packs = [...known.packs()].filter(pack => fits(ask.scope, pack))
      return { key: ask.recall, event: { type: 'recall', ask, from, known: known.recall(ask.recall), packs } }
    }
    if (ask.kind === 'lift')
      return { key: ask.recall, event: { type: 'lift', ask, from, known: known.recall(ask.recall) } }
    return undefined
  },

  step(_state, event) {
    const { ask, from, known } = event
    const answer = (why?: string): Effect =>
      tell({
        type: 'answered',
        to: from,
        answer: why === undefined ? { outcome: 'done' } : { outcome: 'refused', why },
      })
    if (event.type === 'lift') {
      const { recall: id, reason, by } = event.ask
      if (!known) return { state: undefined, effects: [answer(`there is no recall ${id}`)] }
      return {
        state: undefined,
        effects: [
          record({ type: 'recall-lifted', recall: id, reason, by }),
          { type: 'forget-recall', recall: id },
          answer(),
        ],
      }
    }
    if (known) return { state: undefined, effects: [answer(`recall ${ask.recall} is in force already`)] }
    const { recall: id, scope, reason, by } = event.ask
    const packs = event.packs.map(({ gtin, serial, lane }) => ({ gtin, serial, lane }))
    return {
      state: undefined,
      effects: [
        record({ type: 'recalled', recall: id, scope, packs, reason, by }),
        { type: 'keep-recall', recall: { id, scope, why: reason } },
        answer(),
      ],
    }
  },

  deadline: () => undefined,
}
