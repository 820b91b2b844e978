import type { Effect } from './effect.ts'
import type { Known } from './known.ts'
import { judgeStatement, type Statement } from './statement.ts'

/** Whose business a statement is. */
export type Heard =
  | { ok: true; statement: Statement; to: 'session' | 'prescription' | 'duty' }
  | { ok: false; why: string; prescription?: string }

/** Reads a statement, holds it against what is here, and says whom it concerns. Whatever is wrong with it is a sentence. */
export function hearStatement(text: string, known: Known): Heard {
  const read = known.readStatement(text)
  if (!read.ok) return { ok: false, why: `the statement is no pharmacist's: ${read.why}` }
  const { statement } = read
  const { says, prescription, id } = statement
  const { wall } = known
  const { unit } = known.site
  if (says === 'on-duty') {
    const why = judgeStatement(statement, { unit, wall })
    return why === undefined
      ? { ok: true, statement, to: 'duty' }
      : { ok: false, why: `the statement is ${why}` }
  }
  const found = known.prescription(prescription)
  if (!found) return { ok: false, why: `there is no prescription ${prescription} here` }
  const why = judgeStatement(statement, { unit, wall, digest: found.digest })
  if (why !== undefined) return { ok: false, why: `the statement is ${why}`, prescription }
  if (found.used.includes(id)) return { ok: false, why: 'the statement was used before', prescription }
  const { machine } = known
  const served = machine && 'prescription' in machine.machine && machine.machine.prescription === prescription
  const toSession = says !== 'release' && says !== 'reject' && (served || says === 'identified')
  return { ok: true, statement, to: toSession ? 'session' : 'prescription' }
}

/** A statement counts once. */
export const useStatement = ({ prescription, id }: Statement): Effect[] => [
  { type: 'change-prescription', prescription, use: id },
]
