import type { Clock, Millis } from '../../drivers/host/clock.ts'

/** `by-hand`: the mechanical key. `forced`: a crowbar. */
export type Cause = 'released' | 'forced' | 'by-hand'

/** How a door works, and how it fails. Change it while the world runs. */
export interface DoorWorks {
  /** The bolt cannot leave its strike: no pulse opens the door, only force. */
  jammed: boolean
  /** How many pulses a sticky latch needs; 1 for a good one. */
  pulses: number
  /** From the pulse to the bolt letting go. */
  letsGoAfter: Millis
  /** Swings open once the bolt lets go; otherwise somebody must pull before it catches again. */
  springs: boolean
  /** The switch reads the other way round than the lock's maker documents. */
  inverted: boolean
  /** What the switch reads whatever the door does; undefined while it works. */
  switchStuck: 'locked' | 'unlocked' | undefined
}

export interface Door extends DoorWorks {
  readonly name: string
  readonly open: boolean
  /** Whose thing is inside. */
  readonly item: string | undefined
  /** When current went through the coil, whether or not the door moved. */
  readonly releases: readonly { at: Millis }[]
  readonly openings: readonly { at: Millis; cause: Cause }[]
  readonly closings: readonly { at: Millis }[]
  energise(): void
  /** What the switch reads. */
  contact(): boolean
  /** A hand on the door: opens it only while the bolt has let go. */
  pull(): void
  push(): void
  force(): void
  openByHand(): void
  /** Through the open door. */
  put(item: string): void
  take(): string | undefined
  /** Changes how it works from here on, its switch included. */
  alter(works: Partial<DoorWorks>): void
}

/** How long the bolt of a door without a spring stays back. */
const BOLT_BACK: Millis = 3_000

const SOUND: DoorWorks = {
  jammed: false,
  pulses: 1,
  letsGoAfter: 30,
  springs: true,
  inverted: false,
  switchStuck: undefined,
}

export function doorOf(
  name: string,
  clock: Clock,
  changed: (door: Door) => void,
  works?: Partial<DoorWorks>,
): Door {
  const releases: { at: Millis }[] = []
  const openings: { at: Millis; cause: Cause }[] = []
  const closings: { at: Millis }[] = []
  let open = false
  let item: string | undefined
  let felt = 0
  let boltBackUntil = -Infinity

  function swing(cause: Cause): void {
    if (open) return
    open = true
    felt = 0
    openings.push({ at: clock.now(), cause })
    changed(door)
  }

  function letGo(): void {
    if (open || door.jammed) return
    boltBackUntil = clock.now() + BOLT_BACK
    if (door.springs) swing('released')
  }

  function throughTheDoor(): void {
    if (!open) throw new Error(`nobody reaches into ${name}: it is closed`)
  }

  const door: Door = {
    ...SOUND,
    ...works,
    name,
    releases,
    openings,
    closings,
    get open() {
      return open
    },
    get item() {
      return item
    },
    energise() {
      releases.push({ at: clock.now() })
      felt++
      if (felt >= door.pulses) clock.after(door.letsGoAfter, letGo)
    },
    contact() {
      if (door.switchStuck) return door.switchStuck === 'locked'
      return open === door.inverted
    },
    pull() {
      if (clock.now() < boltBackUntil) swing('released')
    },
    push() {
      if (!open) return
      open = false
      boltBackUntil = -Infinity
      closings.push({ at: clock.now() })
      changed(door)
    },
    force: () => swing('forced'),
    openByHand: () => swing('by-hand'),
    put(thing) {
      throughTheDoor()
      if (item !== undefined) throw new Error(`${name} holds ${item} already`)
      item = thing
    },
    take() {
      throughTheDoor()
      const taken = item
      item = undefined
      return taken
    },
    alter(how) {
      Object.assign(door, how)
      changed(door)
    },
  }
  return door
}
