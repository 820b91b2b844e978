import { link, type RawRow, ROOT } from './chain.ts'
import type { RecordsOf } from './dispense-record.ts'
import type { Entry, Row } from './journal.ts'

// Journals of a kiosk for the tests of records, with the rows in the order in which the workflows write them.

export const GTIN = '00300027597010'
export const OTHER = '00350242040624'

export const of: RecordsOf = {
  unit: 'clinic-1',
  permit: 'FL-2201',
  products: [
    { gtin: GTIN, name: 'Olanzapine 5 mg', ndc: '0002-7597-01' },
    { gtin: OTHER, name: 'Imported, of no NDC' },
  ],
}

export const BEGAN = Date.UTC(2026, 10, 2, 9)

/** Rows as a journal writes them, a second apart. */
export function chained(entries: readonly Entry[], step = 1_000): RawRow[] {
  let hash = ROOT
  return entries.map((entry, index) => {
    const text = JSON.stringify(entry)
    const at = BEGAN + index * step
    hash = link(hash, index + 1, at, text)
    return { seq: index + 1, at, entry: text, hash }
  })
}

export const rowsOf = (raw: readonly RawRow[]): Row[] =>
  raw.map(row => ({ ...row, entry: JSON.parse(row.entry) as Entry }))

export const received = (prescription: string, packs = 1): Entry[] => [
  {
    type: 'prescription-received',
    prescription,
    items: [{ gtin: GTIN, packs }],
    refill: false,
    first_time: true,
    until: BEGAN + 86_400_000,
    digest: 'd1'.repeat(32),
  },
  { type: 'reserved', prescription, packs: [{ gtin: GTIN, serial: `${prescription}-1` }] },
]

export const released = (prescription: string): Entry[] => [
  { type: 'prescription-released', prescription, by: 'rph-7', statement: 'rel' },
]

/** Up to the label: everything before a motor turns. */
export const gates = (prescription: string): Entry[] => [
  { type: 'presented', prescription, reader: 'patients' },
  { type: 'verified', prescription, how: 'factor' },
  { type: 'consult-requested', prescription },
  { type: 'consult-joined', prescription, by: 'rph-9', statement: 'join' },
  { type: 'consult-ended', prescription, declined: false, by: 'rph-9', statement: 'done' },
  { type: 'charge-ordered', order: `${prescription}-pay`, prescription, amount: 1_250 },
  { type: 'paid', order: `${prescription}-pay`, prescription, amount: 1_250 },
  { type: 'print-ordered', order: `${prescription}-label`, prescription },
  { type: 'printed', order: `${prescription}-label`, prescription },
]

export const ordered = (prescription: string, turn = 1): Entry[] => [
  {
    type: 'vend-ordered',
    order: `${prescription}-v${turn}`,
    prescription,
    lane: 'L1',
    gtin: GTIN,
    serial: `${prescription}-${turn}`,
    lot: 'LOT7',
    expiry: '2027-05-31',
  },
]

export const seen = (
  prescription: string,
  stage: string,
  turn = 1,
  evidence = 'drop-sensor',
  code = '03',
): Entry => ({ type: 'vend-seen', order: `${prescription}-v${turn}`, lane: 'L1', stage, evidence, code })

export const checked = (prescription: string, turn = 1): Entry => ({
  type: 'pack-checked',
  order: `${prescription}-v${turn}`,
  gtin: GTIN,
  serial: `${prescription}-${turn}`,
})

export const fell = (prescription: string, turn = 1): Entry[] => [
  ...ordered(prescription, turn),
  seen(prescription, 'moving', turn, 'motor', '02'),
  seen(prescription, 'dropped', turn),
  checked(prescription, turn),
]

export const door = (prescription: string): Entry[] => [
  {
    type: 'unlock-ordered',
    order: `${prescription}-d`,
    compartment: 'tray',
    attempt: 1,
    purpose: `deliver ${prescription}`,
  },
  { type: 'door-opened', compartment: 'tray', order: `${prescription}-d` },
  { type: 'door-closed', compartment: 'tray' },
]

export const handed = (prescription: string, turns = [1]): Entry[] => [
  {
    type: 'handed-over',
    prescription,
    packs: turns.map(turn => ({ gtin: GTIN, serial: `${prescription}-${turn}` })),
    evidence: 'sensor',
  },
  { type: 'settle-ordered', order: `${prescription}-pay#settle`, prescription, kept: true },
]

export const ended = (
  prescription: string,
  why: (Entry & { type: 'prescription-ended' })['why'] = 'handed-over',
): Entry => ({ type: 'prescription-ended', prescription, why })

export const held = (
  prescription: string,
  why: (Entry & { type: 'dispense-held' })['why'],
  turn?: number,
): Entry => ({
  type: 'dispense-held',
  prescription,
  ...(turn === undefined ? {} : { order: `${prescription}-v${turn}`, lane: 'L1' }),
  why,
  says: 'Nobody knows what lane L1 did.',
})

export const resolved = (
  prescription: string,
  found: (Entry & { type: 'dispense-resolved' })['found'],
): Entry => ({ type: 'dispense-resolved', prescription, found, reason: 'looked, "hung"', by: 'tech ann' })

export const removed = (prescription: string, turn = 1): Entry => ({
  type: 'pack-removed',
  gtin: GTIN,
  serial: `${prescription}-${turn}`,
  lane: 'L1',
  reason: 'looked, "hung"',
  by: 'tech ann',
})

/** Everything as it should be. */
export const whole = (prescription: string): Entry[] => [
  ...received(prescription),
  ...released(prescription),
  ...gates(prescription),
  ...fell(prescription),
  ...door(prescription),
  ...handed(prescription),
  ended(prescription),
]

const held1 = (id: string, why: (Entry & { type: 'dispense-held' })['why']): Entry[] => [
  ...received(id),
  ...released(id),
  ...gates(id),
  ...ordered(id),
  seen(id, 'in-doubt', 1, 'silence', ''),
  held(id, why, 1),
]

/** Every way a prescription goes, by name. */
export const ways: Record<string, (prescription: string) => Entry[]> = {
  whole,
  rejected: id => [...received(id), ended(id, 'rejected')],
  withdrawn: id => [
    ...received(id),
    ...released(id),
    { ...ended(id, 'withdrawn'), reason: '=1+1', by: '@desk' } as Entry,
  ],
  expired: id => [...received(id), { type: 'lease-ended', prescription: id }, ended(id, 'expired')],
  'not-collected': id => [...received(id), ...released(id), ended(id, 'not-collected')],
  waiting: id => [...received(id), ...released(id)],
  'half way': id => [...received(id), ...released(id), ...gates(id), ...ordered(id)],
  'in the tray': id => [...received(id), ...released(id), ...gates(id), ...fell(id)],
  'in doubt': id => held1(id, 'in-doubt'),
  'found in its lane': id => [...held1(id, 'jammed'), resolved(id, 'in-lane'), ended(id, 'not-collected')],
  'taken out': id => [...held1(id, 'in-doubt'), resolved(id, 'removed'), removed(id), ended(id, 'withdrawn')],
  'found with the patient': id => [...held1(id, 'unread-pack'), resolved(id, 'handed-over'), ended(id)],
  'another pack': id => [...held1(id, 'wrong-pack'), resolved(id, 'handed-over'), ended(id)],
  'tried again': id => [
    ...received(id),
    ...released(id),
    { type: 'presented', prescription: id, reader: 'patients' },
    { type: 'factor-refused', prescription: id, tries: 1 },
    { type: 'session-ended', prescription: id, why: 'walked-away' },
    ...gates(id),
    ...ordered(id),
    seen(id, 'not-moved', 1, 'controller', '11'),
    { type: 'settle-ordered', order: `${id}-pay#settle`, prescription: id, kept: false },
    { type: 'session-ended', prescription: id, why: 'lane' },
    ...gates(id).slice(0, 2),
    ...fell(id, 2),
    ...door(id),
    ...handed(id, [2]).slice(0, 1),
    ended(id),
  ],
}
