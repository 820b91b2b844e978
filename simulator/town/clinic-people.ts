import type { ClearAsk } from '../../agent/domain/ask.ts'
import type { Entry } from '../../agent/domain/journal.ts'
import { digestOf } from '../../agent/domain/prescription.ts'
import { type Millis, sleep } from '../../drivers/host/clock.ts'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { type Manner, patient, type Visited } from '../world/patient.ts'
import { random } from '../world/random.ts'
import type { ClinicTown } from './clinic.ts'
import { asks } from './desk.ts'
import { is } from './people.ts'

const MINUTE: Millis = 60_000
/** Long enough on a machine that does much else, and short enough that a test still says what it waited for. */
const PATIENCE: Millis = 30_000

/** A prescription as its physician and its patient know it. */
export interface Script {
  id: string
  /** What the patient types. */
  factor: string
  digest: string
}

export interface Wish {
  packs?: number
  first_time?: boolean
  /** The first line of its label. */
  patient?: string
  factor?: string
}

/** Resolves with the first row that fits and is not here yet. Call it before what brings that row about. */
export function next(town: ClinicTown, what: string, fits: (entry: Entry) => boolean) {
  const old = new Set(town.operator.book.rows.map(({ entry }) => entry))
  return town.operator.until(what, entry => !old.has(entry) && fits(entry), PATIENCE)
}

/** Has the cloud tell the unit something; resolves with how that ended. */
export async function told(town: ClinicTown, ask: ClearAsk) {
  const id = town.operator.instruct(ask)
  const { entry } = await town.operator.until(
    `an answer to ${ask.kind}`,
    is('instruction-ended', each => each.id === id),
    PATIENCE,
  )
  if (entry.type !== 'instruction-ended') throw new Error(`${entry.type} is no answer`)
  return entry
}

/** The same, for what must not be refused. */
export async function obeyed(town: ClinicTown, ask: ClearAsk): Promise<void> {
  const { outcome, why } = await told(town, ask)
  if (outcome !== 'done') throw new Error(`${ask.kind} was ${outcome}: ${why}`)
}

/** What a physician sends, and the same as its patient knows it. */
export function written(
  town: ClinicTown,
  id: string,
  gtin: string,
  wish: Wish = {},
): { script: Script; ask: ClearAsk & { kind: 'prescribe' } } {
  const { packs = 1, first_time = false, patient: name = `Patient of ${id}`, factor = '4711' } = wish
  const said = {
    prescription: id,
    items: [{ gtin, packs }],
    refill: false,
    first_time,
    until: Math.floor(town.clock.wall()) + 60 * MINUTE,
    due: 0,
  }
  const nonce = Buffer.from(systemEntropy.bytes(16)).toString('hex')
  const personal = { label: [name, 'Take one tablet daily'], nonce }
  return {
    script: { id, factor, digest: digestOf({ ...said, ...personal, unit: town.unit }) },
    ask: { kind: 'prescribe', ...said, partial: false, factor, personal },
  }
}

/** A physician sends a prescription, and the unit takes it in. */
export async function prescribes(town: ClinicTown, id: string, gtin: string, wish?: Wish): Promise<Script> {
  const { script, ask } = written(town, id, gtin, wish)
  await obeyed(town, ask)
  return script
}

/** The pharmacist signs what they say of a prescription, and the unit takes it for theirs. */
export const states = (town: ClinicTown, { id, digest }: Script, says: string): Promise<void> =>
  obeyed(town, {
    kind: 'state',
    statement: town.pharmacist.statement({
      prescription: id,
      unit: town.unit,
      says,
      at: town.clock.wall(),
      id: systemEntropy.bytes(12),
      digest,
    }),
  })

/** A prescription that is here and released. */
export async function released(town: ClinicTown, id: string, gtin: string, wish?: Wish): Promise<Script> {
  const script = await prescribes(town, id, gtin, wish)
  await states(town, script, 'release')
  return script
}

/** A new code for the phone of the patient. */
export const codeFor = (town: ClinicTown, { id }: Script): string =>
  town.operatorKey.token({
    subject: id,
    unit: town.unit,
    action: 'collect',
    notBefore: town.clock.wall() - MINUTE,
    expires: town.clock.wall() + 30 * MINUTE,
    id: systemEntropy.bytes(12),
  })

/** Somebody who does everything as they should, and is patient. */
const SOUND: Manner = {
  comesAfter: 0,
  shows: ['own'],
  types: ['right'],
  keyEvery: 120,
  patience: PATIENCE,
  reachesAfter: 1_200,
  takes: 'all',
  shutsAfter: 1_000,
}

/** The patient stands before the kiosk until they go: with their packs, or without. */
export async function comes(
  town: ClinicTown,
  script: Script,
  manner: Partial<Manner> = {},
  code = codeFor(town, script),
): Promise<Visited> {
  const { clock, machine, patients, pad } = town
  const visited = await patient({
    clock,
    random: random(script.id),
    vending: machine,
    code,
    factor: `${script.factor}#`,
    manner: { ...SOUND, ...manner },
    asked: () => asked(town, script),
    scan: text => patients.scan(text, ']Q1'),
    press: pad.press,
  })
  town.visits.push({ prescription: script.id, ...visited })
  return visited
}

/** The patient comes and goes away with what they came for. */
export async function served(
  town: ClinicTown,
  script: Script,
  manner?: Partial<Manner>,
  code?: string,
): Promise<void> {
  const { why, holds } = await comes(town, script, manner, code)
  if (why !== 'served' || holds.length !== 1)
    throw new Error(`the patient of ${script.id} went with ${holds.length} packs (${why})`)
  await town.operator.until(
    `${script.id} to be handed over`,
    is('prescription-ended', each => each.prescription === script.id && each.why === 'handed-over'),
    PATIENCE,
  )
}

/** The patient shows a code, again and again as people do, and the unit says why it opens nothing. */
export async function refused(
  town: ClinicTown,
  script: Script,
  why: string,
  code = codeFor(town, script),
): Promise<void> {
  let heard = false
  const said = next(
    town,
    `${script.id} to be refused`,
    is('token-refused', ({ prescription }) => prescription === script.id || prescription === undefined),
  ).finally(() => {
    heard = true
  })
  while (!heard) {
    town.patients.scan(code, ']Q1')
    await Promise.race([said, sleep(town.clock, 5_000)])
  }
  const { entry } = await said
  if (entry.type !== 'token-refused' || entry.why !== why)
    throw new Error(`${script.id} should be refused as ${why}: ${JSON.stringify(entry)}`)
}

const SCREEN: ReadonlySet<string> = new Set(['presented', 'factor-refused', 'verified', 'session-ended'])

/** The screen asks for the second factor. */
function asked({ operator }: ClinicTown, { id }: Script): boolean {
  const last = operator.book.rows.findLast(
    ({ entry }) => 'prescription' in entry && entry.prescription === id && SCREEN.has(entry.type),
  )?.entry.type
  return last === 'presented' || last === 'factor-refused'
}

/** Until it serves. */
export async function inService(town: ClinicTown): Promise<void> {
  const { clock } = town
  const until = clock.now() + PATIENCE
  for (;;) {
    const { owed } = await asks(town, { ask: 'owed' }).catch(() => ({ owed: undefined }))
    const online = town.devices.every(name =>
      town.operator.book.rows.some(({ entry }) => entry.type === 'device-online' && entry.device === name),
    )
    if (owed && owed.out_of_service === undefined && online) return
    if (clock.now() > until)
      throw new Error(`the kiosk does not serve: ${owed?.out_of_service ?? 'no agent answers'}`)
    await sleep(clock, 100)
  }
}
