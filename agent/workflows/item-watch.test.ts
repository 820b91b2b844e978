import { expect, test } from 'vitest'
import { story } from './story.ts'

// A board with item sensors says whether something lies inside, before it says that the door closed.

async function bank() {
  const s = story()
  await s.closedAll()
  const item = (present: boolean, first = false) =>
    s.report('board', { type: 'item', channel: 1, present, was: first ? undefined : !present })
  await item(false, true)
  await s.book('K1')
  const deposit = async () => {
    await s.scan('K1:1111')
    await s.door('S1', true)
    await item(true)
    await s.door('S1', false)
    await s.pass(3)
  }
  return { ...s, item, deposit }
}

test('closed with nothing put in is said at once; the same door opens for the same code again', async () => {
  const s = await bank()
  await s.scan('K1:1111')
  await s.door('S1', true)
  s.lines()
  await s.door('S1', false)
  expect(s.lines()).toEqual(['door-closed S1', 'nothing-put-in K1 S1'])
  expect(s.known().booking('K1')).toMatchObject({ stage: 'expected', compartment: 'S1' })
  await s.deposit()
  expect(s.lines()).toContain('deposited K1 S1 true')
  expect(s.opened()).toEqual(['S1', 'S1'])
})

test('a compartment that was closed empty is looked at before somebody else gets it', async () => {
  const s = await bank()
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.door('S1', false)
  await s.book('K2')
  await s.scan('K2:1111')
  expect(s.opened()).toEqual(['S1', 'M1'])
  await s.pass(3_700)
  expect(s.known().held('S1')).toBe('perhaps-not-empty')
})

test('closed with nothing taken is said at once, and the right to collect stands', async () => {
  const s = await bank()
  await s.deposit()
  await s.scan('K1:2222')
  await s.door('S1', true)
  s.lines()
  await s.door('S1', false)
  expect(s.lines()).toEqual(['door-closed S1', 'nothing-taken K1 S1'])
  await s.scan('K1:2222')
  await s.door('S1', true)
  await s.item(false)
  await s.door('S1', false)
  expect(s.lines()).toContain('collected K1 S1 false')
})

test('what the sensor sees is said once things have come to rest, however hands move before', async () => {
  const s = await bank()
  await s.scan('K1:1111')
  await s.door('S1', true)
  for (const present of [true, false, true, false, true]) await s.item(present)
  await s.door('S1', false)
  s.lines()
  await s.pass(3)
  expect(s.lines()).toEqual(['item-changed S1 true true'])
})

test('things that go while the door is closed are an alarm, and nobody gets that compartment', async () => {
  const s = await bank()
  await s.deposit()
  s.lines()
  await s.item(false)
  expect(s.lines()).toEqual([])
  await s.pass(3)
  expect(s.lines()).toEqual([
    'item-changed S1 false false',
    'alarm-raised emptied S1',
    'held S1 emptied unit',
  ])
})

test('after a silence nobody knows whether its door was opened: said, and no alarm', async () => {
  const s = await bank()
  await s.deposit()
  await s.silence()
  await s.closedAll()
  await s.item(false, true)
  await s.pass(3)
  expect(s.lines()).toEqual(['item-changed S1 false true'])
})

test("what lies in a compartment that is nobody's keeps it from being chosen", async () => {
  const s = await bank()
  await s.item(true)
  await s.scan('K1:1111')
  expect(s.opened()).toEqual(['M1'])
})

test('without a sensor the door alone is believed', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.door('S1', false)
  expect(s.lines().at(-1)).toBe('deposited K1 S1')
  await s.pass(10)
  expect(s.lines()).toEqual([])
})
