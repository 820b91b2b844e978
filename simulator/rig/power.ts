import { entropy } from '../world/random.ts'
import type { Bank } from './bank.ts'
import { beginLife, type Life, type Planted } from './life.ts'

/** The agent's power: one life after another on one disk, each seen by the witness. */
export function openPower(bank: Bank, planted: Planted) {
  const { clock, dice, witness, road, wires } = bank
  const trouble = dice.fork('power')
  let life = boot(':memory:')
  let powered = true
  witness.blinded.push({ from: clock.now(), to: clock.now() })

  bank.tellPhases(() => {
    if (!powered) return ['off']
    const phases = [...life.unit.processes.visits()].map(({ visit }) => visit.phase)
    return phases.length > 0 ? phases : ['idle']
  })

  function boot(disk: Buffer | ':memory:'): Life {
    const begun = beginLife({
      site: bank.site,
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
