import type { PolicyPack } from '../../config/policy-pack.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { isOpen } from './hours.ts'

/** What of a moment and of a prescription decides whether it may be given out. */
export interface Moment {
  /** Unix time, as the other times here. */
  wall: Millis
  /** IANA name of the time zone in which the unit stands. */
  timeZone: string
  /** When the cloud was last heard. */
  contact: Millis | undefined
  /** Until when a live pharmacist last promised to be there. */
  pharmacistUntil: Millis | undefined
  refill: boolean
  /** A pharmacist spoke with the patient before the packs were loaded. */
  counselledBefore: boolean
}

/** Why nothing may be given out, and the same for people. */
export interface Bar {
  why:
    | 'not-signed-off'
    | 'closed'
    | 'pharmacist-away'
    | 'offline-too-long'
    | 'not-a-refill'
    | 'not-counselled'
  says: string
}

/** The first reason why nothing may be given out now. What lasts until a moment is over at that moment. */
export function whyNot(pack: PolicyPack | undefined, moment: Moment): Bar | undefined {
  if (!pack)
    return { why: 'not-signed-off', says: 'no pharmacist has signed off the policy pack of this kiosk' }
  const { wall, contact, pharmacistUntil, refill, counselledBefore } = moment
  if (!isOpen(pack.opening_hours, pack.closed_on, moment))
    return { why: 'closed', says: 'it is outside the opening hours' }
  if (pack.pharmacist_lease_seconds !== undefined && (pharmacistUntil ?? -Infinity) <= wall)
    return { why: 'pharmacist-away', says: 'no pharmacist is there to supervise' }
  const silent = silence(pack, wall, contact)
  if (silent !== undefined) return { why: 'offline-too-long', says: silent }
  if (pack.refills_only && !refill) return { why: 'not-a-refill', says: 'only refills are given out here' }
  if (pack.counselling.before_loading && !counselledBefore)
    return { why: 'not-counselled', says: 'no pharmacist spoke with the patient before it was loaded' }
  return undefined
}

function silence(
  { max_offline_hours }: PolicyPack,
  wall: Millis,
  contact: Millis | undefined,
): string | undefined {
  if (contact === undefined) return 'the cloud was never heard'
  if (wall - contact >= max_offline_hours * HOUR)
    return `the cloud was not heard for ${max_offline_hours} hours or more`
  // The clock went back since, so nobody knows how long it has been.
  if (contact - wall > CLOCK_SLACK) return 'the cloud was last heard at a time that is still to come'
  return undefined
}

const HOUR: Millis = 3_600_000
/** How far a clock may be put right without making a doubt. */
const CLOCK_SLACK: Millis = 120_000

/** What of counselling a dispensing needs. `firstTime`: the patient has not taken this medicine before. */
export function counsellingOf(
  { counselling: { when, may_decline, wait_seconds } }: PolicyPack,
  firstTime: boolean,
): { needed: boolean; mayDecline: boolean; waitMillis: Millis } {
  const needed = when === 'each' || (when === 'first-time' && firstTime)
  return { needed, mayDecline: may_decline, waitMillis: wait_seconds * 1_000 }
}
