import type { Policy } from '../../config/policy.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { type Booking, legOf } from '../domain/booking.ts'
import { readShown } from '../domain/codes.ts'
import { type Effect, record, tell } from '../domain/effect.ts'
import type { Leg } from '../domain/journal.ts'
import { judgeToken, type TokenRead } from '../domain/token.ts'
import type { Step, Workflow } from './workflow.ts'

//   ready ──too many refused──▶ locked-out ──overdue──▶ ready

/** The gate before every door: what was shown to a reader is worth something, or is counted against it. */
export type Reader = { phase: 'ready'; refused: Millis[] } | { phase: 'locked-out'; until: Millis }

export type ReaderEvent =
  | {
      type: 'shown'
      reader: string
      booking: Booking | undefined
      leg: Leg | undefined
      /** What a patient showed, where that is what is shown here. */
      token: TokenRead | undefined
      unit: string
      policy: Policy
      at: Millis
      wall: Millis
    }
  | { type: 'overdue'; reader: string }

const NAME = 'reader'

export const reader: Workflow<Reader, ReaderEvent> = {
  name: NAME,

  hears(happening, known) {
    const { at, wall } = known
    if (happening.type === 'overdue' && happening.workflow === NAME)
      return { key: happening.key, event: { type: 'overdue', reader: happening.key } }
    if (happening.type !== 'report' || happening.report.type !== 'scan') return undefined
    const { device, report } = happening
    const { policy, unit, kiosk } = known.site
    // What is shown there is a pack, not a person.
    if (device === kiosk?.pack_scanner || device === kiosk?.dispense?.check_scanner) return undefined
    const token = device === kiosk?.dispense?.patient_scanner ? known.readToken(report.bytes) : undefined
    const shown = token ? undefined : readShown(report.bytes)
    const booking = shown && known.booking(shown.booking)
    const leg = booking && known.legFor(booking, shown.code)
    return {
      key: device,
      event: { type: 'shown', reader: device, booking, leg, token, unit, policy, at, wall },
    }
  },

  step(state = { phase: 'ready', refused: [] }, event) {
    if (event.type === 'overdue')
      return {
        state: { phase: 'ready', refused: [] },
        effects: [record({ type: 'lock-out-ended', reader: event.reader })],
      }
    // Not even a right code: whoever guesses must not learn anything here.
    if (state.phase === 'locked-out') return { state, effects: [] }
    return judge(state, event)
  },

  deadline: state => (state.phase === 'locked-out' ? state.until : undefined),
}

type Shown = ReaderEvent & { type: 'shown' }

function judge(state: Reader & { phase: 'ready' }, event: Shown): Step<Reader> {
  const { booking, leg, token, reader: name, policy, wall } = event
  if (token) return judgeShown(state, event, token)
  if (!booking) return count(state, event, [record({ type: 'code-refused', reader: name })])
  if (!leg) return count(state, event, wrongCode(booking, name, policy.code_tries))
  const terms = booking.legs[leg]
  const refuse = (why: string) => record({ type: 'claim-refused', booking: booking.id, leg, why })
  if (terms.burnt) return count(state, event, [refuse('burnt')])
  if (leg !== legOf(booking)) return count(state, event, [refuse(leg === 'deposit' ? 'used' : 'too-early')])
  if (terms.until <= wall) return count(state, event, [refuse('expired')])
  const claimed = tell({ type: 'claimed', booking: booking.id, leg, reader: name })
  return { state: { phase: 'ready', refused: [] }, effects: [claimed] }
}

/** A token is worth something when its signature is right, and it is for here and now. What else is wrong the kiosk finds. */
function judgeShown(state: Reader & { phase: 'ready' }, event: Shown, read: TokenRead): Step<Reader> {
  const { reader: name, unit, wall } = event
  const why = read.ok ? judgeToken(read.token, { unit, action: 'collect', wall }) : read.why
  if (!read.ok || why !== undefined)
    return count(state, event, [record({ type: 'token-refused', reader: name, why: why ?? '' })])
  const { subject: prescription, id: token } = read.token
  return {
    state: { phase: 'ready', refused: [] },
    effects: [tell({ type: 'presented', prescription, token, reader: name })],
  }
}

/** A wrong code counts against the leg whose turn it is; the last try burns it. */
function wrongCode(booking: Booking, name: string, most: number): Effect[] {
  const leg = legOf(booking)
  const { tries, burnt } = booking.legs[leg]
  if (burnt) return [record({ type: 'claim-refused', booking: booking.id, leg, why: 'burnt' })]
  const now = { tries: tries + 1, burnt: tries + 1 >= most }
  return [
    record({ type: 'code-refused', reader: name, booking: booking.id, tries: now.tries }),
    ...(now.burnt ? [record({ type: 'code-burnt', booking: booking.id, leg })] : []),
    { type: 'amend-booking', booking: booking.id, terms: { leg, ...now } },
  ]
}

function count(
  { refused }: Reader & { phase: 'ready' },
  { at, reader: name, policy }: Shown,
  effects: Effect[],
): Step<Reader> {
  const recent = [...refused.filter(when => when > at - policy.lockout_window_seconds * 1_000), at]
  if (recent.length < policy.lockout_failures) return { state: { phase: 'ready', refused: recent }, effects }
  const seconds = policy.lockout_seconds
  return {
    state: { phase: 'locked-out', until: at + seconds * 1_000 },
    effects: [...effects, record({ type: 'locked-out', reader: name, seconds })],
  }
}
