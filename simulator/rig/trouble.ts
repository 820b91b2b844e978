import type { Bank } from './bank.ts'
import type { Power } from './power.ts'
import type { FaultName } from './swarm.ts'

/** What may go wrong between two turns: of the faults that this seed has, each with its chance. */
export function openTrouble(
  { dice, swarm, clock, steel, wires, road, crowd, witness, struck }: Bank,
  power: Power,
) {
  const chance = dice.fork('trouble')
  const seconds = (least: number, most: number) => chance.between(least, most) * 1_000

  const one = (fault: FaultName, outOf: number, act: () => void): void => {
    if (!swarm.has(fault) || !chance.chance(1, outOf)) return
    struck(fault)
    act()
  }

  function lines(): void {
    const board = chance.pick([wires.left, wires.right])
    one('dead-board', 25, () => {
      const span = seconds(1, 60)
      blind(span)
      board.kill(0)
      clock.after(span, () => board.revive(0))
    })
    if (!swarm.has('cut') || !chance.chance(1, 25)) return
    const span = seconds(1, 60)
    blind(span)
    board.cut()
    clock.after(span, board.mend)
  }

  const blind = (span: number) => void witness.blinded.push({ from: clock.now(), to: clock.now() + span })

  function doors(): void {
    one('jammed', 15, () => {
      const door = chance.pick(steel.doors)
      door.alter({ jammed: !door.jammed })
    })
    one('sticky', 15, () =>
      chance.pick(steel.doors).alter({
        pulses: chance.between(1, 3),
        letsGoAfter: chance.between(20, 2_000),
      }),
    )
    one('forced', 20, () => {
      const door = chance.pick(steel.doors)
      if (chance.chance(1, 2)) door.force()
      else door.openByHand()
      crowd.closeLater(door)
    })
  }

  function roadAndClock(): void {
    if (swarm.has('link-down') && chance.chance(1, 15)) {
      road.breakDown()
      clock.after(seconds(1, 240), road.heal)
    }
    one('clock-jump', 25, () => {
      const by = seconds(-3_600, 3_600)
      witness.clockError += Math.abs(by)
      clock.jump(by)
    })
  }

  function powerCuts(): void {
    if (!power.on()) return
    one('power-cut', 25, power.cut)
    if (!power.on()) return
    one('cut-before-commit', 25, () => power.life().doom('before'))
    one('cut-after-commit', 25, () => power.life().doom('after'))
  }

  return function strike(): void {
    lines()
    doors()
    roadAndClock()
    powerCuts()
  }
}
