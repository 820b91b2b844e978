import { existsSync } from 'node:fs'
import type { Millis } from '../../drivers/host/clock.ts'
import { chainInspector, type RawRow } from '../domain/chain.ts'
import { custodyFold } from '../domain/custody.ts'
import { custodyToCsv, custodyToJson, custodyToText, readCustody } from '../domain/custody-formats.ts'
import {
  type CustodyExport,
  type CustodyPeriod,
  custodyMatch,
  custodyRowsFrom,
  exportCustody,
} from '../domain/custody-proof.ts'
import type { Custody, CustodyOf } from '../domain/custody-words.ts'
import type { Row } from '../domain/journal.ts'
import { type Anchor, verifyProof } from '../domain/record-proof.ts'
import { CannotStart, loadSite } from '../run.ts'
import type { Call, Command } from './command.ts'
import { type Exit, Stop } from './exit.ts'
import { anchorsOf, momentOf, readText, writeNew } from './period.ts'
import type { AgentSocket } from './socket.ts'

const PROOF = '.proof.json'

/** How each format writes chains. The proof stands in the JSON, and in a file beside the others. */
const FORMATS = { text: custodyToText, csv: custodyToCsv }

export const custody: Command = {
  name: 'custody',
  usage: '[BOOKING] [--from DATE --to DATE]  |  --verify FILE',
  about: 'through whose hands each item of a locker bank went, with a proof',
  details: [
    'For each booking: who put it in, who opened, who took it, how they proved that they may, what the door said, and where',
    'the chain is broken. A chain belongs to the period in which its booking ended, and is there, too, while it has not. DATE',
    'is as for "pawl records"; a BOOKING without dates is its last stay. text and csv are proven by FILE.proof.json, written',
    'beside. --verify needs no agent: it makes every hash and every link of a chain anew. Give it the number and hash of a row',
    'as the cloud has it: without, a journal that was written anew as a whole is not found; and the site file, which says on',
    'which board each compartment is.',
  ],
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    format: { type: 'string' },
    out: { type: 'string' },
    verify: { type: 'string' },
    anchor: { type: 'string' },
  },
  optionHelp: {
    from: 'the first day, or the time from which on',
    to: 'the last day, or the time up to which',
    format: 'text, json or csv; text where it is not given',
    out: 'a new file to write them to',
    verify: 'a file that was written so, to hold against its proof',
    anchor: 'for --verify: a row of the journal as the cloud has it, as NUMBER:HASH',
  },
  words: [0, 1],
  examples: [
    'pawl custody K4711',
    'pawl custody --from 2026-11-01 --to 2026-11-30 --format json --out nov.json',
    'pawl custody --verify nov.json --anchor 48112:9f2c…',
  ],
  async run(call) {
    const file = call.text('verify')
    if (file !== undefined) return verify(call, file)
    const format = formatOf(call)
    const given = periodOf(call)
    const agent = call.agent()
    const period = { of: await custodyOf(agent), ...(given ?? (await stayOf(agent, call.words[0] ?? ''))) }
    const kept = custodyRowsFrom(period.from)
    await readAll(agent, period.to, ({ raw }) => kept.take(raw))
    const { rows, before } = kept.found()
    const exported = exportCustody(rows, before, period)
    const text = custodyToJson(exported)
    const out = call.text('out')
    if (out === undefined) return show(call, exported.custody, text)
    if (format === 'json') writeNew([[out, text]])
    else
      writeNew([
        [out, FORMATS[format](exported.custody)],
        [out + PROOF, text],
      ])
    const broken = exported.custody.filter(each => each.broken.length > 0).length
    call.tell({ ok: true, chains: exported.custody.length, broken })
    call.say(`${exported.custody.length} chains written to ${out}, ${broken} of them broken.`)
    return 'ok'
  },
}

function show(call: Call, found: readonly Custody[], text: string): Exit {
  call.tell(JSON.parse(text))
  for (const line of custodyToText(found).split('\n')) call.say(line)
  if (found.length === 0) call.say('No booking ended or was under way then.')
  return 'ok'
}

function formatOf(call: Call): 'text' | 'csv' | 'json' {
  const given = call.text('format') ?? 'text'
  if (given !== 'text' && given !== 'csv' && given !== 'json')
    throw new Stop('usage', `--format takes text, json or csv, not "${given}".`)
  if (given !== 'text' && call.text('out') === undefined)
    throw new Stop('usage', 'Say where to write it with --out FILE.')
  return given
}

type Period = Omit<CustodyPeriod, 'of'>

/** Undefined for a booking without dates. */
function periodOf(call: Call): Period | undefined {
  const [booking] = call.words
  const dated = call.text('from') !== undefined || call.text('to') !== undefined
  if (booking !== undefined && !dated) return undefined
  const [from, to] = [momentOf(call, 'from'), momentOf(call, 'to')]
  if (from >= to) throw new Stop('usage', '--from must be before --to.')
  return { from, to, ...(booking === undefined ? {} : { booking }) }
}

async function custodyOf(agent: AgentSocket): Promise<CustodyPeriod['of']> {
  const { status } = await agent.ask({ ask: 'status' })
  const { doors = [] } = await agent.ask({ ask: 'doors' })
  if (!status) throw new Stop('refused', 'The agent does not say which unit it is.')
  const boards = Object.fromEntries(doors.map(({ compartment, device }) => [compartment, device]))
  return { unit: status.unit, boards }
}

/** From when a booking was booked last to when it ended, or to the end of the journal. */
async function stayOf(agent: AgentSocket, booking: string): Promise<Period> {
  const fold = custodyFold({ unit: '', boards: {} })
  let [found, last]: [Custody | undefined, Millis] = [undefined, 0]
  await readAll(agent, Number.POSITIVE_INFINITY, ({ row }) => {
    const ended = fold.take(row)
    if (ended?.booking === booking) found = ended
    last = row.at
  })
  const stay = fold.open().find(chain => chain.booking === booking) ?? found
  if (!stay) throw new Stop('no', `There was never a booking ${booking} here.`)
  return { from: stay.booked, to: (stay.ended ?? last) + 1, booking }
}

const PAGE = 20_000

/** The journal from its first row to the first one at or after `to`, each held against the chain. */
async function readAll(
  agent: AgentSocket,
  to: Millis,
  take: (each: { row: Row; raw: RawRow }) => void,
): Promise<void> {
  const chain = chainInspector()
  let last: Row | undefined
  for (let heard = PAGE; heard === PAGE && (last === undefined || last.at < to); ) {
    heard = 0
    await agent.ask({ ask: 'journal', after: last?.seq ?? 0, limit: PAGE }, ({ rows = [] }) => {
      heard += rows.length
      for (const row of rows) {
        const raw = { ...row, entry: JSON.stringify(row.entry) }
        chain.take(raw)
        take({ row, raw })
        last = row
      }
    })
  }
  const [broken] = chain.found().breaks
  if (broken)
    throw new Stop('no', `The journal is not as it was written: row ${broken.seq} was ${broken.says}.`)
}

function verify(call: Call, file: string): Exit {
  const text = readText(file)
  const beside = existsSync(file + PROOF)
  const read = readCustody(beside ? readText(file + PROOF) : text)
  const found = read.ok ? judge(read.exported, anchorsOf(call), siteOf(call)) : read
  const mine =
    read.ok && (!beside || Object.values(FORMATS).some(format => format(read.exported.custody) === text))
  if (!read.ok || !found.ok || !mine) {
    const says = found.ok ? `${file} is not what its proof proves.` : found.says
    call.tell({ ok: false, says })
    call.say(says)
    return 'no'
  }
  const { custody: chains } = read.exported
  const broken = chains.filter(each => each.broken.length > 0).length
  call.tell({ ...found, broken })
  call.say(
    `${chains.length} chains, each as the journal says (${found.rows} rows); ${broken} of them broken.`,
  )
  if (found.until !== undefined)
    call.say(
      `The journal then ended at ${new Date(found.until).toISOString()}, before the end of the period.`,
    )
  call.say(`Last row: ${found.head.seq}:${found.head.hash}`)
  if (call.text('anchor') === undefined)
    call.say('Compare a row with the cloud: give it with --anchor NUMBER:HASH.')
  if (call.site === undefined)
    call.say(
      'Which board a compartment is on is in no journal: compare it with the site file by --site FILE.',
    )
  return 'ok'
}

/** What an export must say of the unit, where a site file was named. */
function siteOf({ site: file }: Call): CustodyOf | undefined {
  if (file === undefined) return undefined
  try {
    const { unit, compartments } = loadSite(file)
    return { unit, boards: Object.fromEntries(compartments.map(({ name, device }) => [name, device])) }
  } catch (error) {
    if (error instanceof CannotStart) throw new Stop('usage', error.message)
    throw error
  }
}

/** With another board beside a compartment, a time in which nobody could see its door could be left out. */
const isOf = ({ unit, boards }: CustodyOf, site: CustodyOf): boolean =>
  unit === site.unit &&
  Object.keys({ ...boards, ...site.boards }).every(name => boards[name] === site.boards[name])

function judge(exported: CustodyExport, anchors: Anchor[], site: CustodyOf | undefined) {
  if (site && !isOf(exported.of, site))
    return { ok: false, says: 'Its unit or its boards are not those of the site file.' } as const
  const proven = verifyProof(exported.proof, anchors)
  if (!proven.ok) return proven
  const matched = custodyMatch(exported, exported.proof)
  if (!matched.ok) return matched
  const { records: chains, ...more } = matched
  return { ...proven, ...more, chains }
}
