import type { Policy } from '../../config/policy.ts'
import type { CommandsConfig } from '../../config/roles.ts'
import type { StaffConfig } from '../../config/staff.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Ask, Asker } from '../domain/ask.ts'
import { record, tell } from '../domain/effect.ts'
import { countRefused, endedAt, isLocked, type LockOuts, nextEnd, passed } from '../domain/lock-out.ts'
import { type Claimant, inTheNameOf, whyNotPermitted } from '../domain/permission.ts'
import type { Workflow } from './workflow.ts'

/** Who may give which command at the console. Wrong PINs lock a name out, as wrong codes lock a reader. */
export type CommandGuard = LockOuts

export type CommandEvent =
  | {
      type: 'commanded'
      ask: Ask
      from: Asker
      people: Claimant[]
      commands: CommandsConfig | undefined
      staff: StaffConfig[]
      policy: Policy
      at: Millis
    }
  | { type: 'overdue'; at: Millis }

const NAME = 'command-guard'
const KEY = 'console'
/** Whoever gives a name that none of the staff has. */
const NOBODY = '?'

export const commandGuard: Workflow<CommandGuard, CommandEvent> = {
  name: NAME,

  hears(happening, known) {
    const { at, site } = known
    if (happening.type === 'overdue' && happening.workflow === NAME)
      return { key: KEY, event: { type: 'overdue', at } }
    if (happening.type !== 'commanded') return undefined
    const { commands, staff, policy } = site
    return { key: KEY, event: { ...happening, commands, staff, policy, at } }
  },

  step(before, event) {
    const state = before ?? { guards: {} }
    if (event.type === 'overdue') return { state: endedAt(state, event.at).state, effects: [] }
    const { ask, from, people, commands, staff, at } = event
    if (!commands) return { state: before, effects: [tell({ type: 'asked', ask, from })] }
    const guardOf = ({ name }: Claimant) => (staff.some(each => each.name === name) ? name : NOBODY)
    const locked = people.some(each => isLocked(state, guardOf(each), at))
    const why = locked
      ? 'too many PINs were wrong: wait'
      : whyNotPermitted(ask.kind, people, { commands, staff })
    if (why === undefined)
      return {
        state: people.map(guardOf).reduce(passed, state),
        effects: [tell({ type: 'asked', ask: inTheNameOf(ask, people), from })],
      }
    const names = people.map(guardOf).filter(name => name !== NOBODY)
    const by = names.length > 0 ? { by: names.join(' and ') } : {}
    const wrong = locked ? [] : people.filter(({ right }) => !right).map(guardOf)
    const counted = countAll(state, wrong, event)
    return {
      state: counted.state,
      effects: [
        record({ type: 'command-refused', kind: ask.kind, ...by, why }),
        ...counted.locked.map(seconds => record({ type: 'locked-out', reader: 'console', seconds })),
        tell({ type: 'answered', to: from, answer: { outcome: 'refused', why } }),
      ],
    }
  },

  deadline: nextEnd,
}

/** Counts a wrong PIN against each of these; `locked`: for how many seconds whoever is locked out from now on. */
function countAll(
  before: LockOuts,
  names: string[],
  { at, policy }: { at: Millis; policy: Policy },
): { state: LockOuts; locked: number[] } {
  let state = before
  const locked: number[] = []
  for (const name of names) {
    const next = countRefused(state, name, at, policy)
    state = next.state
    locked.push(...next.locked.map(({ seconds }) => seconds))
  }
  return { state, locked }
}
