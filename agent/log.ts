import pino, { type DestinationStream, type Logger } from 'pino'
import type { Row } from './domain/journal.ts'

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>

/** One JSON line an event. Codes never reach it; who asked for something, and in what words, is for the journal alone. */
export const openLog = (level: string, unit: string, to?: DestinationStream): Log =>
  pino({ level, base: { unit }, timestamp: pino.stdTimeFunctions.isoTime }, to)

/** A journal row as a log line, without names and without words that people typed. */
export function logRow(log: Log, { seq, entry }: Row): void {
  const { type, ...facts } = entry
  const { by: _who, reason: _words, how: _settled, ...said } = { by: '', reason: '', how: '', ...facts }
  if (type === 'alarm-raised' || type === 'in-doubt' || type === 'device-offline')
    log.warn({ seq, ...said }, type)
  else log.info({ seq, ...said }, type)
}
