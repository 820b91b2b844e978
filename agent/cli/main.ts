import { userInfo } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { nearest } from '../../config/problem.ts'
import { CannotStart, loadSite, socketOf } from '../run.ts'
import { VERSION } from '../version.ts'
import type { Call, Command } from './command.ts'
import { EXIT, type Exit, Stop } from './exit.ts'
import { COMMON, menu, usage, usageOf } from './menu.ts'
import { askPins } from './pins.ts'
import { agentSocket } from './socket.ts'
import { plain } from './table.ts'

const print = (line: string): void => void process.stdout.write(`${line}\n`)

async function main(words: string[]): Promise<Exit> {
  const [name, ...rest] = words
  if (name === '--version' || name === '-v') {
    print(VERSION)
    return 'ok'
  }
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    print(rest[0] === undefined ? usage() : usageOf(commandNamed(rest[0])))
    return name === undefined ? 'usage' : 'ok'
  }
  const command = commandNamed(name)
  const { values, positionals } = parse(command, rest)
  if (values.help === true) {
    print(usageOf(command))
    return 'ok'
  }
  const [least, most] = command.words
  if (positionals.length < least || positionals.length > most)
    throw new Stop('usage', `Usage: pawl ${command.name} ${command.usage}`)
  return command.run(callOf(values, positionals))
}

function commandNamed(name: string): Command {
  const found = menu.find(command => command.name === name)
  if (found) return found
  const meant = nearest(
    name,
    menu.map(command => command.name),
  )
  throw new Stop(
    'usage',
    `There is no command "${name}".${meant ? ` Did you mean ${meant}?` : ''} See "pawl help".`,
  )
}

function parse(command: Command, args: string[]) {
  try {
    return parseArgs({
      args,
      options: { ...COMMON, ...command.options },
      allowPositionals: true,
      strict: true,
    })
  } catch (error) {
    const [says = ''] = (error as Error).message.split('. ')
    throw new Stop('usage', `${says.replace(/\.$/, '')}. See "pawl help ${command.name}".`)
  }
}

type Values = Record<string, unknown>

function callOf(values: Values, words: string[]): Call {
  const text = (option: string): string | undefined => {
    const value = values[option]
    return typeof value === 'string' ? value : undefined
  }
  const json = values.json === true
  const site = text('site') ?? process.env.PAWL_SITE
  return {
    words,
    text,
    flag: option => values[option] === true,
    json,
    say: line => void (json || print(plain(line))),
    tell: value => void (json && print(JSON.stringify(value))),
    agent: () =>
      agentSocket(socketPaths(text('socket'), text('site')), () => askPins(namesIn(values.as), prompt)),
    site,
    user: userName(),
  }
}

const namesIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

const prompt = (line: string): void => void process.stderr.write(line)

function socketPaths(socket: string | undefined, site: string | undefined): string[] {
  const { PAWL_SOCKET, PAWL_SITE } = process.env
  const file = site ?? (socket === undefined && PAWL_SOCKET === undefined ? PAWL_SITE : undefined)
  if (socket !== undefined) return [socket]
  if (file !== undefined) return [siteSocket(file)]
  if (PAWL_SOCKET !== undefined) return [PAWL_SOCKET]
  return [join('run', 'pawl.sock'), '/run/pawl/pawl.sock', '/var/lib/pawl/pawl.sock']
}

function siteSocket(file: string): string {
  try {
    return socketOf(loadSite(file))
  } catch (error) {
    if (error instanceof CannotStart) throw new Stop('usage', error.message)
    throw error
  }
}

/** A user without a name in the machine's list is still somebody. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

/** `pawl journal | head` closes the pipe: that is the end of it, and nobody's mistake. */
process.stdout.on('error', error =>
  process.exit('code' in error && error.code === 'EPIPE' ? 0 : EXIT.no.code),
)

main(process.argv.slice(2)).then(
  exit => {
    process.exitCode = EXIT[exit].code
  },
  (error: unknown) => {
    const stop = error instanceof Stop ? error : undefined
    const says = stop?.message ?? (error instanceof Error ? error.stack : String(error)) ?? ''
    process.stderr.write(`${says.split('\n').map(plain).join('\n')}\n`)
    process.exitCode = stop ? EXIT[stop.exit].code : 70
  },
)
