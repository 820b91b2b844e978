import type { Millis } from '../../drivers/host/clock.ts'
import type { Asker } from '../domain/ask.ts'
import { record, tell } from '../domain/effect.ts'
import { hearStatement } from '../domain/statement-hearing.ts'
import type { Workflow } from './workflow.ts'

//   (nobody) ──on-duty──▶ until then ──overdue──▶ (nobody)

/** A live pharmacist, as long as one promised to be there. `until` is Unix time. */
export interface Duty {
  by: string
  until: Millis
  /** The same on the steady clock. */
  over: Millis
}

export type DutyEvent =
  | { type: 'present'; by: string; until: Millis; over: Millis; text: string; from: Asker }
  | { type: 'overdue' }

const NAME = 'duty'

/** Whether a pharmacist supervises: signed presence, renewed again and again; an older promise never replaces a later one. */
export const duty: Workflow<Duty, DutyEvent> = {
  name: NAME,

  hears(happening, known) {
    if (happening.type === 'overdue' && happening.workflow === NAME)
      return { key: happening.key, event: { type: 'overdue' } }
    if (happening.type !== 'asked' || happening.ask.kind !== 'state') return undefined
    const { ask, from } = happening
    const heard = hearStatement(ask.statement, known)
    if (!heard.ok || heard.to !== 'duty') return undefined
    const { by, until: promised = 0 } = heard.statement
    // However long somebody promises to be there, supervision must be renewed as often as the policy says.
    const lease = known.rules?.pharmacist_lease_seconds
    const until = lease === undefined ? promised : Math.min(promised, known.wall + lease * 1_000)
    const over = known.at + until - known.wall
    return { key: 'pharmacist', event: { type: 'present', by, until, over, text: ask.statement, from } }
  },

  step(state, event) {
    if (event.type === 'overdue') return { state: undefined, effects: [] }
    const { by, until, over, text, from } = event
    const answered = (why?: string) =>
      tell({
        type: 'answered',
        to: from,
        answer: why === undefined ? { outcome: 'done' } : { outcome: 'refused', why },
      })
    if (state && state.until >= until)
      return { state, effects: [answered('a later promise is known already')] }
    return {
      state: { by, until, over },
      effects: [record({ type: 'pharmacist-present', by, until, statement: text }), answered()],
    }
  },

  deadline: ({ over }) => over,
}
