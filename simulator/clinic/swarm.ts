import type { Random } from '../world/random.ts'
import { QUIET, type WireFaults } from '../world/wire.ts'

/** Everything that can go wrong with a kiosk in a run. */
export const CLINIC_FAULTS = [
  'lost',
  'flipped',
  'split',
  'late',
  'noise',
  'cut',
  'jams',
  'no-drop',
  'double-drop',
  'does-not-stop',
  'no-motor',
  'hangs',
  'hangs-below',
  'smudged',
  'switch-stuck',
  'jammed-door',
  'paper-out',
  'too-warm',
  'link-down',
  'repeated',
  'reordered',
  'power-cut',
  'cut-before-commit',
  'cut-after-commit',
] as const

export type ClinicFault = (typeof CLINIC_FAULTS)[number]

/** After one of these the unit may not see for a moment what its sensors say. */
export const CLINIC_BLINDING: ReadonlySet<ClinicFault> = new Set<ClinicFault>([
  'lost',
  'flipped',
  'late',
  'noise',
  'cut',
  'power-cut',
  'cut-before-commit',
  'cut-after-commit',
])

/** Which faults a seed has at all, and how bad its wires are. */
export interface ClinicSwarm {
  /** Nothing goes wrong. */
  calm: boolean
  has(fault: ClinicFault): boolean
  wire: WireFaults
}

export const CALM: ClinicSwarm = { calm: true, has: () => false, wire: { ...QUIET } }

/** Each seed draws its own few faults; one in twelve has none, so that doubt without a cause is seen, too. */
export function drawClinicSwarm(random: Random): ClinicSwarm {
  const calm = random.chance(1, 12)
  const drawn = new Set(calm ? [] : CLINIC_FAULTS.filter(() => random.chance(1, 3)))
  const rate = (fault: ClinicFault, most: number) => (drawn.has(fault) ? random.between(1, most) : 0)
  const wire = {
    lost: rate('lost', 20),
    flipped: rate('flipped', 20),
    split: rate('split', 200),
    late: rate('late', 5),
    noise: rate('noise', 20),
  }
  return { calm, has: fault => drawn.has(fault), wire: calm ? { ...QUIET } : wire }
}
