import type { Power } from '../rig/power.ts'
import type { Clinic } from './clinic.ts'
import { LANES } from './site.ts'
import type { ClinicFault } from './swarm.ts'

const WORKS = {
  jams: 'jams',
  'no-drop': 'no-drop',
  'double-drop': 'double-drop',
  'does-not-stop': 'does-not-stop',
  'no-motor': 'no-motor',
  hangs: 'hangs',
  'hangs-below': 'hangs-below',
} as const

/** What may go wrong with a kiosk between two turns: of the faults that this seed has, each with its chance. */
export function openClinicTrouble(
  { dice, swarm, clock, hardware, wires, road, witness, struck }: Clinic,
  power: Power,
) {
  const chance = dice.fork('trouble')
  const { machine, door, printer, air } = hardware
  const seconds = (least: number, most: number) => chance.between(least, most) * 1_000

  const one = (fault: ClinicFault, outOf: number, act: () => void): void => {
    if (!swarm.has(fault) || !chance.chance(1, outOf)) return
    struck(fault)
    act()
  }

  function lanes(): void {
    for (const [fault, works] of Object.entries(WORKS))
      one(fault as keyof typeof WORKS, 12, () => {
        const lane = machine.lane(chance.pick(LANES).name)
        lane.works = works
        clock.after(seconds(20, 240), () => {
          if (lane.works === works) lane.works = 'drops'
        })
      })
    one('smudged', 8, () => {
      const [pack] = machine.lane(chance.pick(LANES).name).packs
      if (pack) pack.unreadable = true
    })
  }

  function around(): void {
    one('switch-stuck', 20, () => {
      machine.switchStuck = chance.pick(['on', 'off'])
      clock.after(seconds(10, 200), () => {
        machine.switchStuck = undefined
      })
    })
    one('jammed-door', 15, () => {
      door.alter({ jammed: true })
      clock.after(seconds(10, 120), () => door.alter({ jammed: false }))
    })
    one('paper-out', 15, () => {
      printer.paperOut = true
      clock.after(seconds(10, 120), () => {
        printer.paperOut = false
      })
    })
    one('too-warm', 30, () => {
      air.celsius = chance.pick([27, 33, 12])
      clock.after(seconds(60, 3_000), () => {
        air.celsius = 21.5
      })
    })
  }

  function lines(): void {
    if (swarm.has('link-down') && chance.chance(1, 15)) {
      road.breakDown()
      clock.after(seconds(1, 240), road.heal)
    }
    if (!swarm.has('cut') || !chance.chance(1, 25)) return
    const wire = chance.pick([wires.vending, wires.doors, wires.modbus, wires.tray])
    const span = seconds(1, 60)
    witness.blinded.push({ from: clock.now(), to: clock.now() + span })
    wire.cut()
    clock.after(span, wire.mend)
  }

  function powerCuts(): void {
    if (!power.on()) return
    one('power-cut', 25, power.cut)
    if (!power.on()) return
    one('cut-before-commit', 25, () => power.life().doom('before'))
    one('cut-after-commit', 25, () => power.life().doom('after'))
  }

  return function strike(): void {
    lanes()
    around()
    lines()
    powerCuts()
  }
}
