import type { Millis } from '../../drivers/host/clock.ts'
import type { Leg } from './journal-words.ts'

//   normal ──mains lost──▶ on-battery ──contact, time──▶ low ──contact, time──▶ hibernating
//      ▲                        │                         │                          │
//      └────────────────────────┴── mains back for long enough ──────────────────────┘

/** How far a unit has gone down on its battery, the best first. */
export const STAGES = ['normal', 'on-battery', 'low', 'hibernating'] as const
export type Stage = (typeof STAGES)[number]

/** Why a stage changed. `no-plan`: the site file has no battery plan any more. */
export const POWER_WHYS = [
  'mains-lost',
  'battery-low',
  'battery-critical',
  'time-on-battery',
  'mains-back',
  'no-plan',
] as const

export interface PowerChange {
  stage: Stage
  why: (typeof POWER_WHYS)[number]
}

/** What a stage still permits. A technician at the unit, at its console, opens whatever the stage is. */
interface Permits {
  deposit: boolean
  /** Taking out, by customers and by staff. */
  collect: boolean
  /** Openings that somebody asks for from elsewhere. */
  remote: boolean
}

export const PERMITS: Record<Stage, Permits> = {
  normal: { deposit: true, collect: true, remote: true },
  'on-battery': { deposit: true, collect: true, remote: true },
  low: { deposit: false, collect: true, remote: true },
  hibernating: { deposit: false, collect: false, remote: false },
}

/** Why that leg of a booking opens nothing at this stage; undefined where it does. */
export function powerBar(stage: Stage, leg: Leg): 'battery-low' | 'hibernating' | undefined {
  if (PERMITS[stage][leg]) return undefined
  return stage === 'hibernating' ? 'hibernating' : 'battery-low'
}

/** `silent`: its device says nothing. `none`: the site has no such contact. */
export type Contact = 'on' | 'off' | 'silent' | 'none'
export type Contacts = Record<'mains_lost' | 'battery_low' | 'battery_critical', Contact>

export type Mains = 'lost' | 'back'

/**
 * Whether there is mains; undefined while nobody can tell. A site without a contact for it is on battery while the battery is
 * said to be low or nearly empty: nothing but mains makes that end.
 */
export function mainsOf({ mains_lost, battery_low, battery_critical }: Contacts): Mains | undefined {
  const said = mains_lost === 'none' ? [battery_low, battery_critical] : [mains_lost]
  if (said.includes('on')) return 'lost'
  return said.includes('silent') ? undefined : 'back'
}

/** When a unit on battery goes down by time alone, and when mains will have been back for long enough. Steady time. */
export interface PowerTimes {
  low: Millis
  hibernating: Millis
  /** Only while mains is back. */
  settled?: Millis
}

/**
 * The stage that it changes to and why; undefined while it stands. `mains` is what was known of it last.
 *
 * On battery a stage only gets worse: a battery that is spared recovers its voltage, but it was not charged. While mains is
 * there a battery that is low is being charged, so its contacts make nothing worse; only mains that stays makes it normal.
 *
 * A contact that is silent makes nothing better or worse than it was, for nobody can tell. While that of the mains is, what
 * was known last goes on: the battery's contacts count on battery as before, and time, which no contact bears out, does not.
 */
export function stageOf(
  { stage: was, mains: last }: { stage: Stage; mains: Mains },
  contacts: Contacts,
  { low, hibernating, settled }: PowerTimes,
  at: Millis,
): PowerChange | undefined {
  const mains = mainsOf(contacts)
  if ((mains ?? last) === 'back') {
    const settles = mains === 'back' && was !== 'normal' && settled !== undefined && at >= settled
    return settles ? { stage: 'normal', why: 'mains-back' } : undefined
  }
  const lost = mains === 'lost'
  // The worst first; of two reasons for one stage what a contact says goes before the time.
  const reasons: (PowerChange & { holds: boolean })[] = [
    { stage: 'hibernating', why: 'battery-critical', holds: contacts.battery_critical === 'on' },
    { stage: 'hibernating', why: 'time-on-battery', holds: lost && at >= hibernating },
    { stage: 'low', why: 'battery-low', holds: contacts.battery_low === 'on' },
    { stage: 'low', why: 'time-on-battery', holds: lost && at >= low },
    { stage: 'on-battery', why: 'mains-lost', holds: lost },
  ]
  const found = reasons.find(({ holds }) => holds)
  return found && isWorse(found.stage, was) ? { stage: found.stage, why: found.why } : undefined
}

const isWorse = (one: Stage, other: Stage): boolean => STAGES.indexOf(one) > STAGES.indexOf(other)
