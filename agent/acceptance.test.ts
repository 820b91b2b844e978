import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { SiteConfig } from '../config/site.ts'
import { acceptedAs, criticalSettings, saveAcceptance, sealAcceptance } from './acceptance.ts'

const data = mkdtempSync(join(tmpdir(), 'pawl-acceptance-'))
afterAll(() => rmSync(data, { recursive: true }))

const key = new Uint8Array(32).fill(7)
const draft = {
  unit: 'u',
  data,
  lines: [{ name: 'bus', serial: { path: '/dev/ttyUSB0', baud: 9_600 } }],
  devices: [
    { name: 'board', line: 'bus', driver: 'lock-8a', options: { address: 1 } },
    { name: 'other', line: 'bus', driver: 'lock-8a', options: { address: 2 } },
  ],
  compartments: [
    { name: 'A1', size: 'S', height_mm: 500, device: 'board', channel: 1 },
    { name: 'B1', size: 'S', height_mm: 500, device: 'other', channel: 1 },
  ],
}
const site = SiteConfig.parse(draft)

function accept(): string {
  const record = {
    device: 'board',
    driver: 'lock-8a',
    settings: criticalSettings(site, 'board'),
    by: 'ann',
    at: 5,
    proved: ['it answers'],
    locks: [{ compartment: 'A1', channel: 1, latch_ms: 130 }],
  }
  return saveAcceptance(data, sealAcceptance(key, record))
}

const changed = (change: (copy: typeof draft) => void) => {
  const copy = structuredClone(draft)
  change(copy)
  return SiteConfig.parse(copy)
}

test('what was proved stands, for this device and this unit only', () => {
  expect(acceptedAs(site, 'board', key)).toBe('none')
  accept()
  expect(acceptedAs(site, 'board', key)).toBe('accepted')
  expect(acceptedAs(site, 'other', key)).toBe('none')
  expect(acceptedAs(site, 'board', new Uint8Array(32))).toBe('forged')
})

test.each<[string, (copy: typeof draft) => void]>([
  ['its address', copy => Object.assign(copy.devices[0]?.options ?? {}, { address: 3 })],
  ['its driver', copy => Object.assign(copy.devices[0] ?? {}, { driver: 'kerong-cu16' })],
  ['the speed of its line', copy => Object.assign(copy.lines[0]?.serial ?? {}, { baud: 19_200 })],
  ['the port of its line', copy => Object.assign(copy.lines[0]?.serial ?? {}, { path: '/dev/ttyUSB1' })],
  ['the channel of a door', copy => Object.assign(copy.compartments[0] ?? {}, { channel: 2 })],
  ['the contact of a door', copy => Object.assign(copy.compartments[0] ?? {}, { sensor: 'inverted' })],
])('with %s changed it is void', (_what, change) => {
  accept()
  expect(acceptedAs(changed(change), 'board', key)).toBe('void')
})

test.each<[string, (copy: typeof draft) => void]>([
  ['the size of a door', copy => Object.assign(copy.compartments[0] ?? {}, { size: 'M' })],
  ['the address of another board', copy => Object.assign(copy.devices[1]?.options ?? {}, { address: 9 })],
])('with %s changed it stands', (_what, change) => {
  accept()
  expect(acceptedAs(changed(change), 'board', key)).toBe('accepted')
})

test('a record that was altered, or is none, is not believed', () => {
  const file = accept()
  writeFileSync(file, readFileSync(file, 'utf8').replace('"latch_ms": 130', '"latch_ms": 131'))
  expect(acceptedAs(site, 'board', key)).toBe('forged')
  writeFileSync(file, 'nonsense')
  expect(acceptedAs(site, 'board', key)).toBe('forged')
})
