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

/** A cable from the unit's port to its devices on the simulated clock, as bad as `faults` says at each moment. */
export function openWire({ clock, random, baud, plugs, faults, struck }: WireSettings) {
  let listener: Listener | undefined
  let broken = false

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
    if (copy.length > 1 && hits('split')) {
      const cut = random.between(1, copy.length - 1)
      arrive(copy.subarray(0, cut))
      return void clock.after(random.between(1, 25), () => arrive(copy.subarray(cut)))
    }
    arrive(copy)
  }

  const bus = cable(clock, baud, plugs, bytes => {
    const hearer = listener
    if (hearer) spoil(bytes, arrived => listener === hearer && hearer.read(arrived))
  })

  const open: OpenLine = async hearer => {
    if (broken) throw new Error('no such port')
    listener = hearer
    return {
      write: bytes => listener === hearer && spoil(bytes.slice(), bus.fromUnit),
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
