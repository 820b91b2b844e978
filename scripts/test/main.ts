import { spawn } from 'node:child_process'
import { type Stage, stages } from './stages.ts'

const HELP = `npm test: everything, in this order, until something fails.
npm test -- NAME…  only these.

${stages.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}
`

const wanted = process.argv.slice(2)

function run(command: string[]): Promise<number> {
  const [program = '', ...rest] = command
  return new Promise(resolve => {
    const child = spawn(program, rest, { stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', error => {
      process.stderr.write(`${program} could not be started (${error.message}): run npm ci first\n`)
      resolve(127)
    })
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 128 : 1)))
  })
}

async function play({ name, about, commands }: Stage): Promise<boolean> {
  process.stdout.write(`\n── ${name}: ${about}\n`)
  const began = performance.now()
  const codes = await Promise.all(commands.map(run))
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  const failed = codes.some(code => code !== 0)
  process.stdout.write(`── ${name}: ${failed ? 'FAILED' : 'passed'} in ${seconds} s\n`)
  return !failed
}

async function main(): Promise<number> {
  if (wanted.includes('--help')) {
    process.stdout.write(HELP)
    return 0
  }
  const unknown = wanted.find(name => !stages.some(stage => stage.name === name))
  if (unknown !== undefined) {
    process.stderr.write(`There is no stage "${unknown}": ${stages.map(({ name }) => name).join(', ')}.\n`)
    return 2
  }
  for (const stage of stages)
    if (wanted.length === 0 || wanted.includes(stage.name)) {
      if (!(await play(stage))) return 1
    }
  process.stdout.write('\nAll passed.\n')
  return 0
}

process.exitCode = await main()
