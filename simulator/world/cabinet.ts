import type { Clock } from '../../drivers/host/clock.ts'
import type { Latches } from '../devices/peripheral.ts'
import { type Door, type DoorWorks, doorOf } from './door.ts'

/** The steel itself: what is true whether or not anyone has noticed. The judge of every run. */
export interface Cabinet {
  doors: readonly Door[]
  door(name: string): Door
  /** Hears each door that changes, or whose switch does. */
  watch(changed: (door: Door) => void): () => void
  /** The doors as wired to one board: the first name on channel 1, `undefined` where nothing is wired. */
  latches(wired: readonly (string | undefined)[]): Latches
}

export interface CabinetSettings {
  clock: Clock
  names: readonly string[]
  /** How the doors leave the factory. */
  works?: Partial<DoorWorks>
}

export function cabinet({ clock, names, works }: CabinetSettings): Cabinet {
  const watchers = new Set<(door: Door) => void>()
  const changed = (door: Door) => {
    for (const watcher of watchers) watcher(door)
  }
  const doors = names.map(name => doorOf(name, clock, changed, works))
  const byName = new Map(doors.map(door => [door.name, door]))

  function door(name: string): Door {
    const found = byName.get(name)
    if (!found) throw new Error(`there is no door ${name} in this cabinet`)
    return found
  }

  function watch(watcher: (door: Door) => void): () => void {
    watchers.add(watcher)
    return () => void watchers.delete(watcher)
  }

  return {
    doors,
    door,
    watch,
    latches(wired) {
      const at = wired.map(name => (name === undefined ? undefined : door(name)))
      const channels = new Map(at.map((wiredDoor, index) => [wiredDoor, index + 1]))
      return {
        energise: channel => at[channel - 1]?.energise(),
        locked: channel => at[channel - 1]?.contact() ?? false,
        item: channel => at[channel - 1]?.item !== undefined,
        watch: heard =>
          watch(moved => {
            const channel = channels.get(moved)
            if (channel !== undefined) heard(channel)
          }),
      }
    },
  }
}
