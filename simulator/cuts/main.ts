import { systemClock } from '../../drivers/host/clock.ts'
import { readArguments } from '../arguments.ts'
import { type Cut, cutsOf, play, type Step, WHENS, type When } from './play.ts'
import { type Script, scripts } from './scripts.ts'

const HELP = `npm run cuts: the power of a kiosk goes at every commit, every byte to a device and every message to the cloud.

  npm run cuts                        every script, every step: before, in the middle of it, after
  npm run cuts -- --script one-pack   one of them: ${scripts.map(({ name }) => name).join(', ')}
  npm run cuts -- --script one-pack --step 12 --when torn   one cut
  npm run cuts -- --json              ends with one JSON object on one line

Exit code 1 when a promise was broken; each breach names the command that repeats it.
`

const read = readArguments({
  options: {
    script: { type: 'string' },
    step: { type: 'string' },
    when: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if ('mistake' in read) refuse(read.mistake.trimEnd())
const { values } = read

function refuse(says: string): never {
  process.stderr.write(`${says}\n`)
  process.exit(2)
}

const print = (line: string): void => void (values.json || process.stdout.write(`${line}\n`))

/** What became of the cuts in one phase of one script. */
interface Tally {
  cuts: number
  held: number
  broken: number
}

async function cutAll(script: Script, only: (step: Step, cut: Cut) => boolean) {
  const { steps } = await play(script)
  const tallies = new Map<string, Tally>()
  const broken: string[] = []
  for (const [index, step] of steps.entries())
    for (const when of cutsOf(step)) {
      const cut = { step: index, when }
      if (!only(step, cut)) continue
      const { violations, held } = await play(script, cut)
      const name = `${step.phase.padEnd(12)}${step.kind.padEnd(9)}${when}`
      const tally = tallies.get(name) ?? { cuts: 0, held: 0, broken: 0 }
      tally.cuts++
      if (held > 0) tally.held++
      if (violations.length > 0) tally.broken++
      tallies.set(name, tally)
      for (const says of violations)
        broken.push(`${says}\n        npm run cuts -- --script ${script.name} --step ${index} --when ${when}`)
    }
  return { steps: steps.length, tallies, broken }
}

function chosen(): { from: Script[]; only(step: Step, cut: Cut): boolean } {
  const { script, step, when } = values
  const from = scripts.filter(({ name }) => script === undefined || name === script)
  if (from.length === 0)
    refuse(`There is no script "${script}": ${scripts.map(({ name }) => name).join(', ')}.`)
  if (step !== undefined && !/^\d{1,5}$/.test(step)) refuse(`--step takes a number from 0, not "${step}".`)
  if (when !== undefined && !WHENS.includes(when as When))
    refuse(`--when takes ${WHENS.join(', ')}, not "${when}".`)
  return {
    from,
    only: (_step, cut) =>
      (step === undefined || cut.step === Number(step)) && (when ?? cut.when) === cut.when,
  }
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const { from, only } = chosen()
  const began = systemClock.now()
  const all = { steps: 0, cuts: 0, held: 0, broken: [] as string[] }
  for (const script of from) {
    const { steps, tallies, broken } = await cutAll(script, only)
    print(
      `\n${script.name}: ${steps} steps\n${'phase'.padEnd(12)}${'step'.padEnd(9)}when      cuts   held   broken`,
    )
    for (const [name, tally] of [...tallies].sort(([one], [other]) => one.localeCompare(other)))
      print(
        `${name.padEnd(30)}${[tally.cuts, tally.held, tally.broken].map(count => String(count).padStart(5)).join('  ')}`,
      )
    for (const says of broken) print(`BROKEN  ${says}`)
    all.steps += steps
    for (const { cuts, held } of tallies.values()) {
      all.cuts += cuts
      all.held += held
    }
    all.broken.push(...broken.map(says => `${script.name}: ${says}`))
  }
  const seconds = Math.round((systemClock.now() - began) / 100) / 10
  if (all.cuts === 0)
    refuse('There is no such cut: a script has as many steps as `npm run cuts -- --script NAME` says.')
  print(
    `\n${all.cuts} cuts at ${all.steps} steps in ${seconds} s: ${all.held} held for a person, ${all.broken.length} promises broken.`,
  )
  if (values.json) process.stdout.write(`${JSON.stringify({ ...all, seconds })}\n`)
  return all.broken.length === 0 ? 0 : 1
}

process.exitCode = await main()
