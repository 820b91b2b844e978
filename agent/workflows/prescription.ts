import type { Answer, Ask, Asker } from '../domain/ask.ts'
import { type Effect, record, tell } from '../domain/effect.ts'
import type { Known } from '../domain/known.ts'
import { holdPacks } from '../domain/line-up.ts'
import { type Prescription, prescriptionFrom } from '../domain/prescription.ts'
import {
  busyWith,
  end,
  fade,
  leaseFrom,
  look,
  type PrescriptionLife,
  wake,
} from '../domain/prescription-life.ts'
import { refusePrescription } from '../domain/refuse-prescription.ts'
import type { Statement } from '../domain/statement.ts'
import { hearStatement, useStatement } from '../domain/statement-hearing.ts'
import type { Step, Workflow } from './workflow.ts'

//   (none) ──prescribe──▶ live ──handed over, withdrawn, rejected, time over──▶ over ──▶ shredded ──▶ (forgotten)
//                          packs are held as long as the lease lasts

export type PrescriptionEvent = { known: Known } & (
  | { type: 'prescribe'; ask: Ask & { kind: 'prescribe' }; from: Asker }
  | { type: 'withdraw'; ask: Ask & { kind: 'withdraw' }; from: Asker }
  | { type: 'renew'; ask: Ask & { kind: 'renew' }; from: Asker }
  | { type: 'stated'; statement: Statement; text: string; from: Asker }
  | { type: 'misstated'; prescription: string | undefined; why: string; from: Asker }
  | { type: 'overdue' | 'restarted'; prescription: string }
  | { type: 'ended'; prescription: string }
)

const NAME = 'prescription'
export const prescription: Workflow<PrescriptionLife, PrescriptionEvent> = {
  name: NAME,

  hears(happening, known) {
    switch (happening.type) {
      case 'asked':
        return hearAsk(happening.ask, happening.from, known)
      case 'overdue':
      case 'restarted': {
        if (happening.workflow !== NAME) return undefined
        const { key } = happening
        return { key, event: { type: happening.type, known, prescription: key } }
      }
      case 'prescription-ended': {
        const { prescription: key } = happening
        return { key, event: { type: 'ended', known, prescription: key } }
      }
    }
    return undefined
  },

  step(state, event) {
    switch (event.type) {
      case 'prescribe':
        return prescribe(state, event)
      case 'withdraw':
        return withdraw(state, event)
      case 'renew':
        return renew(state, event)
      case 'stated':
        return stated(state, event)
      case 'misstated': {
        const { prescription: named, why } = event
        const about = named === undefined ? {} : { prescription: named }
        return refuse(state, event.from, why, record({ type: 'statement-refused', why, ...about }))
      }
      case 'overdue':
      case 'restarted':
        return state?.phase === 'live' ? look(state, event) : fade(state, event)
      case 'ended':
        return end(event.prescription, event.known)
    }
  },

  deadline: state => (state.phase === 'live' ? state.until : (state.shred ?? state.forget)),
}

function hearAsk(ask: Ask, from: Asker, known: Known): { key: string; event: PrescriptionEvent } | undefined {
  if (ask.kind === 'prescribe')
    return { key: ask.prescription, event: { type: 'prescribe', known, ask, from } }
  if (ask.kind === 'withdraw') return { key: ask.prescription, event: { type: 'withdraw', known, ask, from } }
  if (ask.kind === 'renew') return { key: ask.prescription, event: { type: 'renew', known, ask, from } }
  if (ask.kind !== 'state') return undefined
  const heard = hearStatement(ask.statement, known)
  if (!heard.ok) {
    const { why, prescription: named } = heard
    return { key: named ?? '', event: { type: 'misstated', known, prescription: named, why, from } }
  }
  if (heard.to !== 'prescription') return undefined
  const { statement } = heard
  return {
    key: statement.prescription,
    event: { type: 'stated', known, statement, text: ask.statement, from },
  }
}

type Of<Type> = PrescriptionEvent & { type: Type }
type Next = Step<PrescriptionLife>

const answer = (to: Asker, said: Answer): Effect => tell({ type: 'answered', to, answer: said })
const done = (to: Asker): Effect => answer(to, { outcome: 'done' })
const refuse = (state: PrescriptionLife | undefined, to: Asker, why: string, ...effects: Effect[]): Next => ({
  state,
  effects: [...effects, answer(to, { outcome: 'refused', why })],
})

function prescribe(state: PrescriptionLife | undefined, { ask, from, known }: Of<'prescribe'>): Next {
  if (state)
    return refuse(
      state,
      from,
      `prescription ${ask.prescription} ${state.phase === 'live' ? 'is' : 'was'} here already`,
    )
  const why = refusePrescription(ask, known)
  if (why !== undefined) return refuse(state, from, why)
  const { items, refill, first_time, until, personal } = ask
  const made: Prescription = { ...prescriptionFrom(ask), lease: leaseFrom(known) }
  const held = holdPacks(made, known)
  return {
    state: { phase: 'live', until: wake(made, held.missing.length > 0, known) },
    effects: [
      record({
        type: 'prescription-received',
        prescription: made.id,
        items,
        refill,
        first_time,
        until,
        digest: personal.digest,
      }),
      { type: 'keep-prescription', prescription: made },
      { type: 'keep-box', name: made.id, box: personal.box },
      ...held.effects,
      ...held.missing.map(each => record({ type: 'out-of-stock', prescription: made.id, ...each })),
      done(from),
    ],
  }
}

function withdraw(state: PrescriptionLife | undefined, { ask, from, known }: Of<'withdraw'>): Next {
  const { prescription: id, reason, by } = ask
  if (!known.prescription(id)) return refuse(state, from, `there is no prescription ${id} here`)
  if (busyWith(id, known)) return refuse(state, from, 'somebody is being served with it')
  const next = end(id, known)
  const said = record({ type: 'prescription-ended', prescription: id, why: 'withdrawn', reason, by })
  return { state: next.state, effects: [said, ...next.effects, done(from)] }
}

function renew(state: PrescriptionLife | undefined, { ask, from, known }: Of<'renew'>): Next {
  const { prescription: id, factor: seal } = ask
  if (!known.prescription(id)) return refuse(state, from, `there is no prescription ${id} here`)
  if (busyWith(id, known)) return refuse(state, from, 'somebody is being served with it')
  return {
    state,
    effects: [
      record({ type: 'prescription-renewed', prescription: id }),
      { type: 'change-prescription', prescription: id, factor: { seal, tries: 0, burnt: false } },
      done(from),
    ],
  }
}

/** What a pharmacist says of a prescription while nobody is served with it. */
function stated(state: PrescriptionLife | undefined, { statement, text, from, known }: Of<'stated'>): Next {
  const { says, by, prescription: id } = statement
  const found = known.prescription(id)
  if (!found) return refuse(state, from, `there is no prescription ${id} here`)
  switch (says) {
    case 'release': {
      if (found.release) return refuse(state, from, 'it is released already')
      if (found.until <= known.wall) return refuse(state, from, 'its time is over')
      if (known.rules?.counselling.before_loading && !found.counselled)
        return refuse(state, from, 'the policy asks for a consultation before it is released')
      // What expired or was recalled since it came is not released with it.
      const held = holdPacks(found, known)
      return {
        state,
        effects: [
          record({ type: 'prescription-released', prescription: id, by, statement: text }),
          { type: 'change-prescription', prescription: id, release: { by, at: known.wall } },
          ...held.effects,
          ...useStatement(statement),
          done(from),
        ],
      }
    }
    case 'reject': {
      if (busyWith(id, known)) return refuse(state, from, 'somebody is being served with it')
      const next = end(id, known)
      const said = record({ type: 'prescription-ended', prescription: id, why: 'rejected', by })
      return { state: next.state, effects: [said, ...next.effects, done(from)] }
    }
    case 'consult-completed':
      return {
        state,
        effects: [
          record({ type: 'consult-ended', prescription: id, declined: false, by, statement: text }),
          { type: 'change-prescription', prescription: id, counselled: { by } },
          ...useStatement(statement),
          done(from),
        ],
      }
    case 'identified':
    case 'consult-joined':
    case 'consult-declined':
    case 'on-duty':
      return refuse(state, from, 'nobody is being served with it')
  }
}
