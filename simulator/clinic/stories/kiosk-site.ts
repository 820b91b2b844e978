import { SiteConfig } from '../../../config/site.ts'
import { newSigner } from '../../cloud/mint.ts'
import { clinicDraft, PRODUCTS } from '../site.ts'

// Who signs and what hangs where in the stories of a kiosk.

export const [AMOX, LISI, INHALER] = PRODUCTS.map(({ gtin }) => gtin) as [string, string, string]

const seed = (byte: number) => new Uint8Array(32).fill(byte)
export const operator = newSigner('operator', seed(1))
export const pharmacist = newSigner('pharmacist', seed(2))
const keysOf = (...signers: { id: string; key: string }[]) => signers.map(({ id, key }) => ({ id, key }))

const whole = clinicDraft(
  { tokens: keysOf(operator), pharmacists: keysOf(pharmacist) },
  line => `/story/${line}`,
)
/** A sensor of the room that falls silent would set everything aside, which other stories tell. */
const draft = { ...whole, kiosk: { ...whole.kiosk, climate: [] } }
export const plainSite = SiteConfig.parse(draft)
/** The same without a sensor at the tray. */
const { tray: _sensor, ...unseeing } = draft.kiosk.dispense
export const trayless = SiteConfig.parse({ ...draft, kiosk: { ...draft.kiosk, dispense: unseeing } })
/** The same with a payment terminal. */
export const payingSite = SiteConfig.parse({
  ...draft,
  lines: [...draft.lines, { name: 'money', serial: { path: '/story/money', baud: 115_200 } }],
  devices: [...draft.devices, { name: 'terminal', line: 'money', driver: 'qibixx-mdb' }],
  kiosk: { ...draft.kiosk, dispense: { ...draft.kiosk.dispense, payment: 'terminal' } },
})
