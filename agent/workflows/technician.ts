import type { Millis } from '../../drivers/host/clock.ts'
import type { Answer, Ask, Asker } from '../domain/ask.ts'
import { record, tell } from '../domain/effect.ts'
import {
  challenged,
  challengeEnd,
  judgeResponse,
  noTechnician,
  type Responder,
  type TechnicianGate,
} from '../domain/technician-code.ts'
import type { Step, Workflow } from './workflow.ts'

//   (nobody) ──challenge──▶ challenged ──right response──▶ present ──overdue──▶ (nobody)
//                              └── three wrong, or ten minutes ──▶ (nobody)

/** Whether a technician is at the unit whom the operator sent: proved offline, by challenge and response. */
export interface Technician {
  gate: TechnicianGate
  present?: { by: string; until: Millis }
}

export type TechnicianEvent =
  | {
      type: 'asked'
      ask: Ask & { kind: 'challenge' | 'respond' }
      from: Asker
      at: Millis
      bytes: Uint8Array
      respond: Responder | undefined
    }
  | { type: 'overdue'; at: Millis }

const NAME = 'technician'
const KEY = 'technician'
/** How long a proof stands. */
const STAYS: Millis = 30 * 60_000

export const technician: Workflow<Technician, TechnicianEvent> = {
  name: NAME,

  hears(happening, known) {
    const { at } = known
    if (happening.type === 'overdue' && happening.workflow === NAME)
      return { key: KEY, event: { type: 'overdue', at } }
    if (happening.type !== 'asked') return undefined
    const { ask, from } = happening
    if (ask.kind !== 'challenge' && ask.kind !== 'respond') return undefined
    const { challengeBytes: bytes, respond } = known
    return { key: KEY, event: { type: 'asked', ask, from, at, bytes, respond } }
  },

  step(state = { gate: noTechnician }, event) {
    if (event.type === 'asked') return obey(state, event)
    const gone = state.present !== undefined && state.present.until <= event.at
    const { live, wrong } = state.gate
    const gate = live && live.until <= event.at ? { wrong } : state.gate
    const present = gone || !state.present ? {} : { present: state.present }
    return {
      state: { gate, ...present },
      effects: gone && state.present ? [record({ type: 'technician-left', by: state.present.by })] : [],
    }
  },

  deadline({ gate, present }) {
    const ends = [challengeEnd(gate), present?.until].filter(each => each !== undefined)
    return ends.length === 0 ? undefined : Math.min(...ends)
  },
}

function obey(
  state: Technician,
  { ask, from, at, bytes, respond }: TechnicianEvent & { type: 'asked' },
): Step<Technician> {
  const answer = (said: Answer) => tell({ type: 'answered', to: from, answer: said })
  const refuse = (why: string, next = state): Step<Technician> => ({
    state: next,
    effects: [answer({ outcome: 'refused', why })],
  })
  if ('instruction' in from) return refuse('only somebody who is at the unit can prove that they are')
  if (!respond) return refuse('the site file names no secret for it: access.technician_secret_file')
  if (ask.kind === 'challenge') {
    const next = challenged(state.gate, bytes, at)
    if (!next.ok) return refuse('too many responses were wrong within a day')
    const { challenge } = next
    return {
      state: { ...state, gate: next.state },
      effects: [record({ type: 'technician-challenged', challenge }), answer({ outcome: 'done' })],
    }
  }
  const judged = judgeResponse(state.gate, ask.response, { at, respond })
  if (judged.ok) {
    const { by } = ask
    return {
      state: { gate: judged.state, present: { by, until: at + STAYS } },
      effects: [
        record({ type: 'technician-proved', by, seconds: STAYS / 1_000 }),
        answer({ outcome: 'done' }),
      ],
    }
  }
  const next = { ...state, gate: judged.state }
  return {
    state: next,
    effects: [
      record({ type: 'technician-refused', by: ask.by, why: judged.why }),
      answer({ outcome: 'refused', why: SAYS[judged.why] }),
    ],
  }
}

const SAYS = {
  unreadable: 'a response is eight digits',
  wrong: 'that is not the response to the challenge',
  void: 'that was wrong once too often: ask for a new challenge',
  'no-challenge': 'there is no challenge to answer: ask for one',
} as const
