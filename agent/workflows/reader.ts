import type { Report } from '../../drivers/device.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { isClosed } from '../domain/door-token.ts'
import { record } from '../domain/effect.ts'
import type { Known } from '../domain/known.ts'
import { countRefused, endedAt, isLocked, type LockOuts, nextEnd, passed } from '../domain/lock-out.ts'
import { type Gate, judgeShowing, type Showing, seeShown, seeTyped } from '../domain/showing.ts'
import type { Step, Workflow } from './workflow.ts'

/** The gate before every door: what was shown or typed is worth something, or is counted against who stands there. */
export type Reader = LockOuts

export type ReaderEvent = ({ type: 'shown'; showing: Showing } & Gate) | { type: 'overdue'; at: Millis }

const NAME = 'reader'
/** All readers of a unit are one gate. */
const KEY = 'gate'

export const reader: Workflow<Reader, ReaderEvent> = {
  name: NAME,

  hears(happening, known) {
    if (happening.type === 'overdue' && happening.workflow === NAME)
      return { key: KEY, event: { type: 'overdue', at: known.at } }
    if (happening.type !== 'report') return undefined
    const { device, report } = happening
    const { at, wall, site } = known
    const showing = see(device, report, known)
    return (
      showing && {
        key: KEY,
        event: {
          type: 'shown',
          reader: device,
          showing,
          policy: site.policy,
          closed: isClosed(known),
          at,
          wall,
          stage: known.stage,
        },
      }
    )
  },

  step(state = { guards: {} }, event) {
    if (event.type === 'shown') return judge(state, event)
    const { state: next, ended } = endedAt(state, event.at)
    return { state: next, effects: ended.map(reader => record({ type: 'lock-out-ended', reader })) }
  },

  deadline: nextEnd,
}

function see(device: string, report: Report, known: Known): Showing | undefined {
  const { kiosk, access } = known.site
  if (report.type === 'key' && access?.keypads.includes(device)) return seeTyped(device, known)
  // What is shown there is a pack, not a person.
  const forPacks = device === kiosk?.pack_scanner || device === kiosk?.dispense?.check_scanner
  return report.type === 'scan' && !forPacks ? seeShown(device, report.bytes, known) : undefined
}

type Shown = ReaderEvent & { type: 'shown' }

function judge(state: Reader, event: Shown): Step<Reader> {
  const { reader: name, showing, at, policy } = event
  const locked = isLocked(state, name, at)
  // Not even a right code: whoever guesses must not learn anything. A signature nobody guesses: it opens all the same.
  if (locked && (showing.as === 'code' || showing.as === 'pin')) return { state, effects: [] }
  const { ok, guess, effects } = judgeShowing(showing, event)
  if (ok) return { state: passed(state, name), effects }
  if (locked) return { state, effects: [] }
  if (!guess) return { state, effects }
  const counted = countRefused(state, name, at, policy)
  return {
    state: counted.state,
    effects: [
      ...effects,
      ...counted.locked.map(({ name: reader, seconds }) => record({ type: 'locked-out', reader, seconds })),
    ],
  }
}
