import { expect, test } from 'vitest'
import type { Entry } from './domain/journal.ts'
import { logRow, openLog } from './log.ts'

function logged(...entries: Entry[]): string[] {
  const lines: string[] = []
  const log = openLog('info', 'unit-1', { write: line => void lines.push(line) })
  for (const [index, entry] of entries.entries()) logRow(log, { seq: index + 1, at: 0, entry, hash: '' })
  return lines
}

test('one JSON line an event, named by what happened', () => {
  const [line = ''] = logged({ type: 'door-opened', compartment: 'A1', order: 'o7' })
  expect(JSON.parse(line)).toMatchObject({
    level: 30,
    unit: 'unit-1',
    seq: 1,
    compartment: 'A1',
    order: 'o7',
    msg: 'door-opened',
  })
})

test('who asked, and in what words, never reaches the log', () => {
  const lines = logged(
    { type: 'open-asked', compartment: 'A1', reason: 'Ann Example forgot her keys', by: 'ann.example' },
    { type: 'held', compartment: 'A1', why: 'Ann Example broke it', by: 'ann.example' },
    { type: 'released', compartment: 'A1', by: 'ann.example' },
    { type: 'doubt-resolved', order: 'o7', compartment: 'A1', how: 'released by ann.example' },
    { type: 'claimed', booking: 'K1', leg: 'deposit', by: 'customer', reader: 'scanner', how: 'code' },
  )
  expect(lines).toHaveLength(5)
  expect(lines.join()).not.toMatch(/example/i)
})

test('what somebody should look at is a warning', () => {
  const [alarm = '', doubt = '', offline = ''] = logged(
    { type: 'alarm-raised', alarm: 'forced', compartment: 'A1' },
    { type: 'in-doubt', order: 'o7', compartment: 'A1' },
    { type: 'device-offline', device: 'board', why: 'no-reply' },
  )
  for (const line of [alarm, doubt, offline]) expect(JSON.parse(line).level).toBe(40)
})
