import type { Ask, Asker } from './ask.ts'
import { type Effect, record, tell } from './effect.ts'
import type { Known } from './known.ts'
import {
  type At,
  type Fallen,
  type Held,
  type SessionStep,
  setAside,
  settle,
  setup,
  stay,
  trayFull,
} from './session.ts'
import { finish, notePaid } from './session-deliver.ts'
import { settled } from './visit.ts'

type Resolve = Ask & { kind: 'resolve' }

/** A person has looked and says what was found; only that ends what is held. */
export function resolve(session: At<'held'>, ask: Resolve, from: Asker, known: Known): SessionStep {
  const why = tooEarly(known)
  if (why !== undefined)
    return stay(session, tell({ type: 'answered', to: from, answer: { outcome: 'refused', why } }))
  const { visit } = session
  const { reason, by } = ask
  const looked = concerned(session).map(pack => ({ pack, found: foundOf(pack, ask) }))
  const given = looked.flatMap(({ pack, found }) => (found === 'handed-over' ? [pack] : []))
  return {
    state: undefined,
    effects: [
      ...said(session, looked, ask),
      ...(visit?.phase === 'in-doubt' ? settled(visit, `resolved by ${by}`) : []),
      ...looked.flatMap(each => settlePack(session, each, { reason, by })),
      ...lane(session, known),
      ...settle(session, given.length > 0, known),
      ...(given.length > 0 ? notePaid(session) : []),
      ...(given.length > 0 ? finish({ ...session, fallen: given }, known) : []),
      tell({ type: 'answered', to: from, answer: { outcome: 'done' } }),
    ],
  }
}

interface Looked {
  pack: Fallen
  found: Resolve['found']
}

const foundOf = ({ serial }: Fallen, { found, except }: Resolve): Resolve['found'] =>
  except.find(each => each.serial === serial)?.found ?? found

/** One row for each pack; one all the same where no pack had moved. */
function said({ prescription }: At<'held'>, looked: Looked[], { found, reason, by }: Resolve): Effect[] {
  const row = (about: object, what: Resolve['found']) =>
    record({ type: 'dispense-resolved', prescription, ...about, found: what, reason, by })
  if (looked.length === 0) return [row({}, found)]
  return looked.map(({ pack: { gtin, serial }, found: what }) => row({ gtin, serial }, what))
}

function tooEarly(known: Known): string | undefined {
  if (trayFull(known) === true) return 'something lies in the tray: take it out first'
  const door = known.door(setup(known).delivery)
  return door === 'open' ? 'the delivery door is open: close it first' : undefined
}

/** Every pack that may have left its lane in this session. */
const concerned = ({ fallen, turn }: At<'held'>): Fallen[] =>
  turn ? [...fallen, { index: turn.index, ...turn.pack }] : fallen

function settlePack(
  { prescription, turn }: At<'held'>,
  { pack: { index, gtin, serial, lane: from }, found }: Looked,
  { reason, by }: Pick<Resolve, 'reason' | 'by'>,
): Effect[] {
  const inLane = found === 'in-lane' && index === turn?.index
  const item = found === 'handed-over' ? { gtin, serial, now: found } : { gtin, now: 'wanted' as const }
  const removed = record({ type: 'pack-removed', gtin, serial, lane: from, reason, by })
  return [
    { type: 'change-prescription', prescription, item: { index, ...item } },
    ...(inLane ? [] : [{ type: 'forget-pack', gtin, serial } as const]),
    ...(inLane || found === 'handed-over' ? [] : [removed]),
  ]
}

/** A lane that gave out what it should not have is not what the unit believes: it must be counted or filled anew. */
const lane = ({ why, turn }: At<'held'>, known: Known): Effect[] =>
  turn && UNSURE.has(why)
    ? setAside(turn.pack.lane, 'nobody knows for sure what fell out of it: count it', known)
    : []

const UNSURE: ReadonlySet<Held> = new Set<Held>([
  'wrong-pack',
  'two-packs',
  'unread-pack',
  'in-doubt',
  'interrupted',
])
