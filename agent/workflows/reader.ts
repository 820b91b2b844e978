import type { Policy } from '../../config/policy.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { type Booking, legOf } from '../domain/booking.ts'
import { readShown } from '../domain/codes.ts'
import { type Effect, record, tell } from '../domain/effect.ts'
import type { Leg } from '../domain/journal.ts'
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
    // What is shown there is a pack, not a person.
    if (happening.device === known.site.kiosk?.pack_scanner) return undefined
    const shown = readShown(happening.report.bytes)
    const booking = shown && known.booking(shown.booking)
    const leg = booking && known.legFor(booking, shown.code)
    const { policy } = known.site
    return {
      key: happening.device,
      event: { type: 'shown', reader: happening.device, booking, leg, policy, at, wall },
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
  const { booking, leg, reader: name, policy, wall } = event
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
