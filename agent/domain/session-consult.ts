import { counsellingOf } from './allowed.ts'
import { record } from './effect.ts'
import type { Known } from './known.ts'
import {
  type At,
  type Base,
  baseOf,
  ORDER_WITHIN,
  over,
  patience,
  type SessionStep,
  served,
  setup,
  stay,
} from './session.ts'
import { print } from './session-vend.ts'
import type { Statement } from './statement.ts'

/** The next gate: a pharmacist speaks with the patient where the policy asks for it. The kiosk waits, and never skips it. */
export function consult(base: Base, known: Known): SessionStep {
  const { prescription } = base
  const { rules } = known
  const { needed, waitMillis } = counsellingFor(base, known)
  if (!rules || !needed) return pay(base, known)
  return stay(
    { ...base, phase: 'consulting', until: known.at + waitMillis, joined: false },
    record({ type: 'consult-requested', prescription }),
  )
}

function counsellingFor(base: Base, known: Known) {
  if (!known.rules) return { needed: true, mayDecline: false, waitMillis: 0 }
  return counsellingOf(known.rules, served(base, known).first_time)
}

/** What a pharmacist says of a consultation; why it is not taken, where it is not. */
export function consulted(
  session: At<'consulting'>,
  { says, by }: Statement,
  text: string,
  known: Known,
): SessionStep | { refused: string } {
  const { prescription } = session
  const statement = text
  switch (says) {
    case 'consult-joined':
      return stay(
        { ...session, joined: true, until: known.at + counsellingFor(session, known).waitMillis },
        record({ type: 'consult-joined', prescription, by, statement }),
      )
    case 'consult-completed':
    case 'consult-declined': {
      if (!session.joined) return { refused: 'nobody joined that consultation' }
      const declined = says === 'consult-declined'
      const said = record({ type: 'consult-ended', prescription, declined, by, statement })
      if (declined && !counsellingFor(session, known).mayDecline)
        return over(session, 'consult-refused', known, said)
      const next = pay(baseOf(session), known)
      return { ...next, effects: [said, ...next.effects] }
    }
    case 'release':
    case 'reject':
    case 'identified':
    case 'on-duty':
      return { refused: 'that is not what is waited for' }
  }
}

/** The next gate: the card, where something is due. */
function pay(base: Base, known: Known): SessionStep {
  const { due, paid: before } = served(base, known)
  const device = setup(known).payment
  if (due === 0 || before) return print(base, known)
  if (device === undefined) return over(base, 'payment', known)
  const order = known.nextOrder
  const { prescription } = base
  return stay(
    { ...base, phase: 'paying', until: patience(known), order },
    record({ type: 'charge-ordered', order, prescription, amount: due }),
    { type: 'charge', order, device, amount: due, by: known.at + ORDER_WITHIN },
  )
}

/** What became of the charge. */
export function paid(
  session: At<'paying'>,
  how: 'approved' | 'denied' | 'in-doubt',
  known: Known,
): SessionStep {
  const { prescription, order } = session
  if (how === 'in-doubt')
    return over(session, 'payment', known, record({ type: 'payment-in-doubt', order, prescription }))
  if (how === 'denied')
    return over(session, 'payment', known, record({ type: 'payment-failed', order, prescription, why: how }))
  const { due } = served(session, known)
  const next = print({ ...baseOf(session), paid: order }, known)
  return { ...next, effects: [record({ type: 'paid', order, prescription, amount: due }), ...next.effects] }
}
