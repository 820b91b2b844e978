import { PolicyPack } from '../../config/policy-pack.ts'
import { type Site, SiteConfig } from '../../config/site.ts'

/** A product of the simulated clinic. The last of them is never where it should not be. */
export const PRODUCTS = [
  { gtin: '00312345678906', name: 'Amoxicillin 500 mg', ndc: '12345-678-90' },
  { gtin: '00300027597010', name: 'Lisinopril 10 mg', ndc: '0002-7597-01' },
  { gtin: '00350242040624', name: 'Albuterol inhaler', ndc: '50242-040-62' },
] as const

const [AMOX, LISI, INHALER] = PRODUCTS

export const LANES = [
  { name: 'A1', device: 'vmc', channel: 1, product: AMOX.gtin, capacity: 6, par: 3 },
  { name: 'A2', device: 'vmc', channel: 2, product: AMOX.gtin, capacity: 6, par: 3 },
  { name: 'B1', device: 'vmc', channel: 3, product: LISI.gtin, capacity: 6, par: 3 },
  { name: 'C1', device: 'vmc', channel: 4, product: INHALER.gtin, capacity: 6, par: 3 },
]

/** What the technician's badge says. */
export const BADGE = '0C00A1B2C3'

export const UNIT = 'clinic-1'
export const TRAY_INPUT = 'pack-present'
export const DELIVERY = 'DELIVERY'

/** What a policy asks for when nothing special does. */
export const plainRules = (more: object = {}): PolicyPack =>
  PolicyPack.parse({
    name: 'clinic',
    jurisdiction: 'US-TX',
    title: 'A simulated clinic',
    sources: ['none: this is a simulation'],
    counselling: { when: 'first-time', before_loading: false, may_decline: true, wait_seconds: 60 },
    refills_only: false,
    opening_hours: 'always',
    lease_hours: 24,
    permit_in_records: true,
    personal_data_days: 0,
    max_offline_hours: 12,
    ...more,
  })

export interface Ports {
  /** Where each line is opened, by its name. */
  path(line: string): string
}

interface Key {
  id: string
  key: string
}

/** A kiosk with four lanes, a tray with its own scanner and contact, a keypad, a printer and a climate sensor. */
export const clinicDraft = (
  keys: { tokens: Key[]; pharmacists: Key[] },
  path: (line: string) => string,
  more: object = {},
) => ({
  unit: UNIT,
  lines: [
    { name: 'vending', serial: { path: path('vending'), baud: 57_600 } },
    ...['doors', 'modbus', 'packs', 'tray', 'patients', 'keys', 'labels', 'badges'].map(name => ({
      name,
      serial: { path: path(name), baud: 9_600 },
    })),
  ],
  devices: [
    { name: 'vmc', line: 'vending', driver: 'fa-fb-vmc', options: { lanes: 4 } },
    {
      name: 'board',
      line: 'doors',
      driver: 'lock-8a',
      options: { address: 1, channels: 8, status_bytes: 3, poll_ms: 500 },
    },
    {
      name: 'contacts',
      line: 'modbus',
      driver: 'modbus-inputs',
      options: { address: 2, poll_ms: 500, signals: [{ channel: 1, name: TRAY_INPUT }] },
    },
    { name: 'room', line: 'modbus', driver: 'xy-md02', options: { address: 5 } },
    { name: 'pack-scanner', line: 'packs', driver: 'line-scanner', options: { same_code_ms: 0 } },
    { name: 'tray-scanner', line: 'tray', driver: 'line-scanner', options: { commands: 'honeywell' } },
    { name: 'patient-scanner', line: 'patients', driver: 'line-scanner', options: { same_code_ms: 0 } },
    { name: 'keypad', line: 'keys', driver: 'serial-keypad' },
    { name: 'printer', line: 'labels', driver: 'zpl-printer' },
    { name: 'badge-reader', line: 'badges', driver: 'rdm6300' },
  ],
  compartments: [{ name: DELIVERY, size: 'S', height_mm: 900, device: 'board', channel: 1 }],
  products: PRODUCTS.map(each => ({ ...each })),
  lanes: LANES,
  staff: [{ name: 'technician', badge: BADGE }],
  kiosk: {
    pack_scanner: 'pack-scanner',
    badge_reader: 'badge-reader',
    time_zone: 'America/Chicago',
    climate: ['room'],
    dispense: {
      patient_scanner: 'patient-scanner',
      check_scanner: 'tray-scanner',
      keypad: 'keypad',
      delivery: DELIVERY,
      tray: { device: 'contacts', input: TRAY_INPUT },
      printer: 'printer',
      policy_pack: 'policy.yaml',
      permit: 'TX-K-0042',
      token_keys: keys.tokens,
      pharmacists: keys.pharmacists,
    },
  },
  cloud: { broker: 'mqtt://127.0.0.1' },
  policy: { left_open_seconds: 30 },
  ...more,
})

export const clinicSite = (keys: { tokens: Key[]; pharmacists: Key[] }): Site =>
  SiteConfig.parse(clinicDraft(keys, line => `/rig/${line}`))
