import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entropy } from '../../drivers/host/entropy.ts'
import { gtin, life } from '../domain/history-stories.ts'
import { openStore } from '../store/open.ts'
import { advice } from './advice.ts'
import type { Call } from './command.ts'
import { Stop } from './exit.ts'
import type { AgentSocket } from './socket.ts'
import { WIDTH } from './table.ts'

const KEY = new Uint8Array(32).fill(3)
const entropy: Entropy = { bytes: length => new Uint8Array(length), fraction: () => 0 }
const EVEN = (rate: number) => Array.from({ length: 7 }, () => rate)
const STORY = { seed: 2, days: 60, rates: [EVEN(0.5), EVEN(5)], pars: [12, 10], fillEvery: 3 }
let folder: string
let site: string

const SITE = `
unit: clinic-1
data: .
lines: [{ name: v, tcp: { host: h, port: 1, baud: 57600 } }, { name: p, serial: { path: /dev/p } }]
devices:
  - { name: vmc, line: v, driver: fa-fb-vmc, options: { lanes: 60, drop_sensor: true } }
  - { name: packs, line: p, driver: line-scanner, options: { commands: honeywell } }
products:
  - { gtin: '${gtin(1)}', name: Seldom asked for }
  - { gtin: '${gtin(2)}', name: Asked for all day long by everybody who comes }
lanes:
  - { name: A1, device: vmc, channel: 1, product: '${gtin(1)}', capacity: 10, par: 6 }
  - { name: A2, device: vmc, channel: 2, product: '${gtin(1)}', capacity: 10, par: 6 }
  - { name: A3, device: vmc, channel: 3, product: '${gtin(2)}', capacity: 10 }
kiosk: { pack_scanner: packs }
`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-advice-'))
  site = join(folder, 'site.yaml')
  writeFileSync(site, SITE)
  journalOf('journal.db', STORY.days)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function journalOf(name: string, days: number): string {
  const file = join(folder, name)
  const store = openStore(file, KEY, entropy)
  store.atomically(() => {
    for (const { at, entry } of life({ ...STORY, days })) store.journal.append(at, entry)
  })
  store.close()
  return file
}

/** Runs the command; no agent runs, unless one is given. What it says, and how it ends. */
async function pawl(
  options: Record<string, string> = {},
  words: string[] = [],
  agent?: AgentSocket,
  file = site,
) {
  const said: string[] = []
  const told: unknown[] = []
  const call: Call = {
    words,
    text: option => options[option],
    flag: () => false,
    json: false,
    say: line => void said.push(line),
    tell: value => void told.push(value),
    agent: () => agent ?? { ask: () => Promise.reject(new Stop('away', 'No agent is running.')) },
    site: file === '' ? undefined : file,
    user: 'tech',
  }
  try {
    return { exit: await advice.run(call), said, told }
  } catch (error) {
    if (error instanceof Stop) return { exit: error.exit, said: [error.message], told }
    throw error
  }
}

test('it proposes par levels and lanes with their reasons, within 80 columns, and changes nothing', async () => {
  const file = join(folder, 'journal.db')
  const before = readFileSync(file)
  const { exit, said, told } = await pawl()
  expect(exit).toBe('ok')
  expect(said.join('\n')).toMatch(/Lane A[12] from Seldom asked for to Asked for all day long/)
  expect(said.at(-1)).toBe('Nothing was changed.')
  for (const line of said) expect(line.length).toBeLessThanOrEqual(WIDTH)
  expect(told).toMatchObject([{ enough: true, days: 60, cover: { days: 3 }, moves: [{ to: gtin(2) }] }])
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('a copy is as good as the journal, and so is what a running agent tells page by page', async () => {
  const all = [...life(STORY)].map(({ at, entry }, index) => ({ seq: index + 1, at, entry, hash: '' }))
  const agent: AgentSocket = {
    async ask(request, heard) {
      if (request.ask !== 'journal') throw new Error('only the journal is needed')
      const { after, limit = all.length } = request
      const rows = after === undefined ? all.slice(-limit) : all.slice(after, after + limit)
      heard?.({ rows })
      return { done: true }
    },
  }
  const { told } = await pawl()
  expect((await pawl({}, [join(folder, 'journal.db')])).told).toEqual(told)
  expect((await pawl({}, [], agent)).told).toEqual(told)
})

test('options change what is asked for', async () => {
  const { told } = await pawl({ cover: '6', service: '0.9', days: '30' })
  expect(told).toMatchObject([{ days: 30, service: 0.9, cover: { days: 6, from: 'given' } }])
})

test.each([
  [{ cover: '0' }, '--cover takes a whole number from 1 to 60, not "0"'],
  [{ days: 'all' }, '--days takes a whole number from 1 to 730, not "all"'],
  [{ service: '98' }, '--service takes a share from 0.5 to 0.9999 such as 0.98, not "98"'],
])('%j is told what is wrong with it', async (options, says) => {
  const { exit, said } = await pawl(options as Record<string, string>)
  expect(exit).toBe('usage')
  expect(said.join()).toContain(says)
})

test('too short a history, no journal, no site and no kiosk are each said in a sentence', async () => {
  const short = await pawl({}, [journalOf('short.db', 10)])
  expect(short.exit).toBe('no')
  expect(short.said.join(' ')).toContain('The unit was seen in service on 10 days; 28 are needed')
  expect(await pawl({}, [journalOf('empty.db', 0)])).toMatchObject({
    exit: 'no',
    said: ['There is not one row in that journal.'],
  })
  expect(await pawl({}, [join(folder, 'nothing.db')])).toMatchObject({ exit: 'usage' })
  expect(await pawl({}, [site])).toMatchObject({
    exit: 'usage',
    said: [expect.stringContaining('is not a journal')],
  })
  expect(await pawl({}, [], undefined, '')).toMatchObject({
    exit: 'usage',
    said: [expect.stringContaining('--site FILE')],
  })
  const lockers = await pawl({}, [], undefined, 'config/sites/minimal.yaml')
  expect(lockers.exit).toBe('refused')
  expect(lockers.said.join()).toMatch(/is no kiosk: it has no lanes to advise on\.$/)
})
