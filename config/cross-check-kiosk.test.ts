import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readSite } from './load.ts'

const example = readFileSync('config/sites/kiosk.yaml', 'utf8')

/** The problems of the example with one thing changed, each as one sentence. */
function problems(from: string | RegExp, to: string): string[] {
  const changed = example.replace(from, to)
  expect(changed).not.toBe(example)
  const read = readSite(changed)
  return read.ok ? [] : read.problems.map(({ path, says }) => `${path} ${says}`)
}

test('the example is good', () => {
  expect(readSite(example).ok).toBe(true)
})

test.each([
  ['keypad: keypad', 'keypad: kepad', 'kiosk.dispense.keypad there is no device "kepad"'],
  ['delivery: DELIVERY', 'delivery: D', 'kiosk.dispense.delivery there is no compartment "D"'],
  [
    'tray: { device: contacts',
    'tray: { device: contact',
    'kiosk.dispense.tray.device there is no device "contact"',
  ],
  ['climate: [climate]', 'climate: [room]', 'kiosk.climate[0] there is no device "room"'],
  [
    'patient_scanner: patient-scanner',
    'patient_scanner: pack-scanner',
    'kiosk.dispense.patient_scanner pack-scanner reads packs: what a patient shows must not be taken for one',
  ],
  ['badge_reader: badge-reader', 'badge_reader: keys', 'kiosk.badge_reader there is no device "keys"'],
  ['par: 6', 'par: 9', 'lanes[0].par is 9, but the lane holds 8'],
  [
    'par: 4, width_mm: 70',
    'par: 4, width_mm: 50',
    'lanes[2].product its pack is 60 mm wide, but the lane takes 50 mm',
  ],
])('%s → %s: %s', (from, to, says) => {
  expect(problems(from, to)).toContain(says)
})

test('a key that is there twice is refused, and so is what is no key', () => {
  expect(problems(/(- \{ id: dr-roe, key: '.*' \})/, '$1\n      $1')).toEqual([
    'kiosk.dispense.pharmacists[1].id is there twice',
    'kiosk.dispense.pharmacists[1].key is there twice',
  ])
  expect(problems(/dr-roe, key: '.*'/, "dr-roe, key: 'abc'").join()).toContain(
    'kiosk.dispense.pharmacists[0].key',
  )
})

test('a badge of two people, and one name for two, are refused; the badge is not told', () => {
  const says = problems(/(- \{ name: pharmacy-tech-1, badge: '.*' \})/, '$1\n  $1')
  expect(says).toEqual([
    'staff[1].name is that of somebody else already',
    'staff[1].badge is that of somebody else already',
  ])
  expect(problems("badge: '0C00A1B2C3'", 'badge: 123456').join()).toContain('staff[0].badge')
})

test('an NDC without its dashes is refused: its digits alone do not say how they are split', () => {
  expect(problems('ndc: 0002-7597-01', "ndc: '0002759701'").join()).toContain('products[0].ndc')
})

test('a setting that nobody knows is refused, in the depth of a kiosk too', () => {
  expect(problems('permit: TX-K-0042', 'permitt: TX-K-0042').join()).toContain('permitt')
})
