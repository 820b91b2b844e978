import { join } from 'node:path'
import type { Row } from '../../agent/domain/journal.ts'
import { readKey } from '../../agent/key.ts'
import { verifyFile } from '../../agent/store/verify.ts'
import type { Station } from './station.ts'

export interface Agreement {
  journalRows: number
  cloudRows: number
  disagreements: string[]
}

/** Holds steel, journal and cloud against each other. The agent must have ended. */
export function agree(town: Station): Agreement {
  const { steel, operator, data } = town
  const verdict = verifyFile(join(data, 'journal.db'), readKey(join(data, 'unit.key')))
  const { rows } = operator.book
  const disagreements = [
    ...operator.book.disagreements,
    ...verdict.problems.map(({ seq, says }) => `journal row ${seq}: ${says}`),
  ]
  if (rows.length !== verdict.rows) disagreements.push(`the cloud has ${rows.length} of ${verdict.rows} rows`)
  if (rows.length === verdict.rows && rows.at(-1)?.hash !== verdict.head.hash)
    disagreements.push('the cloud and the journal end with different rows')
  for (const door of steel.doors) {
    const ordered = count(rows, entry => entry.type === 'unlock-ordered' && entry.compartment === door.name)
    if (door.releases.length > ordered)
      disagreements.push(`${door.name} was released ${door.releases.length} times, ordered ${ordered} times`)
    const seen = count(
      rows,
      entry =>
        (entry.type === 'door-opened' || (entry.type === 'door-found' && entry.open)) &&
        entry.compartment === door.name,
    )
    if (seen !== door.openings.length)
      disagreements.push(`${door.name} opened ${door.openings.length} times, the journal says ${seen}`)
    if (door.open) disagreements.push(`${door.name} stands open`)
  }
  for (const line of Object.values(town.lines)) disagreements.push(...line.ruined)
  return { journalRows: verdict.rows, cloudRows: rows.length, disagreements }
}

const count = (rows: Row[], fits: (entry: Row['entry']) => boolean): number =>
  rows.filter(({ entry }) => fits(entry)).length
