import type { Site } from '../config/site.ts'
import type { Page } from '../drivers/device.ts'
import type { Pack } from './domain/stock.ts'

/** A label: the pharmacy's lines, then what the packs say of themselves. */
export function labelOf(site: Site, clear: string, packs: Pack[]): Page {
  const products = new Map(site.products.map(({ gtin, name }) => [gtin, name]))
  const permit = site.kiosk?.dispense?.permit
  return {
    lines: [
      ...clear.split('\n'),
      '',
      ...packs.flatMap(({ gtin, lot, expiry, serial }) => [
        products.get(gtin) ?? gtin,
        `Lot ${lot}  Expires ${expiry}`,
        `Serial ${serial}`,
      ]),
      ...(permit === undefined ? [] : [`Permit ${permit}`]),
    ],
  }
}
