import type { Millis } from '../../drivers/host/clock.ts'
import { lineScanner } from '../devices/line-scanner.ts'
import { lock8aBoard } from '../devices/lock-8a-board.ts'
import { cabinet } from '../world/cabinet.ts'
import { virtualClock } from '../world/clock.ts'
import { random } from '../world/random.ts'
import { openRoad } from '../world/road.ts'
import { openWire, QUIET } from '../world/wire.ts'
import { drawBoard } from './boards.ts'
import { LEFT, RIGHT, siteOf, UNIT } from './life.ts'
import { people } from './people.ts'
import { BLINDING, drawSwarm, type FaultName } from './swarm.ts'
import { newWitness } from './witness.ts'

const START = Date.UTC(2026, 0, 5, 7)
/** A fault colours what happens so long after it struck. */
const AFTERMATH: Millis = 5_000

/** Everything of one locker bank but the agent: steel, boards, cables, the road to the cloud, and people. Told by `seed`. */
export function openBank(seed: number) {
  const dice = random(seed)
  const swarm = drawSwarm(dice.fork('swarm'))
  const withPhones = dice.fork('phones').chance(1, 2)
  const clock = virtualClock({ wall: START })
  const steel = cabinet({ clock, names: [...LEFT, ...RIGHT] })
  const witness = newWitness()
  /** How often each fault struck in each phase of a visit. */
  const cells = new Map<string, number>()
  const faults = { ...swarm.wire }
  const roadFaults = { repeated: swarm.has('repeated') ? 15 : 0, reordered: swarm.has('reordered') ? 20 : 0 }
  const bank = { phases: (): string[] => ['off'] }

  function struck(fault: FaultName): void {
    const now = clock.now()
    witness.lastFault = now
    if (BLINDING.has(fault)) witness.blinded.push({ from: now, to: now })
    witness.struck.set(fault, (witness.struck.get(fault) ?? 0) + 1)
    for (const phase of bank.phases()) {
      const cell = `${fault} × ${phase}`
      cells.set(cell, (cells.get(cell) ?? 0) + 1)
    }
  }

  const scanner = lineScanner({})
  const boards = dice.fork('boards')
  const pushes = boards.chance(1, 3) ? { pushes: 0x82 as const } : {}
  // Read lock by lock, a board costs many more exchanges: enough seeds have it.
  const statusBytes = boards.chance(1, 5) ? 1 : 3
  const left = lock8aBoard(
    { address: 1, channels: LEFT.length, statusBytes, echoes: boards.chance(1, 4), ...pushes },
    steel.latches(LEFT),
  )
  const echoes = boards.chance(1, 4)
  const kind = drawBoard(boards)
  const right = kind.plug(steel.latches(RIGHT), echoes)
  const wire = (name: string, baud: number, plug: typeof left, worst = faults) =>
    openWire({ clock, random: dice.fork(name), baud, plugs: [plug], faults: worst, struck })
  const wires = {
    left: wire('left', 9_600, left),
    right: wire('right', kind.baud, right),
    counter: wire('counter', 9_600, scanner.plug, QUIET),
  }
  const road = openRoad({ clock, random: dice.fork('road'), unit: UNIT, faults: roadFaults, struck })
  const crowd = people({
    clock,
    random: dice.fork('people'),
    steel,
    witness,
    scan: scanner.scan,
    instruct: road.instruct,
    trueTime: () => START + Math.floor(clock.now()),
    forgetful: swarm.has('left-open'),
    withPhones,
    struck,
  })
  watchSteel()

  /** The witness sees each pulse and each opening at the steel itself. */
  function watchSteel(): void {
    for (const door of steel.doors) {
      const energise = door.energise
      door.energise = () => {
        const underFault = clock.now() - witness.lastFault < AFTERMATH
        witness.releases.push({ at: clock.now(), door: door.name, item: door.item, underFault })
        energise()
      }
    }
    const counted = new Map(steel.doors.map(door => [door.name, 0]))
    steel.watch(door => {
      const last = door.openings.at(-1)
      if (!last || door.openings.length === counted.get(door.name)) return
      counted.set(door.name, door.openings.length)
      witness.openings.push({ at: clock.now(), door: door.name, cause: last.cause })
    })
  }

  return {
    site: siteOf(statusBytes, kind, withPhones),
    dice,
    swarm,
    clock,
    steel,
    witness,
    cells,
    wires,
    road,
    crowd,
    struck,
    /** Says which phases the visits are in at this moment; `off` while nothing runs. */
    tellPhases(tell: () => string[]) {
      bank.phases = tell
    },
    /** Whatever was broken works again, for good. */
    heal() {
      Object.assign(faults, QUIET)
      Object.assign(roadFaults, { repeated: 0, reordered: 0 })
      road.heal()
      for (const each of [wires.left, wires.right]) {
        each.mend()
        each.revive(0)
      }
      for (const door of steel.doors) door.alter({ jammed: false, pulses: 1, letsGoAfter: 30 })
    },
  }
}

export type Bank = ReturnType<typeof openBank>
