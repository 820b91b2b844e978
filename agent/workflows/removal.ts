import type { Ask, Asker } from '../domain/ask.ts'
import { record, tell } from '../domain/effect.ts'
import type { Pack } from '../domain/stock.ts'
import type { Workflow } from './workflow.ts'

export interface RemovalEvent {
  ask: Ask & { kind: 'remove-pack' }
  from: Asker
  pack: Pack | undefined
  /** Somebody is being served, or a person must say first what was found. Who fills a lane may take packs out. */
  busy: boolean
}

/** A pack that was taken out by hand: expired, recalled, damaged. */
export const removal: Workflow<never, RemovalEvent> = {
  name: 'removal',

  hears(happening, known) {
    if (happening.type !== 'asked' || happening.ask.kind !== 'remove-pack') return undefined
    const { ask, from } = happening
    const busy = known.machine !== undefined && known.machine.workflow !== 'restock'
    return { key: 'packs', event: { ask, from, pack: known.pack(ask), busy } }
  },

  step(_state, { ask, from, pack, busy }) {
    const refuse = (why: string) => ({
      state: undefined,
      effects: [tell({ type: 'answered', to: from, answer: { outcome: 'refused', why } })],
    })
    if (busy) return refuse('somebody is being served, or what was found is not said yet')
    if (!pack) return refuse(`no pack with GTIN ${ask.gtin} and serial ${ask.serial} is in the machine`)
    const { gtin, serial, lane } = pack
    return {
      state: undefined,
      effects: [
        record({ type: 'pack-removed', gtin, serial, lane, reason: ask.reason, by: ask.by }),
        { type: 'forget-pack', gtin, serial },
        tell({ type: 'answered', to: from, answer: { outcome: 'done' } }),
      ],
    }
  },

  deadline: () => undefined,
}
