import type { Site } from '../config/site.ts'
import {
  changed,
  fallingPacks,
  heldPacks,
  type Prescription,
  type PrescriptionChange,
} from './domain/prescription.ts'
import { fits, type Recall } from './domain/recall.ts'
import type { Shelf } from './domain/shelf.ts'
import { type Pack, type Product, packId } from './domain/stock.ts'
import type { Store } from './store/open.ts'

/** What a kiosk has and owes, in memory as on the disk: packs, prescriptions, recalls. */
export function openPharmacy(site: Site, store: Pick<Store, 'packs' | 'prescriptions' | 'recalls'>) {
  const lanes = new Map(site.lanes.map(each => [each.name, each]))
  const products = new Map<string, Product>(site.products.map(each => [each.gtin, each]))
  // Packs of the first version do not say when they were loaded: long ago.
  const packs = new Map(store.packs.all().map(each => [packId(each), { ...each, loaded: each.loaded ?? 0 }]))
  const prescriptions = new Map(store.prescriptions.all().map(each => [each.id, each]))
  const recalls = new Map(store.recalls.all().map(each => [each.id, each]))
  const holders = new Map<string, string>()
  const falling = new Set<string>()
  for (const each of prescriptions.values()) hold(each)

  function hold(prescription: Prescription): void {
    for (const pack of heldPacks(prescription)) holders.set(packId(pack), prescription.id)
    for (const pack of fallingPacks(prescription)) falling.add(packId(pack))
  }

  function letGo(id: string): void {
    const known = prescriptions.get(id)
    for (const pack of known ? heldPacks(known) : [])
      if (holders.get(packId(pack)) === id) holders.delete(packId(pack))
    for (const pack of known ? fallingPacks(known) : []) falling.delete(packId(pack))
  }

  function keepPrescription(prescription: Prescription): void {
    letGo(prescription.id)
    prescriptions.set(prescription.id, prescription)
    hold(prescription)
    store.prescriptions.save(prescription.id, prescription)
  }

  /** Dates are texts, so that the order of letters is that of days. */
  const shelfOn = (today: string): Shelf => ({
    lanes: site.lanes,
    packsIn,
    barred: pack => (pack.expiry < today ? 'expired' : recallOf(pack)?.id),
    heldFor: pack => holders.get(packId(pack)),
    falling: pack => falling.has(packId(pack)),
  })

  const packsIn = (lane: string): Pack[] =>
    [...packs.values()].filter(each => each.lane === lane).sort((a, b) => a.position - b.position)

  const recallOf = (pack: Pack): Recall | undefined => recalls.values().find(({ scope }) => fits(scope, pack))

  return {
    lane: (name: string) => lanes.get(name),
    product: (gtin: string) => products.get(gtin),
    pack: (name: Pick<Pack, 'gtin' | 'serial'>) => packs.get(packId(name)),
    packs: (): Iterable<Pack> => packs.values(),
    packsIn,
    shelfOn,
    recall: (id: string) => recalls.get(id),
    recalls: (): Iterable<Recall> => recalls.values(),
    prescription: (id: string) => prescriptions.get(id),
    prescriptions: (): Iterable<Prescription> => prescriptions.values(),
    keepPack(pack: Pack): void {
      packs.set(packId(pack), pack)
      store.packs.save(packId(pack), pack)
    },
    forgetPack(pack: Pick<Pack, 'gtin' | 'serial'>): void {
      packs.delete(packId(pack))
      store.packs.remove(packId(pack))
    },
    keepRecall(recall: Recall): void {
      recalls.set(recall.id, recall)
      store.recalls.save(recall.id, recall)
    },
    forgetRecall(id: string): void {
      recalls.delete(id)
      store.recalls.remove(id)
    },
    keepPrescription,
    changePrescription(id: string, change: PrescriptionChange): void {
      const known = prescriptions.get(id)
      if (known) keepPrescription(changed(known, change))
    },
    forgetPrescription(id: string): void {
      letGo(id)
      prescriptions.delete(id)
      store.prescriptions.remove(id)
    },
  }
}

export type Pharmacy = ReturnType<typeof openPharmacy>
