import { expect, test } from 'vitest'
import { workbench } from '../workbench.ts'
import { type Cu12Settings, cu12Board } from './cu12-board.ts'

const board = (settings: Partial<Cu12Settings> = {}) =>
  workbench(latches => cu12Board({ address: 0, ...settings }, latches), 12)

test('a status tells which hooks are in', async () => {
  const table = board()
  table.lockOnly(2)
  expect(await table.say('02 00 00 80 00 00 03 85')).toEqual(['02 00 00 80 10 02 03 99 02 00'])
  const real = board()
  real.lockOnly(1)
  expect(await real.say('02 00 00 80 00 00 03 85')).toEqual(['02 00 00 80 10 02 03 98 01 00'])
})

test('asked for all boards, each answers with its own number', async () => {
  const second = board({ address: 1 })
  second.lockOnly(3)
  expect(await second.say('02 10 00 80 00 00 03 95')).toEqual(['02 01 00 80 10 02 03 9C 04 00'])
})

test('an unlock is answered, opens its door, and the hook reads in until the pulse is over', async () => {
  const table = board()
  expect(await table.say('02 00 02 81 00 00 03 88', 300)).toEqual(['02 00 02 81 10 00 03 98'])
  expect(table.open()).toEqual([3])
  expect(await table.say('02 00 00 80 00 00 03 85', 100)).toEqual(['02 00 00 80 10 02 03 A5 FF 0F'])
  await table.hear(300)
  expect(await table.say('02 00 00 80 00 00 03 85')).toEqual(['02 00 00 80 10 02 03 A1 FB 0F'])
})

test('all twelve open one after another', async () => {
  const table = board()
  expect(await table.say('02 00 0C 81 00 00 03 92', 10_000)).toEqual(['02 00 0C 81 10 00 03 A2'])
  expect(table.open()).toHaveLength(12)
})

test('settings are told, kept, and cost half a second of deafness', async () => {
  const table = board()
  expect(await table.say('02 00 00 82 00 00 03 87')).toEqual(['02 00 00 82 10 02 03 D0 00 37'])
  expect(await table.say('02 00 00 82 00 02 03 ED 00 64')).toEqual(['02 00 00 82 10 00 03 97'])
  expect(await table.say('02 00 00 82 00 00 03 87')).toEqual([])
  await table.hear(500)
  expect(await table.say('02 00 00 82 00 00 03 87')).toEqual(['02 00 00 82 10 02 03 FD 00 64'])
  expect(await table.say('02 00 00 83 00 00 03 88')).toEqual(['02 00 00 83 10 01 03 9A 01'])
  expect(await table.say('02 00 00 8F 00 00 03 94')).toEqual(['02 00 00 8F 10 02 03 C8 10 12'])
})

test('an unknown command and bad data are named; a bad sum and another board meet with silence', async () => {
  const table = board()
  expect(await table.say('02 00 00 90 00 00 03 95')).toEqual(['02 00 00 90 13 00 03 A8'])
  expect(await table.say('02 00 00 84 00 01 03 83 F9')).toEqual(['02 00 00 84 14 00 03 9D'])
  expect(await table.say('02 00 00 80 00 00 03 86')).toEqual([])
  expect(await table.say('02 01 00 80 00 00 03 86')).toEqual([])
})

test('told to erase its firmware, it says so', async () => {
  const table = board()
  await table.say('F5 B5 00 00 5F 09')
  expect(table.ruined).toEqual(['told to erase its firmware (F5 B5)'])
})
