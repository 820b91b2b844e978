import { story } from '../../agent/workflows/story.ts'
import { SiteConfig } from '../../config/site.ts'
import { newSigner } from '../cloud/mint.ts'
import { random } from '../world/random.ts'

const HOUR = 3_600_000
export const DIGITS = 4
export const TRIES = 5
const operator = newSigner('operator', new Uint8Array(32).fill(1))
const thiefs = newSigner('operator', new Uint8Array(32).fill(9))

/** What was tried, and what came of it. */
export interface Haul {
  guesses: number
  forgeries: number
  replays: number
  /** Doors that opened for a code that was guessed. */
  guessed: number
  /** Doors that opened for a token that was forged, altered or used before: never any. */
  forced: number
}

/**
 * Somebody stands before a bank of doors day and night, and every other second tries a code at the scanner or the keypad, a
 * token they made, one they altered, or one that somebody used before. Told by the seed. `bookings`: there at the same time.
 * `codes`: how many there are to guess from.
 */
export async function robs(
  attempts: number,
  bookings: number,
  seed: number,
  codes = 10 ** DIGITS,
): Promise<Haul> {
  const dice = random(`thief ${seed}`)
  const doors = Array.from({ length: bookings + 1 }, (_, index) => `D${index + 1}`)
  const s = story(
    SiteConfig.parse({
      unit: 'bank',
      lines: ['bus', 'pads'].map(name => ({ name, serial: { path: `/dev/${name}` } })),
      devices: [
        { name: 'board', line: 'bus', driver: 'modbus-relay', options: { channels: 32 } },
        { name: 'scanner', line: 'bus', driver: 'line-scanner' },
        { name: 'pad', line: 'pads', driver: 'serial-keypad' },
      ],
      compartments: doors.map((name, index) => ({
        ...{ name, size: 'S', height_mm: 1_000, device: 'board', channel: index + 1 },
      })),
      access: { token_keys: [{ id: operator.id, key: operator.key }], keypads: ['pad'] },
      policy: { code_tries: TRIES },
    }),
  )
  const digits = () => String(dice.between(0, codes - 1)).padStart(DIGITS, '0')
  const ids = doors.slice(1).map((_, index) => `${1_000 + index}`)
  const until = s.clock.wall() + 300 * 24 * HOUR
  const seal = (booking: string, leg: 'deposit' | 'collect') => s.edge.code(booking, leg, digits())
  for (const name of doors)
    await s.report('board', { type: 'door', channel: doors.indexOf(name) + 1, open: false, was: undefined })
  for (const booking of ids)
    await s.ask({
      ...{ kind: 'book', booking, size: 'S', low_reach: false },
      deposit: { by: 'customer', code: seal(booking, 'deposit'), until },
      collect: { by: 'staff', code: seal(booking, 'collect'), until },
    })
  const token = (subject: string, signer = operator) =>
    signer.token({
      ...{ subject, unit: 'bank', action: 'deposit', id: dice.bytes(12) },
      ...{ notBefore: s.clock.wall() - HOUR, expires: s.clock.wall() + 24 * HOUR },
    })
  const left = token('9999')
  await s.ask({
    ...{ kind: 'book', booking: '9999', size: 'S', low_reach: false },
    deposit: { by: 'customer', code: seal('9999', 'deposit'), until },
    collect: { by: 'staff', code: seal('9999', 'collect'), until },
  })
  await s.scan(left)
  const used = doors.indexOf(s.opened()[0] ?? '') + 1
  for (const open of [true, false]) await s.report('board', { type: 'door', channel: used, open, was: !open })
  const haul: Haul = { guesses: 0, forgeries: 0, replays: 0, guessed: 0, forced: 0 }
  const opened = () => s.opened().length
  s.acts.length = 0

  async function guess(): Promise<void> {
    haul.guesses++
    const [booking, code] = [dice.pick(ids), digits()]
    if (dice.chance(1, 2)) return s.scan(`${booking}:${code}`)
    for (const key of `${booking}*${code}#`) await s.report('pad', { type: 'key', key })
  }

  async function forge(): Promise<void> {
    haul.forgeries++
    if (dice.chance(1, 2)) return s.scan(token(dice.pick(ids), thiefs))
    const bytes = Buffer.from(left, 'latin1')
    const at = dice.between(0, bytes.length - 1)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.between(0, 7))
    await s.report('scanner', { type: 'scan', bytes, aim: undefined })
  }

  async function replay(): Promise<void> {
    haul.replays++
    await s.scan(left)
  }

  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = opened()
    const how = dice.between(1, 10)
    await (how <= 7 ? guess() : how <= 9 ? forge() : replay())
    if (opened() > before) how <= 7 ? haul.guessed++ : haul.forced++
    s.lines()
    s.steps.length = 0
    s.acts.length = 0
    await s.pass(2)
  }
  return haul
}
