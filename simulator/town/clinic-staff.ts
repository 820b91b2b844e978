import type { Entry } from '../../agent/domain/journal.ts'
import { type Millis, sleep } from '../../drivers/host/clock.ts'
import { packLabel } from '../clinic/hardware.ts'
import { BADGE, LANES } from '../clinic/site.ts'
import type { ClinicTown } from './clinic.ts'
import { inService, next, obeyed } from './clinic-people.ts'
import { asks, desk, done } from './desk.ts'
import { AT_THE_DOOR, is } from './people.ts'

const DAY: Millis = 86_400_000
const BY = { by: 'staff' } as const

export const laneNamed = (name: string): (typeof LANES)[number] => {
  const lane = LANES.find(each => each.name === name)
  if (!lane) throw new Error(`There is no lane "${name}": ${LANES.map(each => each.name).join(', ')}.`)
  return lane
}

/** What is printed on a new pack; `days` from now it expires. */
export function newPack(town: ClinicTown, gtin: string, lot = 'LOT1', days = 700) {
  const id = `S${town.next()}`
  const expiry = new Date(town.clock.wall() + days * DAY).toISOString().slice(2, 10).replaceAll('-', '')
  return { id, label: packLabel(gtin, id, lot, expiry) }
}

/** A technician fills a lane up to so many packs, each shown to the scanner before it goes in. Says how many went in. */
export async function fills(town: ClinicTown, name: string, upTo: number, lot?: string): Promise<number> {
  const { machine } = town
  const { product } = laneNamed(name)
  const missing = Math.max(0, upTo - machine.lane(name).packs.length)
  if (missing === 0) return 0
  await done(town, { kind: 'load', lane: name, by: 'technician' })
  for (let pack = 0; pack < missing; pack++) await putsIn(town, name, product, lot)
  await done(town, { kind: 'load-end', lane: name, by: 'technician' })
  return missing
}

async function putsIn(town: ClinicTown, lane: string, product: string, lot?: string): Promise<void> {
  const { id, label } = newPack(town, product, lot)
  town.packs.scan(label, ']d2')
  await town.operator.until(
    `${id} to be taken in`,
    is('pack-loaded', entry => entry.serial === id),
  )
  town.machine.feed(lane, { id, label })
}

/** The technician's badge leads from lane to lane, and each gets what the unit says it lacks. Says where it led. */
export async function goesRound(town: ClinicTown): Promise<string[]> {
  const been: string[] = []
  const { rows } = town.operator.book
  const lacking = LANES.filter(({ name, par }) => town.machine.lane(name).packs.length < par)
  for (const _lane of lacking) {
    const led = next(town, 'the badge to lead to a lane', is('load-began'))
    await holdsBadge(town)
    const { entry } = await led
    if (entry.type !== 'load-began') throw new Error(`${entry.type} leads nowhere`)
    for (let pack = 0; pack < entry.wanted; pack++)
      await putsIn(town, entry.lane, laneNamed(entry.lane).product)
    been.push(`${entry.wanted} into ${entry.lane}`)
  }
  const over = next(town, 'the round to end', is('load-ended'))
  await holdsBadge(town)
  await over
  if (rows.findLast(({ entry }) => entry.type.startsWith('load-'))?.entry.type !== 'load-ended')
    throw new Error('the badge leads on though every lane was visited')
  return been
}

async function holdsBadge({ badges, clock }: ClinicTown): Promise<void> {
  badges.hold(BADGE)
  await sleep(clock, 300)
  badges.takeAway()
  // A badge counts again once it was away for a second.
  await sleep(clock, 1_200)
}

/** Takes whatever lies in the tray out with the mechanical key; says what that was. */
export async function empties(town: ClinicTown): Promise<string[]> {
  const { clock, machine, door } = town
  if (machine.tray.length === 0 && !door.open) return []
  if (!door.open) door.openByHand()
  // Long enough for the board to see it open.
  await sleep(clock, AT_THE_DOOR)
  const taken = machine.take().map(({ id }) => id)
  door.push()
  return taken
}

/** Somebody looks at what is held, mends the lanes, makes the tray empty, and says what is true of each pack. */
export async function looks(town: ClinicTown, held: string): Promise<string> {
  const { machine } = town
  const packs = givenOut(town, held)
  for (const { name } of LANES) machine.lane(name).works = 'drops'
  for (const { id, lane = '' } of machine.lies().filter(({ place }) => place === 'hanging'))
    machine.takeOut(lane, id)
  const emptied = await empties(town)
  const found = packs.map(({ serial }) => ({ serial, found: whereIs(town, serial) }))
  await settles(town, found)
  for (const serial of emptied)
    if (!packs.some(pack => pack.serial === serial)) await saysRemoved(town, serial)
  await counts(town)
  return found.map(({ serial, found: where }) => `${serial} ${where}`).join(', ')
}

/** Says it again while the sensors still see what is over. */
async function settles(town: ClinicTown, found: { serial: string; found: Found }[]): Promise<void> {
  const until = town.clock.now() + 20_000
  for (;;) {
    const answer = await desk(town, {
      kind: 'resolve',
      found: 'removed',
      except: found,
      reason: 'looked into the tray and the lane',
      ...BY,
    })
    if (answer.outcome === 'done') return
    if (town.clock.now() > until) throw new Error(`what is held cannot be resolved: ${answer.why}`)
    await sleep(town.clock, 250)
  }
}

type Found = 'in-lane' | 'removed' | 'handed-over'

function whereIs({ machine, visits }: ClinicTown, serial: string): Found {
  if (machine.lies().some(({ id, place }) => id === serial && place === 'lane')) return 'in-lane'
  return visits.some(({ holds }) => holds.includes(serial)) ? 'handed-over' : 'removed'
}

/** The packs that lanes were told to give out for it since the patient came last. */
function givenOut({ operator }: ClinicTown, prescription: string) {
  const { rows } = operator.book
  const came = rows.findLastIndex(
    ({ entry }) => entry.type === 'presented' && entry.prescription === prescription,
  )
  return rows
    .slice(came)
    .flatMap(({ entry }) =>
      entry.type === 'vend-ordered' && entry.prescription === prescription ? [entry] : [],
    )
}

/** Whatever else lay there is in the bin now. */
async function saysRemoved(town: ClinicTown, serial: string): Promise<void> {
  const loaded = town.operator.book.rows.find(
    ({ entry }) => entry.type === 'pack-loaded' && entry.serial === serial,
  )?.entry
  if (loaded?.type !== 'pack-loaded') return
  const { gtin } = loaded
  await done(town, { kind: 'remove-pack', gtin, serial, reason: 'fell with another', ...BY })
}

/** Counts each lane that was set aside; what tallies is in use again. */
async function counts(town: ClinicTown): Promise<void> {
  const { recalls = [] } = await asks(town, { ask: 'recalls' })
  for (const { name: lane } of LANES)
    if (recalls.some(({ id }) => id === `lane-${lane}`))
      await done(town, { kind: 'count', lane, counted: town.machine.lane(lane).packs.length, ...BY })
}

/** What a journey that did not go well left behind is put in order: what is held, an open door, what nobody comes for. */
export async function tidies(town: ClinicTown): Promise<void> {
  const { owed } = await asks(town, { ask: 'owed' })
  if (owed?.held === undefined) await empties(town)
  else await looks(town, owed.held)
  for (const { prescription } of owed?.prescriptions ?? [])
    await obeyed(town, { kind: 'withdraw', prescription, reason: 'nobody comes for it', by: 'physician' })
  await inService(town)
}

/** The unit stops and asks for somebody to look, after what is begun now. */
export const holds = (town: ClinicTown, id: string, why?: (Entry & { type: 'dispense-held' })['why']) =>
  next(
    town,
    `${id} to be held${why === undefined ? '' : ` (${why})`}`,
    is('dispense-held', entry => entry.prescription === id && (why === undefined || entry.why === why)),
  )
