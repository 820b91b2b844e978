import { expect, test } from 'vitest'
import { workbench } from '../workbench.ts'
import { type ModbusRelaySettings, modbusRelayBoard, type RelayBoard } from './modbus-relay-board.ts'

function board(settings: Partial<ModbusRelaySettings> = {}) {
  let relays: RelayBoard | undefined
  const table = workbench(latches => {
    relays = modbusRelayBoard({ address: 1, ...settings }, latches)
    return relays.plug
  }, 8)
  return {
    ...table,
    powered: (channel: number) => relays?.powered(channel),
    weld: (channel: number) => relays?.weld(channel),
  }
}

test.each([
  ['01 05 00 00 FF 00 8C 3A'],
  ['01 05 00 00 00 00 CD CA'],
  ['01 05 00 00 55 00 F2 9A'],
  ['01 05 00 FF FF 00 BC 0A'],
  ['01 05 00 FF 00 00 FD FA'],
  ['01 05 02 00 00 07 8D B0'],
  ['01 05 02 01 00 08 9C 74'],
  ['01 06 10 00 00 01 4C CA'],
])('%s is answered by the same', async frame => {
  expect(await board().say(frame)).toEqual([frame])
})

test('a pulse powers the lock for its time and not longer', async () => {
  const table = board()
  await table.say('01 05 02 00 00 07 8D B0', 690)
  expect(table.powered(1)).toBe(true)
  expect(table.open()).toEqual([1])
  await table.hear(20)
  expect(table.powered(1)).toBe(false)
})

test('relays and inputs are read', async () => {
  const table = board()
  table.lockOnly()
  expect(await table.say('01 01 00 00 00 08 3D CC')).toEqual(['01 01 01 00 51 88'])
  expect(await table.say('01 02 00 00 00 08 79 CC')).toEqual(['01 02 01 00 A1 88'])
})

test('an address it has not, or a function, is an exception', async () => {
  expect(await board().say('01 05 03 E8 FF 00 0C 4A')).toEqual(['01 85 02 C3 51'])
  expect(await board({ lacks: ['flash'] }).say('01 05 02 00 00 07 8D B0')).toEqual(['01 85 02 C3 51'])
})

test('to unit 0 it listens and says nothing; to another it does not listen', async () => {
  const table = board()
  expect(await table.say('00 05 00 00 FF 00 8D EB')).toEqual([])
  expect(table.powered(1)).toBe(true)
  expect(await table.say('02 05 00 01 FF 00 DD C9')).toEqual([])
  expect(table.powered(2)).toBe(false)
})

test('in linkage mode a door that closes powers its own lock', async () => {
  const table = board({ linkage: true })
  table.door(2).openByHand()
  table.door(2).push()
  expect(table.powered(2)).toBe(true)
})

test('a welded relay stays on', async () => {
  const table = board()
  table.weld(4)
  await table.say('01 05 00 FF 00 00 FD FA')
  expect(table.powered(4)).toBe(true)
})
