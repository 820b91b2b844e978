import { PRODUCTS } from '../clinic/site.ts'
import type { ClinicTown } from './clinic.ts'
import { codeFor, comes, inService, obeyed, refused, released, type Script, served } from './clinic-people.ts'
import { fills, holds, looks, newPack } from './clinic-staff.ts'
import { type Journey, sees } from './people.ts'

type ClinicJourney = Journey<ClinicTown>

const [AMOX, LISI, INHALER] = PRODUCTS

/** Long enough to type, and not for what will never come. */
const IMPATIENT = { patience: 9_000 }

const withdrawn = (town: ClinicTown, { id }: Script): Promise<void> =>
  obeyed(town, { kind: 'withdraw', prescription: id, reason: 'filled elsewhere', by: 'physician' })

const left: ClinicJourney = {
  name: 'a patient leaves the pack in the tray and shuts the door',
  async walk(town, number, tell) {
    await fills(town, 'C1', 2)
    const script = await released(town, `LEFT-${number}`, INHALER.gtin)
    const held = holds(town, script.id, 'left-behind')
    await Promise.all([comes(town, script, { takes: 'nothing' }), held])
    await refused(town, script, 'in-progress')
    tell('the kiosk stops, and serves nobody until somebody has looked')
    tell(`staff: ${await looks(town, script.id)}`)
    await served(town, script)
    tell('the patient comes back with a new code and takes another pack')
  },
}

const jammed: ClinicJourney = {
  name: 'a lane jams',
  async walk(town, number, tell) {
    await fills(town, 'B1', 1)
    const script = await released(town, `JAM-${number}`, LISI.gtin)
    town.machine.lane('B1').works = 'jams'
    const held = holds(town, script.id, 'jammed')
    await Promise.all([comes(town, script, IMPATIENT), held])
    tell('the motor ran and nothing fell: it does not try again by itself')
    tell(`staff free the coil: ${await looks(town, script.id)}`)
    await served(town, script)
    tell('the patient has the pack')
  },
}

const doubled: ClinicJourney = {
  name: 'two packs fall where one should',
  async walk(town, number, tell) {
    await fills(town, 'C1', 2)
    const script = await released(town, `TWO-${number}`, INHALER.gtin)
    town.machine.lane('C1').works = 'double-drop'
    // Whichever is read first, the other one is too many.
    const held = holds(town, script.id)
    await Promise.all([comes(town, script, IMPATIENT), held])
    if (town.door.open) throw new Error('the door opened over two packs')
    tell('the scanner in the tray read both: the door stays locked')
    tell(`staff empty the tray and count the lane: ${await looks(town, script.id)}`)
    await withdrawn(town, script)
  },
}

const wrong: ClinicJourney = {
  name: 'a hand slipped while a lane was filled: another medicine lies in front',
  async walk(town, number, tell) {
    const { machine } = town
    await fills(town, 'B1', 2)
    slip(town)
    const script = await released(town, `WRONG-${number}`, LISI.gtin)
    const held = holds(town, script.id, 'wrong-pack')
    await Promise.all([comes(town, script, IMPATIENT), held])
    if (town.door.open || machine.tray.length !== 1)
      throw new Error('the wrong pack did not stay in the tray')
    tell('it fell, it was read, and the door stays locked over it')
    tell(`staff empty the tray and count the lane: ${await looks(town, script.id)}`)
    await withdrawn(town, script)
  },
}

/** The front pack of B1 goes back into the box, and another product lies in its place. */
function slip(town: ClinicTown): void {
  const { machine } = town
  const packs = machine.lane('B1').packs.slice()
  for (const { id } of packs) machine.takeOut('B1', id)
  machine.feed('B1', newPack(town, INHALER.gtin, 'LOT9'))
  for (const pack of packs.slice(1)) machine.feed('B1', pack)
}

const recalled: ClinicJourney = {
  name: 'a lot is recalled while the patient is on the way',
  async walk(town, number, tell) {
    await fills(town, 'B1', 1)
    const recall = `R-${number}`
    const turns = town.machine.ledger.turns.length
    const script = await released(town, `LOT-${number}`, LISI.gtin)
    const code = codeFor(town, script)
    const scope = { gtin: LISI.gtin, lot: 'LOT1' }
    await obeyed(town, { kind: 'recall', recall, scope, reason: 'recalled by the maker', by: 'cloud' })
    await refused(town, script, 'out-of-stock', code)
    if (town.machine.ledger.turns.length > turns) throw new Error('a recalled pack was given out')
    tell('the pack was held for this patient, and is not given out')
    await obeyed(town, { kind: 'lift', recall, reason: 'it was another lot', by: 'cloud' })
    await served(town, script, {}, code)
    tell('the recall was lifted: the same code gets it')
  },
}

const killed: ClinicJourney = {
  name: 'the agent is killed while a lane turns',
  async walk(town, number, tell) {
    const { machine } = town
    await fills(town, 'A1', 1)
    const script = await released(town, `KILL-${number}`, AMOX.gtin)
    const turns = machine.ledger.turns.length
    const visit = comes(town, script, IMPATIENT)
    await sees(town, 'a turn', () => machine.ledger.turns.length > turns)
    const held = holds(town, script.id, 'interrupted')
    await town.endAgent('SIGKILL')
    await sees(town, 'a pack to fall', () => machine.tray.length > 0)
    town.startAgent()
    await Promise.all([held, visit])
    if (machine.ledger.turns.length !== turns + 1) throw new Error('a lane turned again because of a restart')
    tell('it came back, moved nothing, and asks for somebody to look')
    tell(`staff: ${await looks(town, script.id)}`)
    await inService(town)
    await withdrawn(town, script)
  },
}

const noPaper: ClinicJourney = {
  name: 'the printer has no labels left when the patient comes',
  async walk(town, number, tell) {
    await fills(town, 'A1', 1)
    const turns = town.machine.ledger.turns.length
    const script = await released(town, `PAPER-${number}`, AMOX.gtin)
    town.printer.paperOut = true
    const refusal = town.operator.until(
      'the patient to be sent away',
      entry =>
        (entry.type === 'session-ended' || entry.type === 'token-refused') &&
        entry.prescription === script.id,
      60_000,
    )
    await Promise.all([comes(town, script, IMPATIENT), refusal])
    if (town.machine.ledger.turns.length > turns) throw new Error('a lane turned without a label')
    tell('without a label nothing falls')
    town.printer.paperOut = false
    await inService(town)
    await served(town, script)
    tell('with paper the patient gets it after all')
  },
}

/** What goes wrong at a clinic, once each. */
export const clinicMishaps: ClinicJourney[] = [left, jammed, doubled, wrong, recalled, killed, noPaper]
