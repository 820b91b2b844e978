import { expect, test } from 'vitest'
import { workbench } from '../workbench.ts'
import { type Cu48Settings, cu48Board } from './cu48-board.ts'

const board = (settings: Partial<Cu48Settings> = {}) =>
  workbench(latches => cu48Board({ address: 0, ...settings }, latches), 48)

test.each([
  [1, '02 00 00 75 01 00 00 00 00 00 00 00 00 00 00 00 03 7B'],
  [14, '02 00 00 75 00 20 00 00 00 00 00 00 00 00 00 00 03 9A'],
])('with only lock %i closed a status says what was captured', async (lock, said) => {
  const table = board()
  table.lockOnly(lock)
  expect(await table.say('02 00 00 60 03 65')).toEqual([said])
})

test('an unlock opens its door and is not answered', async () => {
  const table = board()
  expect(await table.say('02 00 01 61 03 67', 700)).toEqual([])
  expect(table.open()).toEqual([2])
})

test('a talkative firmware says 77 to an unlock', async () => {
  const table = board({ talkative: true })
  expect(await table.say('02 00 0A 61 03 70', 700)).toEqual([
    '02 00 0A 77 FF FF FF FF FF FF 00 00 00 00 00 00 03 80',
  ])
})

test('a bad sum, another board, a lock it has not and an unknown command meet with silence', async () => {
  const table = board()
  for (const frame of ['02 00 00 60 03 66', '02 01 00 60 03 66', '02 00 30 61 03 96', '02 00 00 50 03 55'])
    expect(await table.say(frame, 700)).toEqual([])
  expect(table.open()).toEqual([])
})
