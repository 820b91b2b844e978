import { createInterface } from 'node:readline'
import { tellEntry } from '../agent/domain/tell.ts'
import { sleep } from '../drivers/host/clock.ts'
import { readArguments } from './arguments.ts'
import { agree } from './town/agree.ts'
import { faultNamed, faultsHelp } from './town/faults.ts'
import { journeys } from './town/journeys.ts'
import { openTown, type Town } from './town/town.ts'

const HELP = `npm start: a simulated auto centre with the real agent in it, until Ctrl-C.

  npm start -- --once          every journey once, then check that cabinet, journal and cloud agree
  npm start -- --once --json   the same, ending with one JSON object on one line

While it runs, type a fault and Enter:
${faultsHelp}
`

const read = readArguments({
  options: {
    once: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if ('mistake' in read) {
  process.stderr.write(read.mistake)
  process.exit(2)
}
const { values } = read

const print = (line: string): void => void (values.json || process.stdout.write(`${line}\n`))

interface Walked {
  journeys: number
  failed: string[]
}

/** Every journey once; the first that fails ends it. */
async function walkOnce(town: Town): Promise<Walked> {
  let walked = 0
  try {
    await awake(town)
    for (const journey of journeys) {
      print(`\n${journey.name}`)
      await journey.walk(town, 100 + walked, line => print(`  → ${line}`))
      walked++
    }
    return { journeys: walked, failed: [] }
  } catch (error) {
    return { journeys: walked, failed: [sentence(error), town.said()].filter(said => said !== '') }
  }
}

/** One journey after another until `stopped`. What somebody typed may make one fail: then it is said, and life goes on. */
async function walkOn(town: Town, stopped: AbortSignal): Promise<Walked> {
  const stop = new Promise<'stop'>(resolve => stopped.addEventListener('abort', () => resolve('stop')))
  listen(town)
  await Promise.race([awake(town).catch(error => print(sentence(error))), stop])
  for (let walked = 0; ; walked++) {
    const journey = journeys[walked % journeys.length]
    if (!journey || stopped.aborted) return { journeys: walked, failed: [] }
    print(`\n${journey.name}`)
    const walk = journey.walk(town, 100 + walked, line => print(`  → ${line}`))
    await Promise.race([walk.catch(error => print(`  → it did not go well: ${sentence(error)}`)), stop])
    await Promise.race([sleep(town.clock, 1_500), stop])
  }
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const awake = (town: Town) =>
  town.operator.until('all three devices to answer', () =>
    ['board-left', 'board-right', 'scanner'].every(device =>
      town.operator.book.rows.some(({ entry }) => entry.type === 'device-online' && entry.device === device),
    ),
  )

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const town = await openTown()
  town.operator.follow(({ seq, at, entry }) =>
    print(`  ${new Date(at).toISOString().slice(11, 23)}  ${String(seq).padStart(4)}  ${tellEntry(entry)}`),
  )
  const ports = Object.values(town.lines).map(({ path }) => path)
  print(`The cabinet has ${town.steel.doors.length} doors on ${ports.join(', ')}`)
  print(`Ask the agent from another terminal: npx pawl status --socket ${town.socket}`)
  const stop = new AbortController()
  // Whoever read along has closed the pipe: everything that was started still ends in order.
  process.stdout.on('error', () => stop.abort())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  town.startAgent()
  const walked = values.once ? await walkOnce(town) : await walkOn(town, stop.signal)
  if (values.once) await settle(town)
  await town.endAgent('SIGTERM')
  const { journalRows, cloudRows, disagreements: found } = agree(town)
  await town.close()
  // Whoever ends it in the middle leaves doors open and people standing there.
  const disagreements = values.once ? [...walked.failed, ...found] : []
  const ok = disagreements.length === 0
  for (const disagreement of disagreements) print(`DISAGREES: ${disagreement}`)
  const verdict = values.once ? (ok ? ': all agree' : ': they do not agree') : ''
  print(`\n${walked.journeys} journeys, ${journalRows} journal rows, ${cloudRows} at the cloud${verdict}`)
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ ok, journeys: walked.journeys, journalRows, cloudRows, disagreements })}\n`,
    )
  return ok ? 0 : 1
}

/** Until nothing new has come to the cloud for a moment. */
async function settle(town: Town): Promise<void> {
  for (let before = -1; before !== town.operator.book.rows.length; ) {
    before = town.operator.book.rows.length
    await sleep(town.clock, 700)
  }
}

function listen(town: Town): void {
  const lines = createInterface({ input: process.stdin })
  lines.on('line', line => {
    const [name = '', ...words] = line.trim().split(/\s+/)
    const fault = faultNamed(name)
    if (fault) void fault.strike(town, words).then(print, error => print(sentence(error)))
    else if (name !== '') print(`There is no fault "${name}". Type one of:\n${faultsHelp}`)
  })
}

main().then(
  code => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
