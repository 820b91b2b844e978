import { rightsBar } from './domain/door-token.ts'
import type { Unit } from './unit.ts'

/** Whose rights a locker bank obeys, and how old they are; nothing where only codes of bookings open. */
export function accessOf({ site, present: { known } }: Unit) {
  if (!site.access) return {}
  const { contact, wall, revocations } = known
  const bar = rightsBar(known)
  return {
    rights: {
      ...(bar === undefined ? {} : { barred: bar }),
      /** Since the cloud itself last spoke. */
      ...(contact === undefined ? {} : { age_seconds: Math.round((wall - contact) / 1_000) }),
      max_offline_hours: site.access.max_offline_hours,
      ...(revocations ? { revocation_list: revocations.number } : {}),
      time_known: known.timeKnown,
    },
  }
}
