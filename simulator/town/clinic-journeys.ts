import { PRODUCTS } from '../clinic/site.ts'
import type { ClinicTown } from './clinic.ts'
import { clinicMishaps } from './clinic-mishaps.ts'
import { codeFor, comes, prescribes, refused, released, served, states } from './clinic-people.ts'
import { fills, goesRound, newPack } from './clinic-staff.ts'
import { done } from './desk.ts'
import { is, type Journey } from './people.ts'

export type ClinicJourney = Journey<ClinicTown>

const [AMOX, LISI, INHALER] = PRODUCTS

const filling: ClinicJourney = {
  name: 'the badge of a technician leads from lane to lane, and each is filled pack by pack',
  async walk(town, _number, tell) {
    const { operator, packs } = town
    tell(`a badge led from lane to lane: ${(await goesRound(town)).join(', ')}`)
    await done(town, { kind: 'load', lane: 'A1', by: 'technician' })
    const { id, label } = newPack(town, AMOX.gtin, 'LOT0', -30)
    packs.scan(label, ']d2')
    await operator.until(
      'the old pack to be refused',
      is('pack-refused', entry => entry.serial === id && entry.why === 'expired'),
    )
    await done(town, { kind: 'load-end', lane: 'A1', by: 'technician' })
    tell('one that had expired was refused and went into the return bin')
  },
}

const ordinary: ClinicJourney = {
  name: 'a patient fetches what the physician sent and the pharmacist released',
  async walk(town, number, tell) {
    await fills(town, 'A1', 1)
    const printed = town.printer.labels.length
    const script = await prescribes(town, `RX-${number}`, AMOX.gtin)
    tell('the physician sent it; a pack is held for it')
    await states(town, script, 'release')
    tell('the pharmacist released it')
    await served(town, script)
    if (town.printer.labels.length !== printed + 1) throw new Error('no label was printed')
    tell('code and second factor, a label, one pack, the door: the patient has it')
  },
}

const firstTime: ClinicJourney = {
  name: 'a patient takes a medicine for the first time, and a pharmacist speaks with them before',
  async walk(town, number, tell) {
    await fills(town, 'B1', 1)
    const turns = town.machine.ledger.turns.length
    const script = await released(town, `NEW-${number}`, LISI.gtin, { first_time: true })
    const consultation = async () => {
      await town.operator.until(
        'the consultation',
        is('consult-requested', entry => entry.prescription === script.id),
        60_000,
      )
      await states(town, script, 'consult-joined')
      if (town.machine.ledger.turns.length > turns)
        throw new Error('a lane turned before the consultation was over')
      tell('the kiosk waits, and the pharmacist speaks with the patient')
      await states(town, script, 'consult-completed')
    }
    await Promise.all([served(town, script), consultation()])
    tell('then it gave the pack out')
  },
}

const twice: ClinicJourney = {
  name: 'a patient holds the code before the scanner twice, and comes again afterwards',
  async walk(town, number, tell) {
    await fills(town, 'A1', 2)
    const script = await released(town, `TWICE-${number}`, AMOX.gtin)
    const code = codeFor(town, script)
    await served(town, script, { shows: ['own', 'own'] }, code)
    const turns = town.machine.ledger.turns.length
    await refused(town, script, 'unknown', code)
    if (town.machine.ledger.turns.length > turns) throw new Error('a lane turned for a used code')
    tell('one pack; the code opens nothing any more')
  },
}

const unreleased: ClinicJourney = {
  name: 'somebody comes before the pharmacist has released it',
  async walk(town, number, tell) {
    await fills(town, 'C1', 1)
    const turns = town.machine.ledger.turns.length
    const script = await prescribes(town, `EARLY-${number}`, INHALER.gtin)
    await refused(town, script, 'not-released')
    tell('the code is right, and opens nothing')
    await states(town, script, 'reject')
    await refused(town, script, 'unknown')
    if (town.machine.ledger.turns.length > turns) throw new Error('a lane turned without a release')
    tell('the pharmacist said no: nothing is held for it any more')
  },
}

const guessed: ClinicJourney = {
  name: 'somebody with the code of another guesses the second factor, until it is burnt',
  async walk(town, number, tell) {
    await fills(town, 'C1', 1)
    const script = await released(town, `GUESS-${number}`, INHALER.gtin)
    const burnt = town.operator.until(
      'the factor to be burnt',
      is('factor-burnt', entry => entry.prescription === script.id),
      60_000,
    )
    const guesses = Array<'wrong'>(5).fill('wrong')
    await Promise.all([comes(town, script, { types: guesses, patience: 5_000 }), burnt])
    await refused(town, script, 'burnt')
    tell('five wrong tries: now not even the right one would help')
    await states(town, script, 'reject')
  },
}

/** A day at a clinic: what goes as it should, and what does not. */
export const clinicJourneys: ClinicJourney[] = [
  filling,
  ordinary,
  firstTime,
  twice,
  unreleased,
  guessed,
  ...clinicMishaps,
]
