import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { readArguments } from '../../simulator/arguments.ts'
import { benches } from './benches.ts'
import { endEverything } from './ending.ts'
import type { Bench, Figures } from './figure.ts'
import { heading, line, wrap } from './table.ts'

const ROWS = 100_000

const HELP = `npm run bench -- [NAME…] [--rows N] [--json]

${benches
  .map(
    ({ name, about, figures }) => `${name}\n${wrap(`${about}.`)}\n${wrap(`Figures: ${figures.join(', ')}.`)}`,
  )
  .join('\n')}

NAME is a bench, a figure, or how figures begin, such as first-byte.
--rows N  how many rows wait in the backlog (${ROWS} unless told)
--json    ends with one object on one line, a key a figure,
          { value, unit, floor, ratio, goal, met }; ratio is value / floor
A goal that is missed is printed as it is: the exit code is 1 only when a bench
could not be run, and 2 when the command was not understood.
`

const read = readArguments({
  options: {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    rows: { type: 'string', default: String(ROWS) },
  },
  allowPositionals: true,
})
if ('mistake' in read) {
  process.stderr.write(read.mistake)
  process.exit(2)
}
const { values, words } = read
const print = (text: string): void => void (values.json || process.stdout.write(`${text}\n`))

const meant = ({ name, figures }: Bench, word: string): boolean =>
  name === word || figures.some(figure => figure === word || figure.startsWith(`${word}-`))

const about = (): Record<string, string> => ({
  commit: commit(),
  node: process.version,
  machine: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
})

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

/** What is wrong with the command, in one sentence. */
function mistake(): string | undefined {
  const unknown = words.find(word => !benches.some(bench => meant(bench, word)))
  if (unknown !== undefined)
    return `There is no bench "${unknown}": ${benches.map(({ name }) => name).join(', ')}. See --help.`
  if (!/^[1-9]\d{0,7}$/.test(values.rows)) return `--rows is a number of rows, not "${values.rows}".`
  return undefined
}

async function run(bench: Bench): Promise<Figures> {
  print(`\n${bench.name}\n${wrap(`${bench.about}.`)}`)
  const notes: string[] = []
  const figures = await bench.measure(note => notes.push(note), { rows: Number(values.rows) })
  for (const [name, figure] of Object.entries(figures)) print(line(name, figure))
  for (const note of notes) print(wrap(`${note}.`))
  return figures
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const wrong = mistake()
  if (wrong !== undefined) {
    process.stderr.write(`${wrong}\n`)
    return 2
  }
  const machine = about()
  print(`${Object.values(machine).join(', ')}\n\n${heading()}`)
  const all: Figures = {}
  for (const bench of benches)
    if (words.length === 0 || words.some(word => meant(bench, word))) Object.assign(all, await run(bench))
  const missed = Object.keys(all).filter(name => all[name]?.met === false)
  print(
    missed.length === 0 ? '\nEvery goal was met.' : `\n${wrap(`! Goals missed: ${missed.join(', ')}.`, '')}`,
  )
  if (values.json) process.stdout.write(`${JSON.stringify({ about: machine })}\n${JSON.stringify(all)}\n`)
  return 0
}

let calledOff = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    calledOff = true
    void endEverything().finally(() => process.exit(130))
  })

main().then(
  code => process.exit(code),
  (error: unknown) => {
    // What a bench says when its things were ended under it is no news.
    if (calledOff) return
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
)
