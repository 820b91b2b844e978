import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Anchor } from '../domain/record-proof.ts'
import type { Call } from './command.ts'
import { Stop } from './exit.ts'

// What every export of a period is told, and where it goes.

/** A day begins at midnight of this machine; the last one ends at its end. */
export function momentOf(call: Call, option: 'from' | 'to'): Millis {
  const given = call.text(option) ?? ''
  const [day = ''] = /^\d{4}-\d\d-\d\d/.exec(given) ?? []
  const whole = given === day
  const at = new Date(whole ? `${given}T00:00:00` : given)
  // The 31st of February would be taken for a day of March.
  const real = day !== '' && new Date(`${day}T12:00:00Z`).getUTCDate() === Number(day.slice(8))
  if (!real || Number.isNaN(at.getTime()))
    throw new Stop(
      'usage',
      `Give --${option} a day (2026-11-30) or a time (2026-11-30T18:00Z), not "${given}".`,
    )
  if (whole && option === 'to') at.setDate(at.getDate() + 1)
  return at.getTime()
}

/** New files only, for their owner's eyes only. */
export function writeNew(files: [name: string, text: string][]): void {
  const there = files.find(([name]) => existsSync(name))
  if (there) throw new Stop('usage', `${there[0]} is there already: name a new file.`)
  for (const [name, text] of files)
    try {
      writeFileSync(name, text, { flag: 'wx', mode: 0o600 })
    } catch {
      throw new Stop('usage', `${name} cannot be written: name a new file in a folder of yours.`)
    }
}

/** The row that was given as the cloud has it. */
export function anchorsOf(call: Call): Anchor[] {
  const given = call.text('anchor')
  if (given === undefined) return []
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(given) ?? []
  if (seq === undefined || hash === undefined)
    throw new Stop('usage', '--anchor takes the number of a row and its hash, 64 digits: NUMBER:HASH.')
  return [{ seq: Number(seq), hash }]
}

export function readText(file: string): string {
  if (!existsSync(file)) throw new Stop('usage', `There is no file ${file}.`)
  return readFileSync(file, 'utf8')
}
