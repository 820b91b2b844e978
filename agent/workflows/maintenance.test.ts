import { expect, test } from 'vitest'
import type { Ask } from '../domain/ask.ts'
import { story } from './story.ts'

const open = (compartment: string, clear = false): Ask => ({
  kind: 'open',
  compartment,
  reason: 'latch check',
  by: 'ann',
  clear,
})

test('a technician opens a door with a reason; the answer comes when its sensor says so', async () => {
  const s = story()
  await s.closedAll()
  await s.ask(open('M1'))
  expect(s.answers).toEqual([])
  await s.door('M1', true)
  expect(s.answers).toEqual([{ outcome: 'done' }])
  await s.door('M1', false)
  expect(s.lines()).toEqual([
    'open-asked M1 latch check ann',
    'unlock-ordered o1 M1 1 maintenance',
    'door-opened M1 o1',
    'door-closed M1',
    'open-ended M1 closed',
  ])
})

test('a door that is unknown, open, unseen or in use is refused with the reason', async () => {
  const s = story()
  await s.ask(open('Z9'))
  await s.ask(open('M1'))
  await s.door('M1', true, undefined)
  await s.ask(open('M1'))
  await s.door('S1', false, undefined)
  await s.book('K1')
  await s.scan('K1:1111')
  await s.ask(open('S1'))
  expect(s.answers.filter(answer => answer.outcome === 'refused')).toEqual([
    { outcome: 'refused', why: 'there is no compartment Z9' },
    { outcome: 'refused', why: 'its door cannot be seen: its board does not answer' },
    { outcome: 'refused', why: 'its door is open already' },
    { outcome: 'refused', why: 'somebody is at this door' },
  ])
})

test('what will not open is answered so, after three tries', async () => {
  const s = story()
  await s.closedAll()
  await s.ask(open('M1'))
  await s.pass(10)
  expect(s.acts).toHaveLength(3)
  expect(s.answers).toEqual([{ outcome: 'refused', why: 'it will not open' }])
})

test('forgotten things are taken out and their booking ends with the door closed', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.door('S1', false)
  await s.ask(open('S1', true))
  await s.door('S1', true)
  expect(s.known().bookingIn('S1')?.id).toBe('K1')
  await s.door('S1', false)
  expect(s.known().booking('K1')).toBeUndefined()
  expect(s.lines().slice(-2)).toEqual(['open-ended S1 closed', 'booking-ended K1 cleared'])
})

test('a held compartment is not chosen until it is released', async () => {
  const s = story()
  await s.closedAll()
  await s.ask({ kind: 'hold', compartment: 'S1', reason: 'dented', by: 'ann' })
  await s.book('K1')
  await s.scan('K1:1111')
  expect(s.opened()).toEqual(['M1'])
  await s.ask({ kind: 'release', compartment: 'S1', by: 'ann' })
  await s.book('K2')
  await s.scan('K2:1111')
  expect(s.opened()).toEqual(['M1', 'S1'])
})

test('an instruction is obeyed once, however often it comes, and ends once', async () => {
  const s = story()
  await s.closedAll()
  const expires = s.clock.wall() + 60_000
  await s.instruct('i1', open('M1'), expires)
  await s.instruct('i1', open('M1'), expires)
  await s.door('M1', true)
  await s.door('M1', false)
  await s.instruct('i1', open('M1'), expires)
  const before = s.lines().filter(line => line.startsWith('instruction'))
  expect(before).toEqual(['instruction-accepted i1 open', 'instruction-ended i1 open done'])
  await s.cutPower(2)
  await s.closedAll()
  await s.instruct('i1', open('M1'), expires)
  await s.instruct('i1', open('L1'), expires)
  expect(s.lines()).toEqual(['instruction-conflict i1'])
  expect(s.acts).toHaveLength(1)
})

test('an instruction that comes too late is said to be, and does nothing', async () => {
  const s = story()
  await s.closedAll()
  await s.instruct('i1', open('M1'), s.clock.wall() - 1)
  expect(s.acts).toEqual([])
  expect(s.lines()).toEqual([
    'instruction-accepted i1 open',
    'instruction-ended i1 open expired it came too late',
  ])
})

test('an instruction cut off by a restart ends in doubt and is not obeyed again', async () => {
  const s = story()
  await s.closedAll()
  await s.instruct('i1', open('M1'))
  s.lines()
  await s.cutPower(30)
  expect(await s.closedAll()).toEqual([
    'in-doubt o2 M1',
    'alarm-raised in-doubt M1 o2',
    'instruction-ended i1 open in-doubt it was told to open; its sensor could not say whether it did',
  ])
  expect(s.acts).toHaveLength(1)
})

test('an attacker on the network cannot empty the bank: opens from afar are capped an hour', async () => {
  const s = story()
  await s.closedAll()
  for (let count = 1; count <= 14; count++) {
    await s.instruct(`i${count}`, open('M1'))
    await s.door('M1', true)
    await s.door('M1', false)
  }
  expect(s.acts).toHaveLength(12)
  await s.pass(3_601)
  await s.closedAll()
  await s.instruct('later', open('M1'))
  expect(s.acts).toHaveLength(13)
})

test('an instruction nobody can read is refused once, and never takes the place of one that could be read', async () => {
  const s = story()
  await s.closedAll()
  await s.garbled('i1', 'ask.kind: no such kind')
  await s.garbled('i1', 'ask.kind: no such kind')
  await s.instruct('i2', open('M1'))
  await s.garbled('i2', 'ask: is not right')
  expect(s.lines()).toEqual([
    'instruction-accepted i1 unreadable',
    'instruction-ended i1 unreadable refused ask.kind: no such kind',
    'instruction-accepted i2 open',
    'open-asked M1 latch check ann',
    'unlock-ordered o4 M1 1 maintenance',
  ])
})
