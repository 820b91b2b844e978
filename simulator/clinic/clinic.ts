import type { PolicyPack } from '../../config/policy-pack.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { newSigner, type Signer } from '../cloud/mint.ts'
import { virtualClock } from '../world/clock.ts'
import { random } from '../world/random.ts'
import { openRoad } from '../world/road.ts'
import { openWire, QUIET } from '../world/wire.ts'
import { clinicHardware, LINES, type LineName } from './hardware.ts'
import { clinicSite, LANES, plainRules, UNIT } from './site.ts'
import { CALM, CLINIC_BLINDING, type ClinicFault, drawClinicSwarm } from './swarm.ts'
import { newClinicWitness } from './witness.ts'

const START = Date.UTC(2026, 0, 5, 15)
/** A fault colours what happens so long after it struck. */
const AFTERMATH: Millis = 5_000
const SEED = new Uint8Array(32).fill(3)

/** Everything of one clinic's kiosk but the agent and the people. Told by `seed`. `calm`: nothing goes wrong by itself. */
export function openClinic(seed: number, rules: PolicyPack = plainRules(), calm = false) {
  const dice = random(`clinic ${seed}`)
  const swarm = calm ? CALM : drawClinicSwarm(dice.fork('swarm'))
  const clock = virtualClock({ wall: START })
  const witness = newClinicWitness()
  // Two in three are slower than the usual five times a second, as far as the protocol allows.
  const hardware = clinicHardware(clock, dice.fork('polls').pick([200, 500, 1_000]))
  const { machine, door } = hardware
  const operator = newSigner('operator', SEED)
  const pharmacist = newSigner(
    'pharmacist',
    SEED.map(byte => byte + 1),
  )
  const cells = new Map<string, number>()
  const faults = { ...swarm.wire }
  const roadFaults = { repeated: swarm.has('repeated') ? 15 : 0, reordered: swarm.has('reordered') ? 20 : 0 }
  const phase = { now: (): string => 'off' }

  function struck(fault: ClinicFault): void {
    const now = clock.now()
    witness.lastFault = now
    if (CLINIC_BLINDING.has(fault)) witness.blinded.push({ from: now, to: now })
    witness.struck.set(fault, (witness.struck.get(fault) ?? 0) + 1)
    const cell = `${fault} × ${phase.now()}`
    cells.set(cell, (cells.get(cell) ?? 0) + 1)
  }

  /** Cables of the patients, the keys and the technician are sound: a code that is lost there is only shown again. */
  const worn: ReadonlySet<LineName> = new Set(['vending', 'doors', 'modbus', 'tray', 'labels'])
  const wires = Object.fromEntries(
    LINES.map(name => [
      name,
      openWire({
        clock,
        random: dice.fork(name),
        baud: name === 'vending' ? 57_600 : 9_600,
        plugs: hardware.plugs[name],
        faults: worn.has(name) ? faults : QUIET,
        struck,
      }),
    ]),
  ) as Record<LineName, ReturnType<typeof openWire>>
  const road = openRoad({ clock, random: dice.fork('road'), unit: UNIT, faults: roadFaults, struck })
  watch()

  /** The witness sees each turn, each fall and each opening at the steel itself. */
  function watch(): void {
    const { ledger } = machine
    seeing(ledger.turns, ({ at, lane }) =>
      witness.turns.push({ at, lane, underFault: at - witness.lastFault < AFTERMATH }),
    )
    seeing(ledger.falls, ({ at, lane, id }) => {
      const label = machine.tray.find(pack => pack.id === id)?.label ?? ''
      witness.falls.push({ at, lane, id, label })
    })
    seeing(ledger.takings, taking => witness.takings.push(taking))
    seeing(hardware.printer.labels, text => witness.labels.push({ at: clock.now(), text }))
    let seen = 0
    hardware.steel.watch(() => {
      for (; seen < door.openings.length; seen++)
        if (door.openings[seen]?.cause === 'released')
          witness.openings.push({
            at: clock.now(),
            tray: machine.tray.map(({ id, label }) => ({ id, label })),
          })
    })
  }

  return {
    site: clinicSite({ tokens: [publicOf(operator)], pharmacists: [publicOf(pharmacist)] }),
    rules,
    dice,
    swarm,
    clock,
    hardware,
    witness,
    cells,
    wires,
    road,
    operator,
    pharmacist,
    struck,
    trueTime: (): Millis => START + Math.floor(clock.now()),
    tellPhase(tell: () => string) {
      phase.now = tell
    },
    /** Whatever was broken works again, for good. */
    heal() {
      Object.assign(faults, QUIET)
      Object.assign(roadFaults, { repeated: 0, reordered: 0 })
      road.heal()
      for (const wire of Object.values(wires)) wire.mend()
      door.alter({ jammed: false, pulses: 1, letsGoAfter: 30 })
      machine.switchStuck = undefined
      hardware.printer.paperOut = false
      hardware.air.celsius = 21.5
      for (const { name } of LANES) machine.lane(name).works = 'drops'
    },
  }
}

/** Tells of each thing that is added to a list. */
function seeing<Item>(list: Item[], see: (item: Item) => void): void {
  const push = list.push.bind(list)
  list.push = (...items) => {
    const length = push(...items)
    items.forEach(see)
    return length
  }
}

export type Clinic = ReturnType<typeof openClinic>

const publicOf = ({ id, key }: Signer) => ({ id, key })
