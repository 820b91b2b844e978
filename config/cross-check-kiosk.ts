import { device, keys, namesOf } from './cross-check-access.ts'
import { type Draft, isDraft, items, lockOf, refers, text, unique } from './draft.ts'
import type { Complain, Path } from './problem.ts'

/** What no single setting of a kiosk can get wrong. */
export function checkKiosk(draft: unknown, complain: Complain): void {
  refers(draft, 'lanes', 'device', 'devices', complain)
  unique(draft, 'lanes', ['channel'], lockOf, (lane, path) =>
    complain(path, `${lane} is another lane's already`, 'Give each lane its own channel'),
  )
  unique(
    draft,
    'products',
    ['gtin'],
    ({ gtin }) => text(gtin),
    (gtin, path) => complain(path, `${gtin} is in the formulary already`, 'Keep one of the two'),
  )
  for (const { index, item } of items(draft, 'lanes')) checkLane(draft, item, index, complain)
  if (!isDraft(draft) || !isDraft(draft.kiosk)) return
  const { kiosk } = draft
  const devices = namesOf(draft, 'devices')
  device(kiosk.pack_scanner, ['kiosk', 'pack_scanner'], devices, complain)
  device(kiosk.badge_reader, ['kiosk', 'badge_reader'], devices, complain)
  const climate = Array.isArray(kiosk.climate) ? kiosk.climate : []
  for (const [index, sensor] of climate.entries())
    device(sensor, ['kiosk', 'climate', index], devices, complain)
  if (isDraft(kiosk.dispense)) checkDispense(draft, kiosk, kiosk.dispense, complain)
}

function checkLane(draft: unknown, lane: Draft, index: number, complain: Complain): void {
  const wanted = text(lane.product)
  const product = items(draft, 'products').find(({ item }) => item.gtin === wanted)?.item
  if (wanted !== undefined && !product)
    complain(['lanes', index, 'product'], `${wanted} is not in the formulary`, 'Describe it under products')
  const { par, capacity, width_mm: width } = lane
  if (typeof par === 'number' && typeof capacity === 'number' && par > capacity)
    complain(['lanes', index, 'par'], `is ${par}, but the lane holds ${capacity}`, 'Mend one of the two')
  const wide = product?.width_mm
  if (typeof width === 'number' && typeof wide === 'number' && wide > width)
    complain(
      ['lanes', index, 'product'],
      `its pack is ${wide} mm wide, but the lane takes ${width} mm`,
      'Give it a wider lane',
    )
}

const DEVICES = ['patient_scanner', 'check_scanner', 'keypad', 'printer', 'payment']

function checkDispense(draft: unknown, kiosk: Draft, dispense: Draft, complain: Complain): void {
  const at = (field: string): Path => ['kiosk', 'dispense', field]
  const devices = namesOf(draft, 'devices')
  for (const field of DEVICES) device(dispense[field], at(field), devices, complain)
  if (isDraft(dispense.tray)) device(dispense.tray.device, [...at('tray'), 'device'], devices, complain)
  const delivery = text(dispense.delivery)
  if (delivery !== undefined && !namesOf(draft, 'compartments').includes(delivery))
    complain(at('delivery'), `there is no compartment "${delivery}"`, 'Describe it under compartments')
  const patients = text(dispense.patient_scanner)
  if (patients !== undefined && [kiosk.pack_scanner, dispense.check_scanner].includes(patients))
    complain(
      at('patient_scanner'),
      `${patients} reads packs: what a patient shows must not be taken for one`,
      'Name a scanner of its own',
    )
  for (const list of ['token_keys', 'pharmacists']) keys(dispense[list], at(list), complain)
}
