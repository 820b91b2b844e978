import type { RecordsOf } from './domain/dispense-record.ts'
import { outOfService } from './domain/out-of-service.ts'
import { fits, type Scope } from './domain/recall.ts'
import type { Unit } from './unit.ts'

/** What a kiosk shows of itself. Nothing here is a person. */

/** What the records of a kiosk say beyond its journal; undefined for a unit that does not dispense. */
export const recordsOf = ({ site }: Unit): RecordsOf | undefined =>
  site.kiosk?.dispense && {
    unit: site.unit,
    ...(site.kiosk.dispense.permit === undefined ? {} : { permit: site.kiosk.dispense.permit }),
    products: site.products.map(({ gtin, name, ndc }) => ({
      gtin,
      name,
      ...(ndc === undefined ? {} : { ndc }),
    })),
  }

export type LaneView = ReturnType<typeof stockOf>[number]

/** Every lane with the packs in it, the front first, each with why it is not given out, if it is not. */
export const stockOf = ({ site, present: { known } }: Unit) =>
  site.lanes.map(({ name, product, capacity, par }) => ({
    lane: name,
    product: known.product(product)?.name ?? product,
    gtin: product,
    capacity,
    ...(par === undefined ? {} : { par }),
    packs: known.packsIn(name).map(pack => {
      const { position, serial, lot, expiry } = pack
      const barred = known.shelf.barred(pack)
      const heldFor = known.shelf.heldFor(pack)
      return {
        position,
        serial,
        lot,
        expiry,
        ...(barred === undefined ? {} : { barred }),
        ...(heldFor === undefined ? {} : { held_for: heldFor }),
      }
    }),
  }))

/** Recalls and quarantines in force, and how many packs here they keep back. */
export const recallsOf = ({ present: { known } }: Unit) =>
  [...known.recalls()].map(({ id, scope, why }) => ({
    id,
    scope: tellScope(scope),
    packs: [...known.packs()].filter(pack => fits(scope, pack)).length,
    why,
  }))

const tellScope = ({ gtin, lot, serial, lane, unit, loaded_until }: Scope): string =>
  [
    ...(unit ? ['are in the machine'] : []),
    ...(lane === undefined ? [] : [`lie in ${lane}`]),
    ...(gtin === undefined ? [] : [`are ${gtin}`]),
    ...(lot === undefined ? [] : [`of lot ${lot}`]),
    ...(serial === undefined ? [] : [`with serial ${serial}`]),
    ...(loaded_until === undefined ? [] : [`were loaded until ${new Date(loaded_until).toISOString()}`]),
  ].join(', ')

export type RecallView = ReturnType<typeof recallsOf>[number]
export type Owed = NonNullable<ReturnType<typeof owedOf>>

/** Whether a kiosk serves, and what it owes; undefined for a unit that does not dispense. */
export function owedOf({ site, present: { known } }: Unit) {
  if (!site.kiosk?.dispense) return undefined
  const why = known.machine ? undefined : outOfService(known)
  const machine = known.machine?.machine
  const held = machine && 'held' in machine && machine.held ? machine.prescription : undefined
  return {
    ...(why === undefined ? {} : { out_of_service: why }),
    ...(held === undefined ? {} : { held }),
    prescriptions: [...known.prescriptions()].map(({ id, items, release, until }) => ({
      prescription: id,
      stage: release
        ? 'released'
        : items.every(({ now }) => now !== 'wanted')
          ? 'reserved'
          : 'waiting for stock',
      items: [
        ...Map.groupBy(
          items.filter(({ now }) => now !== 'handed-over'),
          ({ gtin }) => gtin,
        ),
      ].map(([gtin, packs]) => ({ gtin, product: known.product(gtin)?.name ?? gtin, packs: packs.length })),
      until: new Date(until).toISOString(),
    })),
  }
}

/** How a kiosk stands, in a few words; nothing for a unit that does not dispense. */
export function kioskOf(unit: Unit) {
  const owed = owedOf(unit)
  if (!owed) return {}
  const { known } = unit.present
  const { contact, wall, rules, pharmacistUntil } = known
  return {
    kiosk: {
      ...(owed.out_of_service === undefined ? {} : { out_of_service: owed.out_of_service }),
      ...(owed.held === undefined ? {} : { held: owed.held }),
      owed: owed.prescriptions.length,
      packs: [...known.packs()].length,
      recalls: [...known.recalls()].length,
      /** How old its rights are: since the cloud itself last spoke. */
      ...(contact === undefined ? {} : { rights_age_seconds: Math.round((wall - contact) / 1_000) }),
      ...(rules ? { policy: rules.name, max_offline_hours: rules.max_offline_hours } : {}),
      pharmacist: pharmacistUntil !== undefined && pharmacistUntil > wall,
    },
  }
}
