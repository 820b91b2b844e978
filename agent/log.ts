import pino, { type DestinationStream, type Logger } from 'pino'
import type { Row } from './domain/journal.ts'

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>

/** One JSON line an event. Codes never reach it; who asked for something, and in what words, is for the journal alone. */
export const openLog = (level: string, unit: string, to?: DestinationStream): Log =>
  pino({ level, base: { unit }, timestamp: pino.stdTimeFunctions.isoTime }, to)

/** Fields that hold what people typed, or who they are. `why` is ours, save where somebody takes a door out of use. */
const PRIVATE = new Set(['by', 'reason', 'how'])

/** A journal row as a log line, without names and without words that people typed. */
export function logRow(log: Log, { seq, entry }: Row): void {
  const { type, ...facts } = entry
  const said = Object.fromEntries(
    Object.entries(facts).filter(([name]) => !PRIVATE.has(name) && !(type === 'held' && name === 'why')),
  )
  if (type === 'alarm-raised' || type === 'in-doubt' || type === 'device-offline')
    log.warn({ seq, ...said }, type)
  else log.info({ seq, ...said }, type)
}
