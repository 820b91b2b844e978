import { whyNot } from './allowed.ts'
import type { Known } from './known.ts'
import type { Prescription } from './prescription.ts'

/** What the policy has against giving it out now. */
export const bar = (found: Prescription, { rules, wall, contact, pharmacistUntil, site }: Known) =>
  whyNot(rules, {
    wall,
    contact,
    pharmacistUntil,
    timeZone: site.kiosk?.time_zone ?? 'UTC',
    refill: found.refill,
    counselledBefore: found.counselled !== undefined,
  })?.why
