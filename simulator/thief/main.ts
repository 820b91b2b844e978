import { guessBound } from '../../agent/domain/lock-out.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { readArguments } from '../arguments.ts'
import { DIGITS, robs, TRIES } from './thief.ts'

const HELP = `npm run thief: somebody tries codes, forgeries and used tokens at a bank of doors, day and night in virtual time.

  npm run thief -- --attempts 10000000   that many; a million where nothing is said
  npm run thief -- --seed 7              another thief
  npm run thief -- --json                ends with one JSON object on one line

Exit code 1 when a door opened for a forgery, or more codes were guessed than ten times the bound.
`
const BOOKINGS = 30
/** A bank is robbed anew after so many: its bookings are other ones then. */
const AT_ONCE = 50_000

const read = readArguments({
  options: {
    attempts: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if ('mistake' in read) {
  process.stderr.write(read.mistake)
  process.exit(2)
}
const { values } = read

function number(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  process.stderr.write(`--${name} takes a whole number from 1, not "${text}".\n`)
  process.exit(2)
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const attempts = number('attempts', values.attempts)
  const from = number('seed', values.seed)
  const began = systemClock.now()
  const all = { guesses: 0, forgeries: 0, replays: 0, guessed: 0, forced: 0 }
  let banks = 0
  for (let left = attempts; left > 0; left -= AT_ONCE) {
    const haul = await robs(Math.min(left, AT_ONCE), BOOKINGS, from + banks++)
    for (const name of Object.keys(all) as (keyof typeof all)[]) all[name] += haul[name]
  }
  const expected = banks * guessBound({ digits: DIGITS, tries: TRIES, legs: BOOKINGS })
  const seconds = Math.round((systemClock.now() - began) / 1_000)
  const ok = all.forced === 0 && all.guessed <= 10 * expected + 10
  if (values.json)
    process.stdout.write(`${JSON.stringify({ attempts, banks, ...all, expected, seconds, ok })}\n`)
  else
    process.stdout.write(
      `${attempts} attempts at ${banks} banks of ${BOOKINGS} bookings with codes of ${DIGITS} digits in ${seconds} s:\n` +
        `${all.guesses} guesses opened ${all.guessed} doors; the tries allow ${expected.toFixed(2)} on average.\n` +
        `${all.forgeries} forged or altered tokens and ${all.replays} used ones opened ${all.forced}.\n`,
    )
  return ok ? 0 : 1
}

process.exitCode = await main()
