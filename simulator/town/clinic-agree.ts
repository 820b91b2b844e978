import type { Entry } from '../../agent/domain/journal.ts'
import { LANES } from '../clinic/site.ts'
import { type Agreement, agree } from './agree.ts'
import type { ClinicTown } from './clinic.ts'

/** Holds steel, journal and cloud against each other, and the packs in the lanes and in people's hands. The agent must have ended. */
export function agreeAtClinic(town: ClinicTown): Agreement {
  const agreement = agree(town)
  const entries = town.operator.book.rows.map(({ entry }) => entry)
  const disagreements = [
    ...agreement.disagreements,
    ...turnsOrdered(town, entries),
    ...labelsPrinted(town, entries),
    ...handsTrue(town, entries),
    ...lanesTrue(town, entries),
    ...town.machine.tray.map(({ id }) => `${id} lies in the tray`),
  ]
  return { ...agreement, disagreements }
}

const ofType = <Type extends Entry['type']>(entries: Entry[], type: Type) =>
  entries.filter((entry): entry is Entry & { type: Type } => entry.type === type)

function turnsOrdered({ machine }: ClinicTown, entries: Entry[]): string[] {
  const orders = ofType(entries, 'vend-ordered')
  return LANES.flatMap(({ name }) => {
    const turned = machine.ledger.turns.filter(({ lane }) => lane === name).length
    const ordered = orders.filter(({ lane }) => lane === name).length
    return turned > ordered ? [`${name} turned ${turned} times, ordered ${ordered} times`] : []
  })
}

/** Each is on paper, and perhaps some of which the printer did not say so. */
function labelsPrinted({ printer }: ClinicTown, entries: Entry[]): string[] {
  const sure = ofType(entries, 'printed').length
  const perhaps = ofType(entries, 'print-failed').filter(({ sent }) => sent).length
  const { length } = printer.labels
  return sure <= length && length <= sure + perhaps
    ? []
    : [`${length} labels were printed, the journal says ${sure}`]
}

/** Whether what was called handed over is what patients went away with, each with their own prescription. */
function handsTrue({ visits }: ClinicTown, entries: Entry[]): string[] {
  const has = visits.flatMap(({ prescription, holds }) => holds.map(id => `${id} with ${prescription}`))
  const said = [
    ...ofType(entries, 'handed-over').flatMap(({ prescription, packs }) =>
      packs.map(({ serial }) => `${serial} with ${prescription}`),
    ),
    ...ofType(entries, 'dispense-resolved')
      .filter(({ found }) => found === 'handed-over')
      .map(({ prescription, serial }) => `${serial} with ${prescription}`),
  ]
  return [
    ...said
      .filter(each => !has.includes(each))
      .map(each => `${each} was called handed over, and nobody has it`),
    ...has
      .filter(each => !said.includes(each))
      .map(each => `${each} was carried away, and the journal does not say so`),
  ]
}

/** Whether in each lane lies what was loaded and neither given out nor taken out since. */
function lanesTrue({ machine }: ClinicTown, entries: Entry[]): string[] {
  const gone = new Set([
    ...ofType(entries, 'pack-removed').map(({ serial }) => serial),
    ...ofType(entries, 'handed-over').flatMap(({ packs }) => packs.map(({ serial }) => serial)),
    ...ofType(entries, 'dispense-resolved')
      .filter(({ found }) => found !== 'in-lane')
      .map(({ serial }) => serial),
  ])
  const loaded = ofType(entries, 'pack-loaded').filter(({ serial }) => !gone.has(serial))
  return LANES.flatMap(({ name }) => {
    const lies = machine
      .lane(name)
      .packs.map(({ id }) => id)
      .join()
    const said = loaded
      .filter(({ lane }) => lane === name)
      .map(({ serial }) => serial)
      .join()
    return lies === said ? [] : [`${name} holds ${lies || 'nothing'}, the journal says ${said || 'nothing'}`]
  })
}
