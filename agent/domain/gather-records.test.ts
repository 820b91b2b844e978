import { expect, test } from 'vitest'
import { gatherRecords } from './gather-records.ts'
import type { Entry } from './journal.ts'
import {
  BEGAN,
  chained,
  door,
  ended,
  fell,
  GTIN,
  gates,
  handed,
  held,
  OTHER,
  of,
  ordered,
  received,
  released,
  removed,
  resolved,
  rowsOf,
  seen,
  ways,
  whole,
} from './record-stories.ts'

const gather = (entries: Entry[]) => gatherRecords(rowsOf(chained(entries)), of)

/** The one record of a short journal, and the time of its row with that number. */
function only(entries: Entry[]) {
  const [record, ...more] = gather(entries)
  if (!record || more.length > 0) throw new Error('not one record')
  return record
}
const at = (seq: number): number => BEGAN + (seq - 1) * 1_000

test('a record says who released, who counselled, what fell, on what evidence, and when', () => {
  const record = only(whole('p1'))
  expect(record).toMatchObject({
    unit: 'clinic-1',
    permit: 'FL-2201',
    prescription: 'p1',
    status: 'completed',
    received: at(1),
    items: [
      { gtin: GTIN, packs: 1, product: 'Olanzapine 5 mg', ndc: { text: '0002-7597-01', format: '4-4-2' } },
    ],
    released: { at: at(3), by: 'rph-7', statement: 'rel' },
    attempts: [
      {
        began: at(4),
        reader: 'patients',
        verified: { at: at(5), how: 'factor' },
        counselling: {
          requested: at(6),
          joined: [{ at: at(7), by: 'rph-9', statement: 'join' }],
          ended: { at: at(8), declined: false, by: 'rph-9', statement: 'done' },
        },
        payment: {
          ordered: { at: at(9), order: 'p1-pay', amount: 1_250 },
          paid: { at: at(10), amount: 1_250 },
          settle_ordered: { at: at(21), kept: true },
        },
        label: { ordered: { at: at(11) }, printed: at(12) },
        ended: { at: at(20), why: 'handed-over' },
      },
    ],
    packs: [
      {
        order: 'p1-v1',
        attempt: 1,
        lane: 'L1',
        serial: 'p1-1',
        lot: 'LOT7',
        expiry: '2027-05-31',
        ordered: at(13),
        checked: at(16),
        handed_over: { at: at(20), evidence: 'sensor' },
        outcome: 'handed-over',
      },
    ],
    ended: { at: at(22), why: 'handed-over' },
  })
  expect(record.packs[0]?.evidence.map(({ type, seq }) => [type, seq])).toEqual([
    ['vend-seen', 14],
    ['vend-seen', 15],
    ['pack-checked', 16],
    ['handed-over', 20],
  ])
})

test.each([
  ['whole', 'completed', ['handed-over']],
  ['rejected', 'declined', []],
  ['withdrawn', 'cancelled', []],
  ['expired', 'cancelled', []],
  ['not-collected', 'cancelled', []],
  ['waiting', 'in-progress', []],
  ['half way', 'in-progress', ['ordered']],
  ['in the tray', 'in-progress', ['fallen']],
  ['in doubt', 'on-hold', ['held']],
  ['found in its lane', 'cancelled', ['in-lane']],
  ['taken out', 'cancelled', ['removed']],
  ['found with the patient', 'completed', ['handed-over']],
  ['another pack', 'completed', ['handed-over']],
  ['tried again', 'completed', ['not-moved', 'handed-over']],
])('%s: the record is %s and its packs are %j', (way, status, outcomes) => {
  const record = only(ways[way]?.('p1') ?? [])
  expect(record.status).toBe(status)
  expect(record.packs.map(({ outcome }) => outcome)).toEqual(outcomes)
})

test('a record stands on every row that names it or one of its orders, and on no other', () => {
  const other: Entry[] = [
    { type: 'door-opened', compartment: 'A1' },
    { type: 'door-closed', compartment: 'tray' },
    { type: 'pack-removed', gtin: GTIN, serial: 'p1-1', lane: 'L1', reason: 'expired', by: 'tech' },
    { type: 'token-refused', reader: 'patients', why: 'unknown', prescription: 'p0' },
  ]
  const late: Entry[] = [
    { type: 'settle-failed', order: 'p1-pay#settle', fault: 'no-answer', sent: true },
    { type: 'personal-data-destroyed', prescription: 'p1' },
  ]
  const record = only([...other, ...whole('p1'), ...other, ...late])
  const mine = Array.from({ length: 22 }, (_, index) => 5 + index)
  expect(record.steps.map(({ seq }) => seq)).toEqual([...mine, 31, 32])
  expect(record.attempts[0]?.payment?.settle_failed).toEqual({
    at: at(31),
    order: 'p1-pay#settle',
    fault: 'no-answer',
    sent: true,
  })
  expect(record.destroyed).toBe(at(32))
})

test('sessions that failed and were tried again are all in it, each with its own words', () => {
  const record = only(ways['tried again']?.('p1') ?? [])
  expect(record.attempts.map(({ ended: end }) => end?.why)).toEqual(['walked-away', 'lane', 'handed-over'])
  expect(record.attempts.map(({ payment }) => payment?.settle_ordered?.kept)).toEqual([
    undefined,
    false,
    undefined,
  ])
  expect(record.packs.map(({ order, attempt }) => [order, attempt])).toEqual([
    ['p1-v1', 2],
    ['p1-v2', 3],
  ])
})

test('what is not known is absent: no product, no NDC, no permit, no second factor of somebody', () => {
  const [record] = gatherRecords(rowsOf(chained(whole('p1'))), { unit: 'u', products: [] })
  expect(record).not.toHaveProperty('permit')
  expect(record?.packs[0]).not.toHaveProperty('ndc')
  expect(record?.packs[0]).not.toHaveProperty('product')
  expect(record?.attempts[0]?.verified).not.toHaveProperty('by')
  const [imported] = gather([{ ...received('p2')[0], items: [{ gtin: OTHER, packs: 1 }] } as Entry])
  expect(imported?.items).toEqual([{ gtin: OTHER, packs: 1, product: 'Imported, of no NDC' }])
})

test('a doubt holds every pack in the tray; a person finds the one in its lane, and the others are out of it', () => {
  const two = [...received('p1', 2), ...released('p1'), ...gates('p1'), ...fell('p1'), ...ordered('p1', 2)]
  const doubt = [...two, seen('p1', 'jammed', 2), held('p1', 'jammed', 2)]
  expect(only(doubt)).toMatchObject({
    status: 'on-hold',
    held: { why: 'jammed', order: 'p1-v2' },
    packs: [{ outcome: 'held' }, { outcome: 'held' }],
  })
  const after = only([...doubt, resolved('p1', 'in-lane'), removed('p1', 1)])
  expect(after).toMatchObject({
    status: 'in-progress',
    packs: [{ outcome: 'removed' }, { outcome: 'in-lane' }],
  })
  expect(after.held).toBeUndefined()
  expect(after.packs[0]?.evidence.at(-1)).toMatchObject({ type: 'pack-removed', by: 'tech ann' })
  expect(after.packs[1]?.evidence.at(-1)).toMatchObject({
    found: 'in-lane',
    reason: 'looked, "hung"',
    by: 'tech ann',
  })
})

test('a person who finds the packs with the patient is the evidence, and no sensor', () => {
  const record = only(ways['found with the patient']?.('p1') ?? [])
  expect(record.packs[0]?.handed_over?.evidence).toBe('person')
  expect(record.packs[0]).not.toHaveProperty('checked')
})

test('a doubt about the delivery door is over once the door was seen to open', () => {
  const [unlock, opened, closed] = door('p1')
  const before = [...received('p1'), ...released('p1'), ...gates('p1'), ...fell('p1')]
  if (!unlock || !opened || !closed) throw new Error('a door has three rows')
  const doubt = [...before, unlock, held('p1', 'door')]
  expect(only(doubt)).toMatchObject({ status: 'on-hold', packs: [{ outcome: 'held' }] })
  expect(only([...doubt, opened])).toMatchObject({ status: 'in-progress', packs: [{ outcome: 'fallen' }] })
  const over = only([...doubt, opened, closed, ...handed('p1'), ended('p1')])
  expect(over).toMatchObject({ status: 'completed', packs: [{ handed_over: { evidence: 'sensor' } }] })
})

test('a door that opens ends no other doubt than that about the door', () => {
  const before = [...received('p1'), ...released('p1'), ...gates('p1'), ...fell('p1'), ...door('p1')]
  const record = only([...before, held('p1', 'left-behind'), ...door('p1')])
  expect(record).toMatchObject({
    status: 'on-hold',
    held: { why: 'left-behind' },
    packs: [{ outcome: 'held' }],
  })
})

test('only the packs that were handed over are handed over', () => {
  const before = [...received('p1', 2), ...released('p1'), ...gates('p1'), ...fell('p1'), ...fell('p1', 2)]
  const record = only([...before, ...door('p1'), ...handed('p1', [2])])
  expect(record.packs.map(({ outcome }) => outcome)).toEqual(['fallen', 'handed-over'])
})

test('an order of which no byte left is not moved; one that was perhaps sent stays open', () => {
  const failed = (sent: boolean): Entry => ({
    type: 'vend-failed',
    order: 'p1-v1',
    lane: 'L1',
    fault: 'no-answer',
    sent,
  })
  const before = [...received('p1'), ...released('p1'), ...gates('p1'), ...ordered('p1')]
  expect(only([...before, failed(false)]).packs[0]?.outcome).toBe('not-moved')
  expect(only([...before, failed(true)]).packs[0]?.outcome).toBe('ordered')
})

test('a controller that says later that nothing moved does not end what is held: a person does', () => {
  const record = only([...(ways['in doubt']?.('p1') ?? []), seen('p1', 'not-moved')])
  expect(record).toMatchObject({ status: 'on-hold', packs: [{ outcome: 'held' }] })
})

test('what waits for stock is on hold until it is there', () => {
  const missing: Entry = { type: 'out-of-stock', prescription: 'p1', gtin: GTIN, missing: 2 }
  const there = (serial: string): Entry => ({
    type: 'reserved',
    prescription: 'p1',
    packs: [{ gtin: GTIN, serial }],
  })
  const before = [...received('p1', 3), missing]
  expect(only(before)).toMatchObject({ status: 'on-hold', missing: [{ gtin: GTIN, packs: 2 }] })
  expect(only([...before, there('a')])).toMatchObject({
    status: 'on-hold',
    missing: [{ gtin: GTIN, packs: 1 }],
  })
  expect(only([...before, there('a'), there('b')])).toMatchObject({ status: 'preparation', missing: [] })
})

test('some of it given out is never all of it', () => {
  const part = [
    ...received('p1', 2),
    ...released('p1'),
    ...gates('p1'),
    ...fell('p1'),
    ...door('p1'),
    ...handed('p1'),
  ]
  expect(only([...part, ended('p1', 'partial')]).status).toBe('stopped')
  for (const why of ['withdrawn', 'rejected', 'not-collected'] as const)
    expect(only([...part, ended('p1', why)]).status).toBe('stopped')
  const rest: Entry = { type: 'session-ended', prescription: 'p1', why: 'out-of-stock' }
  expect(only([...part, rest])).toMatchObject({
    status: 'in-progress',
    attempts: [{ ended: { why: 'out-of-stock' } }],
  })
})

test('a consultation before anybody stands there belongs to the prescription', () => {
  const spoken: Entry = {
    type: 'consult-ended',
    prescription: 'p1',
    declined: false,
    by: 'rph-9',
    statement: 's',
  }
  const record = only([...received('p1'), spoken, ...released('p1')])
  expect(record.counselled).toEqual({
    joined: [],
    ended: { at: at(3), declined: false, by: 'rph-9', statement: 's' },
  })
})

test('what is said after a session belongs to none', () => {
  const spoken: Entry = {
    type: 'consult-ended',
    prescription: 'p1',
    declined: false,
    by: 'rph-9',
    statement: 's',
  }
  const over: Entry = { type: 'session-ended', prescription: 'p1', why: 'no-pharmacist' }
  const record = only([...received('p1'), ...released('p1'), ...gates('p1').slice(0, 3), over, spoken])
  expect(record.counselled?.ended?.by).toBe('rph-9')
  expect(record.attempts[0]?.counselling).toEqual({ requested: at(6), joined: [] })
})

test('an id that comes again is another record, and so are two at once', () => {
  const again = gather([...whole('p1'), ...received('p1')])
  expect(again.map(({ status }) => status)).toEqual(['completed', 'preparation'])
  expect(new Set(again.map(({ hash }) => hash)).size).toBe(2)
  const mixed = gather([...received('p1'), ...received('p2'), ...released('p2'), ...released('p1')])
  expect(mixed.map(({ steps }) => steps.map(({ seq }) => seq))).toEqual([
    [1, 2, 6],
    [3, 4, 5],
  ])
})

test('rows of a prescription that came before them make no record', () => {
  expect(gather(whole('p1').slice(1))).toEqual([])
})
