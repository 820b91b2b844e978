import type { ClearAsk } from '../../agent/domain/ask.ts'
import type { Leg } from '../../agent/domain/journal-words.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Cabinet } from '../world/cabinet.ts'
import type { VirtualClock } from '../world/clock.ts'
import type { Door } from '../world/door.ts'
import type { Random } from '../world/random.ts'
import { fits, lastOrderIn, phones } from './phones.ts'
import type { Witness } from './witness.ts'

interface Plan {
  booking: string
  codes: Record<Leg, string>
  until: Millis
  /** As the world knows it. */
  stage: 'expected' | 'stored' | 'done'
  wrong: Record<Leg, number>
  /** They come with a token on their phone, and know no code. */
  byPhone: boolean
}

interface Town {
  clock: VirtualClock
  random: Random
  steel: Cabinet
  witness: Witness
  scan(text: string): void
  instruct(id: string, expires: Millis, ask: ClearAsk | { kind: 'nonsense' }): void
  /** Whether somebody may forget to close a door. */
  forgetful: boolean
  /** Whether people come with tokens on their phones, too. */
  withPhones: boolean
  struck(fault: 'left-open'): void
  /** The time as it is, which the unit's clock may have wrong. */
  trueTime(): Millis
}

/** The longest a right lives on after it was shown: three tries of three seconds, the last order a second and a half. */
const ORDERS_WITHIN: Millis = 2 * 3_000 + 1_500 + 1_500
const HOUR: Millis = 3_600_000

/** Customers, staff and an operator, all drawn from the seed. They do what people do, also the wrong thing. */
export function people({
  clock,
  random,
  steel,
  witness,
  scan,
  instruct,
  forgetful,
  withPhones,
  struck,
  trueTime,
}: Town) {
  const plans: Plan[] = []
  const standing = new Set<string>()
  /** Doors that somebody has the hand on. */
  const attended = new Set<Door>()
  let numbered = 0

  const number = () => String(random.between(100_000, 999_999))

  function order(ask: ClearAsk | { kind: 'nonsense' }, within: Millis = 60_000): void {
    instruct(`i${++numbered}`, trueTime() + within, ask)
  }

  const phone = phones({ random: random.fork('phones'), witness, scan, trueTime, order })

  function book(): void {
    const booking = `K${plans.length + 1}`
    const codes = { deposit: number(), collect: number() }
    const span = random.chance(1, 8) ? random.between(20_000, 90_000) : HOUR
    const until = trueTime() + span
    plans.push({
      booking,
      codes,
      until: clock.now() + span,
      stage: 'expected',
      wrong: { deposit: 0, collect: 0 },
      byPhone: withPhones && random.fork(`phone of ${booking}`).chance(1, 2),
    })
    const leg = (by: 'customer' | 'staff', code: string) => ({ by, code, until })
    order({
      kind: 'book',
      booking,
      size: random.pick(['S', 'M', 'L']),
      low_reach: random.chance(1, 5),
      deposit: leg('customer', codes.deposit),
      collect: leg('staff', codes.collect),
    })
  }

  /** Shows a code. It is a right only if the world says so: the right leg, in time, and not guessed away. */
  function show(plan: Plan, leg: Leg, code: string): void {
    const known = code === plan.codes[leg]
    const byPhone = known && plan.byPhone
    const right = byPhone ? !phone.isRevoked(plan.booking) : known && !guessedAway(plan, leg)
    if (!right && code !== plan.codes.deposit && code !== plan.codes.collect) plan.wrong[turnOf(plan)]++
    const turn = leg === turnOf(plan) || (leg === 'collect' && plan.stage === 'stored')
    if (right && plan.stage !== 'done' && turn)
      witness.grants.push({
        at: clock.now(),
        until: clock.now() + ORDERS_WITHIN,
        expires: plan.until,
        booking: plan.booking,
      })
    if (byPhone) phone.show(plan.booking, leg)
    else scan(`${plan.booking}:${code}`)
  }

  const stored = ({ booking }: Plan) =>
    witness.rows.findIndex(({ entry }) => entry.type === 'deposited' && entry.booking === booking)

  /** It is the turn of putting in until the door of the deposit was seen closed: until then the same code opens it again. */
  const turnOf = (plan: Plan): Leg => (stored(plan) < 0 ? 'deposit' : 'collect')

  /** Five wrong tries, and the unit heard them: it hears nothing while its power is out. */
  function guessedAway(plan: Plan, leg: Leg): boolean {
    if (plan.wrong[leg] < 5) return false
    const since = leg === 'collect' ? stored(plan) : 0
    const heard = witness.rows
      .slice(since)
      .filter(({ entry }) => entry.type === 'code-refused' && entry.booking === plan.booking)
    return heard.length >= 5
  }

  /** Stands before the cabinet for a while; goes to the first door that lets itself be opened. */
  function visit(plan: Plan, leg: Leg): void {
    if (standing.has(plan.booking)) return
    standing.add(plan.booking)
    const since = clock.now()
    let patience = 0
    show(plan, leg, plan.codes[leg])
    const look = (): void => {
      const mine = shown(plan, leg, since)
      if (mine?.open && fits(mine, plan.booking, leg)) {
        attended.add(mine)
        return void clock.after(random.between(1_200, 6_000), () => leave(mine, plan, leg))
      }
      if (++patience < 30) return void clock.after(500, look)
      standing.delete(plan.booking)
    }
    clock.after(500, look)
  }

  /** The door that the unit told them of. */
  function shown(plan: Plan, leg: Leg, since: Millis): Door | undefined {
    const told = witness.rows.findLast(
      ({ at, entry }) =>
        at >= since && entry.type === 'unlock-ordered' && entry.purpose === `${leg} ${plan.booking}`,
    )
    return told?.entry.type === 'unlock-ordered' ? steel.door(told.entry.compartment) : undefined
  }

  function leave(door: Door, plan: Plan, leg: Leg): void {
    standing.delete(plan.booking)
    attended.delete(door)
    if (!door.open) return
    if (leg === 'deposit' && door.item === undefined) {
      door.put(plan.booking)
      plan.stage = 'stored'
      witness.put.push({ at: clock.now(), booking: plan.booking, door: door.name })
    }
    if (leg === 'collect' && door.item === plan.booking) {
      door.take()
      plan.stage = 'done'
      witness.taken.push({ at: clock.now(), booking: plan.booking, door: door.name })
    }
    if (forgetful && random.chance(1, 6)) {
      struck('left-open')
      return void clock.after(random.between(30_000, 240_000), () => door.push())
    }
    door.push()
  }

  function guess(plan: Plan): void {
    show(plan, turnOf(plan), number())
  }

  /** A thief with a booking's name and no code, perhaps just while its owner is there; whose code is worth nothing later. */
  function rob(plan: Plan): void {
    if (random.chance(2, 3)) visit(plan, turnOf(plan))
    for (let turn = 0; turn < 5; turn++) clock.after(turn * 700, () => guess(plan))
    clock.after(20_000, () => visit(plan, turnOf(plan)))
  }

  /** Shows a right code for the wrong booking. */
  function mixUp(plan: Plan): void {
    const other = random.pick(plans)
    if (other !== plan) show(plan, 'collect', other.codes.collect)
  }

  function remoteOpen(): void {
    const { name } = random.pick(steel.doors)
    const leave = withPhones ? phone.leave(name, random.pick(steel.doors).name) : { door: name, honest: true }
    const { door: compartment, honest, ...grant } = leave
    const within = random.chance(1, 4) ? -1_000 : random.between(500, 30_000)
    const at = clock.now()
    if (honest) witness.grants.push({ at, until: Infinity, expires: at + within, compartment })
    order({ kind: 'open', compartment, reason: 'x', by: 'desk', clear: false, ...grant }, within)
    closeLater(steel.door(compartment))
  }

  /** Whether it stands open for somebody who came with a code. */
  function theirs(door: Door): boolean {
    return door.openings.at(-1)?.cause === 'released' && lastOrder(door.name)?.purpose !== 'maintenance'
  }

  const lastOrder = (door: string) => lastOrderIn(witness, door)

  /** Whoever finds it open shuts it. */
  function closeLater(door: Door): void {
    clock.after(random.between(4_000, 20_000), () => {
      if (attended.has(door)) closeLater(door)
      else if (!theirs(door)) door.push()
    })
  }

  return {
    book,
    plans,
    /** One thing somebody does now. */
    act(): void {
      const waiting = plans.filter(plan => plan.stage !== 'done')
      if (waiting.length < 5 && random.chance(1, 2)) return book()
      if (waiting.length === 0) return
      const plan = random.pick(waiting)
      const what = random.between(1, 20)
      if (what <= 13) return visit(plan, plan.stage === 'expected' ? 'deposit' : 'collect')
      if (what === 14) return plan.byPhone ? phone.forge(plan.booking, turnOf(plan)) : guess(plan)
      if (what === 15) return random.chance(1, 2) ? guess(plan) : rob(plan)
      if (what === 16) return show(plan, 'deposit', plan.codes.deposit)
      if (what === 17) return mixUp(plan)
      if (what <= 19) return remoteOpen()
      if (random.chance(1, 3)) return order({ kind: 'nonsense' })
      if (plan.byPhone) return phone.revoke(plan.booking)
      // Whoever gives a compartment back has looked into it first.
      const empty = steel.doors.filter(({ item }) => item === undefined)
      if (empty.length > 0) order({ kind: 'release', compartment: random.pick(empty).name, by: 'staff' })
    },
    closeLater,
    /** Whoever still stands at an open door takes what is theirs and shuts it. */
    goHome(): void {
      for (const door of steel.doors) {
        if (door.open && lastOrder(door.name)?.purpose === `collect ${door.item}`) door.take()
        door.push()
      }
    },
  }
}
