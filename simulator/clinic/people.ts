import { createHash } from 'node:crypto'
import type { ClearAsk } from '../../agent/domain/ask.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { type Manner, patient } from '../world/patient.ts'
import { DELIVERY, PRODUCTS, UNIT } from './site.ts'
import { clinicStaff } from './staff.ts'
import type { ClinicTown } from './town.ts'
import type { Script } from './witness.ts'

const MINUTE: Millis = 60_000
const STOCK: ReadonlySet<string> = new Set(['reserved', 'out-of-stock', 'lease-ended'])
const HOUR: Millis = 60 * MINUTE

/** Physicians, a pharmacist, a technician and patients, all drawn from the seed. They do what people do, also the wrong thing. */
export function clinicPeople(town: ClinicTown) {
  const { clock, random, hardware, witness, operator, pharmacist, instruct, trueTime } = town
  const { machine, patients, pad } = hardware
  let numbered = 0
  let standing = false
  const staff = clinicStaff({ ...town, random: random.fork('staff'), standing: () => standing })

  const tell = (ask: ClearAsk | { kind: 'nonsense' }, within: Millis = 2 * MINUTE): void =>
    instruct(`i${++numbered}`, trueTime() + within, ask)

  const hex = (length: number): string => Buffer.from(random.bytes(length)).toString('hex')

  /** A physician sends a prescription, and mostly a pharmacist reads it soon. */
  function prescribe(): void {
    const { gtin } = random.pick(PRODUCTS)
    const packs = random.chance(1, 5) ? 2 : 1
    const life = random.chance(1, 8) ? random.between(2, 6) * MINUTE : HOUR
    const script = send({ gtin, packs, life })
    if (random.chance(9, 10)) clock.after(random.between(5_000, 60_000), () => review(script))
  }

  function send({ gtin, packs, life }: { gtin: string; packs: number; life: Millis }): Script {
    const id = `RX${witness.scripts.length + 1}`
    const digits = String(random.between(1_000, 9_999))
    const secret = `Zebulon ${id} Quisling`
    const [until, nonce] = [trueTime() + life, hex(16)]
    const label = [secret, 'Take one tablet daily']
    const script: Script & { digest: string } = {
      ...{ id, gtin, packs, digits, secret, holds: [] },
      until: clock.now() + life,
      digest: digestOf([
        ...['pawl prescription 1', UNIT, id, String(until), 'new', 'known', '0', `${gtin} ${packs}`],
        ...[nonce, ...label],
      ]),
    }
    witness.scripts.push(script)
    digests.set(id, script.digest)
    tell({
      kind: 'prescribe',
      prescription: id,
      items: [{ gtin, packs }],
      refill: false,
      first_time: false,
      until,
      due: 0,
      partial: random.chance(1, 4),
      factor: digits,
      personal: { label, nonce },
    })
    return script
  }

  const digests = new Map<string, string>()

  function state(prescription: string, says: string): void {
    const digest = digests.get(prescription)
    const about = digest === undefined ? {} : { digest }
    tell({
      kind: 'state',
      statement: pharmacist.statement({
        prescription,
        unit: UNIT,
        says,
        at: trueTime(),
        id: random.bytes(12),
        ...about,
      }),
    })
  }

  /** The pharmacist reads it and releases it, or not. */
  function review(script: Script): void {
    if (random.chance(1, 12)) {
      script.rejected ??= clock.now()
      return state(script.id, 'reject')
    }
    release(script)
  }

  function release(script: Script): void {
    script.released ??= clock.now()
    state(script.id, 'release')
  }

  const lives = ({ until, packs, holds }: Script): boolean => until > clock.now() && holds.length < packs

  /** Whether the unit said that it is released and its packs are held, so that the phone tells its patient to come. */
  function ready({ id }: Script): boolean {
    const mine = witness.rows.filter(({ entry }) => 'prescription' in entry && entry.prescription === id)
    const last = mine.findLast(({ entry }) => STOCK.has(entry.type))?.entry.type
    const has = (type: string) => mine.some(({ entry }) => entry.type === type)
    return has('prescription-released') && !has('prescription-ended') && last === 'reserved'
  }

  function token(script: Script, life: Millis): string {
    return operator.token({
      subject: script.id,
      unit: UNIT,
      action: 'collect',
      notBefore: trueTime() - MINUTE,
      expires: trueTime() + life,
      id: random.bytes(12),
    })
  }

  /** A patient comes, mostly one whose prescription is ready. */
  function visit(): void {
    if (standing) return
    const waiting = witness.scripts.filter(script => lives(script) && (ready(script) || random.chance(1, 40)))
    if (waiting.length === 0) return
    stand(random.pick(waiting), random.pick(witness.scripts), random.chance(1, 6) ? MINUTE : 30 * MINUTE, {
      comesAfter: random.between(0, 4_000),
      patience: random.between(20, 45) * 1_000,
    })
  }

  /** Somebody stands there until they go: with a code that is good for so long, and somebody else's. */
  function stand(script: Script, other: Script, life: Millis, manner: Partial<Manner>): void {
    standing = true
    const code = token(script, life)
    const others = token(other, life)
    const shown = { script, typed: '' }
    void patient({
      clock,
      random: random.fork(`patient ${++numbered}`),
      vending: machine,
      code,
      another: others,
      factor: `${script.digits}#`,
      packs: script.packs,
      goodFor: life,
      manner,
      asked: () => asked(script.id),
      scan(text) {
        shown.script = text === code ? script : other
        shown.typed = ''
        patients.scan(text, ']Q1')
      },
      press(key) {
        shown.typed = key === '#' ? '' : shown.typed + key
        if (shown.typed === shown.script.digits)
          witness.proofs.push({ prescription: shown.script.id, at: clock.now() })
        pad.press(key)
      },
    }).then(({ holds }) => {
      script.holds.push(...holds)
      standing = false
    })
  }

  /** The screen asks for the second factor. */
  function asked(prescription: string): boolean {
    const last = witness.rows.findLast(
      ({ entry }) =>
        'prescription' in entry &&
        entry.prescription === prescription &&
        ['presented', 'factor-refused', 'verified', 'session-ended', 'token-refused'].includes(entry.type),
    )?.entry.type
    return last === 'presented' || last === 'factor-refused'
  }

  /** The maker calls a lot back; later the call is over. */
  function recallLot(): void {
    const recall = `R${++numbered}`
    const { gtin } = random.pick(PRODUCTS)
    tell({
      kind: 'recall',
      recall,
      scope: { gtin, lot: random.pick(['LOT1', 'LOT2']) },
      reason: 'recalled by the maker',
      by: 'cloud',
    })
    clock.after(random.between(2, 6) * MINUTE, () =>
      tell({ kind: 'lift', recall, reason: 'it was another lot', by: 'cloud' }),
    )
  }

  function withdraw(): void {
    const live = witness.scripts.filter(lives)
    if (live.length === 0) return
    const script = random.pick(live)
    script.withdrawn ??= clock.now()
    tell({ kind: 'withdraw', prescription: script.id, reason: 'changed', by: 'physician' })
  }

  return {
    /** Something that one of them does now. */
    act(): void {
      if (staff.held() && random.chance(1, 3)) void staff.look()
      const what = random.between(1, 20)
      if (what <= 4) return prescribe()
      if (what <= 12) return visit()
      if (what <= 14) return void staff.fill()
      if (what === 15) return recallLot()
      if (what === 16) return void staff.tidy()
      if (what === 17 && random.chance(1, 3)) return withdraw()
      if (what === 18) return tell({ kind: 'nonsense' })
      if (what === 19)
        tell({ kind: 'open', compartment: DELIVERY, reason: 'let me in', by: 'thief', clear: false })
    },
    prescribe: send,
    release,
    /** What a pharmacist says of a consultation. */
    state,
    recall: recallLot,
    withdraw,
    /** A patient comes at once with their own code, and has patience. */
    serve: (script: Script, manner: Partial<Manner> = {}) =>
      stand(script, script, 30 * MINUTE, { ...WELL_BEHAVED, ...manner }),
    staff,
    /** Nobody stands there any more, and nobody of the staff is busy. */
    idle: (): boolean => !standing && !staff.busy(),
  }
}

const WELL_BEHAVED: Partial<Manner> = {
  comesAfter: 0,
  shows: ['own'],
  types: ['right'],
  patience: 60_000,
  takes: 'all',
  shutsAfter: 1_000,
}

const digestOf = (lines: string[]): string => createHash('sha256').update(lines.join('\n')).digest('hex')
