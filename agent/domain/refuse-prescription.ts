import type { Ask } from './ask.ts'
import type { Known } from './known.ts'
import { outOfService } from './out-of-service.ts'
import { MOST_PACKS } from './prescription.ts'

/** Why a kiosk does not take in a prescription, in one sentence; undefined when it does. */
export function refusePrescription(
  { items, until, refill }: Ask & { kind: 'prescribe' },
  known: Known,
): string | undefined {
  if (!known.site.kiosk?.dispense) return 'this unit does not dispense'
  const machine = known.machine?.machine
  const held = machine !== undefined && 'held' in machine && machine.held === true
  // While somebody is served, the door and the tray are in use, and nothing is wrong with that.
  const why = held ? 'somebody must look at it first' : machine ? undefined : outOfService(known)
  // A refusal is for good; a device that has not spoken yet after a start may be well.
  const forgiven = known.rules !== undefined && !held && !known.awake
  if (why !== undefined && !forgiven) return `the kiosk is out of service: ${why}`
  if (until <= known.wall) return 'its time was over before it came'
  if (known.rules?.refills_only && !refill) return 'the policy of this kiosk gives out refills only'
  if (items.reduce((sum, { packs }) => sum + packs, 0) > MOST_PACKS)
    return `more than ${MOST_PACKS} packs do not fit into the tray`
  const gtins = items.map(({ gtin }) => gtin)
  if (new Set(gtins).size < gtins.length) return 'it names a product twice'
  for (const gtin of gtins) {
    const product = known.product(gtin)
    if (!product) return `${gtin} is not in the formulary of this kiosk`
    if (product.controlled) return `${product.name} is a controlled substance: no kiosk gives it out`
    if (product.refrigerated) return `${product.name} must be kept cold: this kiosk does not hold it`
    if (!known.site.lanes.some(lane => lane.product === gtin)) return `no lane holds ${product.name}`
  }
  return undefined
}
