import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT } from '../domain/chain.ts'
import { toFhir } from '../domain/fhir.ts'
import { toCsv, toJson } from '../domain/record-formats.ts'
import { exportRecords } from '../domain/record-proof.ts'
import { BEGAN, chained, of, whole } from '../domain/record-stories.ts'
import type { Call } from './command.ts'
import { Stop } from './exit.ts'
import { records } from './records.ts'

const JOURNAL = chained([...whole('p1'), ...whole('p2')])
const EXPORT = exportRecords(JOURNAL, ROOT, { of, from: BEGAN, to: BEGAN + 30_000 })
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-records-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the command without an agent; what it says, and how it ends. */
async function pawl(words: string[], options: Record<string, string> = {}) {
  const said: string[] = []
  const call: Call = {
    words,
    text: option => options[option],
    flag: () => false,
    json: false,
    say: line => void said.push(line),
    tell: () => {},
    agent: () => {
      throw new Stop('away', 'No agent is running.')
    },
    site: undefined,
    user: 'tech',
  }
  try {
    return { exit: await records.run(call), said }
  } catch (error) {
    if (error instanceof Stop) return { exit: error.exit, said: [error.message] }
    throw error
  }
}

function put(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

test.each([
  ['json', toJson(EXPORT)],
  ['csv', toCsv(EXPORT.records)],
  ['fhir', `${JSON.stringify(toFhir(EXPORT.records), undefined, 2)}\n`],
])(
  'an export as %s is verified without an agent, and one altered letter in it is found',
  async (name, text) => {
    const file = put(name, text)
    if (name !== 'json') put(`${name}.proof.json`, toJson(EXPORT))
    const good = await pawl(['verify', file])
    expect(good.exit).toBe('ok')
    expect(good.said[0]).toBe('2 records, each as the journal says (31 rows).')
    put(name, readFileSync(file, 'utf8').replace('LOT7', 'LOT8'))
    expect((await pawl(['verify', file])).exit).toBe('no')
  },
)

test('a row that the cloud has otherwise is found, and one that nobody can read is not taken for none', async () => {
  const file = put('anchored.json', toJson(EXPORT))
  const { seq, hash } = EXPORT.proof.rows[7] ?? { seq: 0, hash: '' }
  expect((await pawl(['verify', file], { anchor: `${seq}:${hash}` })).exit).toBe('ok')
  expect((await pawl(['verify', file], { anchor: `${seq + 1}:${hash}` })).exit).toBe('no')
  expect((await pawl(['verify', file], { anchor: hash })).exit).toBe('usage')
})

test('without the proof beside it a table proves nothing', async () => {
  const file = put('alone.csv', toCsv(EXPORT.records))
  expect(await pawl(['verify', file])).toMatchObject({ exit: 'no' })
  expect(await pawl(['verify', join(folder, 'nothing')])).toMatchObject({ exit: 'usage' })
})

test.each([
  [{ to: '2026-11-30' }, 'Give --from a day'],
  [{ from: '2026-02-31', to: '2026-11-30' }, 'not "2026-02-31"'],
  [{ from: 'yesterday', to: '2026-11-30' }, 'not "yesterday"'],
  [{ from: '2026-11-30', to: '2026-11-29' }, '--from must be before --to'],
  [{ from: '2026-11-01', to: '2026-11-30', format: 'xml' }, '--format takes csv, json or fhir'],
  [{ from: '2026-11-01', to: '2026-11-30', format: 'csv' }, '--out FILE'],
])('%j is told what is wrong with it', async (options, says) => {
  const { exit, said } = await pawl([], options as Record<string, string>)
  expect(exit).toBe('usage')
  expect(said.join()).toContain(says)
})

test('one day is a period', async () => {
  expect(await pawl([], { from: '2026-11-30', to: '2026-11-30' })).toMatchObject({ exit: 'away' })
})
