import type { Millis } from '../../drivers/host/clock.ts'
import { packLabel } from './hardware.ts'
import { BADGE, LANES, PRODUCTS } from './site.ts'
import type { ClinicTown } from './town.ts'

interface Backroom extends Pick<ClinicTown, 'clock' | 'random' | 'hardware' | 'witness' | 'desk'> {
  /** A patient stands before the kiosk. */
  standing(): boolean
}

/** The technician and whoever looks at what is held. */
export function clinicStaff({ clock, random, hardware, witness, desk, standing }: Backroom) {
  const { machine, door, badges, packs: packScanner } = hardware
  let packsMade = 0
  let filling = false
  let looking = false

  /** A technician fills a lane; now and then a hand slips, and what was scanned is not what went in. */
  async function fill(lane: (typeof LANES)[number]): Promise<void> {
    if (filling) return
    filling = true
    const begun = await desk({ kind: 'load', lane: lane.name, by: 'tech' })
    if (begun?.outcome === 'done') {
      for (let pack = random.between(1, 4); pack > 0; pack--) await loadOne(lane)
      await desk({ kind: 'load-end', lane: lane.name, by: 'tech' })
    }
    filling = false
  }

  async function loadOne(lane: (typeof LANES)[number]): Promise<void> {
    if (machine.lane(lane.name).packs.length >= lane.capacity) return
    const serial = `S${++packsMade}`
    const old = random.chance(1, 12)
    const label = packLabel(lane.product, serial, random.pick(['LOT1', 'LOT2']), old ? '251231' : '271231')
    packScanner.scan(label, ']d2')
    await wait(1_500)
    const taken = witness.rows.some(({ entry }) => entry.type === 'pack-loaded' && entry.serial === serial)
    if (!taken) return
    const slipped = random.chance(1, 25)
    const other = random.pick(PRODUCTS)
    const inHand = slipped ? packLabel(other.gtin, `X${packsMade}`, 'LOT9', '271231') : label
    machine.feed(lane.name, { id: slipped ? `X${packsMade}` : serial, label: inHand })
  }

  const wait = (span: Millis): Promise<void> => new Promise(resolve => void clock.after(span, resolve))

  /** Somebody of the staff looks at what is held, makes the tray empty, and says what is true. */
  async function look(): Promise<void> {
    const held = heldNow()
    if (!held || looking) return
    looking = true
    await wait(random.between(3_000, 40_000))
    const serials = givenOut(held)
    const inTray = new Set(machine.tray.map(({ id }) => id))
    empty()
    const found = serials.map(serial => ({ serial, found: whereIs(serial, inTray) }))
    for (const { id, lane = '' } of machine.lies().filter(({ place }) => place === 'hanging'))
      machine.takeOut(lane, id)
    await wait(3_000)
    await desk({ kind: 'resolve', found: 'removed', except: found, reason: 'looked', by: 'staff' })
    for (const id of inTray) if (!serials.includes(id)) await sayRemoved(id)
    looking = false
  }

  /** The packs that lanes were told to give out for it since the patient came. */
  function givenOut(prescription: string): string[] {
    const came = witness.rows.findLastIndex(
      ({ entry }) => entry.type === 'presented' && entry.prescription === prescription,
    )
    return witness.rows
      .slice(came)
      .flatMap(({ entry }) =>
        entry.type === 'vend-ordered' && entry.prescription === prescription ? [entry.serial] : [],
      )
  }

  function whereIs(serial: string, inTray: ReadonlySet<string>): 'in-lane' | 'handed-over' | 'removed' {
    if (machine.lies().some(({ id, place }) => id === serial && place === 'lane')) return 'in-lane'
    return takenBy(serial) && !inTray.has(serial) ? 'handed-over' : 'removed'
  }

  /** Whatever else lay there is in the bin now. */
  async function sayRemoved(serial: string): Promise<void> {
    const loaded = witness.rows.findLast(
      ({ entry }) => entry.type === 'pack-loaded' && entry.serial === serial,
    )?.entry
    if (loaded?.type !== 'pack-loaded') return
    await desk({ kind: 'remove-pack', gtin: loaded.gtin, serial, reason: 'fell too', by: 'staff' })
  }

  const takenBy = (id: string | undefined): boolean =>
    id !== undefined && witness.takings.some(taking => taking.id === id) && !byHand.has(id)

  /** With the mechanical key. */
  function empty(): void {
    if (machine.tray.length === 0 && !door.open) return
    if (!door.open) door.openByHand()
    for (const { id } of machine.tray) byHand.add(id)
    machine.take()
    door.push()
  }

  const byHand = new Set<string>()

  /** The prescription with which the kiosk is held. */
  function heldNow(): string | undefined {
    const last = witness.rows.findLast(({ entry }) =>
      ['dispense-held', 'dispense-resolved'].includes(entry.type),
    )?.entry
    return last?.type === 'dispense-held' ? last.prescription : undefined
  }

  /** A lane that does not tally is emptied, and filled again another time; what has expired is taken out. */
  async function tidy(): Promise<void> {
    if (filling || standing()) return
    filling = true
    for (const { name } of LANES) {
      const aside = witness.rows.findLast(
        ({ entry }) =>
          (entry.type === 'recalled' || entry.type === 'recall-lifted') && entry.recall === `lane-${name}`,
      )?.entry.type
      if (aside === 'recalled') await emptyLane(name)
    }
    filling = false
  }

  async function emptyLane(lane: string): Promise<void> {
    for (const { id } of machine.lane(lane).packs.slice()) machine.takeOut(lane, id)
    const known = new Map<string, string>()
    for (const { entry } of witness.rows) {
      if (entry.type === 'pack-loaded' && entry.lane === lane) known.set(entry.serial, entry.gtin)
      if (entry.type === 'pack-removed' || entry.type === 'pack-checked') known.delete(entry.serial)
    }
    for (const [serial, gtin] of known)
      await desk({ kind: 'remove-pack', gtin, serial, reason: 'emptied', by: 'tech' })
    await desk({ kind: 'count', lane, counted: 0, by: 'tech' })
  }

  /** The day begins with a round: the badge leads the technician from lane to lane, and something goes into each. */
  async function round(): Promise<void> {
    filling = true
    for (let stop = 0; stop <= LANES.length; stop++) {
      const lane = await ledTo()
      if (!lane) break
      for (let pack = random.between(1, 4); pack > 0; pack--) await loadOne(lane)
    }
    const left = filledNow()
    if (left !== undefined) await desk({ kind: 'load-end', lane: left, by: 'tech' })
    filling = false
  }

  /** Holds the badge before the reader; the lane that the unit says is next. */
  async function ledTo() {
    const before = witness.rows.length
    badges.hold(BADGE)
    await wait(500)
    badges.takeAway()
    await wait(2_000)
    const { entry } = witness.rows.slice(before).findLast(row => row.entry.type === 'load-began') ?? {}
    return LANES.find(({ name }) => entry?.type === 'load-began' && entry.lane === name)
  }

  function filledNow(): string | undefined {
    const { entry } =
      witness.rows.findLast(row => row.entry.type === 'load-began' || row.entry.type === 'load-ended') ?? {}
    return entry?.type === 'load-began' ? entry.lane : undefined
  }

  return {
    round,
    fill: () => fill(random.pick(LANES)),
    look,
    tidy,
    held: () => heldNow() !== undefined,
    busy: (): boolean => filling || looking,
  }
}
