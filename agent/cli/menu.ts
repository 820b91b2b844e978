import { advice } from './advice.ts'
import { bookings } from './bookings.ts'
import { bringUp } from './bring-up.ts'
import { capture } from './capture.ts'
import { check } from './check.ts'
import type { Command } from './command.ts'
import { custody } from './custody.ts'
import { count, owed, resolve } from './dispensing.ts'
import { doors } from './doors.ts'
import { drivers } from './drivers.ts'
import { EXIT } from './exit.ts'
import { faults } from './faults.ts'
import { journal } from './journal.ts'
import { lines } from './lines.ts'
import { found, giveBack, hold, open, openAll, release, technician } from './open.ts'
import { pin } from './pin.ts'
import { policy } from './policy.ts'
import { lift, recall } from './recall.ts'
import { records } from './records.ts'
import { run } from './run.ts'
import { status } from './status.ts'
import { load, removePack, stock } from './stock.ts'
import { wrap } from './table.ts'

/** Every command, in the order of the help. */
export const menu: Command[] = [
  status,
  doors,
  bookings,
  open,
  hold,
  release,
  giveBack,
  openAll,
  found,
  technician,
  stock,
  load,
  removePack,
  count,
  recall,
  lift,
  resolve,
  owed,
  advice,
  records,
  custody,
  journal,
  lines,
  bringUp,
  capture,
  check,
  policy,
  pin,
  drivers,
  faults,
  run,
]

/** Options that every command takes. */
export const COMMON = {
  socket: { type: 'string' },
  site: { type: 'string' },
  as: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const COMMON_HELP: Record<keyof typeof COMMON, string> = {
  socket: 'the socket of the agent',
  site: 'the site file of the agent; its socket lies in the data folder',
  as: 'who you are, where commands have rules; asks for your PIN. Twice for two people',
  json: 'one JSON object on one line, for programs',
  help: 'this text',
}

export const usage = (): string =>
  [
    'pawl: the agent of a locker bank, for the technician in front of it',
    '',
    ...menu.map(({ name, about }) => `  ${name.padEnd(9)} ${about}`),
    '  help      pawl help COMMAND says more',
    '',
    ...options(Object.entries(COMMON_HELP)),
    '  --version   the version of Pawl',
    '',
    ...wrap(
      'The agent is found by --socket, --site, the variables PAWL_SOCKET or PAWL_SITE, or else at run/pawl.sock here, /run/pawl/pawl.sock or /var/lib/pawl/pawl.sock.',
    ),
    '',
    'Exit codes',
    ...Object.values(EXIT).map(({ code, means }) => `  ${code}  ${means}`),
  ].join('\n')

export const usageOf = ({
  name,
  usage: words,
  about,
  details = [],
  optionHelp = {},
  examples,
}: Command): string =>
  [
    `pawl ${name} ${words}`.trimEnd(),
    '',
    ...wrap(`${about[0]?.toUpperCase()}${about.slice(1)}.`),
    ...wrap(details.join(' ')),
    '',
    ...options([...Object.entries(optionHelp), ...Object.entries(COMMON_HELP)]),
    '',
    ...examples.map(example => `  ${example}`),
  ].join('\n')

const options = (all: [string, string][]): string[] =>
  all.flatMap(([name, help]) => wrap(`  --${name.padEnd(9)} ${help}`, 14))
