import { createHash } from 'node:crypto'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Ask } from './ask.ts'
import type { Pack } from './stock.ts'

/** What a physician sent and a pharmacist releases, as a kiosk keeps it: nothing of a person in clear. */
export interface Prescription {
  id: string
  /** One for each pack that is owed. */
  items: Item[]
  /** A later filling of a prescription that was filled before. */
  refill: boolean
  /** The patient takes this for the first time. */
  first_time: boolean
  /** Unix time: not given out afterwards. */
  until: Millis
  /** To be paid at the kiosk, in the smallest unit of money. */
  due: number
  /** Set once it was paid and something of it handed over. */
  paid?: true
  /** Whether some of it may be given out when the rest is not here. */
  partial: boolean
  /** What a pharmacist's signature stands on. */
  digest: string
  /** Second factor, sealed digit by digit; absent where the policy asks for none. */
  factor?: Factor
  /** Set once a pharmacist released it. */
  release?: { by: string; at: Millis }
  /** Set where a pharmacist spoke with the patient before it came into the kiosk. */
  counselled?: { by: string }
  /** Until when, on the steady clock, its packs are held. */
  lease?: Millis
  /** Ids of tokens and statements that were used up. */
  used: string[]
}

export interface Factor {
  seal: string
  tries: number
  burnt: boolean
}

/** One pack of it. `held`: this serial is for nobody else. */
export type Item =
  | { gtin: string; now: 'wanted' }
  | { gtin: string; now: 'held' | 'dispensing' | 'handed-over'; serial: string }

export const MOST_PACKS = 12

export function prescriptionFrom(ask: Ask & { kind: 'prescribe' }): Prescription {
  const { prescription, items, refill, first_time, until, due, partial, factor, personal } = ask
  return {
    id: prescription,
    items: items.flatMap(({ gtin, packs }) =>
      Array.from({ length: packs }, (): Item => ({ gtin, now: 'wanted' })),
    ),
    refill,
    first_time,
    until,
    due,
    partial,
    digest: personal.digest,
    ...(factor === undefined ? {} : { factor: { seal: factor, tries: 0, burnt: false } }),
    used: [],
  }
}

/** What of a prescription changes: several processes write to one, and none may bring back what another changed. */
export interface PrescriptionChange {
  /** Replaces the item with that place in the list. */
  item?: { index: number } & Item
  /** Replaces all items. */
  items?: Item[]
  factor?: Factor
  release?: { by: string; at: Millis }
  counselled?: { by: string }
  lease?: Millis | 'none'
  paid?: true
  /** One more id that is used up. */
  use?: string
}

export function changed(old: Prescription, change: PrescriptionChange): Prescription {
  const { lease: before, ...rest } = old
  const { item, items, factor, release, counselled, lease, paid, use } = change
  const now = lease === undefined ? before : lease === 'none' ? undefined : lease
  const { index, ...each } = item ?? { index: -1 }
  const listed = items ?? old.items
  return {
    ...rest,
    items: item ? listed.map((one, place) => (place === index ? (each as Item) : one)) : listed,
    ...(now === undefined ? {} : { lease: now }),
    ...(factor ? { factor } : {}),
    ...(release ? { release } : {}),
    ...(counselled ? { counselled } : {}),
    ...(paid ? { paid } : {}),
    used: use === undefined ? old.used : [...old.used, use],
  }
}

/** The packs that are held for it, by name. */
export const heldPacks = (prescription: Prescription): PackName[] => packsThatAre('held', prescription)

/** The packs that fall for it now. */
export const fallingPacks = (prescription: Prescription): PackName[] =>
  packsThatAre('dispensing', prescription)

type PackName = Pick<Pack, 'gtin' | 'serial'>

const packsThatAre = (now: 'held' | 'dispensing', { items }: Prescription): PackName[] =>
  items.flatMap(item =>
    item.now === now && 'serial' in item ? [{ gtin: item.gtin, serial: item.serial }] : [],
  )

/** What a pharmacist signs: every word that decides what is given to whom. See TOKENS.md. */
export interface Content {
  unit: string
  prescription: string
  until: Millis
  refill: boolean
  first_time: boolean
  due: number
  items: { gtin: string; packs: number }[]
  nonce: string
  label: string[]
}

/** SHA-256 in hexadecimal of the content, one word a line. Lines of a label have no control characters, so no two contents read alike. */
export const digestOf = ({
  unit,
  prescription,
  until,
  refill,
  first_time,
  due,
  items,
  nonce,
  label,
}: Content) =>
  createHash('sha256')
    .update(
      [
        'pawl prescription 1',
        unit,
        prescription,
        String(until),
        refill ? 'refill' : 'new',
        first_time ? 'first-time' : 'known',
        String(due),
        ...items.map(({ gtin, packs }) => `${gtin} ${packs}`),
        nonce,
        ...label,
      ].join('\n'),
    )
    .digest('hex')
