import type { LaneConfig } from '../../config/kiosk.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Answer, Ask, Asker } from '../domain/ask.ts'
import { type Effect, record, tell } from '../domain/effect.ts'
import { type PackRead, readPack } from '../domain/gs1.ts'
import type { Known } from '../domain/known.ts'
import { setAside } from '../domain/session.ts'
import { daysOn, liesBehind, nextPosition, type Pack, type Product, refusePack } from '../domain/stock.ts'
import type { Step, Workflow } from './workflow.ts'

//   (nobody) ──load──▶ loading ──scan──▶ loading        each pack is bound to its place, or refused with a reason
//       ▲                 │ load-end, ten quiet minutes, or a restart
//       └─────────────────┘

/** A pharmacy technician fills one lane, pack by pack, each scanned at the pack scanner before it goes in. */
export interface Restock {
  lane: string
  /** So that nobody is served meanwhile. */
  machine: { lane: string }
  by: string
  loaded: number
  until: Millis
}

interface Scene {
  lane: LaneConfig | undefined
  packs: Pack[]
  /** A patient is at the machine. */
  busy: boolean
  at: Millis
}

export type RestockEvent =
  | (Scene & { type: 'load'; ask: Ask & { kind: 'load' }; from: Asker })
  | (Scene & { type: 'load-end'; ask: Ask & { kind: 'load-end' }; from: Asker })
  | {
      type: 'remove'
      ask: Ask & { kind: 'remove-pack' }
      from: Asker
      pack: Pack | undefined
      busy: boolean
    }
  | (Scene & {
      type: 'shown'
      read: PackRead
      product: Product | undefined
      known: Pack | undefined
      today: string
      tooSoon: string
      wall: Millis
      /** Why a pack may not be given out, or not be loaded. */
      barred: (pack: Pack) => string | undefined
    })
  | { type: 'overdue' }
  | { type: 'restarted'; known: Known }

const NAME = 'restock'
/** There is one pack scanner, so one lane is loaded at a time. */
const KEY = 'packs'
/** Who walked away must not leave the scanner bound to a lane. */
const QUIET: Millis = 600_000

export const restock: Workflow<Restock, RestockEvent> = {
  name: NAME,

  hears(happening, known) {
    switch (happening.type) {
      case 'asked':
        return hearAsk(happening.ask, happening.from, known)
      case 'report': {
        const { device, report } = happening
        if (report.type !== 'scan' || device !== known.site.kiosk?.pack_scanner) return undefined
        return { key: KEY, event: hearScan(readPack(report, known.today), known) }
      }
      case 'overdue':
        return happening.workflow === NAME ? { key: KEY, event: { type: 'overdue' } } : undefined
      case 'restarted':
        return happening.workflow === NAME ? { key: KEY, event: { type: 'restarted', known } } : undefined
      case 'outcome':
      case 'instruction':
      case 'unreadable':
      case 'answered':
      case 'presented':
      case 'claimed':
      case 'alarm':
      case 'booking-ended':
      case 'prescription-ended':
        return undefined
    }
  },

  step(state, event) {
    switch (event.type) {
      case 'load':
        return begin(state, event)
      case 'load-end':
        return end(state, event)
      case 'remove':
        return remove(state, event)
      case 'shown':
        return state ? shown(state, event) : { state, effects: [] }
      case 'overdue':
        return { state: undefined, effects: state ? [ended(state, 'idle')] : [] }
      case 'restarted':
        return { state: undefined, effects: state ? interrupted(state, event.known) : [] }
    }
  },

  deadline: ({ until }) => until,
}

function hearAsk(ask: Ask, from: Asker, known: Known): { key: string; event: RestockEvent } | undefined {
  if (ask.kind === 'load') return { key: KEY, event: { type: 'load', ask, from, ...scene(ask.lane, known) } }
  if (ask.kind === 'load-end')
    return { key: KEY, event: { type: 'load-end', ask, from, ...scene(ask.lane, known) } }
  if (ask.kind !== 'remove-pack') return undefined
  const busy = known.machine !== undefined && known.machine.workflow !== NAME
  return { key: KEY, event: { type: 'remove', ask, from, pack: known.pack(ask), busy } }
}

const scene = (lane: string, known: Known): Scene => ({
  lane: known.lane(lane),
  packs: known.packsIn(lane),
  busy: known.machine !== undefined && known.machine.workflow !== NAME,
  at: known.at,
})

function hearScan(read: PackRead, known: Known): RestockEvent {
  const { machine } = known.machine ?? {}
  const lane = machine && 'lane' in machine ? machine.lane : ''
  return {
    type: 'shown',
    read,
    ...scene(lane, known),
    product: read.ok ? known.product(read.pack.gtin) : undefined,
    known: read.ok ? known.pack(read.pack) : undefined,
    today: known.today,
    wall: known.wall,
    barred: known.shelf.barred,
    tooSoon: daysOn(known.today, known.site.policy.min_days_to_expiry),
  }
}

type Of<Type> = RestockEvent & { type: Type }

const answer = (to: Asker, said: Answer): Effect => tell({ type: 'answered', to, answer: said })
const refuse = (state: Restock | undefined, to: Asker, why: string): Step<Restock> => ({
  state,
  effects: [answer(to, { outcome: 'refused', why })],
})

function begin(state: Restock | undefined, { ask, from, lane, busy, at }: Of<'load'>): Step<Restock> {
  if (!lane) return refuse(state, from, `there is no lane ${ask.lane}`)
  if (state && state.lane !== lane.name)
    return refuse(state, from, `lane ${state.lane} is being loaded: end that first`)
  if (busy) return refuse(state, from, 'somebody is being served: wait until the machine is free')
  if (state) return { state: { ...state, until: at + QUIET }, effects: [answer(from, { outcome: 'done' })] }
  return {
    state: { lane: lane.name, machine: { lane: lane.name }, by: ask.by, loaded: 0, until: at + QUIET },
    effects: [record({ type: 'load-began', lane: lane.name, by: ask.by }), answer(from, { outcome: 'done' })],
  }
}

function end(state: Restock | undefined, { ask, from }: Of<'load-end'>): Step<Restock> {
  if (!state || state.lane !== ask.lane) return refuse(state, from, `lane ${ask.lane} is not being loaded`)
  return { state: undefined, effects: [ended(state, 'ended'), answer(from, { outcome: 'done' })] }
}

const ended = ({ lane, loaded }: Restock, how: 'ended' | 'idle' | 'restart'): Effect =>
  record({ type: 'load-ended', lane, loaded, how })

/** Whoever stood there may not have seen whether the last pack was taken: it is counted before anything comes out of that lane. */
const interrupted = (state: Restock, known: Known): Effect[] => [
  ended(state, 'restart'),
  ...(known.packsIn(state.lane).length > 0
    ? setAside(state.lane, 'the power went while it was filled: count it', known)
    : []),
]

/** Nothing is guessed: what cannot be read whole, or may not be here, is refused, and says why. */
function shown(state: Restock, event: Of<'shown'>): Step<Restock> {
  const { read, lane, packs, at } = event
  const going = { ...state, until: at + QUIET }
  if (!lane) return { state: going, effects: [] }
  if (!read.ok)
    return {
      state: going,
      effects: [record({ type: 'pack-refused', lane: lane.name, why: 'unreadable', says: read.says })],
    }
  const { gtin, serial, lot, expiry } = read.pack
  const pack: Pack = {
    ...{ gtin, serial, lot, expiry },
    lane: lane.name,
    position: nextPosition(packs),
    loaded: event.wall,
  }
  const refusal = refusePack({ ...event, pack, lane, recall: event.barred(pack) })
  if (refusal)
    return {
      state: going,
      effects: [record({ type: 'pack-refused', lane: lane.name, ...refusal, gtin, serial })],
    }
  const behind = liesBehind(expiry, packs)
  const { loaded: _when, ...said } = pack
  return {
    state: { ...going, loaded: state.loaded + 1 },
    effects: [record({ type: 'pack-loaded', ...said, behind, by: state.by }), { type: 'keep-pack', pack }],
  }
}

function remove(state: Restock | undefined, { ask, from, pack, busy }: Of<'remove'>): Step<Restock> {
  if (busy) return refuse(state, from, 'somebody is being served, or what was found is not said yet')
  if (!pack)
    return refuse(state, from, `no pack with GTIN ${ask.gtin} and serial ${ask.serial} is in the machine`)
  const { gtin, serial, lane } = pack
  return {
    state,
    effects: [
      record({ type: 'pack-removed', gtin, serial, lane, reason: ask.reason, by: ask.by }),
      { type: 'forget-pack', gtin, serial },
      answer(from, { outcome: 'done' }),
    ],
  }
}
