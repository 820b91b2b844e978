import { type CompartmentConfig, SIZES } from '../../config/site.ts'
import type { Booking } from './booking.ts'
import type { Known } from './known.ts'

/** The compartment for a booking's deposit, or why there is none. */
export type Choice = { compartment: string } | { none: 'full' | 'doors-unknown' }

/** The same, larger than the one that the booking has. */
export function chooseLarger(booking: Booking, known: Known): Choice {
  const { size } = known.compartment(booking.compartment ?? '') ?? booking
  const larger = SIZES[SIZES.indexOf(size) + 1]
  return larger === undefined ? { none: 'full' } : chooseCompartment({ ...booking, size: larger }, known)
}

/**
 * The smallest that fits, in the zone and within reach where that was asked for; otherwise the low doors are left to those
 * who need them. Of equals the one whose lock was opened least, so that all wear alike. Only a compartment whose own sensor
 * says closed now may be chosen.
 */
export function chooseCompartment(booking: Booking, known: Known): Choice {
  const low = known.site.policy.low_reach_mm
  const rank = ({ size, height_mm }: CompartmentConfig): number =>
    SIZES.indexOf(size) * 2 + (!booking.low_reach && height_mm <= low ? 1 : 0)
  const vacant = known.site.compartments.filter(
    ({ name, size, height_mm, zone }) =>
      name !== known.site.kiosk?.dispense?.delivery &&
      SIZES.indexOf(size) >= SIZES.indexOf(booking.size) &&
      (!booking.low_reach || height_mm <= low) &&
      (booking.zone === undefined || booking.zone === zone) &&
      known.bookingIn(name) === undefined &&
      known.held(name) === undefined &&
      known.visitAt(name) === undefined,
  )
  const ready = vacant.filter(({ name }) => known.door(name) === 'closed')
  const worn = new Map(ready.map(({ name }) => [name, known.cycles(name)]))
  const [best] = ready.sort(
    (one, other) => rank(one) - rank(other) || (worn.get(one.name) ?? 0) - (worn.get(other.name) ?? 0),
  )
  if (best) return { compartment: best.name }
  return { none: vacant.some(({ name }) => known.door(name) === 'unknown') ? 'doors-unknown' : 'full' }
}
