import type { LaneConfig } from '../../config/kiosk.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Answer, Ask, Asker } from '../domain/ask.ts'
import { type Effect, record, tell } from '../domain/effect.ts'
import { type BadgeShown, began, ended, type Filling, fill, ledOn, QUIET } from '../domain/filling.ts'
import { type PackRead, readPack } from '../domain/gs1.ts'
import type { Known } from '../domain/known.ts'
import { type Need, needOf, roundOf } from '../domain/round.ts'
import { setAside } from '../domain/session.ts'
import { daysOn, liesBehind, nextPosition, type Pack, type Product, refusePack } from '../domain/stock.ts'
import type { Step, Workflow } from './workflow.ts'

//   (nobody) ──load, badge──▶ loading ──scan──▶ loading   each pack is bound to its place, or refused with a reason
//       ▲                       │ ▲ │ badge
//       │                       │ └─┘ on to the lane that lacks most of those not yet visited
//       └───────────────────────┘ load-end, ten quiet minutes, a restart, or a badge when no lane lacks anything

interface Scene {
  lane: LaneConfig | undefined
  need: Need | undefined
  packs: Pack[]
  /** A patient is at the machine. */
  busy: boolean
  at: Millis
}

export type RestockEvent =
  | (Scene & { type: 'load'; ask: Ask & { kind: 'load' }; from: Asker })
  | (Scene & { type: 'load-end'; ask: Ask & { kind: 'load-end' }; from: Asker })
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
  | (BadgeShown & { type: 'badge' })
  | { type: 'overdue' }
  | { type: 'restarted'; known: Known }

const NAME = 'restock'
/** There is one pack scanner, so one lane is loaded at a time. */
const KEY = 'packs'

/** A pharmacy technician fills one lane, pack by pack, each scanned at the pack scanner before it goes in. */
export const restock: Workflow<Filling, RestockEvent> = {
  name: NAME,

  hears(happening, known) {
    switch (happening.type) {
      case 'asked':
        return hearAsk(happening.ask, happening.from, known)
      case 'report': {
        const { device, report } = happening
        if (report.type === 'badge') return hearBadge(device, report.id, known)
        if (report.type !== 'scan' || device !== known.site.kiosk?.pack_scanner) return undefined
        return { key: KEY, event: hearScan(readPack(report, known.today), known) }
      }
      case 'overdue':
        return happening.workflow === NAME ? { key: KEY, event: { type: 'overdue' } } : undefined
      case 'restarted':
        return happening.workflow === NAME ? { key: KEY, event: { type: 'restarted', known } } : undefined
    }
    return undefined
  },

  step(state, event) {
    switch (event.type) {
      case 'load':
        return begin(state, event)
      case 'load-end':
        return end(state, event)
      case 'badge':
        return ledOn(state, event)
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
  return undefined
}

function hearBadge(
  device: string,
  id: string,
  known: Known,
): { key: string; event: RestockEvent } | undefined {
  const { kiosk, staff, lanes } = known.site
  if (device !== kiosk?.badge_reader) return undefined
  const by = staff.find(({ badge }) => badge === id)?.name
  return {
    key: KEY,
    event: { type: 'badge', device, by, round: roundOf(lanes, known), busy: busyIn(known), at: known.at },
  }
}

const busyIn = ({ machine }: Known): boolean => machine !== undefined && machine.workflow !== NAME

function scene(name: string, known: Known): Scene {
  const lane = known.lane(name)
  return {
    lane,
    need: lane && needOf(lane, known),
    packs: known.packsIn(name),
    busy: busyIn(known),
    at: known.at,
  }
}

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
const refuse = (state: Filling | undefined, to: Asker, why: string): Step<Filling> => ({
  state,
  effects: [answer(to, { outcome: 'refused', why })],
})

function begin(state: Filling | undefined, { ask, from, lane, need, busy, at }: Of<'load'>): Step<Filling> {
  if (!lane || !need) return refuse(state, from, `there is no lane ${ask.lane}`)
  if (state && state.lane !== lane.name)
    return refuse(state, from, `lane ${state.lane} is being loaded: end that first`)
  if (busy) return refuse(state, from, 'somebody is being served: wait until the machine is free')
  if (state) return { state: { ...state, until: at + QUIET }, effects: [answer(from, { outcome: 'done' })] }
  return {
    state: fill(need, ask.by, at),
    effects: [began(need, ask.by), answer(from, { outcome: 'done' })],
  }
}

function end(state: Filling | undefined, { ask, from }: Of<'load-end'>): Step<Filling> {
  if (!state || state.lane !== ask.lane) return refuse(state, from, `lane ${ask.lane} is not being loaded`)
  return { state: undefined, effects: [ended(state, 'ended'), answer(from, { outcome: 'done' })] }
}

/** Whoever stood there may not have seen whether the last pack was taken: it is counted before anything comes out of that lane. */
const interrupted = (state: Filling, known: Known): Effect[] => [
  ended(state, 'restart'),
  ...(known.packsIn(state.lane).length > 0
    ? setAside(state.lane, 'the power went while it was filled: count it', known)
    : []),
]

/** Nothing is guessed: what cannot be read whole, or may not be here, is refused, and says why. */
function shown(state: Filling, event: Of<'shown'>): Step<Filling> {
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
