import type { Clock, Millis } from '../../drivers/host/clock.ts'
import type { Random } from './random.ts'
import type { Vending } from './vending.ts'

//   comes ──▶ shows the code ──▶ types ──▶ waits at the delivery door ──▶ reaches in ──▶ shuts it ──▶ goes

/** How somebody behaves. Drawn whole before they come, so that what happens to them shifts no other draw. */
export interface Manner {
  /** From the moment they were called. */
  comesAfter: Millis
  /** What they hold before the scanner, one after the other. */
  shows: ('own' | 'another')[]
  /** One entry for each time they type the factor. `half`: walks away in the middle of it. */
  types: ('right' | 'wrong' | 'half')[]
  keyEvery: Millis
  /** How long they wait for the screen to ask, and then for the door to open. */
  patience: Millis
  /** From the door's opening to the hand in it. */
  reachesAfter: Millis
  /** `one`: what fell first. */
  takes: 'all' | 'one' | 'nothing'
  /** From the hand's leaving to the door's being shut: after a minute or more by somebody who passes, and they are gone. */
  shutsAfter: Millis
}

export interface Visit {
  clock: Clock
  /** One of their own, forked for this visit. Only forks of it are drawn from. */
  random: Random
  vending: Pick<Vending, 'door' | 'tray' | 'take'>
  /** What their phone shows. */
  code: string
  /** What somebody else's phone shows; without it they can only show their own. */
  another?: string
  /** Every key of the right second factor, the one that ends it too; without it they type nothing. */
  factor?: string
  /** How many packs they came for. */
  packs?: number
  /** How long from now the code is good; without it nobody comes too late. */
  goodFor?: Millis
  /** Whether the screen asks for the factor now; without it they type soon after they showed the code. */
  asked?: () => boolean
  scan(text: string): void
  press(key: string): void
  /** What is not left to chance. */
  manner?: Partial<Manner>
}

/** How it ended. */
export interface Visited {
  /** When they went. */
  at: Millis
  /**
   * `served`: has all they came for. `left-some`: went from the open door with less. `gave-up`: nothing happened for too
   * long. `walked-away`: in the middle of typing.
   */
  why: 'served' | 'left-some' | 'gave-up' | 'walked-away'
  /** What they carry away, by the name of each thing. */
  holds: string[]
}

const MINUTE: Millis = 60_000
const LOOKS_EVERY: Millis = 250
const SHOWS_EVERY: Millis = 1_500
/** After a wrong try, where no screen asks for another. */
const TRIES_AGAIN_AFTER: Millis = 8_000

const SHOWS: Manner['shows'][] = [['own', 'own'], ['another', 'own'], ['another']]
const TYPES: Manner['types'][] = [['wrong', 'right'], Array<'wrong'>(6).fill('wrong'), ['half']]

/** About half do everything as they should. */
export function drawManner(random: Random, goodFor: Millis = Infinity): Manner {
  const odd = () => random.chance(1, 10)
  const late = odd() && goodFor < Infinity
  const comesAfter = random.between(0, Math.min(goodFor / 2, 8 * MINUTE))
  return {
    comesAfter: late ? goodFor + comesAfter + 1 : comesAfter,
    shows: odd() ? random.pick(SHOWS) : ['own'],
    types: odd() ? random.pick(TYPES) : ['right'],
    keyEvery: random.between(250, 900),
    patience: odd() ? random.between(1_000, 6_000) : random.between(2 * MINUTE, 5 * MINUTE),
    reachesAfter: odd() ? random.between(40_000, 5 * MINUTE) : random.between(1_200, 6_000),
    takes: odd() ? random.pick(['one', 'nothing']) : 'all',
    shutsAfter: odd() ? random.between(MINUTE, 4 * MINUTE) : random.between(500, 3_000),
  }
}

/** One patient before a kiosk, from the moment they are called until they go. Opens nothing by force. */
export async function patient(visit: Visit): Promise<Visited> {
  const { clock, random, vending, code, another = code, packs = 1, scan } = visit
  const { door } = vending
  const manner: Manner = { ...drawManner(random.fork('manner'), visit.goodFor), ...visit.manner }
  const holds: string[] = []
  const went = (why: Visited['why']): Visited => ({ at: clock.now(), why, holds })

  await wait(clock, manner.comesAfter)
  /** A door that stands open already was not opened for them. */
  let seen = door.openings.length
  const opened = (): boolean => {
    door.pull()
    return door.open && door.openings.length > seen
  }

  for (const shown of manner.shows) {
    scan(shown === 'own' ? code : another)
    await wait(clock, SHOWS_EVERY)
  }
  const wentOff = await type(visit, manner, opened)
  if (wentOff) return went(wentOff)

  do {
    if (!(await until(clock, opened, manner.patience))) return went('gave-up')
    await wait(clock, manner.reachesAfter)
    // Somebody may have shut it before them.
    if (door.open) holds.push(...reach(vending, manner.takes))
    seen = door.openings.length
    const shut = () => door.openings.length === seen && door.push()
    if (manner.shutsAfter >= MINUTE) {
      clock.after(manner.shutsAfter, shut)
      break
    }
    await wait(clock, manner.shutsAfter)
    shut()
  } while (holds.length < packs && manner.takes === 'all')
  return went(holds.length < packs ? 'left-some' : 'served')
}

/** Types the factor until the door opens or no try is left. Says how they went, if they did. */
async function type(
  { clock, random, factor, asked, press }: Visit,
  { types, keyEvery, patience }: Manner,
  opened: () => boolean,
): Promise<'walked-away' | 'gave-up' | undefined> {
  if (factor === undefined) return undefined
  const dice = random.fork('keys')
  for (const [turn, how] of types.entries()) {
    if (asked && !(await until(clock, () => asked() || opened(), patience))) return 'gave-up'
    if (!asked && turn > 0) await until(clock, opened, TRIES_AGAIN_AFTER)
    if (opened()) return undefined
    const typed = how === 'right' ? factor : mistyped(factor, dice)
    for (const key of how === 'half' ? factor.slice(0, factor.length / 2) : typed) {
      press(key)
      await wait(clock, keyEvery)
    }
    if (how === 'half') return 'walked-away'
  }
  return undefined
}

function reach({ tray, take }: Visit['vending'], takes: Manner['takes']): string[] {
  const wanted = tray.slice(0, takes === 'all' ? tray.length : takes === 'one' ? 1 : 0)
  return take(wanted.map(({ id }) => id)).map(({ id }) => id)
}

/** One digit is another. */
function mistyped(factor: string, random: Random): string {
  const at = random.pick([...factor].flatMap((key, place) => (/\d/.test(key) ? [place] : [])))
  const digit = (Number(factor[at]) + random.between(1, 9)) % 10
  return `${factor.slice(0, at)}${digit}${factor.slice(at + 1)}`
}

const wait = (clock: Clock, span: Millis): Promise<void> =>
  new Promise(resolve => void clock.after(span, resolve))

/** Looks again and again. Says whether it happened within `limit`. */
async function until(clock: Clock, happened: () => boolean, limit: Millis): Promise<boolean> {
  for (const end = clock.now() + limit; clock.now() < end; await wait(clock, LOOKS_EVERY))
    if (happened()) return true
  return happened()
}
