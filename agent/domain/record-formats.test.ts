import { expect, test } from 'vitest'
import { ROOT } from './chain.ts'
import { gatherRecords } from './gather-records.ts'
import type { Entry } from './journal.ts'
import { readExport, toCsv, toJson } from './record-formats.ts'
import { exportRecords } from './record-proof.ts'
import { BEGAN, chained, of, rowsOf, ways, whole } from './record-stories.ts'

const records = (entries: Entry[], about = of) => gatherRecords(rowsOf(chained(entries)), about)

/** A reader of RFC 4180 and nothing more: throws at what the grammar has not. */
function parseCsv(text: string): string[][] {
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y
  const lines: string[][] = [[]]
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text)
    if (!found) throw new Error('no RFC 4180')
    const [, raw = '', end] = found
    lines.at(-1)?.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw)
    if (end === '\r\n') lines.push([])
  }
  if (lines.pop()?.length !== 0) throw new Error('the last line has no end')
  return lines
}

/** The lines by the names of their columns. */
function told(text: string): Record<string, string>[] {
  const [head = [], ...lines] = parseCsv(text)
  expect(lines.every(line => line.length === head.length)).toBe(true)
  return lines.map(line => Object.fromEntries(line.map((cell, index) => [head[index] ?? '', cell])))
}

test('the table has one line for each turn of a lane, and one for a prescription for which no lane turned', () => {
  const all = Object.values(ways).flatMap((way, index) => way(`p${index}`))
  const made = records(all)
  const lines = told(toCsv(made))
  expect(lines).toHaveLength(made.reduce((sum, { packs }) => sum + Math.max(1, packs.length), 0))
  expect(new Set(lines.map(({ prescription }) => prescription)).size).toBe(Object.keys(ways).length)
})

test('a line says what the record says', () => {
  const [line] = told(toCsv(records(whole('p1'))))
  expect(line).toMatchObject({
    unit: 'clinic-1',
    permit: 'FL-2201',
    status: 'completed',
    received: '2026-11-02T09:00:00.000Z',
    released_by: 'rph-7',
    counselling: 'completed',
    counselled_by: 'rph-9',
    verified: 'factor',
    paid: '1250',
    settle_ordered: 'kept',
    ndc: '0002-7597-01',
    ndc_format: '4-4-2',
    gtin: '00300027597010',
    lot: 'LOT7',
    expiry: '2027-05-31',
    outcome: 'handed-over',
    handed_over_evidence: 'sensor',
    evidence:
      'vend-seen moving (motor 02); vend-seen dropped (drop-sensor 03); pack-checked; handed-over (sensor)',
    rows: Array.from({ length: 22 }, (_, index) => index + 1).join(' '),
  })
})

test.each([
  '=1+1',
  '+1',
  '-1',
  '@sum',
  '\tx',
  "'x",
  '=HYPERLINK("a","b")',
  'a\r\nb',
  'a\nb',
  '"',
  ',',
  '\r=1',
  'plain',
])('a cell %j is no formula, and reads back as it was', hostile => {
  const [line] = told(toCsv(records(whole('p1'), { ...of, permit: hostile })))
  const cell = line?.permit ?? ''
  expect(cell).not.toMatch(/^[=+\-@\t\r]/)
  expect(cell.replace(/^'/, '')).toBe(hostile)
  expect(toCsv([]).endsWith('\r\n')).toBe(true)
})

test('what a person wrote cannot become a formula either', () => {
  const [line] = told(toCsv(records(ways.withdrawn?.('p1') ?? [])))
  expect(line).toMatchObject({ ended_reason: "'=1+1", ended_by: "'@desk", ended_why: 'withdrawn' })
})

test('the JSON reads back as it was, a record and a row a line', () => {
  const exported = exportRecords(chained(whole('p1')), ROOT, { of, from: BEGAN, to: BEGAN + 60_000 })
  const text = toJson(exported)
  expect(JSON.parse(text)).toEqual(exported)
  expect(text.trimEnd().split('\n')).toHaveLength(3 + 1 + 22)
  expect(readExport(text)).toEqual({ ok: true, exported })
})

test('what else a site file says of a product stays out of the export', () => {
  const products = of.products.map(product => ({ ...product, controlled: false, width_mm: 30 }))
  const exported = exportRecords(chained(whole('p1')), ROOT, {
    of: { ...of, products },
    from: BEGAN,
    to: BEGAN + 60_000,
  })
  expect(exported.of).toEqual(of)
  expect(readExport(toJson(exported)).ok).toBe(true)
})

test('a text that says the same in another way was worked on', () => {
  const text = toJson(exportRecords(chained(whole('p1')), ROOT, { of, from: BEGAN, to: BEGAN + 60_000 }))
  for (const other of [
    `${text}\n`,
    JSON.stringify(JSON.parse(text)),
    text.replace('"v":1', '"v":1.0'),
    text.replace('{"v"', '{"x":1,"v"'),
  ])
    expect(readExport(other).ok).toBe(false)
  expect(readExport('{}')).toMatchObject({ ok: false })
  expect(readExport('null')).toMatchObject({ ok: false })
  expect(readExport('')).toEqual({ ok: false, says: 'It is no export of records: it is not JSON.' })
})
