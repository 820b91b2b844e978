import type { Millis } from '../../drivers/host/clock.ts'
import { record, tell } from '../domain/effect.ts'
import type { Proof } from '../domain/journal-words.ts'
import type { Workflow } from './workflow.ts'

//   (nobody) ──came to put in──▶ waits for the tag ──right tag──▶ (nobody), and the door opens
//                                   ├── wrong tag: said, and it waits on, three times
//                                   └── overdue ──▶ (nobody)

/** Whoever brings something back holds its tag before the reader first: the wrong key set opens no door. */
export interface TagCheck {
  booking: string
  tag: string
  reader: string
  proof: Proof
  wrong: number
  until: Millis
}

export type TagEvent =
  | { type: 'awaited'; booking: string; tag: string; reader: string; proof: Proof; at: Millis }
  | { type: 'read'; device: string; id: string }
  | { type: 'over' }

const NAME = 'tag-check'
/** One after the other: there is one place to hold it. */
const KEY = 'tag'
const WITHIN: Millis = 60_000
const MOST_WRONG = 3

export const tagCheck: Workflow<TagCheck, TagEvent> = {
  name: NAME,

  hears(happening, known) {
    if (happening.type === 'tag-awaited') {
      const { booking, reader, proof } = happening
      const tag = known.booking(booking)?.tag
      if (tag === undefined) return undefined
      return { key: KEY, event: { type: 'awaited', booking, tag, reader, proof, at: known.at } }
    }
    if (happening.type === 'overdue' || happening.type === 'restarted')
      return happening.workflow === NAME ? { key: KEY, event: { type: 'over' } } : undefined
    if (happening.type !== 'report' || happening.report.type !== 'badge') return undefined
    const { device, report } = happening
    if (!known.site.access?.tag_readers.includes(device)) return undefined
    return { key: KEY, event: { type: 'read', device, id: report.id } }
  },

  step(state, event) {
    const refused = (booking: string, why: string) =>
      record({ type: 'claim-refused', booking, leg: 'deposit', why })
    switch (event.type) {
      case 'awaited': {
        const { booking, tag, reader, proof, at } = event
        if (state && state.booking !== booking) return { state, effects: [refused(booking, 'in-progress')] }
        return {
          state: { booking, tag, reader, proof, wrong: state?.wrong ?? 0, until: at + WITHIN },
          effects: [record({ type: 'tag-awaited', booking, reader })],
        }
      }
      case 'read': {
        if (!state) return { state, effects: [] }
        const { booking, reader, proof } = state
        if (event.id === state.tag)
          return {
            state: undefined,
            effects: [tell({ type: 'claimed', booking, leg: 'deposit', reader, proof })],
          }
        const wrong = state.wrong + 1
        const said = record({ type: 'wrong-item', booking, device: event.device })
        return wrong < MOST_WRONG
          ? { state: { ...state, wrong }, effects: [said] }
          : { state: undefined, effects: [said, refused(booking, 'wrong-item')] }
      }
      case 'over':
        return { state: undefined, effects: state ? [refused(state.booking, 'no-tag')] : [] }
    }
  },

  deadline: ({ until }) => until,
}
