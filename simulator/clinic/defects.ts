import type { Effect } from '../../agent/domain/effect.ts'
import type { Entry } from '../../agent/domain/journal.ts'
import type { Known } from '../../agent/domain/known.ts'
import type { Session, SessionEvent } from '../../agent/domain/session.ts'
import type { Statement } from '../../agent/domain/statement.ts'
import type { Planted } from '../rig/life.ts'
import { changed, type Defect, effects, hears, knowing, step } from '../rig/planting.ts'
import { aroundKiosk } from './defects-around.ts'

/** A session with what happens to it changed before it is seen. */
const session = (
  spoil: (state: Session | undefined, event: SessionEvent) => [Session | undefined, SessionEvent],
) =>
  changed('dispense', workflow => ({
    step: (state, event) => workflow.step(...spoil(state as Session | undefined, event as SessionEvent)),
  }))

/** A session that believes something else of the present. */
const believing = (other: (known: Known) => Partial<Known>): Planted =>
  hears('dispense', (happening, known) => [happening, knowing(known, other(known))])

/** Leaves out whatever of a workflow's effects fits. */
const without = (workflow: string, fits: (effect: Effect) => boolean): Planted =>
  effects(workflow, effect => (fits(effect) ? [] : [effect]))

const records = (effect: Effect, type: Entry['type']): boolean =>
  effect.type === 'record' && effect.entry.type === type

/** Turns the lane of what is held once more. */
function again({ turn }: Session & { phase: 'held' }, prescription: string): Effect[] {
  if (!turn) return []
  const { order, pack } = turn
  const { gtin, serial, lot, expiry, lane } = pack
  const entry = { type: 'vend-ordered', order, prescription, lane, gtin, serial, lot, expiry } as const
  return [
    { type: 'record', entry },
    { type: 'vend', order, lane, by: Infinity },
  ]
}

/** Mistakes in what happens between a patient and a machine. */
export const clinicDefects: Defect[] = [
  {
    name: 'a code alone is enough',
    breaks: 'A2 A4',
    planted: () => believing(({ rules }) => ({ rules: rules && { ...rules, second_factor: false } })),
  },
  {
    name: 'whatever is typed is right',
    breaks: 'A2 A4',
    planted: () =>
      session((state, event) => {
        if (state?.phase !== 'verifying' || event.type !== 'key' || event.key !== '#') return [state, event]
        const typed = event.known.prescription(state.prescription)?.factor?.seal ?? ''
        return [{ ...state, typed }, event]
      }),
  },
  {
    name: 'nobody has to release it',
    breaks: 'A2 A4',
    planted: () =>
      believing(known => ({
        prescription(id) {
          const found = known.prescription(id)
          return found && { ...found, release: found.release ?? { by: 'nobody', at: 0 } }
        },
      })),
  },
  {
    name: 'a rejection is taken for a release',
    breaks: 'A2 A4',
    planted: () =>
      changed('prescription', workflow => ({
        step(state, event) {
          const { statement } = event as { statement?: Statement }
          const released = statement?.says === 'reject' ? { ...statement, says: 'release' } : statement
          return workflow.step(state, { ...(event as object), ...(statement ? { statement: released } : {}) })
        },
      })),
  },
  {
    name: 'a motor moves before there is a label',
    breaks: 'A2 no motor',
    planted: () =>
      believing(({ site }) => {
        const { printer: _printer, ...dispense } = site.kiosk?.dispense ?? {}
        return { site: { ...site, kiosk: { ...site.kiosk, dispense } } as Known['site'] }
      }),
  },
  {
    name: 'an order is not written down',
    breaks: 'A1 A10',
    planted: () => without('dispense', effect => records(effect, 'vend-ordered')),
  },
  {
    name: 'the lane beside it turns',
    breaks: 'A1 A10',
    planted: () =>
      effects('dispense', effect =>
        effect.type === 'vend' ? [{ ...effect, lane: effect.lane === 'A1' ? 'A2' : 'A1' }] : [effect],
      ),
  },
  {
    name: 'whatever is read in the tray is the right pack',
    breaks: 'A1 A4',
    planted: () =>
      session((state, event) => {
        if (event.type !== 'read' || !state || !('pack' in state)) return [state, event]
        return [state, { ...event, read: { ok: true, pack: state.pack } }]
      }),
  },
  {
    name: 'what lies beside the right pack is not looked for',
    breaks: 'A4 A8',
    planted: () =>
      session((state, event) => {
        if (event.type !== 'read' || state?.phase !== 'checking' || !state.right) return [state, event]
        return [state, { ...event, read: { ok: true, pack: state.pack } }]
      }),
  },
  {
    name: 'the sensor at the tray is not asked',
    breaks: 'A8 told',
    planted: () =>
      changed('dispense', workflow => ({
        hears: (happening, known) => workflow.hears(happening, knowing(known, { input: () => false })),
        step(state, event) {
          const next = workflow.step(state, event)
          return next.state ? { ...next, state: { ...next.state, seen: true } } : next
        },
      })),
  },
  {
    name: 'what staff put into the bin is called handed over',
    breaks: 'A8 told',
    planted: () =>
      effects('dispense', effect => {
        if (effect.type !== 'record' || effect.entry.type !== 'dispense-resolved') return [effect]
        return [{ ...effect, entry: { ...effect.entry, found: 'handed-over' } }]
      }),
  },
  {
    name: 'software tries a jammed lane again',
    breaks: 'A9 A10',
    planted: () =>
      step('dispense', (next, before) => {
        const state = next.state as Session | undefined
        if (state?.phase !== 'held' || (before as Session | undefined)?.phase === 'held') return next
        return { ...next, effects: [...next.effects, ...again(state, state.prescription)] }
      }),
  },
  {
    name: 'a restart forgets what is held',
    breaks: 'A9 A10',
    planted: () =>
      step('dispense', (next, before, event) =>
        event.type === 'restarted' && (before as Session | undefined)?.phase === 'held'
          ? { state: undefined, effects: [] }
          : next,
      ),
  },
  {
    name: 'a doubt is not said',
    breaks: 'A9 an order',
    planted: () => without('dispense', effect => records(effect, 'dispense-held')),
  },
  {
    name: 'nobody asks whether a pack may be given out',
    breaks: 'A11',
    planted: () => believing(({ shelf }) => ({ shelf: { ...shelf, barred: () => undefined } })),
  },
  {
    name: 'a session waits for ever',
    breaks: 'A13',
    planted: () => changed('dispense', () => ({ deadline: () => undefined })),
  },
  {
    name: 'a pack that fell is still in stock',
    breaks: 'A8 A9',
    planted: () => without('dispense', ({ type }) => type === 'forget-pack'),
  },
  {
    name: 'a pack that has not been read yet is doubted',
    breaks: 'A9 no doubt',
    planted: () =>
      believing(({ site }) => ({ site: { ...site, policy: { ...site.policy, pack_check_seconds: 0 } } })),
  },
  ...aroundKiosk,
]
