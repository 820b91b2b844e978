import { tellEntry } from '../../agent/domain/tell.ts'
import { readArguments } from '../arguments.ts'
import { runClinic } from '../clinic/run.ts'
import { CLINIC_FAULTS } from '../clinic/swarm.ts'
import { run, type Story } from './run.ts'
import { FAULTS } from './swarm.ts'

const HELP = `npm run rig: whole lives of a locker bank or a kiosk on a virtual clock, judged by the simulated world.

  npm run rig -- --seeds 500          that many seeds, from 1; --from N starts elsewhere
  npm run rig -- --seeds 500 --json   the same, ending with one JSON object on one line
  npm run rig -- --seeds 500 --brief  breaches and the totals, on a few lines
  npm run rig -- --seed 77            one seed, with its story
  npm run rig -- --kiosk …            a prescription kiosk instead; all of the above

Exit code 1 when a promise was broken; each breach names the command that replays it.
`

const read = readArguments({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    kiosk: { type: 'boolean', default: false },
    brief: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if ('mistake' in read) {
  process.stderr.write(read.mistake)
  process.exit(2)
}
const { values } = read

interface Plant {
  run(seed: number): Promise<Story>
  faults: readonly string[]
  phases: readonly string[]
  /** What the command that replays a seed needs, too. */
  flag: string
}

const bank: Plant = {
  run,
  faults: FAULTS,
  phases: ['idle', 'unlocking', 'open', 'asking', 'in-doubt', 'off'],
  flag: '',
}
const kiosk: Plant = {
  run: runClinic,
  faults: CLINIC_FAULTS,
  phases: ['idle', 'verifying', 'printing', 'vending', 'checking', 'delivering', 'closing', 'held', 'off'],
  flag: ' --kiosk',
}
const plant = values.kiosk ? kiosk : bank

const print = (line: string): void => void (values.json || process.stdout.write(`${line}\n`))

function number(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  process.stderr.write(`--${name} takes a whole number from 1, not "${text}".\n`)
  process.exit(2)
}

async function one(seed: number): Promise<number> {
  const story = await plant.run(seed)
  for (const { at, entry } of story.seen)
    print(`${(at / 1_000).toFixed(2).padStart(9)} s  ${tellEntry(entry)}`)
  for (const violation of story.violations) print(`BROKEN  ${violation}`)
  print(
    `Seed ${seed}: ${story.rows.length} rows, ${story.actuations} actuations, ${story.violations.length} promises broken, story ${story.digest.slice(0, 12)}`,
  )
  if (values.json)
    process.stdout.write(`${JSON.stringify({ seed, digest: story.digest, violations: story.violations })}\n`)
  return story.violations.length === 0 ? 0 : 1
}

async function many(from: number, seeds: number): Promise<number> {
  const began = performance.now()
  const stories = new Set<string>()
  const cells = new Map<string, number>()
  const violations: string[] = []
  let [hours, actuations, underFault] = [0, 0, 0]
  for (let seed = from; seed < from + seeds; seed++) {
    const story = await plant.run(seed)
    stories.add(story.digest)
    hours += story.hours
    actuations += story.actuations
    underFault += story.underFault
    add(cells, story)
    for (const says of story.violations) {
      violations.push(`seed ${seed}: ${says}`)
      print(`BROKEN  ${says}\n        npm run rig --${plant.flag} --seed ${seed}`)
    }
  }
  const seconds = (performance.now() - began) / 1_000
  const table = Object.fromEntries(
    plant.faults.map(fault => [
      fault,
      Object.fromEntries(plant.phases.map(phase => [phase, cells.get(`${fault} × ${phase}`) ?? 0])),
    ]),
  )
  const empty = plant.faults.flatMap(fault =>
    plant.phases.filter(phase => !cells.has(`${fault} × ${phase}`)).map(phase => `${fault} × ${phase}`),
  )
  if (!values.brief) show(table, empty)
  const figures = {
    seeds,
    distinctStories: stories.size,
    simulatedHours: round(hours),
    actuations,
    actuationsUnderFault: underFault,
    violations: violations.length,
    seedsPerSecond: round(seeds / seconds),
    timesRealTime: Math.round((hours * 3_600) / seconds),
  }
  if (values.brief)
    print(
      Object.entries(figures)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    )
  else for (const [name, value] of Object.entries(figures)) print(`${name.padEnd(22)} ${value}`)
  if (!values.brief)
    print(
      `No violation in ${seeds} seeds bounds their rate below ${round(300 / seeds)} % for this fault model; flash wear, welded relays, interference and real boards are not in it.`,
    )
  if (values.json)
    process.stdout.write(`${JSON.stringify({ ...figures, broken: violations, table, emptyCells: empty })}\n`)
  return violations.length === 0 ? 0 : 1
}

function add(cells: Map<string, number>, story: Story): void {
  for (const [cell, count] of story.cells) cells.set(cell, (cells.get(cell) ?? 0) + count)
}

function show(table: Record<string, Record<string, number>>, empty: string[]): void {
  print(`\n${''.padEnd(18)}${plant.phases.map(phase => phase.padStart(11)).join('')}`)
  for (const [fault, row] of Object.entries(table))
    print(`${fault.padEnd(18)}${plant.phases.map(phase => String(row[phase] || '·').padStart(11)).join('')}`)
  print(`${empty.length} of ${plant.faults.length * plant.phases.length} cells are empty.\n`)
}

const round = (value: number): number => Math.round(value * 100) / 100

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  if (values.seed !== undefined) return one(number('seed', values.seed))
  return many(number('from', values.from), number('seeds', values.seeds ?? '500'))
}

process.exitCode = await main()
