import { expect, test } from 'vitest'
import { readSite } from '../config/load.ts'
import { explain } from '../config/problem.ts'
import { driverChecks } from './site-checks.ts'

const good = `unit: clinic-1
lines:
  - { name: vending, serial: { path: /dev/ttyS0, baud: 57600 } }
  - { name: packs, hid: { vendor: 0x0c2e } }
devices:
  - { name: vmc, line: vending, driver: fa-fb-vmc }
  - { name: pack-scanner, line: packs, driver: hid-pos-scanner }
products:
  - { gtin: '00300027597010', name: Example }
lanes:
  - { name: L1, device: vmc, channel: 1, product: '00300027597010', capacity: 8 }
  - { name: L2, device: vmc, channel: 2, product: '00300027597010', capacity: 8 }
kiosk: { pack_scanner: pack-scanner, time_zone: America/Chicago }
`

const explained = (text: string): string[] => {
  const loaded = readSite(text, [driverChecks])
  return loaded.ok ? [] : loaded.problems.map(problem => explain('f', problem))
}

test('a kiosk with a formulary and a planogram is a good site', () => {
  expect(explained(good)).toEqual([])
})

test.each<[what: string, from: string, to: string, said: string]>([
  [
    'a lane of a product nobody described',
    "product: '00300027597010', capacity: 8 }\n  - { name: L2",
    "product: '00350242040624', capacity: 8 }\n  - { name: L2",
    'f:11: lanes[0].product: 00350242040624 is not in the formulary. Describe it under products.',
  ],
  [
    'two lanes of one channel',
    'channel: 2',
    'channel: 1',
    "f:12: lanes[1].channel: channel 1 of vmc is another lane's already. Give each lane its own channel.",
  ],
  [
    'two lanes of one name',
    'name: L2',
    'name: L1',
    'f:12: lanes[1].name: the name "L1" is taken by an earlier one. Give each its own name.',
  ],
  [
    'a lane of a scanner',
    'name: L1, device: vmc',
    'name: L1, device: pack-scanner',
    'f:11: lanes[0].device: pack-scanner has no lanes. Name a dispenser.',
  ],
  [
    'a dispenser as pack scanner',
    'pack_scanner: pack-scanner',
    'pack_scanner: vmc',
    'f:13: kiosk.pack_scanner: vmc is no scanner. Name the scanner for packs.',
  ],
  [
    'a pack scanner that is not there',
    'pack_scanner: pack-scanner',
    'pack_scanner: other',
    'f:13: kiosk.pack_scanner: there is no device "other". Describe it under devices.',
  ],
  [
    'a USB scanner on a cable of bytes',
    'line: packs',
    'line: vending',
    'is a cable of bytes, but this device speaks USB HID. Give it a line with hid.',
  ],
  [
    'a place that no map knows',
    'America/Chicago',
    'America/Chikago',
    'f:13: kiosk.time_zone: is "America/Chikago". Give it a time zone of the IANA list such as America/New_York.',
  ],
  ['a GTIN that is a number', "gtin: '00300027597010'", 'gtin: 300027597010', 'fourteen digits in quotes'],
])('%s is refused, with its line and what to do', (_what, from, to, said) => {
  expect(good).toContain(from)
  expect(explained(good.replace(from, to)).join('\n')).toContain(said)
})
