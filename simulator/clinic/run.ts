import { createHash } from 'node:crypto'
import type { Session } from '../../agent/domain/session.ts'
import type { Planted } from '../rig/life.ts'
import { openPower, type Power } from '../rig/power.ts'
import type { Story } from '../rig/run.ts'
import type { VirtualClock } from '../world/clock.ts'
import { clinicChecks } from './checks.ts'
import { type Clinic, openClinic } from './clinic.ts'
import { clinicPeople } from './people.ts'
import { openClinicTrouble } from './trouble.ts'

const TURNS = 120
/** Staff have so long to look at whatever is held once everything works again. */
const TO_SETTLE = 900_000

/** One life of one kiosk, told by `seed`: trouble first, then calm, then the reckoning. */
export async function runClinic(seed: number, planted: Planted = {}): Promise<Story> {
  const clinic = openClinic(seed)
  const { power, people } = openUp(clinic, planted)
  const strike = openClinicTrouble(clinic, power)
  const pace = clinic.dice.fork('pace')
  await clinic.clock.pass(3_000)
  void people.staff.round()
  for (let turn = 0; turn < TURNS; turn++) {
    strike()
    people.act()
    await clinic.clock.pass(pace.between(500, 9_000))
  }
  await settle(clinic, power, people)
  return reckon(seed, clinic, power)
}

/** Powers a kiosk up, with its people around it. */
export function openUp(clinic: Clinic, planted: Planted) {
  const power = openPower(clinic, planted)
  clinic.tellPhase(() => {
    if (!power.on()) return 'off'
    return (power.life().unit.processes.get('dispense', 'tray') as Session | undefined)?.phase ?? 'idle'
  })
  const people = clinicPeople({
    ...clinic,
    random: clinic.dice.fork('people'),
    instruct: clinic.road.instruct,
    // Whoever asks while the power goes hears nothing more.
    desk: ask =>
      power.on()
        ? Promise.race([power.life().unit.ask(ask), silence(clinic.clock)])
        : Promise.resolve(undefined),
  })
  return { power, people }
}

const PATIENCE = 10_000
const silence = (clock: VirtualClock): Promise<undefined> =>
  new Promise(resolve => void clock.after(PATIENCE, () => resolve(undefined)))

type People = ReturnType<typeof openUp>['people']

/** Things heal, people go home, and whoever of the staff is asked for looks. */
export async function settle(clinic: Clinic, power: Power, people: People): Promise<void> {
  const { clock, heal } = clinic
  heal()
  await clock.passUntil(power.on, 2_000_000)
  await clock.passUntil(people.idle, TO_SETTLE)
  clinic.hardware.door.push()
  await clock.pass(20_000)
  for (let round = 0; round < 5 && people.staff.held(); round++) {
    void people.staff.look()
    await clock.pass(90_000)
  }
  await clock.pass(150_000)
  // A row may have been written at just this moment: it is on its way.
  const { journal } = power.life().unit.store
  await clock.passUntil(() => clinic.road.book.rows.length === journal.head().seq, 10_000)
}

export function reckon(seed: number, clinic: Clinic, power: Power): Story {
  const { clock, cells, witness, road } = clinic
  const life = power.life()
  const journal = life.unit.store.journal.after(0, 1_000_000)
  const { book, acknowledged } = road
  const ruined = Object.values(clinic.wires).flatMap(wire => wire.ruined)
  const evidence = { clinic, life, journal, book, acknowledged, ruined, disk: life.unit.store.snapshot() }
  const violations = clinicChecks.flatMap(({ promise, breaches }) =>
    breaches(evidence).map(says => `${promise}: ${says}`),
  )
  const told = JSON.stringify([journal, witness.turns, witness.falls, witness.takings])
  life.end()
  return {
    seed,
    digest: createHash('sha256').update(told).digest('hex'),
    hours: clock.now() / 3_600_000,
    actuations: witness.turns.length,
    underFault: witness.turns.filter(({ underFault }) => underFault).length,
    violations,
    cells,
    rows: journal,
    seen: witness.rows,
  }
}
