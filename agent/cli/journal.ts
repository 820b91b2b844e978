import type { Row } from '../domain/journal.ts'
import { tellEntry } from '../domain/tell.ts'
import type { Command } from './command.ts'
import { Stop } from './exit.ts'
import { wrap } from './table.ts'
import { verify } from './verify.ts'

export const journal: Command = {
  name: 'journal',
  usage: '[--since WHEN] [--limit N] [--follow]  |  verify [FILE]',
  about: 'what happened, in order; or holds it against its chain and seal',
  details: [
    'Times are local; --json gives one row a line, with Unix milliseconds.',
    'verify asks the running agent. verify FILE reads a journal file by itself; the unit.key',
    'beside it, or --key, checks the seal over its end. It names every row that was altered,',
    'removed or moved, and exits 1.',
  ],
  options: {
    since: { type: 'string' },
    limit: { type: 'string' },
    follow: { type: 'boolean', short: 'f' },
    key: { type: 'string' },
  },
  optionHelp: {
    since: 'from a row (41), a span ago (90s, 15m, 6h, 2d) or a time (2026-11-23T08:00)',
    limit: 'at most so many rows; the newest 50 where --since is not given',
    follow: 'go on with each new row until Ctrl-C',
    key: 'for verify FILE: the unit key, where it is not beside the file',
  },
  words: [0, 2],
  examples: [
    'pawl journal --follow',
    'pawl journal --since 15m',
    'pawl journal verify',
    'pawl journal verify /media/backup/journal.db --key unit.key',
  ],
  async run(call) {
    const [word, file] = call.words
    if (word === 'verify') return verify(call, file)
    if (word !== undefined)
      throw new Stop('usage', `There is no "pawl journal ${word}": only "pawl journal verify".`)
    const show = ({ rows = [] }: { rows?: Row[] }): void => {
      for (const row of rows) {
        call.tell(row)
        for (const line of wrap(rowLine(row), INDENT)) call.say(line)
      }
    }
    const follow = call.flag('follow')
    await call
      .agent()
      .ask({ ask: 'journal', follow, ...since(call.text('since')), ...limit(call.text('limit')) }, show)
    return 'ok'
  },
}

const INDENT = 29

function rowLine({ seq, at, entry }: Row): string {
  const when = new Date(at)
  const local = new Date(at - when.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace('T', ' ')
  return `${String(seq).padStart(7)}  ${local} ${tellEntry(entry)}`
}

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function since(given: string | undefined): { after?: number; ago?: number; since?: number } {
  if (given === undefined) return {}
  if (/^\d{1,15}$/.test(given)) return { after: Math.max(0, Number(given) - 1) }
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(given) ?? []
  if (count !== undefined) return { ago: Number(count) * (UNITS[unit] ?? 0) }
  const at = /^\d{4}-\d\d-\d\d/.test(given) ? Date.parse(given) : Number.NaN
  if (Number.isNaN(at))
    throw new Stop(
      'usage',
      `--since takes a row (41), a span (15m, 6h) or a time (2026-11-23T08:00), not "${given}".`,
    )
  return { since: at }
}

function limit(given: string | undefined): { limit?: number } {
  if (given === undefined) return {}
  const count = Number(given)
  if (!/^\d{1,6}$/.test(given) || count < 1 || count > 100_000)
    throw new Stop('usage', `--limit takes a number from 1 to 100000, not "${given}".`)
  return { limit: count }
}
