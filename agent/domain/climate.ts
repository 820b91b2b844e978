import type { Millis } from '../../drivers/host/clock.ts'

/** Where medicine may lie. Degrees Celsius. */
export interface ClimateLimits {
  /** The working range, both ends within it. */
  low_c: number
  high_c: number
  /** What an excursion may reach, both ends within it. */
  least_c: number
  most_c: number
  /** How long the working range may be left before that is told, in minutes. */
  allowed_minutes: number
  /** How long a sensor may say nothing, in minutes. */
  silent_minutes: number
  /** What the mean kinetic temperature of thirty days may reach. */
  mkt_c: number
}

/** Controlled room temperature: USP <659>, mean kinetic temperature as in USP <1079.2>. */
export const ROOM: ClimateLimits = {
  low_c: 20,
  high_c: 25,
  least_c: 15,
  most_c: 30,
  allowed_minutes: 30,
  silent_minutes: 15,
  mkt_c: 25,
}

/** A look at the sensor; without `celsius` it said nothing. `at` is on a steady clock. */
export interface ClimateReading {
  at: Millis
  celsius?: number
}

export type Side = 'hot' | 'cold'

/** `since` is on the clock of the readings; what is told of an excursion counts from there. */
export type ClimateEvent =
  /** Told when it lasts too long, and once more when it leaves what excursions may reach. */
  | { kind: 'excursion'; side: Side; since: Millis; lasted_ms: Millis; worst_c: number; beyond: boolean }
  | { kind: 'excursion-over'; side: Side; since: Millis; lasted_ms: Millis; worst_c: number; beyond: boolean }
  | { kind: 'silent' | 'heard-again'; quiet_ms: Millis }
  | { kind: 'mkt-high' | 'mkt-good'; mkt_c: number; measured_hours: number }

/** The kinetic term of a temperature, summed over the measured time of one hour. */
export interface Hour {
  /** Whole hours on the clock of the readings. */
  hour: number
  ms: Millis
  kinetic: number
}

export interface ClimateState {
  at: Millis
  /** Since the last good reading, or since the start. */
  quiet_ms: Millis
  silent: boolean
  last?: { celsius: number }
  excursion?: Excursion
  mkt_high: boolean
  /** Of the last thirty days, the oldest first unless the clock jumped. */
  hours: Hour[]
}

interface Excursion {
  side: Side
  since: Millis
  lasted_ms: Millis
  worst_c: number
  beyond: boolean
  /** What was told of it so far. */
  told: 'nothing' | 'within' | 'beyond'
}

const MINUTE: Millis = 60_000
const HOUR: Millis = 60 * MINUTE
const MONTH_HOURS = 720
/** After a clock went back, hours that are still to come are kept, but not without end. */
const AHEAD_HOURS = 700
/** Less says nothing about a month. */
const ENOUGH_HOURS = 24
/** Activation energy over the gas constant, 83.144 kJ/mol, in kelvin. */
const DELTA_H_OVER_R = 10_000
const ZERO_C = 273.15
/** No sensor of a room says more or less and is right. */
const COLDEST = -60
const HOTTEST = 100

export const startClimate = (at: Millis): ClimateState => ({
  at,
  quiet_ms: 0,
  silent: false,
  mkt_high: false,
  hours: [],
})

/** One look further. Pure: the state is plain data. */
export function stepClimate(
  before: ClimateState,
  reading: ClimateReading,
  limits: ClimateLimits = ROOM,
): { state: ClimateState; events: ClimateEvent[] } {
  const at = Number.isFinite(reading.at) ? reading.at : before.at
  const passed = Math.max(0, at - before.at)
  const celsius = believed(reading.celsius)
  const heard = hear({ ...before, at, quiet_ms: before.quiet_ms + passed }, celsius, limits)
  const measured = heard.measurable ? measure(before, at, celsius) : before.hours
  const state = { ...heard.state, hours: recent(measured, at) }
  const out = excursions(state, passed, celsius, limits)
  const mean = judgeMean(out.state, limits)
  return { state: mean.state, events: [...heard.events, ...out.events, ...mean.events] }
}

const believed = (celsius: number | undefined): number | undefined =>
  celsius !== undefined && celsius >= COLDEST && celsius <= HOTTEST ? celsius : undefined

interface Heard {
  state: ClimateState
  events: ClimateEvent[]
  /** Whether what lies between this reading and the last can be told from the two. */
  measurable: boolean
}

function hear(state: ClimateState, celsius: number | undefined, limits: ClimateLimits): Heard {
  const { quiet_ms } = state
  const quiet = quiet_ms >= limits.silent_minutes * MINUTE
  const events: ClimateEvent[] = quiet && !state.silent ? [{ kind: 'silent', quiet_ms }] : []
  if (celsius === undefined) return { state: { ...state, silent: quiet }, events, measurable: false }
  if (quiet) events.push({ kind: 'heard-again', quiet_ms })
  return {
    state: { ...state, quiet_ms: 0, silent: false, last: { celsius } },
    events,
    measurable: !quiet,
  }
}

const kineticOf = (celsius: number): number => Math.exp(-DELTA_H_OVER_R / (celsius + ZERO_C))

/** Adds the time since the last good reading, at the mean of the two kinetic terms, hour by hour. */
function measure({ at: then, quiet_ms, last, hours }: ClimateState, at: Millis, celsius = 0): Hour[] {
  if (!last || at <= then) return hours
  const kinetic = (kineticOf(last.celsius) + kineticOf(celsius)) / 2
  const grown = [...hours]
  for (let from = then - quiet_ms; from < at; ) {
    const hour = Math.floor(from / HOUR)
    const until = Math.min(at, (hour + 1) * HOUR)
    add(grown, hour, until - from, kinetic)
    from = until
  }
  return grown
}

function add(hours: Hour[], hour: number, ms: Millis, kinetic: number): void {
  const place = hours.findLastIndex(each => each.hour === hour)
  const known = hours[place] ?? { hour, ms: 0, kinetic: 0 }
  const grown = { hour, ms: known.ms + ms, kinetic: known.kinetic + kinetic * ms }
  if (place < 0) hours.push(grown)
  else hours[place] = grown
}

function recent(hours: Hour[], at: Millis): Hour[] {
  const now = Math.floor(at / HOUR)
  const kept = hours.filter(({ hour }) => hour >= now - MONTH_HOURS && hour <= now + AHEAD_HOURS)
  return kept.length === hours.length ? hours : kept
}

/** The mean kinetic temperature of what was measured, to a hundredth of a degree; undefined where nothing was. */
export function meanKinetic(hours: readonly Hour[]): { mkt_c: number; measured_hours: number } | undefined {
  let [ms, kinetic] = [0, 0]
  for (const each of hours) {
    ms += each.ms
    kinetic += each.kinetic
  }
  if (ms === 0) return undefined
  const celsius = DELTA_H_OVER_R / -Math.log(kinetic / ms) - ZERO_C
  return { mkt_c: Math.round(celsius * 100) / 100, measured_hours: ms / HOUR }
}

interface Step {
  state: ClimateState
  events: ClimateEvent[]
}

function judgeMean(state: ClimateState, { mkt_c: most }: ClimateLimits): Step {
  const mean = meanKinetic(state.hours)
  if (!mean || mean.measured_hours < ENOUGH_HOURS) return { state, events: [] }
  const high = mean.mkt_c > most
  if (high === state.mkt_high) return { state, events: [] }
  return { state: { ...state, mkt_high: high }, events: [{ kind: high ? 'mkt-high' : 'mkt-good', ...mean }] }
}

function sideOf(celsius: number, { low_c, high_c }: ClimateLimits): Side | undefined {
  if (celsius > high_c) return 'hot'
  return celsius < low_c ? 'cold' : undefined
}

/** Silence does not end an excursion: its time counts on. */
function excursions(
  state: ClimateState,
  passed: Millis,
  celsius: number | undefined,
  limits: ClimateLimits,
): Step {
  const { excursion: before, ...rest } = state
  const side = celsius === undefined ? before?.side : sideOf(celsius, limits)
  const events: ClimateEvent[] = []
  let going = before && { ...before, lasted_ms: before.lasted_ms + passed }
  if (going && side === going.side) going = reached(going, celsius, limits)
  if (going) going = told(going, limits, events)
  if (going && side !== going.side) {
    if (going.told !== 'nothing') events.push(eventOf('excursion-over', going))
    going = undefined
  }
  if (!going && side !== undefined && celsius !== undefined) {
    const begun = {
      side,
      since: state.at,
      lasted_ms: 0,
      worst_c: celsius,
      beyond: false,
      told: 'nothing',
    } as const
    going = told(reached(begun, celsius, limits), limits, events)
  }
  return { state: going ? { ...rest, excursion: going } : rest, events }
}

function reached(
  excursion: Excursion,
  celsius = excursion.worst_c,
  { least_c, most_c }: ClimateLimits,
): Excursion {
  const { side, worst_c } = excursion
  const worst = side === 'hot' ? Math.max(worst_c, celsius) : Math.min(worst_c, celsius)
  return { ...excursion, worst_c: worst, beyond: excursion.beyond || worst < least_c || worst > most_c }
}

function told(excursion: Excursion, { allowed_minutes }: ClimateLimits, events: ClimateEvent[]): Excursion {
  const { beyond, lasted_ms, told: said } = excursion
  if (said === 'beyond' || (said === 'within' && !beyond)) return excursion
  if (!beyond && lasted_ms <= allowed_minutes * MINUTE) return excursion
  events.push(eventOf('excursion', excursion))
  return { ...excursion, told: beyond ? 'beyond' : 'within' }
}

const eventOf = (
  kind: 'excursion' | 'excursion-over',
  { side, since, lasted_ms, worst_c, beyond }: Excursion,
): ClimateEvent => ({ kind, side, since, lasted_ms, worst_c, beyond })
