import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { tellEntry } from '../agent/domain/tell.ts'
import { sleep } from '../drivers/host/clock.ts'
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

const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const print = (line: string): void => void (values.json || process.stdout.write(`${line}\n`))

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const town = await openTown()
  town.operator.follow(({ seq, at, entry }) =>
    print(`  ${new Date(at).toISOString().slice(11, 23)}  ${String(seq).padStart(4)}  ${tellEntry(entry)}`),
  )
  print(
    `The cabinet has ${town.steel.doors.length} doors on ${Object.values(town.lines)
      .map(({ path }) => path)
      .join(', ')}`,
  )
  print(`Ask the agent from another terminal: npx pawl status --socket ${town.socket}`)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  process.once('SIGTERM', () => stop.abort())
  town.startAgent()
  const disagreements: string[] = []
  let walked = 0
  try {
    await town.operator.until('all three devices to answer', () =>
      ['board-left', 'board-right', 'scanner'].every(device =>
        town.operator.book.rows.some(
          ({ entry }) => entry.type === 'device-online' && entry.device === device,
        ),
      ),
    )
    if (!values.once) listen(town)
    for (let round = 1; !stop.signal.aborted; round++) {
      for (const journey of journeys) {
        if (stop.signal.aborted) break
        print(`\n${journey.name}`)
        await journey.walk(town, round * 100 + walked, line => print(`  → ${line}`))
        walked++
        if (!values.once) await sleep(town.clock, 1_500)
      }
      if (values.once) break
    }
  } catch (error) {
    disagreements.push(error instanceof Error ? error.message : String(error))
    if (town.said()) disagreements.push(town.said())
  }
  await settle(town)
  await town.endAgent('SIGTERM')
  const { journalRows, cloudRows, disagreements: found } = agree(town)
  await town.close()
  disagreements.push(...found)
  const ok = disagreements.length === 0
  for (const disagreement of disagreements) print(`DISAGREES: ${disagreement}`)
  print(
    `\n${walked} journeys, ${journalRows} journal rows, ${cloudRows} at the cloud: ${ok ? 'all agree' : 'they do not agree'}`,
  )
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ ok, journeys: walked, journalRows, cloudRows, disagreements })}\n`,
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
    if (fault) void fault.strike(town, words).then(print, (error: Error) => print(error.message))
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
