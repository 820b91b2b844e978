import type { Clock } from '../../drivers/host/clock.ts'
import type { Listener, OpenLine } from '../../drivers/host/line.ts'
import type { Plug } from '../devices/peripheral.ts'
import { cable } from './cable.ts'
import type { Random } from './random.ts'

/** How badly a wire behaves: chances out of a thousand for each frame that passes, either way. */
export interface WireFaults {
  lost: number
  flipped: number
  split: number
  late: number
  noise: number
}

export const QUIET: WireFaults = { lost: 0, flipped: 0, split: 0, late: 0, noise: 0 }

export interface WireSettings {
  clock: Clock
  random: Random
  baud: number
  plugs: readonly Plug[]
  faults: WireFaults
  /** Called for each fault that changed something. */
  struck(fault: keyof WireFaults | 'cut'): void
}

export type Wear = Pick<WireSettings, 'clock' | 'random' | 'faults' | 'struck'>

/** Spoils what passes as `faults` says at each moment. Each direction that it makes keeps an order of its own. */
export function wornWire({ clock, random, faults, struck }: Wear) {
  const hits = (fault: keyof WireFaults): boolean => {
    if (faults[fault] === 0 || !random.chance(faults[fault], 1_000)) return false
    struck(fault)
    return true
  }

  function spoil(bytes: Uint8Array, arrive: (bytes: Uint8Array) => void): void {
    if (hits('lost')) return
    let copy = bytes
    if (hits('flipped')) {
      copy = bytes.slice()
      const at = random.between(0, copy.length - 1)
      copy[at] = (copy[at] ?? 0) ^ (1 << random.between(0, 7))
    }
    if (hits('noise')) copy = Uint8Array.of(...random.bytes(random.between(1, 6)), ...copy)
    if (hits('late')) return void clock.after(random.between(20, 900), () => arrive(copy))
    arrive(copy)
  }

  /** One direction of the wire. Bytes may wait in the adapter, but they never change places: what comes behind a half waits, too. */
  function direction(arrive: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void {
    let freeAt = 0
    const pass = (bytes: Uint8Array, after: number): void => {
      freeAt = Math.max(freeAt, clock.now()) + after
      if (freeAt <= clock.now()) arrive(bytes)
      else clock.after(freeAt - clock.now(), () => arrive(bytes))
    }
    return bytes =>
      spoil(bytes, whole => {
        if (whole.length < 2 || !hits('split')) return pass(whole, 0)
        const cut = random.between(1, whole.length - 1)
        pass(whole.subarray(0, cut), 0)
        pass(whole.subarray(cut), random.between(1, 25))
      })
  }

  return direction
}

/** A cable from the unit's port to its devices on the simulated clock, as bad as `faults` says at each moment. */
export function openWire({ clock, random, baud, plugs, faults, struck }: WireSettings) {
  let listener: Listener | undefined
  let broken = false

  const direction = wornWire({ clock, random, faults, struck })
  let toUnit: (bytes: Uint8Array) => void = () => {}
  const bus = cable(clock, baud, plugs, bytes => toUnit(bytes))

  const open: OpenLine = async hearer => {
    if (broken) throw new Error('no such port')
    listener = hearer
    toUnit = direction(bytes => void (listener === hearer && hearer.read(bytes)))
    const fromUnit = direction(bus.fromUnit)
    return {
      write: bytes => void (listener === hearer && fromUnit(bytes.slice())),
      close() {
        if (listener === hearer) listener = undefined
      },
    }
  }

  return {
    open,
    kill: bus.kill,
    revive: bus.revive,
    ruined: bus.ruined,
    /** Pulls the adapter out: the pipe is lost, and no new one can be had. */
    cut() {
      broken = true
      struck('cut')
      const hearer = listener
      listener = undefined
      hearer?.lost('unplugged')
    },
    mend() {
      broken = false
    },
    /** The machine at the unit's end lost its power: nobody listens, and nobody is told. */
    hangUp() {
      listener = undefined
    },
  }
}

export type Wire = ReturnType<typeof openWire>
