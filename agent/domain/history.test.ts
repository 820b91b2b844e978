import { expect, test } from 'vitest'
import { historyOf } from './history.ts'
import { asked, DAY, gtin, HOUR, life, loaded, MONDAY, missing, served, short } from './history-stories.ts'
import type { HistoryOf } from './history-words.ts'
import type { Entry } from './journal.ts'

const BEGAN = Date.parse(`${MONDAY}T00:00:00Z`)
const of: HistoryOf = {
  time_zone: 'UTC',
  products: [
    { gtin: gtin(1), name: 'One' },
    { gtin: gtin(2), name: 'Two' },
  ],
  from: BEGAN,
  until: BEGAN + 10 * DAY,
}

/** What becomes of the first product when that happens, each at so many hours after the beginning. */
function told(rows: [hours: number, ...entries: Entry[]][], about: Partial<HistoryOf> = {}) {
  const all = rows.flatMap(([hours, ...entries]) =>
    entries.map(entry => ({ at: BEGAN + hours * HOUR, entry })),
  )
  const history = historyOf(all, { ...of, ...about })
  const product = history.products.get(gtin(1))
  if (!product) throw new Error('the product has no history')
  return { history, product }
}

/** Hours in which nothing of it could be given out, of those seen. */
const outHours = ({ product }: ReturnType<typeof told>): number =>
  [...product.days.values()].reduce(
    (sum, { out }) => sum + (out ?? new Uint8Array(24)).reduce((all, each) => all + each, 0),
    0,
  ) / 4

const seenHours = ({ history }: ReturnType<typeof told>): number =>
  [...history.days.values()].reduce((sum, { seen }) => sum + seen.reduce((all, each) => all + each, 0), 0) / 4

const end = (prescription: string, why: (Entry & { type: 'prescription-ended' })['why']): Entry => ({
  type: 'prescription-ended',
  prescription,
  why,
})
const reserved = (prescription: string, serial: string): Entry => ({
  type: 'reserved',
  prescription,
  packs: [{ gtin: gtin(1), serial }],
})

test('what was given out is served, and what was not here when its prescription ended is lost', () => {
  const { product } = told([
    [1, loaded(1, 'A', '2027-01-01')],
    [2, ...served('p1', 1, 'A')],
    [3, ...missing('p2', 1)],
    [9, end('p2', 'not-collected')],
    [27, ...missing('p3', 1)],
  ])
  expect(product).toMatchObject({ scripts: 3, asked: 3, served: 1, lost: 1, lost_scripts: 1, unclaimed: 0 })
  expect(product.days.get('2026-03-02')).toMatchObject({
    asked: 2,
    asked_out: 1,
    served: 1,
    lost: 1,
    loaded: 1,
  })
  expect(product.days.get('2026-03-03')).toMatchObject({ asked: 1, asked_out: 1, lost: 0 })
})

test('what was missing and came in time is not lost, and what was here and never taken is not lost either', () => {
  const { product } = told([
    [1, ...missing('p1', 1), ...missing('p2', 1)],
    [2, loaded(1, 'A', '2027-01-01'), reserved('p1', 'A')],
    [9, end('p1', 'not-collected'), end('p2', 'withdrawn')],
  ])
  expect(product).toMatchObject({ lost: 1, lost_scripts: 1, unclaimed: 1 })
})

test('of a prescription given out in part the rest is lost', () => {
  const packs = [{ gtin: gtin(1), serial: 'A' }]
  const { product } = told([
    [1, loaded(1, 'A', '2027-01-01'), asked('p1', 1, 3), short('p1', 1, 2), reserved('p1', 'A')],
    [2, { type: 'handed-over', prescription: 'p1', packs, evidence: 'door' }, end('p1', 'partial')],
  ])
  expect(product).toMatchObject({ asked: 3, served: 1, lost: 2, lost_scripts: 1 })
})

test('what a pharmacist rejected was no demand', () => {
  const { product } = told([[1, ...missing('p1', 1), end('p1', 'rejected')]])
  expect(product).toMatchObject({ scripts: 0, asked: 0, lost: 0, rejected: 1 })
  expect(product.days.get(MONDAY)).toMatchObject({ asked: 0, asked_out: 0 })
})

test('a product that no lane holds was asked for by each prescription refused for it', () => {
  const refused: Entry = {
    type: 'instruction-ended',
    id: 'i1',
    kind: 'prescribe',
    outcome: 'refused',
    why: 'no lane holds One',
  }
  const { product } = told([[1, refused, { ...refused, id: 'i2', why: 'no lane holds Nothing known' }]])
  expect(product).toMatchObject({ scripts: 1, lost: 1, no_lane: 1 })
})

test('it is out of stock while every pack is held, barred, expired or gone, and only then', () => {
  const pack = { gtin: gtin(1), serial: 'A', lane: 'L1' }
  const scope = { lane: 'L1' }
  const there = told(
    [
      [2, loaded(1, 'A', '2026-03-03')],
      [4, asked('p1', 1), reserved('p1', 'A')],
      [5, { type: 'lease-ended', prescription: 'p1' }],
      [10, { type: 'recalled', recall: 'r1', scope, packs: [pack], reason: 'x', by: 'ann' }],
      [16, { type: 'recall-lifted', recall: 'r1', reason: 'x', by: 'ann' }],
      // The whole of its last day it may be given out; then it has expired.
      [72, { type: 'door-closed', compartment: 'D' }],
    ],
    { until: BEGAN + 72 * HOUR },
  )
  // Two hours before it was loaded are of a unit that had written nothing yet.
  expect(seenHours(there)).toBe(70)
  expect(outHours(there)).toBe(1 + 6 + 24)
})

test('behind a pack that may not be given out nothing can fall', () => {
  const recalled: Entry = {
    type: 'recalled',
    recall: 'r',
    scope: { gtin: gtin(1), lot: 'LOT7', serial: 'A' },
    packs: [],
    reason: '',
    by: '',
  }
  const packs = [loaded(1, 'A', '2027-01-01'), loaded(1, 'B', '2027-01-01', 2)]
  expect(outHours(told([[0, ...packs, recalled]], { until: BEGAN + 5 * HOUR }))).toBe(5)
  const other: Entry = { ...recalled, scope: { gtin: gtin(1), lot: 'LOT7', serial: 'B' } }
  expect(outHours(told([[0, ...packs, other]], { until: BEGAN + 5 * HOUR }))).toBe(0)
})

test('two prescriptions that change packs both keep one', () => {
  const moved = (prescription: string, serial: string, now: string): Entry => ({
    type: 'reservation-moved',
    prescription,
    gtin: gtin(1),
    serial,
    now,
  })
  const rows: [number, ...Entry[]][] = [
    [
      0,
      loaded(1, 'A', '2027-01-01'),
      loaded(1, 'B', '2027-01-01', 2),
      reserved('p1', 'A'),
      reserved('p2', 'B'),
    ],
    [2, moved('p2', 'B', 'A'), moved('p1', 'A', 'B')],
  ]
  expect(outHours(told(rows, { until: BEGAN + 5 * HOUR }))).toBe(5)
  expect(outHours(told([...rows, [3, end('p1', 'withdrawn')]], { until: BEGAN + 5 * HOUR }))).toBe(3)
})

test('while the unit was off, or out of service, nobody could have asked', () => {
  const off = told(
    [
      [0, { type: 'started', version: '1', after: 'first' }],
      [2, { type: 'stopped' }],
      [7, { type: 'started', version: '1', after: 'stop' }],
      [8, { type: 'out-of-service', why: 'x', owed: 0 }],
      [12, { type: 'in-service' }],
      [13, { type: 'door-closed', compartment: 'D' }],
      [20, { type: 'started', version: '1', after: 'crash' }],
    ],
    { until: BEGAN + 21 * HOUR },
  )
  expect(seenHours(off)).toBe(2 + 1 + 1 + 1)
})

test.each([
  ['2026-03-08', 23, 'forward'],
  ['2026-11-01', 25, 'back'],
])('on %s the local day of Chicago has %i hours, because clocks go %s', (date, hours) => {
  const day = Date.parse(`${date}T00:00:00Z`)
  const rows = [-2, 0, 0.5, 1, 1.5, 2].map(days => ({
    at: day + days * DAY,
    entry: { type: 'door-closed', compartment: 'D' } as Entry,
  }))
  const { days } = historyOf(rows, {
    ...of,
    time_zone: 'America/Chicago',
    from: day - DAY,
    until: day + 2 * DAY,
  })
  expect(days.get(date)?.seen.reduce((sum, each) => sum + each, 0)).toBe(4 * hours)
  expect(days.get(date)?.weekday).toBe(0)
})

test('a prescription belongs to the day that it is where the kiosk stands', () => {
  const { product } = told([[26, ...missing('p1', 1)]], { time_zone: 'America/Chicago' })
  expect([...product.days].filter(([, { asked }]) => asked > 0).map(([date]) => date)).toEqual(['2026-03-02'])
})

test('what came before the period is stock, and neither demand nor loss', () => {
  const { product, history } = told([
    [-30, loaded(1, 'A', '2027-01-01'), ...missing('p0', 1)],
    [1, end('p0', 'withdrawn'), ...served('p1', 1, 'A')],
  ])
  expect(product).toMatchObject({ scripts: 1, served: 1, lost: 0, loaded: 0 })
  expect(history.fills).toEqual([])
  expect(product.days.get(MONDAY)).toMatchObject({ asked_out: 0 })
})

test('packs that went for their date, refusals at loading, shelf life, fills and lanes that fail are counted', () => {
  const removed = (serial: string, reason: string): Entry => ({
    type: 'pack-removed',
    gtin: gtin(1),
    serial,
    lane: 'L1',
    reason,
    by: 'ann',
  })
  const refused: Entry = {
    type: 'pack-refused',
    lane: 'L1',
    why: 'lane-full',
    says: 'x',
    gtin: gtin(1),
    serial: 'Z',
  }
  const turn = (order: string): Entry => ({
    type: 'vend-ordered',
    order,
    prescription: 'p',
    lane: 'L1',
    gtin: gtin(1),
    serial: 'A',
    lot: 'L',
    expiry: '2026-03-04',
  })
  const held = (why: (Entry & { type: 'dispense-held' })['why']): Entry => ({
    type: 'dispense-held',
    prescription: 'p',
    order: 'o',
    lane: 'L1',
    why,
    says: 'x',
  })
  const { product, history } = told([
    [1, ...['A', 'B', 'C'].map((serial, index) => loaded(1, serial, '2026-03-04', index + 1)), refused],
    [30, removed('B', 'Short-dated, to the return bin'), removed('C', 'box crushed')],
    [50, turn('a'), held('jammed'), turn('b'), held('in-doubt'), turn('c')],
    [73, { type: 'pack-expired', gtin: gtin(1), serial: 'A', lane: 'L1', expiry: '2026-03-04' }],
    [80, removed('A', 'expired')],
  ])
  expect(product).toMatchObject({ loaded: 3, expired: 1, short_dated: 1 })
  expect([...product.refused]).toEqual([['lane-full', 1]])
  expect([...product.shelf_life]).toEqual([[2, 3]])
  expect(history.fills).toEqual([MONDAY])
  expect(history.lanes.get('L1')).toEqual({ turns: 3, jams: 1, doubts: 1, failed: 0 })
})

test('a whole life adds up: what was asked for was served or lost', () => {
  const rates = [Array.from({ length: 7 }, () => 3), [0, 5, 5, 5, 5, 5, 0]]
  const rows = life({ seed: 1, days: 60, rates, pars: [10, 12], fillEvery: 4 })
  const { products, fills } = historyOf(rows, { ...of, until: BEGAN + 60 * DAY })
  expect(fills).toHaveLength(15)
  for (const { scripts, asked: packs, served: given, lost } of products.values()) {
    expect(packs).toBe(scripts)
    expect(given + lost).toBe(packs)
    expect(Math.min(given, lost)).toBeGreaterThan(0)
  }
})
