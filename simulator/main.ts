import { createInterface } from 'node:readline'
import { tellEntry } from '../agent/domain/tell.ts'
import { sleep } from '../drivers/host/clock.ts'
import { readArguments } from './arguments.ts'
import { helpOf } from './town/faults.ts'
import { autoCentre, kiosk, type Show, sentence, walkOn, walkOnce } from './town/show.ts'
import type { Station } from './town/station.ts'

const HELP = `npm start: ${autoCentre.about} with the real agent in it, until Ctrl-C.

  npm start -- --site kiosk    ${kiosk.about} instead, like that of config/sites/kiosk.yaml
  npm start -- --once          every journey once, then check that cabinet, journal and cloud agree
  npm start -- --once --json   the same, ending with one JSON object on one line

While it runs, type a fault and Enter:
${helpOf(autoCentre.faults)}

At the kiosk:
${helpOf(kiosk.faults)}
`

const read = readArguments({
  options: {
    site: { type: 'string', default: 'auto-centre' },
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

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const [, name] = /^(?:.*\/)?(auto-centre|kiosk)(?:\.yaml)?$/.exec(values.site) ?? []
  if (name === 'auto-centre') return present(autoCentre)
  if (name === 'kiosk') return present(kiosk)
  process.stderr.write(`There is no site "${values.site}" to show: auto-centre or kiosk. See --help.\n`)
  return 2
}

async function present<Place extends Station>(show: Show<Place>): Promise<number> {
  const place = await show.open()
  place.operator.follow(({ seq, at, entry }) =>
    print(`  ${new Date(at).toISOString().slice(11, 23)}  ${String(seq).padStart(4)}  ${tellEntry(entry)}`),
  )
  const ports = Object.values(place.lines).map(({ path }) => path)
  print(`${show.what(place)} on ${ports.join(', ')}`)
  print(`Ask the agent from another terminal: npx pawl status --socket ${place.socket}`)
  const stop = new AbortController()
  // Whoever read along has closed the pipe: everything that was started still ends in order.
  process.stdout.on('error', () => stop.abort())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  place.startAgent()
  if (!values.once) listen(show, place)
  const walked = values.once
    ? await walkOnce(show, place, print)
    : await walkOn(show, place, print, stop.signal)
  if (values.once) await settle(place)
  await place.endAgent('SIGTERM')
  const { journalRows, cloudRows, disagreements: found } = show.agree(place)
  await place.close()
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
async function settle({ clock, operator }: Station): Promise<void> {
  for (let before = -1; before !== operator.book.rows.length; ) {
    before = operator.book.rows.length
    await sleep(clock, 700)
  }
}

function listen<Place extends Station>({ faults }: Show<Place>, place: Place): void {
  const lines = createInterface({ input: process.stdin })
  lines.on('line', line => {
    const [name = '', ...words] = line.trim().split(/\s+/)
    const fault = faults.find(each => each.name === name)
    if (fault) void fault.strike(place, words).then(print, error => print(sentence(error)))
    else if (name !== '') print(`There is no fault "${name}". Type one of:\n${helpOf(faults)}`)
  })
}

main().then(
  code => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${sentence(error)}\n`)
    process.exit(1)
  },
)
