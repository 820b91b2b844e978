import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Site } from '../../config/site.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { adviceOf } from '../domain/advice.ts'
import { rounded } from '../domain/advice-says.ts'
import type { Advice, KnownProduct, ProductAdvice } from '../domain/advice-words.ts'
import { historyFold, historyOf } from '../domain/history.ts'
import type { History, HistoryOf } from '../domain/history-words.ts'
import { CannotStart, loadSite } from '../run.ts'
import { readJournal } from '../store/read-journal.ts'
import type { Call, Command } from './command.ts'
import { Stop } from './exit.ts'
import { table, wrap } from './table.ts'

const DAY: Millis = 86_400_000

export const advice: Command = {
  name: 'advice',
  usage: '--site FILE [--days N] [--cover DAYS] [--service SHARE] [JOURNAL]',
  about: 'par levels and lanes that lose fewer prescriptions, with the reasons',
  details: [
    'From the journal of this unit and the planogram of its site file. It proposes and changes nothing: a person decides, and',
    'edits the site file. Where an agent runs it is asked for the journal; else the file in the data folder is read. A product',
    'of which too little is known is left as it is, and said.',
  ],
  options: {
    days: { type: 'string' },
    cover: { type: 'string' },
    service: { type: 'string' },
  },
  optionHelp: {
    days: 'how many days back to look; 90 where it is not given',
    cover: 'days from one fill to the next; from the journal where it is not given',
    service: 'share of covers to get through with every product; 0.98 if not given',
  },
  words: [0, 1],
  examples: ['pawl advice --site site.yaml', 'pawl advice --site site.yaml --cover 4 --service 0.99 --json'],
  async run(call) {
    const days = numberOf(call, 'days', [1, 730]) ?? 90
    const cover = numberOf(call, 'cover', [1, 60])
    const site = siteOf(call)
    const history = await historyFrom(call, site, days)
    if (!history) throw new Stop('no', 'There is not one row in that journal.')
    const found = adviceOf(history, site, {
      ...(cover === undefined ? {} : { cover }),
      service: shareOf(call),
      min_days_to_expiry: site.policy.min_days_to_expiry,
    })
    call.tell(found)
    for (const line of found.enough ? lines(found) : found.missing.flatMap(each => wrap(each))) call.say(line)
    return found.enough ? 'ok' : 'no'
  },
}

function numberOf(call: Call, option: string, [least, most]: [number, number]): number | undefined {
  const given = call.text(option)
  if (given === undefined) return undefined
  const number = /^\d{1,4}$/.test(given) ? Number(given) : Number.NaN
  if (!(number >= least && number <= most))
    throw new Stop('usage', `--${option} takes a whole number from ${least} to ${most}, not "${given}".`)
  return number
}

function shareOf(call: Call): number {
  const given = call.text('service') ?? '0.98'
  const share = /^0?\.\d{1,6}$/.test(given) ? Number(given) : Number.NaN
  if (!(share >= 0.5 && share <= 0.9999))
    throw new Stop('usage', `--service takes a share from 0.5 to 0.9999 such as 0.98, not "${given}".`)
  return share
}

function siteOf({ site: file }: Call): Site {
  if (file === undefined)
    throw new Stop('usage', 'Name the site file with --site FILE: its lanes and products are needed.')
  try {
    const site = loadSite(file)
    if (!site.kiosk) throw new Stop('refused', `${site.unit} is no kiosk: it has no lanes to advise on.`)
    return site
  } catch (error) {
    if (error instanceof CannotStart) throw new Stop('usage', error.message)
    throw error
  }
}

/** The days up to the last row: a copy of a journal is as good as the journal. */
const periodOf = ({ kiosk, products }: Site, days: number, last: Millis): HistoryOf => ({
  ...{ time_zone: kiosk?.time_zone ?? 'UTC', products, from: last + 1 - days * DAY, until: last + 1 },
})

async function historyFrom(call: Call, site: Site, days: number): Promise<History | undefined> {
  const [file] = call.words
  if (file !== undefined) return ofFile(file, site, days)
  try {
    return await ofAgent(call, site, days)
  } catch (error) {
    if (error instanceof Stop && error.exit === 'away')
      return ofFile(join(site.data, 'journal.db'), site, days)
    throw error
  }
}

function ofFile(file: string, site: Site, days: number): History | undefined {
  if (!existsSync(file)) throw new Stop('usage', `There is no journal ${file}: name one.`)
  try {
    return readJournal(file, ({ lastAt, rows }) =>
      lastAt === undefined ? undefined : historyOf(rows(), periodOf(site, days, lastAt)),
    )
  } catch (error) {
    throw new Stop('usage', `${error instanceof Error ? error.message : error}.`)
  }
}

const PAGE = 20_000

async function ofAgent(call: Call, site: Site, days: number): Promise<History | undefined> {
  const agent = call.agent()
  let last: Millis | undefined
  await agent.ask({ ask: 'journal', limit: 1 }, ({ rows = [] }) => {
    last = rows.at(-1)?.at ?? last
  })
  if (last === undefined) return undefined
  const fold = historyFold(periodOf(site, days, last))
  let after = 0
  for (let heard = PAGE; heard === PAGE; ) {
    heard = 0
    await agent.ask({ ask: 'journal', after, limit: PAGE }, ({ rows = [] }) => {
      heard += rows.length
      for (const row of rows) fold.take(row)
      after = rows.at(-1)?.seq ?? after
    })
  }
  return fold.found()
}

const percent = (share: number): string => `${(Math.min(0.999, share) * 100).toFixed(1)}`
const isKnown = (product: ProductAdvice): product is KnownProduct => product.enough

function lines({ products, moves, cover, days, service, lost_scripts: lost, says }: Advice): string[] {
  const known = products.filter(isKnown)
  const span = `${cover?.days} days from fill to fill (${cover?.from === 'given' ? 'as given' : 'nine of ten were no longer'})`
  return [
    ...wrap(`${days} days seen; ${span}; ${percent(service)} % of them to be got through with each product.`),
    '',
    ...table(['packs asked for on', ...WEEKDAYS, 'in a week'], known.map(weekRow)),
    '',
    ...table(['product', 'par', 'propose', '% last', 'then', 'lost/week', 'then'], known.map(levelRow)),
    '',
    ...(moves.length > 0
      ? table(
          ['', 'lane', 'from', 'to', 'saves/week'],
          moves.map(({ move, lane, from, to, gain }, index) => [
            ...[`${move}.`, lane, nameOf(products, from), nameOf(products, to)],
            // What two lanes save together is said once.
            moves[index - 1]?.move === move ? '' : rounded(gain),
          ]),
        )
      : ['No lane would do more good with another product.']),
    '',
    ...wrap(
      `Expected to be lost a week: ${rounded(lost.now)} prescriptions now, ${rounded(lost.proposed)} with these par levels, ${rounded(lost.moved)} with these lanes, too.`,
    ),
    ...products.flatMap(product => ['', ...wrap(product.name), ...product.says.flatMap(item)]),
    ...listed(
      'The lanes',
      moves.map(each => each.says),
    ),
    ...listed('Besides', says),
    '',
    ...(moves.length > 0 ? ['Take out what lies in a lane before it is given something else.'] : []),
    'Nothing was changed.',
  ]
}

const listed = (head: string, all: string[]): string[] =>
  all.length === 0 ? [] : ['', head, ...all.flatMap(item)]

const item = (text: string): string[] => wrap(`  ${text}`, 2)

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

const weekRow = ({ name, demand: { weekdays, weekly } }: KnownProduct): string[] => [
  name,
  ...WEEKDAYS.map((_day, index) => rounded(weekdays[(index + 1) % 7]?.mean ?? 0)),
  rounded(weekly),
]

const levelRow = ({ name, now, proposed }: KnownProduct): string[] => [
  ...[name, String(now.par), String(proposed.par), percent(now.service), percent(proposed.service)],
  ...[rounded(now.lost_scripts), rounded(proposed.lost_scripts)],
]

const nameOf = (products: ProductAdvice[], gtin: string): string =>
  products.find(each => each.gtin === gtin)?.name ?? gtin
