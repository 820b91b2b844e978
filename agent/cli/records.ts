import { existsSync } from 'node:fs'
import type { Millis } from '../../drivers/host/clock.ts'
import { chainInspector, type RawRow } from '../domain/chain.ts'
import type { DispenseRecord } from '../domain/dispense-record.ts'
import { toFhir } from '../domain/fhir.ts'
import { readExport, toCsv, toJson } from '../domain/record-formats.ts'
import { type Anchor, exportRecords, recordsMatch, rowsFrom, verifyProof } from '../domain/record-proof.ts'
import type { Call, Command } from './command.ts'
import { type Exit, Stop } from './exit.ts'
import { anchorsOf, momentOf, readText, writeNew } from './period.ts'
import type { AgentSocket } from './socket.ts'
import { table } from './table.ts'

const PROOF = '.proof.json'

/** How each format writes records. The proof stands in the JSON, and in a file beside the others. */
const FORMATS = {
  csv: toCsv,
  fhir: (records: readonly DispenseRecord[]) => `${JSON.stringify(toFhir(records), undefined, 2)}\n`,
}

export const records: Command = {
  name: 'records',
  usage: '--from DATE --to DATE [--format F --out FILE]  |  verify FILE',
  about: 'what was dispensed in a period, with a proof against the journal',
  details: [
    'A record belongs to the period in which its prescription ended, and is there, too, while it has not. DATE is a day',
    '(2026-11-30, by the clock of this machine; --to includes it) or a time (2026-11-30T18:00Z; up to before it). fhir is HL7',
    'FHIR R4. csv and fhir are proven by FILE.proof.json, written beside. verify needs no agent: it makes every hash and every',
    'record anew. Give it the number and hash of a row as the cloud has it: without, a journal that was written anew as a',
    'whole is not found.',
  ],
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    format: { type: 'string' },
    out: { type: 'string' },
    anchor: { type: 'string' },
  },
  optionHelp: {
    from: 'the first day, or the time from which on',
    to: 'the last day, or the time up to which',
    format: 'csv, json or fhir; json where it is not given',
    out: 'a new file to write them to',
    anchor: 'for verify: a row of the journal as the cloud has it, as NUMBER:HASH',
  },
  words: [0, 2],
  examples: [
    'pawl records --from 2026-11-01 --to 2026-11-30',
    'pawl records --from 2026-11-01 --to 2026-11-30 --format csv --out nov.csv',
    'pawl records verify nov.csv --anchor 48112:9f2c…',
  ],
  async run(call) {
    const [word, file] = call.words
    if (word === 'verify' && file !== undefined) return verify(call, file)
    if (word !== undefined)
      throw new Stop(
        'usage',
        `There is no "pawl records ${call.words.join(' ')}": only "pawl records verify FILE".`,
      )
    const [from, to] = [momentOf(call, 'from'), momentOf(call, 'to')]
    if (from >= to) throw new Stop('usage', '--from must be before --to.')
    const format = formatOf(call)
    const agent = call.agent()
    const { records_of: of } = await agent.ask({ ask: 'records-of' })
    if (!of) throw new Stop('refused', 'This unit does not dispense.')
    const { rows, before } = await rowsOf(agent, from, to)
    const exported = exportRecords(rows, before, { of, from, to })
    const text = toJson(exported)
    const out = call.text('out')
    if (out === undefined) return show(call, exported.records, text)
    if (format === 'json') writeNew([[out, text]])
    else
      writeNew([
        [out, FORMATS[format](exported.records)],
        [out + PROOF, text],
      ])
    const last = exported.proof.rows.at(-1)
    call.tell({
      file: out,
      records: exported.records.length,
      ...(last ? { head: last.seq, hash: last.hash } : {}),
    })
    call.say(`${out} is written: ${exported.records.length} records.`)
    if (last) call.say(`Last row: ${last.seq}:${last.hash}`)
    return 'ok'
  },
}

function show(call: Call, found: readonly DispenseRecord[], text: string): Exit {
  call.tell(JSON.parse(text))
  const rows = found.map(({ prescription, status, ended, packs, released }) => [
    prescription,
    status,
    ended?.why ?? '',
    String(packs.filter(({ outcome }) => outcome === 'handed-over').length),
    released?.by ?? '',
    ended ? new Date(ended.at).toISOString() : '',
  ])
  for (const line of table(['prescription', 'status', 'ended', 'packs', 'released by', 'at'], rows))
    call.say(line)
  if (rows.length === 0) call.say('No prescription ended or was under way then.')
  return 'ok'
}

function formatOf(call: Call): 'csv' | 'json' | 'fhir' {
  const given = call.text('format') ?? 'json'
  if (given !== 'csv' && given !== 'json' && given !== 'fhir')
    throw new Stop('usage', `--format takes csv, json or fhir, not "${given}".`)
  if (call.text('format') !== undefined && call.text('out') === undefined)
    throw new Stop('usage', 'Say where to write it with --out FILE.')
  return given
}

const PAGE = 20_000

/** The journal from its first row to the first one at or after `to`, each held against the chain; kept is what is needed. */
async function rowsOf(agent: AgentSocket, from: Millis, to: Millis) {
  const kept = rowsFrom(from)
  const chain = chainInspector()
  let last: RawRow | undefined
  for (let heard = PAGE; heard === PAGE && (last?.at ?? from) < to; ) {
    heard = 0
    await agent.ask({ ask: 'journal', after: last?.seq ?? 0, limit: PAGE }, ({ rows = [] }) => {
      heard += rows.length
      for (const { seq, at, entry, hash } of rows) {
        last = { seq, at, entry: JSON.stringify(entry), hash }
        chain.take(last)
        kept.take(last)
      }
    })
  }
  const [broken] = chain.found().breaks
  if (broken)
    throw new Stop('no', `The journal is not as it was written: row ${broken.seq} was ${broken.says}.`)
  return kept.found()
}

function verify(call: Call, file: string): Exit {
  const text = readText(file)
  const beside = existsSync(file + PROOF)
  const read = readExport(beside ? readText(file + PROOF) : text)
  const found = read.ok ? judge(read.exported, anchorsOf(call)) : read
  const mine =
    read.ok && (!beside || Object.values(FORMATS).some(format => format(read.exported.records) === text))
  if (!found.ok || !mine) {
    const says = found.ok ? `${file} is not what its proof proves.` : found.says
    call.tell({ ok: false, says })
    call.say(says)
    return 'no'
  }
  call.tell(found)
  call.say(`${found.records} records, each as the journal says (${found.rows} rows).`)
  if (found.until !== undefined)
    call.say(
      `The journal then ended at ${new Date(found.until).toISOString()}, before the end of the period.`,
    )
  call.say(`Last row: ${found.head.seq}:${found.head.hash}`)
  if (call.text('anchor') === undefined)
    call.say('Compare a row with the cloud: give it with --anchor NUMBER:HASH.')
  return 'ok'
}

function judge(exported: Parameters<typeof toJson>[0], anchors: Anchor[]) {
  const proven = verifyProof(exported.proof, anchors)
  if (!proven.ok) return proven
  const matched = recordsMatch(exported, exported.proof)
  return matched.ok ? { ...proven, ...matched } : matched
}
