import type { PolicyPack } from '../../config/policy-pack.ts'
import type { Site } from '../../config/site.ts'
import type { VirtualClock } from '../world/clock.ts'
import type { Random } from '../world/random.ts'
import { entropy } from '../world/random.ts'
import type { Road } from '../world/road.ts'
import type { Wire } from '../world/wire.ts'
import { beginLife, type Life, type Planted } from './life.ts'
import type { Witness } from './witness.ts'

/** Where a unit stands: everything around it that its power concerns. */
export interface Place {
  site: Site
  rules?: PolicyPack
  clock: VirtualClock
  dice: Random
  wires: Record<string, Wire>
  road: Road
  witness: Pick<Witness, 'rows' | 'blinded'>
}

/** The agent's power: one life after another on one disk, each seen by the witness. */
export function openPower(place: Place, planted: Planted) {
  const { clock, dice, witness, road, wires } = place
  const trouble = dice.fork('power')
  let life = boot(':memory:')
  let powered = true
  witness.blinded.push({ from: clock.now(), to: clock.now() })

  function boot(disk: Buffer | ':memory:'): Life {
    const begun = beginLife({
      site: place.site,
      ...(place.rules ? { rules: place.rules } : {}),
      disk,
      clock,
      wires,
      planted,
      entropy: entropy(dice.fork(`life ${clock.now()}`)),
      uplink: road.uplink,
      died: outage,
    })
    begun.unit.follow(rows => {
      for (const { entry } of rows) witness.rows.push({ at: clock.now(), entry })
    })
    for (const { entry } of begun.unit.store.journal.after(witness.rows.length, 1_000))
      witness.rows.push({ at: clock.now(), entry })
    return begun
  }

  function outage(disk: Buffer): void {
    powered = false
    road.hangUp()
    const seconds = trouble.chance(1, 20) ? trouble.between(60, 900) : trouble.between(1, 40)
    witness.blinded.push({ from: clock.now(), to: clock.now() + seconds * 1_000 })
    clock.after(seconds * 1_000, () => {
      life = boot(disk)
      powered = true
    })
  }

  return {
    on: () => powered,
    life: () => life,
    cut: () => outage(life.end()),
  }
}

export type Power = ReturnType<typeof openPower>
