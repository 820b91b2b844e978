import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { readArguments } from '../../simulator/arguments.ts'
import { actuation } from './actuation.ts'
import { backlog } from './backlog.ts'
import { bus } from './bus.ts'
import type { Bench, Figures } from './figure.ts'
import { flash } from './flash.ts'
import { loop } from './loop.ts'
import { memory, startTime } from './unit.ts'

const benches: Bench[] = [actuation, loop, startTime, memory, bus, flash, backlog]

const HELP = `npm run bench -- [NAME…] [--json]

${benches.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}

--json ends with one object on one line: a key a figure, { value, unit, floor, ratio, goal, met }.
A goal that is missed is printed as it is; the exit code is 1 only when a bench could not be run.
`

const read = readArguments({
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  allowPositionals: true,
})
if ('mistake' in read) {
  process.stderr.write(read.mistake)
  process.exit(2)
}
const { values, words } = read
const print = (line: string): void => void (values.json || process.stdout.write(`${line}\n`))

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

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const unknown = words.find(word => !benches.some(({ name }) => name === word))
  if (unknown !== undefined) {
    process.stderr.write(`There is no bench "${unknown}": ${benches.map(({ name }) => name).join(', ')}.\n`)
    return 2
  }
  const machine = about()
  print(Object.values(machine).join(', '))
  if (values.json) process.stdout.write(`${JSON.stringify({ about: machine })}\n`)
  const all: Figures = {}
  for (const { name, about: what, measure } of benches) {
    if (words.length > 0 && !words.includes(name)) continue
    print(`\n${name}: ${what}`)
    const figures = await measure(line => print(`  ${line}`))
    for (const [key, { value, unit, floor, ratio, goal, met }] of Object.entries(figures)) {
      const beside = floor === null ? '' : `  floor ${floor}`
      const times = ratio === null ? '' : `  ×${ratio}`
      print(
        `  ${met ? ' ' : '!'} ${key.padEnd(18)} ${value} ${unit}${beside}${times}  goal ${goal}${met ? '' : ': MISSED'}`,
      )
    }
    Object.assign(all, figures)
  }
  if (values.json) process.stdout.write(`${JSON.stringify(all)}\n`)
  return 0
}

main().then(
  code => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
)
