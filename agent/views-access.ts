import { rightsBar } from './domain/door-token.ts'
import type { Unit } from './unit.ts'

export type BookingView = ReturnType<typeof bookingsOf>[number]

/** What is booked here, in the order of its ids, with how far the work is and how long ago that was said. Codes are in none of it. */
export const bookingsOf = ({ present: { known } }: Unit) =>
  [...known.bookings()]
    .sort((one, other) => one.id.localeCompare(other.id))
    .map(({ id, size, stage, compartment, visit, vehicle, legs, service }) => {
      const leg = stage === 'expected' ? legs.deposit : legs.collect
      return {
        booking: id,
        size,
        stage,
        ...(compartment === undefined ? {} : { compartment }),
        ...(visit === undefined ? {} : { visit }),
        ...(vehicle === undefined ? {} : { vehicle }),
        /** Who is expected next. */
        by: leg.by,
        ...(leg.from === undefined ? {} : { from: new Date(leg.from).toISOString() }),
        until: new Date(leg.until).toISOString(),
        overdue: leg.until <= known.wall,
        ...(service
          ? {
              service: {
                status: service.status,
                ...(service.ready_at === undefined
                  ? {}
                  : { ready_at: new Date(service.ready_at).toISOString() }),
                age_seconds: Math.round((known.wall - service.at) / 1_000),
              },
            }
          : {}),
      }
    })

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
