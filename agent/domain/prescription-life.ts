import type { Millis } from '../../drivers/host/clock.ts'
import { type Effect, record } from './effect.ts'
import type { Known } from './known.ts'
import { holdPacks } from './line-up.ts'
import type { Prescription } from './prescription.ts'

/** The life of a prescription around the sessions in which it is given out. */
export type PrescriptionLife =
  | { phase: 'live'; until: Millis }
  /** Kept so that its id is never taken for a new one. `shred`: when what is known of the person is destroyed. */
  | { phase: 'over'; shred?: Millis; forget: Millis }

const DAY: Millis = 86_400_000
const REMEMBER: Millis = 30 * DAY
/** How often what is out of stock is looked for again. */
const LOOK_AGAIN: Millis = 60_000

export interface LifeStep {
  state: PrescriptionLife | undefined
  effects: Effect[]
}

interface Look {
  prescription: string
  known: Known
}

/** Until when packs are held that are held now. */
export const leaseFrom = ({ at, rules }: Known): Millis => at + (rules?.lease_hours ?? 0) * 3_600_000

/** When to look at it again: its lease or its time is over, or something is missing. */
export function wake({ until, lease }: Prescription, missing: boolean, { at, wall }: Known): Millis {
  const over = at + Math.max(0, until - wall)
  const held = Math.min(over, lease ?? over)
  // What is held without a lease, because somebody came after it, is not held for ever.
  const soon = missing || lease === undefined ? at + LOOK_AGAIN * (missing ? 1 : 10) : held
  return Math.min(held, soon)
}

/** Somebody is being served with it. */
export const busyWith = (id: string, { machine }: Known): boolean =>
  machine !== undefined && 'prescription' in machine.machine && machine.machine.prescription === id

/** Its lease or its time may be over, or what was missing may be there. */
export function look(state: PrescriptionLife, { prescription: id, known }: Look): LifeStep {
  const found = known.prescription(id)
  if (!found) return end(id, known)
  if (busyWith(id, known)) return { state: { phase: 'live', until: known.at + LOOK_AGAIN }, effects: [] }
  if (found.until <= known.wall) {
    const why = found.release ? 'not-collected' : 'expired'
    const next = end(id, known)
    return {
      state: next.state,
      effects: [record({ type: 'prescription-ended', prescription: id, why }), ...next.effects],
    }
  }
  if (found.lease !== undefined && found.lease <= known.at) return letGo(found, known)
  if (found.lease === undefined && found.items.some(({ now }) => now === 'held')) return letGo(found, known)
  if (found.lease === undefined)
    return { state: { phase: 'live', until: wake(found, false, known) }, effects: [] }
  const held = holdPacks(found, known)
  return {
    state: { phase: 'live', until: wake(found, held.missing.length > 0, known) },
    effects: state.phase === 'live' ? held.effects : [],
  }
}

function letGo(found: Prescription, known: Known): LifeStep {
  const { id } = found
  const items = found.items.map(item =>
    item.now === 'held' ? { gtin: item.gtin, now: 'wanted' as const } : item,
  )
  const { lease: _over, ...rest } = found
  return {
    state: { phase: 'live', until: wake(rest, false, known) },
    effects: [
      record({ type: 'lease-ended', prescription: id }),
      { type: 'change-prescription', prescription: id, items, lease: 'none' },
    ],
  }
}

/** What is known of the person is kept only as long as the policy says; the id longer, so that it is never used again. */
export function end(id: string, known: Known): LifeStep {
  const { at, wall, rules } = known
  const until = known.prescription(id)?.until ?? wall
  return {
    state: {
      phase: 'over',
      shred: at + (rules?.personal_data_days ?? 0) * DAY,
      forget: at + Math.max(0, until - wall) + REMEMBER,
    },
    effects: [{ type: 'forget-prescription', prescription: id }],
  }
}

export function fade(state: PrescriptionLife | undefined, { prescription: id, known }: Look): LifeStep {
  if (state?.phase !== 'over') return { state, effects: [] }
  if (state.shred !== undefined) {
    if (state.shred > known.at) return { state, effects: [] }
    return {
      state: { phase: 'over', forget: Math.max(state.forget, known.at + 1) },
      effects: [
        { type: 'shred-box', name: id },
        record({ type: 'personal-data-destroyed', prescription: id }),
      ],
    }
  }
  return { state: state.forget > known.at ? state : undefined, effects: [] }
}
