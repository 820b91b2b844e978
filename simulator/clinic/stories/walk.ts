import type { ClearAsk } from '../../../agent/domain/ask.ts'
import type { Session } from '../../../agent/domain/session.ts'
import type { DispenseStage } from '../../../drivers/device.ts'
import type { Random } from '../../world/random.ts'
import { LANES, PRODUCTS } from '../site.ts'
import type { Cause, Terms } from './cause.ts'
import type { Kiosk } from './kiosk-story.ts'

const STAGES: DispenseStage[] = ['moving', 'lifting', 'dropped', 'turned', 'jammed', 'not-moved', 'in-doubt']
const OTHER: Cause = { type: 'other' }
const NOT_SENT = { ok: false, fault: 'no-reply', sent: false } as const
const PERHAPS = { ok: false, fault: 'no-reply', sent: true } as const

/** Something that happens to a kiosk, drawn: mostly what should come next, often what should not. */
export function openWalk(s: Kiosk, random: Random, terms: Terms) {
  const { pick, chance, between } = random
  const tokens: string[] = []
  const stale: string[] = []
  let made = 0
  let trayed = false
  let open = false

  const live = (): string[] => [...s.known().prescriptions()].map(({ id }) => id)
  const digitsOf = (prescription: string): string => String(1_000 + Number(prescription.slice(2)))

  async function prescribe(): Promise<Cause> {
    const id = `RX${++made}`
    const wanted = PRODUCTS.map(({ gtin }) => gtin).slice(0, between(1, 3))
    const items = wanted.map(gtin => ({ gtin, packs: between(1, 2) }))
    const due = terms.consult && chance(1, 2) ? 500 : 0
    terms.prescribed.set(id, { packs: new Map(items.map(({ gtin, packs }) => [gtin, packs])), due })
    await s.prescribe(id, { items, due, partial: chance(1, 2), factor: digitsOf(id) })
    if (chance(9, 10)) await s.state(id, 'release')
    return OTHER
  }

  async function fill(): Promise<Cause> {
    const { name, capacity } = pick(LANES)
    const room = capacity - s.known().packsIn(name).length
    const serials = Array.from({ length: Math.min(room, 2) }, () => `${name}-${++made}`)
    await s.fill({ lane: name, serials, lot: pick(['LOT1', 'LOT2']) })
    return OTHER
  }

  async function show(prescription: string, again = false): Promise<Cause> {
    const token = (again ? tokens.at(-1) : undefined) ?? s.token(prescription)
    tokens.push(token)
    await s.showText(token)
    return { type: 'show', token }
  }

  async function digits(prescription: string, typed = digitsOf(prescription)): Promise<Cause> {
    await s.type(`${typed}#`)
    return { type: 'digits', prescription }
  }

  async function said(
    type: 'identified' | 'joined' | 'consulted',
    prescription: string,
    says: string,
  ): Promise<Cause> {
    await s.state(prescription, says)
    return { type, prescription }
  }

  async function door(now: boolean): Promise<Cause> {
    open = now
    await s.door(now)
    return OTHER
  }

  async function tray(now: boolean): Promise<Cause> {
    trayed = now
    await s.tray(now)
    return OTHER
  }

  const then = async (
    happens: Promise<unknown>,
    type: Exclude<Cause, { token: string } | { prescription: string }>['type'],
  ): Promise<Cause> => {
    await happens
    return { type }
  }

  /** What should come next. */
  function right(): Promise<Cause> {
    const session = s.session()
    const order = s.order()
    if (order !== '' && stale.at(-1) !== order) stale.push(order)
    switch (session?.phase) {
      case undefined:
        return begin()
      case 'verifying':
        return digits(session.prescription)
      case 'consulting':
        return session.joined
          ? said('consulted', session.prescription, 'consult-completed')
          : said('joined', session.prescription, 'consult-joined')
      case 'paying':
        return then(s.pays('approved'), 'approved')
      case 'printing':
        return then(s.took(order), 'took')
      case 'vending':
        return then(s.turn(session.pack.lane, 'dropped'), 'seen')
      case 'checking':
        if (session.right) return then(s.pass(1.6), 'time')
        return then(s.readPack(session.pack.serial, session.pack.gtin, session.pack.lot), 'seen')
      case 'delivering':
        return delivering(session)
      case 'closing':
        return tray(false)
      case 'held':
        return held()
    }
  }

  function begin(): Promise<Cause> {
    if (open) return door(false)
    if (trayed) return tray(false)
    if ([...s.known().packs()].length < 6) return fill()
    const waiting = live()
    return waiting.length < 2 ? prescribe() : chance(1, 3) ? then(online(), 'other') : show(pick(waiting))
  }

  async function online(): Promise<void> {
    await s.online()
    open = false
    trayed = false
  }

  function delivering({ visit }: Session & { phase: 'delivering' }): Promise<Cause> {
    if (visit.phase === 'asking') return then(s.doorFound(chance(1, 2)), 'found')
    if (visit.phase === 'unlocking') return door(true)
    return trayed ? tray(false) : door(false)
  }

  function held(): Promise<Cause> {
    if (open) return door(false)
    if (trayed) return tray(false)
    return resolve()
  }

  function resolve(): Promise<Cause> {
    const session = s.session()
    const serials =
      session?.phase === 'held' ? [...session.fallen, ...(session.turn ? [session.turn.pack] : [])] : []
    const found = () => pick(['in-lane', 'removed', 'handed-over'] as const)
    const except = serials.flatMap(({ serial }) => (chance(1, 2) ? [{ serial, found: found() }] : []))
    return then(s.resolve(found(), except), 'resolve')
  }

  const recall = (): ClearAsk & { kind: 'recall' } => {
    const { gtin } = pick(PRODUCTS)
    const scope = chance(1, 2) ? { gtin, lot: pick(['LOT1', 'LOT2']) } : { lane: pick(LANES).name }
    return { kind: 'recall', recall: `R${between(1, 3)}`, scope, reason: 'drawn', by: 'maker' }
  }
  const openIt = { kind: 'open', compartment: 'DELIVERY', reason: 'drawn', by: 'x', clear: false } as const
  const anybody = (): string => pick([...live(), 'RX0'])
  const anyPack = () => pick([...s.known().packs(), { serial: 'zz', gtin: PRODUCTS[0].gtin, lot: 'LOT9' }])

  /** What may come at any time, and mostly should not. */
  const wrong: (() => Promise<Cause>)[] = [
    () => show(anybody()),
    () => show(anybody(), true),
    () => digits(anybody()),
    () => digits('RX0', '0'),
    () => said('identified', anybody(), 'identified'),
    () => said('joined', anybody(), 'consult-joined'),
    () => said('consulted', anybody(), 'consult-completed'),
    () => said('consulted', anybody(), 'consult-declined'),
    () => then(s.pays('approved'), 'approved'),
    () => then(s.pays(pick(['denied', 'in-doubt', 'idle'])), 'other'),
    () => then(s.took(s.order()), 'took'),
    () => then(s.took(s.order(), pick([NOT_SENT, PERHAPS])), 'other'),
    () => then(s.took(pick(stale.concat('o1')), pick([{ ok: true }, NOT_SENT, PERHAPS])), 'other'),
    () => then(s.turn(pick(LANES).name, pick(STAGES)), 'seen'),
    () => then(s.turn(s.turned().at(-1) ?? 'A1', pick(STAGES)), 'seen'),
    () => then(readAny(), 'seen'),
    () => then(s.readText('4006381333931'), 'other'),
    () => tray(chance(1, 2)),
    () => door(chance(1, 2)),
    () => then(s.doorFound(chance(1, 2)), 'found'),
    () => then(s.silent(pick(['board', 'vmc', 'contacts', 'printer'])), 'other'),
    () => then(online(), 'other'),
    () => then(s.pass(pick([0.5, 2, 9, 40, 130])), 'time'),
    () => then(s.cutPower(pick([0.5, 5, 14, 60])), 'restart'),
    () => then(s.cutPower(1), 'restart'),
    () => then(s.cloud(recall()), 'other'),
    () => then(s.cloud({ kind: 'lift', recall: `R${between(1, 3)}`, reason: 'drawn', by: 'maker' }), 'other'),
    () => then(s.cloud({ kind: 'withdraw', prescription: anybody(), reason: 'drawn', by: 'x' }), 'other'),
    () => then(s.cloud(openIt), 'cloud'),
    () => then(s.desk(openIt), 'desk'),
    () => then(s.desk({ kind: 'release', compartment: 'DELIVERY', by: 'x' }), 'desk'),
    () => then(countTrue(), 'desk'),
    resolve,
    fill,
    prescribe,
  ]

  async function readAny(): Promise<void> {
    const { serial, gtin, lot } = anyPack()
    await s.readPack(serial, gtin, lot)
  }

  async function countTrue(): Promise<void> {
    const { name } = pick(LANES)
    await s.desk({ kind: 'count', lane: name, counted: s.known().packsIn(name).length, by: 'tech' })
  }

  return {
    /** One thing happens. `tame` of a hundred are what should come next. */
    next: (tame: number): Promise<Cause> => (chance(tame, 100) ? right() : pick(wrong)()),
    /** Everything works again, and staff look after what is held. */
    async settle(): Promise<Cause> {
      await online()
      await s.pass(700)
      return resolve()
    },
  }
}
