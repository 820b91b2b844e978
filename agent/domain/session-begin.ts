import { sameSeal } from './codes.ts'
import { type Effect, record } from './effect.ts'
import type { Known } from './known.ts'
import { holdPacks } from './line-up.ts'
import { outOfService } from './out-of-service.ts'
import type { Prescription } from './prescription.ts'
import {
  type At,
  type Base,
  baseOf,
  over,
  patience,
  type Session,
  type SessionEvent,
  type SessionStep,
  served,
  stay,
} from './session.ts'
import { bar } from './session-bar.ts'
import { consult } from './session-consult.ts'

type Presented = SessionEvent & { type: 'presented' }

/** Somebody shows a valid token. Everything that may be wrong is found before anything begins. */
export function begin(session: Session | undefined, event: Presented): SessionStep {
  const { known, prescription: id, token, reader } = event
  const refuse = (why: string, ...effects: Effect[]): SessionStep => ({
    state: session,
    effects: [record({ type: 'token-refused', reader, why, prescription: id }), ...effects],
  })
  // Shown twice, as people do: nothing changes but their patience.
  if (session?.phase === 'verifying' && session.prescription === id)
    return stay({ ...session, until: patience(known), typed: '', digits: 0 })
  if (session || known.machine) return refuse('in-progress')
  const found = known.prescription(id)
  if (!found) return refuse('unknown')
  const why = refusal(found, token, known)
  if (why !== undefined) return refuse(why)
  const { effects, missing, now } = holdPacks(found, known)
  if (missing.length > 0 && (!found.partial || now.items.every(({ now: state }) => state !== 'held')))
    return refuse(
      'out-of-stock',
      ...effects,
      ...missing.map(each => record({ type: 'out-of-stock', prescription: id, ...each })),
    )
  const base: Base = { prescription: id, machine: { prescription: id }, token, fallen: [], seen: false }
  const said = [record({ type: 'presented', prescription: id, reader }), ...effects]
  if (!needsFactor(known)) {
    const next = consult(base, known)
    const verified = record({ type: 'verified', prescription: id, how: 'none' })
    return { ...next, effects: [...said, verified, ...next.effects] }
  }
  return stay({ ...base, phase: 'verifying', until: patience(known), typed: '', digits: 0 }, ...said)
}

const needsFactor = ({ rules }: Known): boolean => rules?.second_factor !== false

function refusal(found: Prescription, token: string, known: Known): string | undefined {
  if (found.used.includes(token)) return 'used'
  if (!found.release) return 'not-released'
  if (found.until <= known.wall) return 'expired'
  if (found.factor?.burnt) return 'burnt'
  return bar(found, known) ?? (outOfService(known) === undefined ? undefined : 'out-of-service')
}

const MOST_DIGITS = 12

/** The second factor, digit by digit: `#` ends it, `*` takes it back. */
export function typed(session: At<'verifying'>, key: string, known: Known): SessionStep {
  const { prescription } = session
  const until = patience(known)
  if (key === '*') return stay({ ...session, until, typed: '', digits: 0 })
  if (/^\d$/.test(key) && session.digits < MOST_DIGITS)
    return stay({
      ...session,
      until,
      typed: known.sealDigit(prescription, session.typed, key),
      digits: session.digits + 1,
    })
  if ((key !== '#' && key !== 'enter') || session.digits === 0) return stay(session)
  const { factor } = served(session, known)
  if (factor && !factor.burnt && sameSeal(factor.seal, session.typed)) {
    const fresh: Effect = { type: 'change-prescription', prescription, factor: { ...factor, tries: 0 } }
    return verified(session, { how: 'factor' }, known, ...(factor.tries > 0 ? [fresh] : []))
  }
  const tries = (factor?.tries ?? 0) + 1
  const burnt = tries >= known.site.policy.code_tries
  const said: Effect[] = [
    record({ type: 'factor-refused', prescription, tries }),
    ...(burnt ? [record({ type: 'factor-burnt', prescription })] : []),
    ...(factor
      ? [{ type: 'change-prescription', prescription, factor: { ...factor, tries, burnt } } as const]
      : []),
  ]
  if (burnt) return over(session, 'wrong-factor', known, ...said)
  return stay({ ...session, until, typed: '', digits: 0 }, ...said)
}

export function verified(
  session: At<'verifying'>,
  proof: { how: 'factor' } | { how: 'pharmacist'; by: string },
  known: Known,
  ...effects: Effect[]
): SessionStep {
  const { prescription } = session
  const next = consult(baseOf(session), known)
  return {
    ...next,
    effects: [...effects, record({ type: 'verified', prescription, ...proof }), ...next.effects],
  }
}
