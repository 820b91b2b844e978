import type { Clock, Millis } from '../../drivers/host/clock.ts'
import { type VmcLane, type VmcWorld, vmcWorld } from '../devices/vmc.ts'
import type { Door } from './door.ts'

//   by hand ──▶ lane ──motor──▶ tray ──through the open delivery door──▶ gone
//                 └──▶ hanging ──by itself, or with the next that falls──▶ tray

/** One pack, or whatever else somebody puts into the tray. */
export interface Pack {
  /** What this very thing is called in the ledger. */
  readonly id: string
  /** What stands in its code, as an element string with GS as \u001d; empty where it has none. */
  readonly label: string
  /** Smudged, or lying on its code. */
  unreadable?: boolean
}

/**
 * How a lane works; what it has in common with `VmcLane` is meant as there. `hangs`: the pack leaves its coil and hangs
 * above the drop sensor, so the controller sees no drop. `hangs-below`: it hangs below the sensor, which saw it fall.
 */
export type Works = VmcLane['works'] | 'hangs' | 'hangs-below'

export interface Lane {
  readonly name: string
  /** Its selection at the controller. */
  readonly channel: number
  works: Works
  /** The front first. */
  readonly packs: readonly Pack[]
}

/** One thing that lies in the machine. */
export interface Lying {
  id: string
  place: 'lane' | 'hanging' | 'tray'
  lane?: string
}

/** What happened, each list in order. Times are those of the steady clock. */
export interface VendingLedger {
  /** Each time a motor was set going, jammed or not. */
  turns: { at: Millis; lane: string }[]
  /** A pack reached the tray. */
  falls: { at: Millis; lane: string; id: string }[]
  /** Through the delivery door. */
  takings: { at: Millis; id: string }[]
}

/** The steel of a kiosk: what is true of its packs whether or not anyone has noticed. The judge of every run. */
export interface Vending {
  /** As the controller finds it. */
  readonly world: VmcWorld
  readonly door: Door
  readonly tray: readonly Pack[]
  readonly ledger: VendingLedger
  /** What the presence switch says whatever lies there; undefined while it works. */
  switchStuck: 'on' | 'off' | undefined
  present(): boolean
  lane(name: string): Lane
  /** By hand, behind the last. Refuses a pack that lies in the machine already. */
  feed(lane: string, pack: Pack): void
  /** By hand, from wherever in the lane it is, hanging too. */
  takeOut(lane: string, id: string): Pack
  /** Through the open delivery door: these, or whatever lies there. */
  take(ids?: readonly string[]): Pack[]
  /** Through the open delivery door. */
  put(thing: Pack): void
  /** Everything that lies in it now, lane by lane, the tray last. */
  lies(): Lying[]
}

export interface VendingSettings {
  clock: Clock
  lanes: readonly Pick<Lane, 'name' | 'channel'>[]
  /** The delivery door. */
  door: Door
  /** Whatever lies in the tray passes before the scanner there, one code after another: hand it to `scan` of a twin. */
  seesCode(label: string): void
  readEvery?: Millis
  /** How long a pack hangs before it falls by itself, from the turn or the drop sensor on. */
  hangsFor?: Millis
}

interface Coil extends Lane {
  packs: Pack[]
  hanging: Pack[]
}

export function vending(settings: VendingSettings): Vending {
  const { clock, lanes, door, hangsFor = 20_000 } = settings
  const coils = lanes.map((each): Coil => ({ ...each, works: 'drops', packs: [], hanging: [] }))
  const tray: Pack[] = []
  const ledger: VendingLedger = { turns: [], falls: [], takings: [] }
  const look = scanning(settings, tray)

  function coil(name: string): Coil {
    const found = coils.find(each => each.name === name)
    if (!found) throw new Error(`there is no lane ${name} in this kiosk`)
    return found
  }

  function land(from: Coil, pack: Pack): void {
    tray.push(pack)
    ledger.falls.push({ at: clock.now(), lane: from.name, id: pack.id })
    look()
  }

  function hang(from: Coil, pack: Pack): void {
    from.hanging.push(pack)
    clock.after(hangsFor, () => slip(from, pack))
  }

  /** Unless it fell before, or somebody took it. */
  function slip(from: Coil, pack: Pack): void {
    if (from.hanging.includes(pack)) land(from, lift(from.hanging, pack.id))
  }

  /** The front pack passes the drop sensor, and drags along what hangs. */
  function drop(from: Coil): void {
    const pack = from.packs.shift()
    if (!pack) return
    if (from.works === 'hangs-below') return hang(from, pack)
    for (const hung of [...from.hanging]) slip(from, hung)
    land(from, pack)
  }

  function turn(from: Coil): void {
    ledger.turns.push({ at: clock.now(), lane: from.name })
    if (from.works === 'hangs') for (const pack of from.packs.splice(0, 1)) hang(from, pack)
  }

  function lies(): Lying[] {
    const inLanes = coils.flatMap(({ name: lane, packs, hanging }) => [
      ...hanging.map(({ id }): Lying => ({ id, place: 'hanging', lane })),
      ...packs.map(({ id }): Lying => ({ id, place: 'lane', lane })),
    ])
    return [...inLanes, ...tray.map(({ id }): Lying => ({ id, place: 'tray' }))]
  }

  function refuseTwice({ id }: Pack): void {
    if (lies().some(each => each.id === id)) throw new Error(`${id} lies in this kiosk already`)
  }

  function throughTheDoor(): void {
    if (!door.open) throw new Error(`nobody reaches into ${door.name}: it is closed`)
  }

  const wired = coils.map((each): [number, VmcLane] => [each.channel, wiredTo(each, drop, turn)])
  const machine: Vending = {
    world: worldOf(wired, tray, door),
    door,
    tray,
    ledger,
    switchStuck: undefined,
    present: () => (machine.switchStuck ? machine.switchStuck === 'on' : tray.length > 0),
    lane: coil,
    feed(lane, pack) {
      refuseTwice(pack)
      coil(lane).packs.push(pack)
    },
    takeOut(lane, id) {
      const { packs, hanging } = coil(lane)
      return lift(hanging.some(each => each.id === id) ? hanging : packs, id)
    },
    take(ids = tray.map(({ id }) => id)) {
      throughTheDoor()
      const taken = ids.map(id => lift(tray, id))
      ledger.takings.push(...taken.map(({ id }) => ({ at: clock.now(), id })))
      return taken
    },
    put(thing) {
      throughTheDoor()
      refuseTwice(thing)
      tray.push(thing)
      look()
    },
    lies,
  }
  return machine
}

/** Begins to show the scanner what lies in the tray: one code after another, over and over, until the tray is empty. */
function scanning({ clock, seesCode, readEvery = 300 }: VendingSettings, tray: readonly Pack[]): () => void {
  let looking = false
  let turn = 0

  function next(): void {
    looking = tray.length > 0
    if (looking) clock.after(readEvery, see)
  }

  function see(): void {
    const readable = tray.filter(({ label, unreadable }) => label !== '' && !unreadable)
    const seen = readable[turn++ % readable.length]
    if (seen) seesCode(seen.label)
    next()
  }

  return () => void (looking || next())
}

/** A lane as the controller has it: it counts a turn up, and the stock down for each pack that passes its sensor. */
function wiredTo(coil: Coil, drop: (from: Coil) => void, turn: (from: Coil) => void): VmcLane {
  let turned = 0
  return {
    dropped: [],
    get works() {
      if (coil.works === 'hangs') return 'no-drop'
      return coil.works === 'hangs-below' ? 'drops' : coil.works
    },
    get stock() {
      return coil.packs.length
    },
    set stock(left) {
      while (coil.packs.length > left) drop(coil)
    },
    get turned() {
      return turned
    },
    set turned(times) {
      turned = times
      turn(coil)
    },
  }
}

function worldOf(lanes: [number, VmcLane][], tray: readonly Pack[], door: Door): VmcWorld {
  let lifts = false
  return {
    ...vmcWorld(...lanes),
    // Where there is an elevator, it is the tray.
    get inElevator() {
      return lifts && tray.length > 0
    },
    set inElevator(fell) {
      lifts = fell
    },
    get deliveryDoor() {
      return door.open ? 'open' : 'closed'
    },
  }
}

function lift(from: Pack[], id: string): Pack {
  const found = from.find(each => each.id === id)
  if (!found) throw new Error(`${id} does not lie there`)
  from.splice(from.indexOf(found), 1)
  return found
}
