import type { Millis } from '../../drivers/host/clock.ts'
import { type Effect, record } from './effect.ts'
import type { Known } from './known.ts'
import { holdPacks, lineUp } from './line-up.ts'
import type { Item } from './prescription.ts'
import {
  type At,
  type Base,
  baseOf,
  hold,
  look,
  ORDER_WITHIN,
  over,
  type SessionEvent,
  type SessionStep,
  served,
  setAside,
  setup,
  stay,
  type Turn,
  trayFull,
  useToken,
} from './session.ts'
import { bar } from './session-bar.ts'
import { deliver } from './session-deliver.ts'
import { reachable } from './shelf.ts'
import { type Pack, packId } from './stock.ts'

const PRINT_WITHIN: Millis = 30_000
/** The driver itself gives up earlier; this is for a device that was taken away. */
const TURN_WITHIN: Millis = 120_000
/** How long to look for a second pack once the right one was read. */
const LOOK_ON: Millis = 1_500

/** The last gate before something moves: the label is on paper before a motor turns. */
export function print(base: Base, known: Known): SessionStep {
  const { printer } = setup(known)
  const held = holdPacks(served(base, known), known)
  const lined = lineUp(held.now, known)
  const before = [...held.effects, ...lined.effects]
  const packs = packsOf(lined.items, known)
  const { partial } = served(base, known)
  if (packs.length === 0 || (!partial && held.missing.length > 0))
    return over(base, 'out-of-stock', known, ...before)
  if (printer === undefined) {
    const next = vend(base, lined.items, known)
    return { ...next, effects: [...before, ...next.effects] }
  }
  const order = known.nextOrder
  const { prescription } = base
  return stay(
    { ...base, phase: 'printing', until: known.at + PRINT_WITHIN, order },
    ...before,
    record({ type: 'print-ordered', order, prescription }),
    { type: 'print', order, device: printer, prescription, packs, by: known.at + ORDER_WITHIN },
  )
}

const packsOf = (items: Item[], known: Known): Pack[] =>
  items.flatMap(item => (item.now === 'held' ? (known.pack(item) ?? []) : []))

/** What the printer says of the label. */
export function printed(
  session: At<'printing'>,
  { outcome }: Pick<SessionEvent & { type: 'outcome' }, 'outcome'>,
  known: Known,
): SessionStep {
  const { prescription, order } = session
  if (!outcome.ok) {
    const { fault, sent } = outcome
    return over(session, 'printer', known, record({ type: 'print-failed', order, prescription, fault, sent }))
  }
  const next = vend(baseOf(session), served(session, known).items, known)
  return { ...next, effects: [record({ type: 'printed', order, prescription }), ...next.effects] }
}

/** Turns the lane of the next pack, after everything was asked once more: nothing that became wrong meanwhile is given out. */
export function vend(base: Base, items: Item[], known: Known): SessionStep {
  const found = served(base, known)
  const done = (why: string): SessionStep =>
    base.fallen.length > 0 ? deliver(base, known) : over(base, why, known)
  const index = items.findIndex(({ now }) => now === 'held')
  const item = items[index]
  if (item?.now !== 'held') return done('out-of-stock')
  const why = bar(found, known)
  if (why !== undefined) return done(why)
  if (found.until <= known.wall) return done('expired')
  const pack = known.pack(item)
  // Recalled or expired since it was held, or no longer the one that would fall.
  const [front] = pack ? stillThere(base, pack.lane, known) : []
  if (!pack || !front || packId(front) !== packId(pack)) return done('out-of-stock')
  // All or nothing, unless part of it is enough.
  const whole = holdPacks({ ...found, items }, known).missing.length === 0
  if (base.fallen.length === 0 && !found.partial && !whole) return done('out-of-stock')
  if (base.fallen.length === 0 && trayFull(known) === true)
    return hold(base, 'tray-not-empty', 'Something lay in the tray before anything fell.', known)
  const order = known.nextOrder
  const { prescription } = base
  const { gtin, serial, lot, expiry, lane } = pack
  return stay(
    { ...base, phase: 'vending', until: known.at + TURN_WITHIN, order, index, pack, read: [] },
    record({ type: 'vend-ordered', order, prescription, lane, gtin, serial, lot, expiry }),
    { type: 'change-prescription', prescription, item: { index, gtin, serial, now: 'dispensing' } },
    ...look(known, true),
    { type: 'vend', order, lane, by: known.at + ORDER_WITHIN },
  )
}

/** What can fall out of a lane, without what fell in this session already. */
const stillThere = ({ fallen }: Base, lane: string, known: Known): Pack[] =>
  reachable(known.shelf, lane).filter(each => !fallen.some(pack => packId(pack) === packId(each)))

const turnOf = ({ order, index, pack, read }: Turn): Turn => ({ order, index, pack, read })

type Seen = SessionEvent & { type: 'dispense' }

/** What the controller says of the turn. It counts as what it is, never as more. */
export function turned(
  session: At<'vending'>,
  { stage, evidence, last, code }: Seen,
  known: Known,
): SessionStep {
  const { order, pack } = session
  const { lane } = pack
  const news = stage !== session.stage || last
  const said: Effect[] = news ? [record({ type: 'vend-seen', order, lane, stage, evidence, code })] : []
  const turn = turnOf(session)
  const stop = (why: 'jammed' | 'in-doubt', says: string): SessionStep => {
    const held = hold(session, why, says, known, { turn })
    return { ...held, effects: [...said, ...held.effects] }
  }
  if (!last) return stay({ ...session, stage }, ...said)
  switch (stage) {
    case 'dropped':
    case 'turned': {
      const until = known.at + known.site.policy.pack_check_seconds * 1_000
      const next = judge({ ...baseOf(session), phase: 'checking', until, right: false, ...turn }, known)
      return { ...next, effects: [...said, ...next.effects] }
    }
    case 'not-moved':
      return unmoved(session, known, true, ...said)
    case 'jammed':
      return stop(
        'jammed',
        `Lane ${lane} turned and nothing was seen to fall: the pack may hang, and fall later.`,
      )
    case 'in-doubt':
    case 'moving':
    case 'lifting':
      return stop('in-doubt', `Nobody knows what lane ${lane} did.`)
  }
}

/** Nothing moved, and there is evidence of that: the pack is held as before. A lane without a motor is set aside. */
export function unmoved(
  session: At<'vending'>,
  known: Known,
  broken: boolean,
  ...said: Effect[]
): SessionStep {
  const { prescription, index, pack } = session
  const { gtin, serial, lane } = pack
  const back: Effect[] = [
    ...said,
    ...(broken ? setAside(lane, 'no motor answers there', known) : []),
    { type: 'change-prescription', prescription, item: { index, gtin, serial, now: 'held' } },
    ...look(known, false),
  ]
  const base = baseOf(session)
  const next = base.fallen.length === 0 ? over(base, 'lane', known) : deliver(base, known)
  return { ...next, effects: [...back, ...next.effects] }
}

/** A code was read in the tray, while the lane turns or after. */
export function read(
  session: At<'vending'> | At<'checking'>,
  { read: pack }: SessionEvent & { type: 'read' },
  known: Known,
): SessionStep {
  // Boxes carry other codes, too: what is no pack label says nothing.
  if (!pack.ok) return stay(session)
  const name = packId(pack.pack)
  const next = session.read.includes(name) ? session : { ...session, read: [...session.read, name] }
  return next.phase === 'vending' ? stay(next) : judge(next, known)
}

/** Holds what was read in the tray against what may lie there. */
function judge(session: At<'checking'>, known: Known): SessionStep {
  const { read: names, pack, fallen } = session
  const expected = packId(pack)
  const mine = [expected, ...fallen.map(packId)]
  const turn = turnOf(session)
  if (names.some(name => !mine.includes(name))) {
    const two = names.includes(expected)
    const says = two
      ? 'A second pack fell beside the right one.'
      : `The pack that fell is not the one with serial ${pack.serial}.`
    return hold(session, two ? 'two-packs' : 'wrong-pack', says, known, { turn })
  }
  if (session.right || !names.includes(expected)) return stay(session)
  const { order } = session
  const { gtin, serial } = pack
  return stay(
    { ...session, right: true, until: known.at + LOOK_ON },
    record({ type: 'pack-checked', order, gtin, serial }),
  )
}

/** Long enough looked: the next pack, or the door; or nobody could read what fell. */
export function looked(session: At<'checking'>, known: Known): SessionStep {
  const { index, pack, right } = session
  if (!right)
    return hold(
      session,
      'unread-pack',
      `What fell from lane ${pack.lane} could not be read in the tray.`,
      known,
      {
        turn: turnOf(session),
      },
    )
  const base: Base = { ...baseOf(session), fallen: [...session.fallen, { index, ...pack }] }
  const gone: Effect[] = [
    { type: 'forget-pack', gtin: pack.gtin, serial: pack.serial },
    ...useToken(session, known),
  ]
  const next = vend(base, served(session, known).items, known)
  return { ...next, effects: [...gone, ...next.effects] }
}
