import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Story, site, story } from '../workflows/story.ts'
import type { Call } from './command.ts'
import { custody } from './custody.ts'
import { Stop } from './exit.ts'
import type { AgentSocket, Reply } from './socket.ts'

const DATES = { from: '2000-01-01', to: '2100-01-01' }
let folder: string
let s: Story

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-custody-'))
  s = story()
  await s.closedAll()
  for (const booking of ['K1', 'K2']) {
    await s.book(booking)
    await s.scan(`${booking}:1111`)
    await s.door('S1', true)
    await s.door('S1', false)
    if (booking === 'K1') {
      await s.scan('K1:2222')
      await s.door('S1', true)
      await s.door('S1', false)
    }
    await s.pass(60)
  }
  await s.door('S1', true)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const door = ({ name, device }: { name: string; device: string }) => ({ compartment: name, device })

/** Answers from the journal of the story, a few rows at a time, as an agent does over its socket. */
const answering: AgentSocket = {
  async ask(request, heard = () => {}) {
    if (request.ask === 'journal') {
      const { after = 0, limit = 100 } = request
      const rows = s.store().journal.after(after, limit)
      for (let from = 0; from < rows.length; from += 7) heard({ rows: rows.slice(from, from + 7) })
    }
    if (request.ask === 'status') return { done: true, status: { unit: 'story' } } as Reply
    return { done: true, doors: site.compartments.map(door) } as Reply
  },
}

/** Runs the command; what it says and tells, and how it ends. */
async function pawl(words: string[], options: Record<string, string> = {}, agent?: AgentSocket) {
  const { site: named } = options
  const said: string[] = []
  const told: unknown[] = []
  const call: Call = {
    words,
    text: option => options[option],
    flag: () => false,
    json: false,
    say: line => void said.push(line),
    tell: value => void told.push(value),
    agent: () => {
      if (agent) return agent
      throw new Stop('away', 'No agent is running.')
    },
    site: named,
    user: 'tech',
  }
  try {
    return { exit: await custody.run(call), said, told }
  } catch (error) {
    if (error instanceof Stop) return { exit: error.exit, said: [error.message], told }
    throw error
  }
}

test('without a file each chain is told to people, and the whole export to programs', async () => {
  const { exit, said, told } = await pawl([], DATES, answering)
  expect(exit).toBe('ok')
  expect(said).toContain('K1 (size S, story): collected, the chain is whole')
  expect(said).toContain('K2 (size S, story): in, THE CHAIN IS BROKEN')
  expect(told).toMatchObject([
    { v: 1, of: { unit: 'story' }, custody: [{ booking: 'K1' }, { booking: 'K2' }] },
  ])
})

test('a booking without dates is its stay, and one that never was here is said', async () => {
  const { said } = await pawl(['K1'], {}, answering)
  expect(said[0]).toBe('K1 (size S, story): collected, the chain is whole')
  expect(said.join()).not.toContain('K2')
  const { told } = await pawl(['K2'], {}, answering)
  expect(told).toMatchObject([{ booking: 'K2', custody: [{ booking: 'K2', status: 'in' }] }])
  const [booked] = s
    .store()
    .journal.after(0, 100)
    .filter(({ entry }) => 'booking' in entry && entry.booking === 'K2')
  expect(told).toMatchObject([{ from: booked?.at }])
  expect(await pawl(['K9'], {}, answering)).toMatchObject({
    exit: 'no',
    said: ['There was never a booking K9 here.'],
  })
})

test.each(['json', 'csv', 'text'])(
  'an export as %s is verified without an agent, and one altered letter in it is found',
  async format => {
    const out = join(folder, `all.${format}`)
    const written = await pawl([], { ...DATES, format, out }, answering)
    expect(written.said).toEqual([`2 chains written to ${out}, 1 of them broken.`])
    expect(existsSync(`${out}.proof.json`)).toBe(format !== 'json')
    expect(statSync(out).mode & 0o777).toBe(0o600)
    const good = await pawl([], { verify: out })
    expect(good.exit).toBe('ok')
    expect(good.said[0]).toMatch(/^2 chains, each as the journal says \(\d+ rows\); 1 of them broken\.$/)
    const text = readFileSync(out, 'utf8')
    writeFileSync(out, text.replace('customer', 'costumer'))
    expect((await pawl([], { verify: out })).exit).toBe('no')
    writeFileSync(out, text)
    expect((await pawl([], { ...DATES, format, out }, answering)).exit).toBe('usage')
  },
)

test('a row that the cloud has otherwise is found, and one that nobody can read is not taken for none', async () => {
  const out = join(folder, 'anchored.json')
  await pawl([], { ...DATES, format: 'json', out }, answering)
  const { seq, hash } = s.store().journal.after(0, 100).at(-3) ?? { seq: 0, hash: '' }
  expect((await pawl([], { verify: out, anchor: `${seq}:${hash}` })).exit).toBe('ok')
  expect((await pawl([], { verify: out, anchor: `${seq + 1}:${hash}` })).exit).toBe('no')
  expect((await pawl([], { verify: out, anchor: hash })).exit).toBe('usage')
})

test('without the proof beside it a table proves nothing', async () => {
  const out = join(folder, 'alone.csv')
  await pawl([], { ...DATES, format: 'csv', out }, answering)
  rmSync(`${out}.proof.json`)
  expect(await pawl([], { verify: out })).toMatchObject({ exit: 'no' })
  expect(await pawl([], { verify: join(folder, 'nothing') })).toMatchObject({ exit: 'usage' })
})

test('a journal that is not as it was written gives no export', async () => {
  const forging: AgentSocket = {
    ask: (request, heard = () => {}) =>
      answering.ask(request, reply =>
        heard({ ...reply, ...(reply.rows && { rows: reply.rows.filter(({ seq }) => seq !== 4) }) }),
      ),
  }
  const { exit, said } = await pawl([], DATES, forging)
  expect(exit).toBe('no')
  expect(said[0]).toBe('The journal is not as it was written: row 5 was 1 row before it removed.')
})

test('a period in which nothing was here says so', async () => {
  const { said } = await pawl([], { from: '2000-01-01', to: '2000-01-02' }, answering)
  expect(said.at(-1)).toBe('No booking ended or was under way then.')
})

test.each([
  [{ to: '2026-11-30' }, 'Give --from a day'],
  [{ from: '2026-02-31', to: '2026-11-30' }, 'not "2026-02-31"'],
  [{ from: '2026-11-30', to: '2026-11-29' }, '--from must be before --to'],
  [{ from: '2026-11-01', to: '2026-11-30', format: 'xml' }, '--format takes text, json or csv'],
  [{ from: '2026-11-01', to: '2026-11-30', format: 'csv' }, '--out FILE'],
])('%j is told what is wrong with it', async (options, says) => {
  const { exit, said } = await pawl([], options as Record<string, string>)
  expect(exit).toBe('usage')
  expect(said.join()).toContain(says)
})

test('one day is a period, and a booking may have one', async () => {
  expect(await pawl(['K1'], { from: '2026-11-30', to: '2026-11-30' })).toMatchObject({ exit: 'away' })
})

test('the boards in an export are held against the site file, for no journal proves them', async () => {
  const out = join(folder, 'boards.json')
  await pawl([], { ...DATES, format: 'json', out }, answering)
  const file = join(folder, 'site.yaml')
  const { unit, lines, devices, compartments } = site
  const boards = devices.filter(({ name }) => name === 'board')
  writeFileSync(file, JSON.stringify({ unit, lines, devices: boards, compartments }))
  expect((await pawl([], { verify: out, site: file })).said.join()).toContain('each as the journal says')
  expect((await pawl([], { verify: out })).said.at(-1)).toContain('--site FILE')
  const text = readFileSync(out, 'utf8')
  for (const [is, other] of [
    ['"S1":"board"', '"S1":"other"'],
    ['"S1":"board",', ''],
    ['"unit":"story","boards"', '"unit":"other","boards"'],
  ]) {
    writeFileSync(out, text.replace(is ?? '', other ?? ''))
    const { exit, said } = await pawl([], { verify: out, site: file })
    expect([exit, said]).toEqual(['no', ['Its unit or its boards are not those of the site file.']])
  }
})
