import type { Clock, Millis } from '../../drivers/host/clock.ts'
import type { Peripheral, Plug } from '../devices/peripheral.ts'

/** Devices on one cable, each with its power switch, at the pace of the cable. */
export interface Cable {
  /** What the unit sends: every device hears it once its last byte has passed. */
  fromUnit(bytes: Uint8Array): void
  kill(index: number): void
  revive(index: number): void
  /** What no agent may ever say to a device, said. */
  ruined: string[]
}

export function cable(
  clock: Clock,
  baud: number,
  plugs: readonly Plug[],
  toUnit: (bytes: Uint8Array) => void,
): Cable {
  const ruined: string[] = []
  const lives = plugs.map(() => 0)
  const devices: (Peripheral | undefined)[] = plugs.map(() => undefined)
  const airtime = (bytes: Uint8Array): Millis => (bytes.length * 10_000) / baud
  let heardUntil = 0
  let saidUntil = 0

  function power(index: number): void {
    const life = (lives[index] ?? 0) + 1
    lives[index] = life
    const alive = () => lives[index] === life
    devices[index] = plugs[index]?.({
      now: () => clock.now(),
      after: (delay, wake) => clock.after(delay, () => alive() && wake()),
      send(bytes) {
        if (!alive()) return
        // One pair of wires: nobody talks over anybody; bytes come whole, when the last of them has passed.
        const now = clock.now()
        saidUntil = Math.max(saidUntil, now) + airtime(bytes)
        clock.after(saidUntil - now, () => toUnit(bytes))
      },
      ruined: why => void ruined.push(why),
    })
  }
  for (const index of plugs.keys()) power(index)

  return {
    ruined,
    fromUnit(bytes) {
      const now = clock.now()
      heardUntil = Math.max(heardUntil, now) + airtime(bytes)
      clock.after(heardUntil - now, () => {
        for (const device of devices) device?.receive(bytes)
      })
    },
    kill(index) {
      lives[index] = (lives[index] ?? 0) + 1
      devices[index] = undefined
    },
    revive: power,
  }
}
