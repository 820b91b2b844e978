import { createHash } from 'node:crypto'
import type { Answer, Ask, ClearAsk } from '../../../agent/domain/ask.ts'
import type { Act } from '../../../agent/domain/effect.ts'
import type { Session } from '../../../agent/domain/session.ts'
import { readInstruction } from '../../../agent/sync/messages.ts'
import { story } from '../../../agent/workflows/story.ts'
import type { PolicyPack } from '../../../config/policy-pack.ts'
import type { DispenseStage, Evidence, Outcome, PaymentState, Report } from '../../../drivers/device.ts'
import type { StatementTerms, TokenTerms } from '../../cloud/mint.ts'
import { packLabel } from '../hardware.ts'
import { DELIVERY, LANES, plainRules, TRAY_INPUT, UNIT } from '../site.ts'
import { AMOX, INHALER, LISI, operator, pharmacist, plainSite } from './kiosk-site.ts'
import { tellShort } from './tell-short.ts'

/** The second factor of every patient here, with the key that ends it. */
export const DIGITS = '604938'
export const HOUR = 3_600_000

type Prescribe = ClearAsk & { kind: 'prescribe' }
type Load = { lane: string; serials: string[]; expiry?: string; lot?: string }

/** Two packs of each of two lanes and one of the two others: what most stories begin with. */
export const STOCK: Load[] = [
  { lane: 'A1', serials: ['a1', 'a2'] },
  { lane: 'A2', serials: ['a3'] },
  { lane: 'B1', serials: ['b1', 'b2'] },
  { lane: 'C1', serials: ['c1'] },
]

export interface Setting {
  site?: typeof plainSite
  /** What the policy asks for beside the plain; undefined: no pack was signed off. */
  rules?: Partial<PolicyPack> | undefined
  stock?: Load[]
}

export type Kiosk = Awaited<ReturnType<typeof kiosk>>

/** A kiosk that is filled and ready, played by hand: what its devices say, what its people do. */
export async function kiosk({ site = plainSite, stock = STOCK, ...more }: Setting = {}) {
  const rules = 'rules' in more && more.rules === undefined ? undefined : plainRules(more.rules ?? {})
  const played = story(site, rules)
  const { clock, report } = played
  const digests = new Map<string, string>()
  let numbered = 0
  let heardUpTo = 0

  const id = (): Uint8Array => Buffer.from(String(++numbered).padStart(12, '0'))
  const text = (said: string) => new TextEncoder().encode(said)

  /** Lets something happen, and returns what was answered to it. */
  async function answered(happen: Promise<void>): Promise<Answer | undefined> {
    const before = played.answers.length
    await happen
    return played.answers.slice(before).at(-1)
  }

  const desk = (ask: Ask) => answered(played.ask(ask))
  /** By the way a message of the cloud takes, so that secrets are sealed where they are in the field. */
  function cloud(ask: ClearAsk): Promise<Answer | undefined> {
    const message = { v: 1, id: `i${++numbered}`, expires: clock.wall() + HOUR, ask }
    const read = readInstruction(Buffer.from(JSON.stringify(message)), played.edge)
    if (!read.ok) throw new Error(read.says)
    const { instruction } = read
    return answered(played.instruct(instruction.id, instruction.ask, instruction.expires))
  }

  function prescribe(prescription: string, about: Partial<Prescribe> = {}): Promise<Answer | undefined> {
    const ask: Prescribe = {
      ...{ kind: 'prescribe', prescription, items: [{ gtin: AMOX, packs: 1 }], refill: false },
      ...{ first_time: false, until: clock.wall() + 48 * HOUR, due: 0, partial: false, factor: DIGITS },
      personal: { label: [`Zebulon ${prescription} Quisling`], nonce: '8f14e45fceea167a5a36dedd4bea2543' },
      ...about,
    }
    digests.set(prescription, digestOf(ask))
    return cloud(ask)
  }

  const statement = (prescription: string, says: string, terms: Partial<StatementTerms> = {}): string => {
    const digest = digests.get(prescription)
    const about = says === 'on-duty' || digest === undefined ? {} : { digest }
    const said = { prescription, says, unit: UNIT, at: clock.wall(), id: id(), ...about, ...terms }
    return pharmacist.statement(said)
  }

  const token = (prescription: string, terms: Partial<TokenTerms> = {}): string =>
    operator.token({
      ...{ subject: prescription, unit: UNIT, action: 'collect', id: id() },
      ...{ notBefore: clock.wall() - 60_000, expires: clock.wall() + HOUR / 2, ...terms },
    })

  const scan = (device: string, said: string) =>
    report(device, { type: 'scan', bytes: text(said), aim: device === 'patient-scanner' ? ']Q1' : ']d2' })

  const act = <Type extends Act['type']>(type: Type): (Act & { type: Type }) | undefined =>
    played.acts.findLast((each): each is Act & { type: Type } => each.type === type)

  const s = {
    ...played,
    site,
    /** From the next moment on the policy asks for this. */
    changePolicy: (change: Partial<PolicyPack>) => void Object.assign(rules ?? {}, change),
    desk,
    cloud,
    prescribe,
    statement,
    token,
    /** Whatever hangs on the kiosk answers, and nothing is wrong with it. */
    async online() {
      for (const { name } of site.devices) await report(name, { type: 'online' })
      await report('printer', { type: 'printer', ready: true })
      await s.doorFound(false)
      await report('contacts', { type: 'input', name: TRAY_INPUT, on: false, was: undefined })
    },
    async fill({ lane: name, serials, expiry = '260101', lot = 'LOT1' }: Load) {
      await desk({ kind: 'load', lane: name, by: 'tech' })
      for (const serial of serials)
        await scan('pack-scanner', packLabel(lane(name).product, serial, lot, expiry))
      await desk({ kind: 'load-end', lane: name, by: 'tech' })
    },
    state: (prescription: string, says: string, terms: Partial<StatementTerms> = {}) =>
      cloud({ kind: 'state', statement: statement(prescription, says, terms) }),
    /** A pharmacist is there for so many seconds. */
    onDuty: (seconds: number) => s.state(UNIT, 'on-duty', { until: clock.wall() + seconds * 1_000 }),
    /** Prescribed, and released by a pharmacist. */
    async ready(prescription: string, about: Partial<Prescribe> = {}) {
      await prescribe(prescription, about)
      await s.state(prescription, 'release')
    },
    show: (prescription: string, terms: Partial<TokenTerms> = {}) => s.showText(token(prescription, terms)),
    showText: (said: string) => scan('patient-scanner', said),
    async type(keys: string) {
      for (const key of keys) await report('keypad', { type: 'key', key })
    },
    /** The order that is waited for now. */
    order: (): string => orderIn(s.session()),
    /** What the printer says of the label. */
    printed: (outcome?: Outcome) => played.took(s.order(), outcome),
    pays: (state: PaymentState) => report('terminal', { type: 'payment', state }),
    /** What the controller says of a lane. */
    turn(name: string, stage: DispenseStage, last = !['moving', 'lifting'].includes(stage)) {
      const said: Report = {
        type: 'dispense',
        channel: lane(name).channel,
        stage,
        last,
        code: '',
        evidence: EVIDENCE[stage],
      }
      return report('vmc', said)
    },
    /** The tray scanner reads a pack; by default one of the product in that lane. */
    readPack: (serial: string, gtin = gtinOf(serial), lot = 'LOT1') =>
      scan('tray-scanner', packLabel(gtin, serial, lot, '260101')),
    readText: (said: string) => scan('tray-scanner', said),
    tray: (on: boolean) => report('contacts', { type: 'input', name: TRAY_INPUT, on, was: !on }),
    door: (open: boolean) => report('board', { type: 'door', channel: 1, open, was: !open }),
    /** The first reading of the door after a silence. */
    doorFound: (open: boolean) => report('board', { type: 'door', channel: 1, open, was: undefined }),
    silent: (device: string) => report(device, { type: 'offline', why: 'no-reply' }),
    /** Drops, lies in the tray and is read there, and long enough nothing else is. */
    async falls(serial: string, name = laneOf(serial)) {
      await s.turn(name, 'dropped')
      await s.tray(true)
      await s.readPack(serial)
      await played.pass(1.6)
    },
    async takes() {
      await s.door(true)
      await s.tray(false)
      await s.door(false)
    },
    resolve: (found: Found, except: { serial: string; found: Found }[] = []) =>
      desk({ kind: 'resolve', found, except, reason: 'looked', by: 'staff' }),
    session: (): Session | undefined => {
      const of = [...played.store().processes.all()].find(({ workflow }) => workflow === 'dispense')
      return of?.state as Session | undefined
    },
    phase: () => s.session()?.phase,
    /** The lanes that were told to turn, in order. */
    turned: () => played.acts.flatMap(each => (each.type === 'vend' ? [each.lane] : [])),
    /** How often the delivery door was told to open. */
    opened: () => played.acts.filter(each => each.type === 'unlock' && each.compartment === DELIVERY).length,
    /** The last thing of that kind that was to be done. */
    act,
    /** What was written down since this was last called, the latest last. See `tellShort`. */
    told(): string[] {
      const fresh = played.steps.slice(heardUpTo).flatMap(({ entries }) => entries)
      heardUpTo = played.steps.length
      return fresh.flatMap(entry => tellShort(entry) ?? [])
    },
  }

  played.heard()
  await s.online()
  for (const load of stock) await s.fill(load)
  s.told()
  return s
}

function orderIn(session: Session | undefined): string {
  if (session === undefined) return ''
  if ('order' in session) return session.order
  return 'visit' in session ? (session.visit?.order ?? '') : ''
}

type Found = (Ask & { kind: 'resolve' })['found']

/** What a report of that stage stands on. */
const EVIDENCE: Record<DispenseStage, Evidence> = {
  ...{ moving: 'controller', lifting: 'elevator', dropped: 'drop-sensor', turned: 'motor' },
  ...{ jammed: 'controller', 'not-moved': 'controller', 'in-doubt': 'silence' },
}

function lane(name: string) {
  const found = LANES.find(each => each.name === name)
  if (!found) throw new Error(`a story of lane ${name}, which is not there`)
  return found
}

/** Serials here say where the pack was loaded. */
const laneOf = (serial: string): string =>
  STOCK.find(({ serials }) => serials.includes(serial))?.lane ?? `${serial[0]?.toUpperCase()}1`
const gtinOf = (serial: string): string => ({ b: LISI, c: INHALER })[serial[0] ?? ''] ?? AMOX

/** Written from agent/domain/TOKENS.md, and not from the code that reads it. */
const digestOf = ({ prescription, until, refill, first_time, due, items, personal }: Prescribe): string =>
  createHash('sha256')
    .update(
      [
        ...['pawl prescription 1', UNIT, prescription, until, refill ? 'refill' : 'new'],
        ...[first_time ? 'first-time' : 'known', due, ...items.map(({ gtin, packs }) => `${gtin} ${packs}`)],
        ...[personal.nonce, ...personal.label],
      ].join('\n'),
    )
    .digest('hex')
