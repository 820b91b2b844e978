import { type CompartmentConfig, SIZES, type Site, type Size } from '../../config/site.ts'
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
  const { kiosk } = known.site
  const shelves = shelvesOf(known.site)
  let unknown = false
  for (const size of SIZES.slice(SIZES.indexOf(booking.size))) {
    const { high, low } = shelves[size]
    for (const shelf of booking.low_reach ? [low] : [high, low]) {
      let best: { compartment: string; worn: number } | undefined
      for (const { name, zone } of shelf) {
        if (booking.zone !== undefined && booking.zone !== zone) continue
        if (name === kiosk?.dispense?.delivery || !isVacant(name, known)) continue
        const door = known.door(name)
        if (door === 'unknown') unknown = true
        if (door !== 'closed') continue
        const worn = known.cycles(name)
        if (!best || worn < best.worn) best = { compartment: name, worn }
      }
      if (best) return { compartment: best.compartment }
    }
  }
  return { none: unknown ? 'doors-unknown' : 'full' }
}

/** Nobody's, and nothing seen in it: what lies there without a booking is for staff to find. */
const isVacant = (name: string, known: Known): boolean =>
  known.bookingIn(name) === undefined &&
  known.held(name) === undefined &&
  known.visitAt(name) === undefined &&
  known.item(name) !== true

/** Doors of one size, as the site file lists them: those that everybody reaches, and those above. */
interface Shelf {
  high: CompartmentConfig[]
  low: CompartmentConfig[]
}

/** Sorted once a site: of thousands of doors only those of one kind are looked at for each deposit. */
const sorted = new WeakMap<Site, Record<Size, Shelf>>()

function shelvesOf(site: Site): Record<Size, Shelf> {
  const known = sorted.get(site)
  if (known) return known
  const most = site.policy.low_reach_mm
  const shelf = (size: Size): Shelf => {
    const all = site.compartments.filter(each => each.size === size)
    return {
      high: all.filter(({ height_mm }) => height_mm > most),
      low: all.filter(({ height_mm }) => height_mm <= most),
    }
  }
  const shelves = { XS: shelf('XS'), S: shelf('S'), M: shelf('M'), L: shelf('L'), XL: shelf('XL') }
  sorted.set(site, shelves)
  return shelves
}
