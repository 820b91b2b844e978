import { createHash } from 'node:crypto'
import type { Row } from '../../agent/domain/journal.ts'
import { type Bank, openBank } from './bank.ts'
import { checks } from './checks.ts'
import type { Planted } from './life.ts'
import { openPower, type Power } from './power.ts'
import { openTrouble } from './trouble.ts'
import type { Witness } from './witness.ts'

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

/** One life of one locker bank, told by `seed`: trouble first, then calm, then the reckoning. */
export async function run(seed: number, planted: Planted = {}): Promise<Story> {
  const bank = openBank(seed)
  const power = openPower(bank, planted)
  bank.tellPhases(() => {
    if (!power.on()) return ['off']
    const phases = [...power.life().unit.processes.visits()].map(({ visit }) => visit.phase)
    return phases.length > 0 ? phases : ['idle']
  })
  await safety(bank, power)
  await liveness(bank, power)
  return reckon(seed, bank, power)
}

/** Anything may break. */
async function safety(bank: Bank, power: Power): Promise<void> {
  const strike = openTrouble(bank, power)
  const pace = bank.dice.fork('pace')
  for (let turn = 0; turn < TURNS; turn++) {
    strike()
    bank.crowd.act()
    await bank.clock.pass(pace.between(500, 14_000))
  }
}

/** Things heal, and everything must settle. */
async function liveness({ clock, crowd, heal }: Bank, power: Power): Promise<void> {
  heal()
  await clock.passUntil(power.on, 2_000_000)
  await clock.pass(20_000)
  crowd.goHome()
  await clock.pass(120_000)
}

function reckon(seed: number, { clock, cells, road, steel, wires, witness }: Bank, power: Power): Story {
  const life = power.life()
  const journal = life.unit.store.journal.after(0, 1_000_000)
  const { book, acknowledged } = road
  const ruined = [...wires.left.ruined, ...wires.right.ruined]
  const evidence = { witness, steel, life, journal, book, acknowledged, ruined }
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
