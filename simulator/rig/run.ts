import { createHash } from 'node:crypto'
import type { Row } from '../../agent/domain/journal.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { cu16Board } from '../devices/cu16-board.ts'
import { lineScanner } from '../devices/line-scanner.ts'
import { lock8aBoard } from '../devices/lock-8a-board.ts'
import { cabinet } from '../world/cabinet.ts'
import { virtualClock } from '../world/clock.ts'
import { entropy, random } from '../world/random.ts'
import { openRoad } from '../world/road.ts'
import { openWire, QUIET } from '../world/wire.ts'
import { checks } from './checks.ts'
import { beginLife, LEFT, type Life, type Planted, RIGHT, UNIT } from './life.ts'
import { people } from './people.ts'
import { drawSwarm, type FaultName } from './swarm.ts'
import { newWitness, type Witness } from './witness.ts'

export interface Story {
  seed: number
  /** Of everything that happened: two runs with one digest told the same story. */
  digest: string
  hours: number
  actuations: number
  underFault: number
  violations: string[]
  /** How often each fault had an effect while somebody's visit was in each phase. */
  cells: Map<string, number>
  rows: Row[]
  /** The same rows at the moments the world saw them committed. */
  seen: Witness['rows']
}

const TURNS = 110
const START = Date.UTC(2026, 0, 5, 7)
/** A fault colours what happens so long after it struck. */
const AFTERMATH: Millis = 5_000

/** One life of one locker bank, told by `seed`: trouble first, then calm, then the reckoning. */
export async function run(seed: number, planted: Planted = {}): Promise<Story> {
  const dice = random(seed)
  const swarm = drawSwarm(dice.fork('swarm'))
  const clock = virtualClock({ wall: START })
  const steel = cabinet({ clock, names: [...LEFT, ...RIGHT] })
  const witness = newWitness()
  const cells = new Map<string, number>()
  const scanner = lineScanner({})
  const faults = { ...swarm.wire }
  const roadFaults = { repeated: swarm.has('repeated') ? 15 : 0, reordered: swarm.has('reordered') ? 20 : 0 }
  let life: Life | undefined
  let powered = false

  function struck(fault: FaultName): void {
    witness.lastFault = clock.now()
    witness.struck.set(fault, (witness.struck.get(fault) ?? 0) + 1)
    const phases =
      life && powered ? [...life.unit.processes.visits()].map(({ visit }) => visit.phase) : ['off']
    for (const phase of phases.length > 0 ? phases : ['idle']) {
      const cell = `${fault} × ${phase}`
      cells.set(cell, (cells.get(cell) ?? 0) + 1)
    }
  }

  const wire = (name: string, baud: number, plug: Parameters<typeof openWire>[0]['plugs'][number]) =>
    openWire({ clock, random: dice.fork(name), baud, plugs: [plug], faults, struck })
  const boards = dice.fork('boards')
  const wires = {
    left: wire(
      'left',
      9_600,
      lock8aBoard(
        {
          address: 1,
          channels: LEFT.length,
          echoes: boards.chance(1, 4),
          ...(boards.chance(1, 3) ? { pushes: 0x82 as const } : {}),
        },
        steel.latches(LEFT),
      ),
    ),
    right: wire(
      'right',
      19_200,
      cu16Board({ address: 0, echoes: boards.chance(1, 4) }, steel.latches(RIGHT)),
    ),
    counter: openWire({
      clock,
      random: dice.fork('counter'),
      baud: 9_600,
      plugs: [scanner.plug],
      faults: QUIET,
      struck,
    }),
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
    struck,
  })

  watchSteel()
  boot(':memory:')

  function boot(disk: Buffer | ':memory:'): void {
    powered = true
    life = beginLife({
      disk,
      clock,
      wires,
      planted,
      entropy: entropy(dice.fork(`life ${clock.now()}`)),
      uplink: road.uplink,
      died: left => outage(left),
    })
    life.unit.follow(rows => {
      for (const { entry } of rows) witness.rows.push({ at: clock.now(), entry })
    })
    for (const { entry } of life.unit.store.journal.after(witness.rows.length, 1_000))
      witness.rows.push({ at: clock.now(), entry })
  }

  function outage(disk: Buffer): void {
    powered = false
    road.hangUp()
    clock.after(
      trouble.between(1, 20) === 1 ? trouble.between(60, 900) * 1_000 : trouble.between(1, 40) * 1_000,
      () => boot(disk),
    )
  }

  function watchSteel(): void {
    const counted = new Map(steel.doors.map(door => [door.name, { openings: 0 }]))
    for (const door of steel.doors) {
      const energise = door.energise
      door.energise = () => {
        const underFault = clock.now() - witness.lastFault < AFTERMATH
        witness.releases.push({ at: clock.now(), door: door.name, item: door.item, underFault })
        energise()
      }
    }
    steel.watch(door => {
      const seen = counted.get(door.name)
      const last = door.openings.at(-1)
      if (!seen || !last || door.openings.length === seen.openings) return
      seen.openings = door.openings.length
      const calm =
        powered && clock.now() - witness.lastFault > 10_000 && clock.now() - (bootedAt() ?? 0) > 5_000
      witness.openings.push({ at: clock.now(), door: door.name, cause: last.cause, calm })
    })
  }

  function bootedAt(): Millis | undefined {
    return witness.rows.findLast(({ entry }) => entry.type === 'started')?.at
  }

  const trouble = dice.fork('trouble')
  function makeTrouble(): void {
    const one = <Fault extends FaultName>(fault: Fault, outOf: number, act: () => void): void => {
      if (!swarm.has(fault) || !trouble.chance(1, outOf)) return
      struck(fault)
      act()
    }
    const board = trouble.pick([wires.left, wires.right])
    one('dead-board', 25, () => {
      board.kill(0)
      clock.after(trouble.between(1, 60) * 1_000, () => board.revive(0))
    })
    if (swarm.has('cut') && trouble.chance(1, 25)) {
      board.cut()
      clock.after(trouble.between(1, 60) * 1_000, board.mend)
    }
    one('jammed', 15, () => {
      const door = trouble.pick(steel.doors)
      door.alter({ jammed: !door.jammed })
    })
    one('sticky', 15, () =>
      trouble
        .pick(steel.doors)
        .alter({ pulses: trouble.between(1, 3), letsGoAfter: trouble.between(20, 2_000) }),
    )
    one('forced', 20, () => {
      const door = trouble.pick(steel.doors)
      if (trouble.chance(1, 2)) door.force()
      else door.openByHand()
      crowd.closeLater(door)
    })
    if (swarm.has('link-down') && trouble.chance(1, 15)) {
      road.breakDown()
      clock.after(trouble.between(1, 240) * 1_000, road.heal)
    }
    one('clock-jump', 25, () => {
      const by = trouble.between(-3_600, 3_600) * 1_000
      witness.clockError += Math.abs(by)
      clock.jump(by)
    })
    if (!powered || !life) return
    if (swarm.has('power-cut') && trouble.chance(1, 25)) {
      struck('power-cut')
      return outage(life.end())
    }
    one('cut-before-commit', 25, () => life?.doom('before'))
    one('cut-after-commit', 25, () => life?.doom('after'))
  }

  for (let turn = 0; turn < TURNS; turn++) {
    makeTrouble()
    crowd.act()
    await clock.pass(trouble.between(500, 14_000))
  }

  // Things heal, and everything must settle.
  Object.assign(faults, QUIET)
  Object.assign(roadFaults, { repeated: 0, reordered: 0 })
  road.heal()
  for (const each of [wires.left, wires.right]) {
    each.mend()
    each.revive(0)
  }
  for (const door of steel.doors) door.alter({ jammed: false, pulses: 1, letsGoAfter: 30 })
  await clock.passUntil(() => powered, 2_000_000)
  witness.healedAt = clock.now()
  await clock.pass(20_000)
  crowd.goHome()
  await clock.pass(120_000)
  return reckon()

  function reckon(): Story {
    if (!life) throw new Error('nobody lived')
    const journal = life.unit.store.journal.after(0, 1_000_000)
    const ruined = [...wires.left.ruined, ...wires.right.ruined]
    const evidence = {
      witness,
      steel,
      life,
      journal,
      book: road.book,
      acknowledged: road.acknowledged,
      ruined,
    }
    const violations = checks.flatMap(({ promise, breaches }) =>
      breaches(evidence).map(says => `${promise}: ${says}`),
    )
    const told = JSON.stringify([journal, witness.releases, witness.openings])
    life.end()
    return {
      seed,
      digest: createHash('sha256').update(told).digest('hex'),
      hours: clock.now() / 3_600_000,
      actuations: witness.releases.length,
      underFault: witness.releases.filter(({ underFault }) => underFault).length,
      violations,
      cells,
      rows: journal,
      seen: witness.rows,
    }
  }
}
