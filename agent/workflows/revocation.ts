import type { Ask, Asker } from '../domain/ask.ts'
import { record, tell } from '../domain/effect.ts'
import { type RevocationRead, refuseRevocations } from '../domain/revocation.ts'
import type { Workflow } from './workflow.ts'

export interface RevocationEvent {
  ask: Ask & { kind: 'revoke' }
  from: Asker
  read: RevocationRead
  /** Why that list is not taken, where it is sound. */
  refusal: string | undefined
}

/** Tokens that the operator takes back: obeyed from the commit on in which the list is known. */
export const revocation: Workflow<never, RevocationEvent> = {
  name: 'revocation',

  hears(happening, known) {
    if (happening.type !== 'asked' || happening.ask.kind !== 'revoke') return undefined
    const { ask, from } = happening
    const read = known.readRevocations(ask.list)
    const refusal = read.ok ? refuseRevocations(read.list, known.revocations, known.wall) : undefined
    return { key: 'list', event: { ask, from, read, refusal } }
  },

  step(_state, { from, read, refusal }) {
    const why = read.ok ? refusal : `the list cannot be taken: ${read.why}`
    if (!read.ok || why !== undefined) {
      const answer = { outcome: 'refused', why: why ?? '' } as const
      return { state: undefined, effects: [tell({ type: 'answered', to: from, answer })] }
    }
    const { number, at, by, ids, subjects } = read.list
    return {
      state: undefined,
      effects: [
        record({
          type: 'revocations-taken',
          number,
          at,
          key: by,
          tokens: ids.length,
          bookings: subjects.length,
        }),
        { type: 'keep-revocations', list: read.list },
        tell({ type: 'answered', to: from, answer: { outcome: 'done' } }),
      ],
    }
  },

  deadline: () => undefined,
}
