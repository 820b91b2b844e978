import { expect, test } from 'vitest'
import { SiteConfig } from '../../config/site.ts'
import { site as locker, story } from './story.ts'

const AMOX = '00312345678906'
const CODEINE = '00302345678907'
const INSULIN = '00342345678903'

/** A kiosk of two lanes beside the doors of every other story. It is November 2023 there. */
const kiosk = SiteConfig.parse({
  ...locker,
  lines: [
    ...locker.lines,
    { name: 'packs', serial: { path: '/dev/packs' } },
    { name: 'vending', serial: { path: '/dev/v' } },
    { name: 'badges', serial: { path: '/dev/b' } },
  ],
  devices: [
    ...locker.devices,
    { name: 'pack-scanner', line: 'packs', driver: 'line-scanner' },
    { name: 'vmc', line: 'vending', driver: 'fa-fb-vmc' },
    { name: 'badge-reader', line: 'badges', driver: 'rdm6300' },
  ],
  products: [
    { gtin: AMOX, name: 'Amoxicillin 500' },
    { gtin: CODEINE, name: 'Codeine', controlled: true },
    { gtin: INSULIN, name: 'Insulin', refrigerated: true },
  ],
  lanes: [
    { name: 'L1', device: 'vmc', channel: 1, product: AMOX, capacity: 3 },
    { name: 'L2', device: 'vmc', channel: 2, product: CODEINE, capacity: 3 },
    { name: 'L3', device: 'vmc', channel: 3, product: INSULIN, capacity: 3 },
  ],
  staff: [
    { name: 'ann', badge: '0C00A1B2C3' },
    { name: 'ben', badge: '0C00A1B2C4' },
  ],
  kiosk: { pack_scanner: 'pack-scanner', badge_reader: 'badge-reader' },
})

/** The wall clock of these stories stands still while nothing passes. */
const LOADED = 1_700_000_000_000
const GS = '\u001d'
const label = (gtin: string, serial: string, expiry = '260101', lot = 'LOT7'): string =>
  `01${gtin}10${lot}${GS}17${expiry}21${serial}`

function technician() {
  const played = story(kiosk)
  const show = async (text: string, aim: string | undefined = ']d2') => {
    await played.report('pack-scanner', { type: 'scan', bytes: new TextEncoder().encode(text), aim })
    return played.lines().map(line => line.split(' ').slice(0, 3).join(' '))
  }
  const load = (lane: string) => played.ask({ kind: 'load', lane, by: 'tech' })
  const badge = (id: string) => played.report('badge-reader', { type: 'badge', id })
  return { ...played, show, load, badge, packs: (lane = 'L1') => played.known().packsIn(lane) }
}

test('each pack that is right is bound to its place, the first to the front', async () => {
  const { load, show, packs, answers, lines } = technician()
  await load('L1')
  expect(lines()).toEqual(['load-began L1 tech 3 0'])
  expect(answers).toEqual([{ outcome: 'done' }])
  expect(await show(label(AMOX, 'A1'))).toEqual([`pack-loaded ${AMOX} A1`])
  expect(await show(label(AMOX, 'A2'))).toEqual([`pack-loaded ${AMOX} A2`])
  expect(packs()).toEqual([
    { gtin: AMOX, serial: 'A1', lot: 'LOT7', expiry: '2026-01-01', lane: 'L1', position: 1, loaded: LOADED },
    { gtin: AMOX, serial: 'A2', lot: 'LOT7', expiry: '2026-01-01', lane: 'L1', position: 2, loaded: LOADED },
  ])
})

test.each<[string, string, string, string]>([
  ['of another product', 'L1', label(CODEINE, 'X'), 'controlled'],
  ['that is a controlled substance', 'L2', label(CODEINE, 'X'), 'controlled'],
  ['that must be kept cold', 'L3', label(INSULIN, 'X'), 'refrigerated'],
  ['that nobody knows', 'L1', label('00352345678902', 'X'), 'not-in-formulary'],
  ['that has expired', 'L1', label(AMOX, 'X', '231113'), 'expired'],
  ['that expires too soon', 'L1', label(AMOX, 'X', '231201'), 'short-dated'],
  ['that cannot be read', 'L1', 'K1:1111', 'unreadable'],
  ['with a wrong check digit', 'L1', label('00312345678907', 'X'), 'unreadable'],
  ['without its separator', 'L1', `01${AMOX}10LOT717260101`, 'unreadable'],
])('a pack %s is refused, and nothing is kept', async (_what, lane, text, why) => {
  const { load, show, packs, lines } = technician()
  await load(lane)
  lines()
  expect(await show(text)).toEqual([`pack-refused ${lane} ${why}`])
  expect(packs(lane)).toEqual([])
})

test('the same serial twice is a duplicate, in whatever lane', async () => {
  const { load, show, packs } = technician()
  await load('L1')
  await show(label(AMOX, 'A1'))
  expect(await show(label(AMOX, 'A1'))).toEqual(['pack-refused L1 duplicate'])
  expect(packs()).toHaveLength(1)
})

test('a lane takes what it holds, and no more', async () => {
  const { load, show, packs } = technician()
  await load('L1')
  for (const serial of ['A1', 'A2', 'A3']) await show(label(AMOX, serial))
  expect(await show(label(AMOX, 'A4'))).toEqual(['pack-refused L1 lane-full'])
  expect(packs()).toHaveLength(3)
})

test('a pack that expires before one in front of it is loaded, and that it lies behind is said', async () => {
  const { load, report, lines } = technician()
  await load('L1')
  for (const [serial, expiry] of [
    ['A1', '290101'],
    ['A2', '260101'],
  ] as const)
    await report('pack-scanner', {
      type: 'scan',
      bytes: new TextEncoder().encode(label(AMOX, serial, expiry)),
      aim: ']d2',
    })
  expect(lines().slice(1)).toEqual([
    `pack-loaded ${AMOX} A1 LOT7 2029-01-01 L1 1 false tech`,
    `pack-loaded ${AMOX} A2 LOT7 2026-01-01 L1 2 true tech`,
  ])
})

test('what is shown while nobody fills a lane is not taken, and is no code of a customer', async () => {
  const { show, packs } = technician()
  expect(await show(label(AMOX, 'A1'))).toEqual([])
  expect(await show('B1:1111', undefined)).toEqual([])
  expect(packs()).toEqual([])
})

test('ten quiet minutes, or a restart, end it; what was loaded stays, and a lane that was cut off is counted first', async () => {
  const { ask, known, load, show, packs, pass, lines, cutPower } = technician()
  await load('L1')
  await show(label(AMOX, 'A1'))
  await pass(601)
  expect(lines()).toEqual(['load-ended L1 1 idle'])
  await load('L1')
  await show(label(AMOX, 'A2'))
  lines()
  await cutPower(5)
  const [ended, aside] = lines()
  expect(ended).toBe('load-ended L1 1 restart')
  expect(aside).toContain('recalled lane-L1')
  expect(packs().map(({ serial }) => serial)).toEqual(['A1', 'A2'])
  const barred = () => known().packsIn('L1').map(known().shelf.barred)
  expect(barred()).toEqual(['lane-L1', 'lane-L1'])
  await ask({ kind: 'count', lane: 'L1', counted: 2, by: 'tech' })
  expect(barred()).toEqual([undefined, undefined])
})

test('one lane at a time; a lane that is not there, or is not being filled, is refused', async () => {
  const { load, ask, answers } = technician()
  await load('L1')
  await load('L2')
  await load('L9')
  await ask({ kind: 'load-end', lane: 'L2', by: 'tech' })
  await ask({ kind: 'load-end', lane: 'L1', by: 'tech' })
  expect(answers.map(({ outcome }) => outcome)).toEqual(['done', 'refused', 'refused', 'refused', 'done'])
})

test('a pack that was taken out by hand is gone, and may come again', async () => {
  const { load, show, ask, packs, lines, answers } = technician()
  await load('L1')
  await show(label(AMOX, 'A1'))
  const out = { kind: 'remove-pack', gtin: AMOX, serial: 'A1', reason: 'damaged', by: 'tech' } as const
  await ask(out)
  expect(lines()).toEqual([`pack-removed ${AMOX} A1 L1 damaged tech`])
  expect(packs()).toEqual([])
  await ask(out)
  expect(answers.at(-1)).toMatchObject({ outcome: 'refused' })
  expect(await show(label(AMOX, 'A1'))).toEqual([`pack-loaded ${AMOX} A1`])
})

const [ANN, BEN] = ['0C00A1B2C3', '0C00A1B2C4']

test('a badge leads from lane to lane, the emptiest first, says what each lacks, and ends when all were visited', async () => {
  const { badge, show, load, ask, lines } = technician()
  await load('L1')
  await show(label(AMOX, 'A1'))
  await ask({ kind: 'load-end', lane: 'L1', by: 'tech' })
  lines()
  await badge(ANN)
  expect(lines()).toEqual(['load-began L2 ann 3 0'])
  await badge(ANN)
  expect(lines()).toEqual(['load-ended L2 0 ended', 'load-began L3 ann 3 0'])
  await badge(ANN)
  expect(lines()).toEqual(['load-ended L3 0 ended', 'load-began L1 ann 2 0'])
  expect(await show(label(AMOX, 'A2'))).toEqual([`pack-loaded ${AMOX} A2`])
  await badge(ANN)
  expect(lines()).toEqual(['load-ended L1 1 ended'])
  expect(await show(label(AMOX, 'A3'))).toEqual([])
})

test('a lane with packs that may not be given out is on the way, also when it is full', async () => {
  const { badge, show, load, ask, lines } = technician()
  await load('L1')
  for (const serial of ['A1', 'A2', 'A3']) await show(label(AMOX, serial))
  await ask({ kind: 'load-end', lane: 'L1', by: 'tech' })
  await ask({
    kind: 'recall',
    recall: 'R1',
    scope: { gtin: AMOX, serial: 'A2' },
    reason: 'crumbles',
    by: 'maker',
  })
  lines()
  for (const _lane of ['L2', 'L3', 'L1']) await badge(ANN)
  expect(lines().at(-1)).toBe('load-began L1 ann 0 1')
})

test('a badge that nobody of the staff has begins nothing, and its number is not written down', async () => {
  const { badge, show, lines, packs } = technician()
  await badge('0C00A1B2FF')
  const said = lines()
  expect(said).toEqual(['badge-refused badge-reader nobody of the staff in the site file has it'])
  expect(await show(label(AMOX, 'A1'))).toEqual([])
  expect(packs()).toEqual([])
})

test('the badge of another does not end what somebody fills', async () => {
  const { badge, lines, show } = technician()
  await badge(ANN)
  lines()
  await badge(BEN)
  expect(lines()).toEqual(['badge-refused badge-reader ben ann fills lane L1: end that first'])
  expect(await show(label(AMOX, 'A1'))).toEqual([`pack-loaded ${AMOX} A1`])
})

test('after a restart a badge begins a new round', async () => {
  const { badge, cutPower, lines } = technician()
  await badge(ANN)
  await cutPower(5)
  lines()
  await badge(ANN)
  expect(lines()).toEqual(['load-began L1 ann 3 0'])
})
