import type { Millis } from '../../drivers/host/clock.ts'
import { record } from '../domain/effect.ts'
import { type Pack, packId } from '../domain/stock.ts'
import type { Workflow } from './workflow.ts'

//   (none) ──a device answers──▶ looking ──each hour──▶ looking

/** What has expired in the machine, said once for each pack: it is not given out, and somebody must take it out. */
export interface Sweep {
  /** Packs that were said. */
  said: string[]
  next: Millis
}

export interface SweepEvent {
  expired: Pack[]
  at: Millis
}

const NAME = 'sweep'
const HOUR: Millis = 3_600_000

export const sweep: Workflow<Sweep, SweepEvent> = {
  name: NAME,

  hears(happening, known) {
    if (!known.site.kiosk) return undefined
    const mine =
      (happening.type === 'overdue' || happening.type === 'restarted') && happening.workflow === NAME
    const begins = happening.type === 'report' && happening.report.type === 'online'
    if (!mine && !begins) return undefined
    const { at, today } = known
    return { key: 'packs', event: { expired: [...known.packs()].filter(({ expiry }) => expiry < today), at } }
  },

  step(state = { said: [], next: 0 }, { expired, at }) {
    const fresh = expired.filter(pack => !state.said.includes(packId(pack)))
    if (fresh.length === 0 && state.next > at) return { state, effects: [] }
    return {
      state: { said: expired.map(packId), next: at + HOUR },
      effects: fresh.map(({ gtin, serial, lane, expiry }) =>
        record({ type: 'pack-expired', gtin, serial, lane, expiry }),
      ),
    }
  },

  deadline: ({ next }) => next,
}
