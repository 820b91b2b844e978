import { createHash } from 'node:crypto'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Answer, Ask } from '../domain/ask.ts'
import { record, tell } from '../domain/effect.ts'
import type { Step, Workflow } from '../workflows/workflow.ts'

//   (none) ──arrived──▶ accepted ──answered──▶ ended ──overdue──▶ (forgotten)
//                          arrived again: nothing, it is obeyed once

/** The life of one thing the cloud asked for. Kept after its end, so that a repeat is known as one. */
export interface Instruction {
  phase: 'accepted' | 'ended'
  kind: Ask['kind'] | 'unreadable'
  fingerprint: string
  /** When it was accepted, on the steady clock. */
  accepted: Millis
  forget: Millis
}

export type InstructionEvent =
  | { type: 'arrived'; id: string; ask: Ask; expires: Millis; fingerprint: string; at: Millis; wall: Millis }
  | { type: 'unreadable'; id: string; says: string; at: Millis }
  | { type: 'answered'; id: string; answer: Answer }
  | { type: 'overdue'; at: Millis }

const NAME = 'instruction'
const HOUR: Millis = 3_600_000
/** Longer than the quota of remote opens looks back, and than a broker may keep a message past its expiry. */
const KEEP: Millis = 26 * HOUR

export const instruction: Workflow<Instruction, InstructionEvent> = {
  name: NAME,

  hears(happening, { at, wall }) {
    if (happening.type === 'instruction') {
      const { id, ask, expires } = happening
      const fingerprint = createHash('sha256')
        // What is encrypted looks different each time.
        .update(JSON.stringify([ask, expires], (key, value: unknown) => (key === 'box' ? undefined : value)))
        .digest('hex')
        .slice(0, 16)
      return { key: id, event: { type: 'arrived', id, ask, expires, fingerprint, at, wall } }
    }
    if (happening.type === 'unreadable') {
      const { id, says } = happening
      return { key: id, event: { type: 'unreadable', id, says, at } }
    }
    if (happening.type === 'answered' && 'instruction' in happening.to) {
      const id = happening.to.instruction
      return { key: id, event: { type: 'answered', id, answer: happening.answer } }
    }
    if (happening.type === 'overdue' && happening.workflow === NAME)
      return { key: happening.key, event: { type: 'overdue', at } }
    return undefined
  },

  step(state, event) {
    switch (event.type) {
      case 'arrived':
        return arrived(state, event)
      case 'unreadable':
        return unreadable(state, event)
      case 'answered': {
        if (state?.phase !== 'accepted') return { state, effects: [] }
        const { answer, id } = event
        const why = answer.outcome === 'done' ? {} : { why: answer.why }
        const ended = {
          type: 'instruction-ended',
          id,
          kind: state.kind,
          outcome: answer.outcome,
          ...why,
        } as const
        return { state: { ...state, phase: 'ended' }, effects: [record(ended)] }
      }
      case 'overdue':
        if (state?.phase === 'accepted') return { state: { ...state, forget: event.at + HOUR }, effects: [] }
        return { state: undefined, effects: [] }
    }
  },

  deadline: ({ forget }) => forget,
}

function arrived(
  state: Instruction | undefined,
  { id, ask, expires, fingerprint, at, wall }: InstructionEvent & { type: 'arrived' },
): Step<Instruction> {
  if (state)
    return {
      state,
      effects: state.fingerprint === fingerprint ? [] : [record({ type: 'instruction-conflict', id })],
    }
  const { kind } = ask
  const kept = { kind, fingerprint, accepted: at, forget: at + Math.max(0, expires - wall) + KEEP }
  const accepted = record({ type: 'instruction-accepted', id, kind })
  if (expires <= wall)
    return {
      state: { ...kept, phase: 'ended' },
      effects: [
        accepted,
        record({ type: 'instruction-ended', id, kind, outcome: 'expired', why: 'it came too late' }),
      ],
    }
  return {
    state: { ...kept, phase: 'accepted' },
    effects: [accepted, tell({ type: 'asked', ask, from: { instruction: id } })],
  }
}

/** Refused once, however often it comes; and never in the place of one that could be read. */
function unreadable(
  state: Instruction | undefined,
  { id, says, at }: InstructionEvent & { type: 'unreadable' },
): Step<Instruction> {
  if (state) return { state, effects: [] }
  const kind = 'unreadable'
  return {
    state: { phase: 'ended', kind, fingerprint: '', accepted: at, forget: at + KEEP },
    effects: [
      record({ type: 'instruction-accepted', id, kind }),
      record({ type: 'instruction-ended', id, kind, outcome: 'refused', why: says }),
    ],
  }
}
