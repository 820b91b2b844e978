import type { Report } from '../../drivers/device.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { record } from '../domain/effect.ts'
import type { Known } from '../domain/known.ts'
import { type Gate, judgeShowing, type Showing, seeShown, seeTyped } from '../domain/showing.ts'
import type { Step, Workflow } from './workflow.ts'

//   ready ──too many refused──▶ locked-out ──overdue──▶ ready

/** The gate before every door: what was shown to a reader is worth something, or is counted against it. */
export type Reader = { phase: 'ready'; refused: Millis[] } | { phase: 'locked-out'; until: Millis }

export type ReaderEvent =
  | ({ type: 'shown'; showing: Showing; at: Millis } & Gate)
  | { type: 'overdue'; reader: string }

const NAME = 'reader'

export const reader: Workflow<Reader, ReaderEvent> = {
  name: NAME,

  hears(happening, known) {
    if (happening.type === 'overdue' && happening.workflow === NAME)
      return { key: happening.key, event: { type: 'overdue', reader: happening.key } }
    if (happening.type !== 'report') return undefined
    const { device, report } = happening
    const { at, wall, site } = known
    const showing = see(device, report, known)
    return (
      showing && {
        key: device,
        event: { type: 'shown', reader: device, showing, policy: site.policy, at, wall },
      }
    )
  },

  step(state = { phase: 'ready', refused: [] }, event) {
    if (event.type === 'overdue')
      return {
        state: { phase: 'ready', refused: [] },
        effects: [record({ type: 'lock-out-ended', reader: event.reader })],
      }
    return state.phase === 'ready' ? judge(state, event) : locked(state, event)
  },

  deadline: state => (state.phase === 'locked-out' ? state.until : undefined),
}

function see(device: string, report: Report, known: Known): Showing | undefined {
  const { kiosk, access } = known.site
  if (report.type === 'key' && access?.keypads.includes(device)) return seeTyped(device, known)
  // What is shown there is a pack, not a person.
  const forPacks = device === kiosk?.pack_scanner || device === kiosk?.dispense?.check_scanner
  return report.type === 'scan' && !forPacks ? seeShown(device, report.bytes, known) : undefined
}

type Shown = ReaderEvent & { type: 'shown' }

function judge(state: Reader & { phase: 'ready' }, event: Shown): Step<Reader> {
  const { ok, effects } = judgeShowing(event.showing, event)
  if (ok) return { state: { phase: 'ready', refused: [] }, effects }
  const { at, reader: name, policy } = event
  const recent = [...state.refused.filter(when => when > at - policy.lockout_window_seconds * 1_000), at]
  if (recent.length < policy.lockout_failures) return { state: { phase: 'ready', refused: recent }, effects }
  const seconds = policy.lockout_seconds
  return {
    state: { phase: 'locked-out', until: at + seconds * 1_000 },
    effects: [...effects, record({ type: 'locked-out', reader: name, seconds })],
  }
}

/** Not even a right code: whoever guesses must not learn anything. A signature nobody guesses: it opens all the same. */
function locked(state: Reader & { phase: 'locked-out' }, event: Shown): Step<Reader> {
  if (event.showing.as === 'code') return { state, effects: [] }
  const { ok, effects } = judgeShowing(event.showing, event)
  return { state, effects: ok ? effects : [] }
}
