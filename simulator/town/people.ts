import type { Entry } from '../../agent/domain/journal.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { sleep } from '../../drivers/host/clock.ts'
import type { Door } from '../world/door.ts'
import type { Station } from './station.ts'
import type { Town } from './town.ts'

/** Somebody's way through a place. Rejects with one sentence where it went wrong. */
export interface Journey<Place = Town> {
  name: string
  walk(town: Place, number: number, tell: (line: string) => void): Promise<void>
}

/** How long a person stands at an open door, at the least. */
export const AT_THE_DOOR: Millis = 1_200
const DAY: Millis = 86_400_000

type Is<Type extends Entry['type']> = Entry & { type: Type }
export const is =
  <Type extends Entry['type']>(type: Type, more: (entry: Is<Type>) => boolean = () => true) =>
  (entry: Entry): boolean =>
    entry.type === type && more(entry as Is<Type>)

/** Waits until the steel itself shows it. */
export async function sees(town: Pick<Station, 'clock'>, what: string, seen: () => boolean): Promise<void> {
  const until = town.clock.now() + 15_000
  while (!seen()) {
    if (town.clock.now() > until) throw new Error(`${what} did not happen within 15 s`)
    await sleep(town.clock, 20)
  }
}

export async function book(
  town: Town,
  booking: string,
  by: 'customer' | 'staff',
  size: 'S' | 'M' | 'L' = 'S',
  low_reach = false,
  more: object = {},
) {
  const until = Math.floor(town.clock.wall() + DAY)
  const codes = { deposit: digits(booking, 1), collect: digits(booking, 2) }
  const collector = by === 'customer' ? 'staff' : 'customer'
  const id = town.operator.instruct({
    kind: 'book',
    booking,
    size,
    low_reach,
    deposit: { by, code: codes.deposit, until },
    collect: { by: collector, code: codes.collect, until },
    ...more,
  })
  await town.operator.until(
    `${booking} to be booked`,
    is('instruction-ended', entry => entry.id === id && entry.outcome === 'done'),
  )
  return codes
}

/** Codes of the simulated operator: any digits do, they protect nothing here. */
const digits = (booking: string, leg: number): string =>
  String(
    [...`${booking}/${leg}`].reduce((all, letter) => (all * 31 + letter.charCodeAt(0)) % 900_000, 7) +
      100_000,
  )

/** Holds a booking's code, or the token on a phone, before the scanner. */
export async function shows(town: Town, booking: string, credential: string): Promise<Door> {
  const before = new Set(town.steel.doors.filter(door => door.open))
  town.scanner.scan(credential)
  await sees(town, `a door for ${booking}`, () =>
    town.steel.doors.some(door => door.open && !before.has(door)),
  )
  await sleep(town.clock, AT_THE_DOOR)
  return town.steel.doors.find(door => door.open && !before.has(door)) as Door
}

export const showsCode = (town: Town, booking: string, code: string): Promise<Door> =>
  shows(town, booking, `${booking}:${code}`)

export async function deposits(
  town: Town,
  booking: string,
  code: string,
  thing: string,
  tell: (line: string) => void,
): Promise<Door> {
  return putsIn(town, booking, await showsCode(town, booking, code), thing, tell)
}

export async function putsIn(
  town: Town,
  booking: string,
  door: Door,
  thing: string,
  tell: (line: string) => void,
): Promise<Door> {
  door.put(thing)
  door.push()
  await town.operator.until(
    `${booking} to be deposited`,
    is('deposited', entry => entry.booking === booking),
  )
  tell(`${thing} lie in ${door.name}; the cloud knows`)
  return door
}

export async function collects(
  town: Town,
  booking: string,
  code: string,
  thing: string,
  tell: (line: string) => void,
): Promise<void> {
  await takesOut(town, booking, await showsCode(town, booking, code), thing, tell)
}

export async function takesOut(
  town: Town,
  booking: string,
  door: Door,
  thing: string,
  tell: (line: string) => void,
): Promise<void> {
  const taken = door.take()
  if (taken !== thing)
    throw new Error(`${booking} opened ${door.name}, which held ${taken ?? 'nothing'} and not ${thing}`)
  door.push()
  await town.operator.until(
    `${booking} to be collected`,
    is('collected', entry => entry.booking === booking),
  )
  tell(`${thing} were taken from ${door.name}; the cloud knows`)
}
