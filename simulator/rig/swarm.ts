import type { Random } from '../world/random.ts'
import { QUIET, type WireFaults } from '../world/wire.ts'

/** Everything that can go wrong in a run. */
export const FAULTS = [
  'lost',
  'flipped',
  'split',
  'late',
  'noise',
  'cut',
  'dead-board',
  'jammed',
  'sticky',
  'forced',
  'left-open',
  'link-down',
  'repeated',
  'reordered',
  'power-cut',
  'cut-before-commit',
  'cut-after-commit',
  'clock-jump',
] as const

export type FaultName = (typeof FAULTS)[number]

/** After one of these the unit may not see for a moment what its doors do. */
export const BLINDING: ReadonlySet<FaultName> = new Set<FaultName>([
  'lost',
  'flipped',
  'late',
  'noise',
  'cut',
  'dead-board',
  'power-cut',
  'cut-before-commit',
  'cut-after-commit',
])

/** Which faults a seed has at all, and how bad its wires are. */
export interface Swarm {
  has(fault: FaultName): boolean
  wire: WireFaults
}

/**
 * Each seed draws its own few faults: runs that have every fault always hide what one of them alone would show.
 * One seed in twelve has none, so that doubt without a cause is seen, too.
 */
export function drawSwarm(random: Random): Swarm {
  const calm = random.chance(1, 12)
  const drawn = new Set(calm ? [] : FAULTS.filter(() => random.chance(1, 2)))
  const rate = (fault: FaultName, most: number) => (drawn.has(fault) ? random.between(1, most) : 0)
  const wire = {
    lost: rate('lost', 60),
    flipped: rate('flipped', 60),
    split: rate('split', 300),
    late: rate('late', 20),
    noise: rate('noise', 60),
  }
  return { has: fault => drawn.has(fault), wire: calm ? { ...QUIET } : wire }
}
