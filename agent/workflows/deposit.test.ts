import { expect, test } from 'vitest'
import { story } from './story.ts'

test('a customer shows the code, the smallest door that fits opens, and closing it stores the keys', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.door('S1', false)
  expect(s.lines()).toEqual([
    'booked K1 S false',
    'claimed K1 deposit customer scanner code',
    'unlock-ordered o2 S1 1 deposit K1',
    'door-opened S1 o2',
    'door-closed S1',
    'deposited K1 S1',
  ])
  expect(s.opened()).toEqual(['S1'])
})

test('who needs low reach gets a low door, who does not leaves it to them', async () => {
  const s = story()
  await s.closedAll()
  await s.book('HIGH', { size: 'M' })
  await s.book('LOW', { size: 'M', low_reach: true })
  await s.scan('LOW:1111')
  await s.scan('HIGH:1111')
  expect(s.opened()).toEqual(['M1', 'L1'])
})

test('a full bank, and doors that cannot be seen, are said and open nothing', async () => {
  const s = story()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.door('L1', false, undefined)
  await s.book('K2', { size: 'XL' })
  await s.scan('K2:1111')
  expect(s.lines().filter(line => line.startsWith('claim'))).toEqual([
    'claim-refused K1 deposit doors-unknown',
    'claim-refused K2 deposit full',
  ])
  expect(s.acts).toEqual([])
})

test('a latch that will not open is tried three times, then held; the code may open another door', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  s.lines()
  await s.pass(9)
  expect(s.lines()).toEqual([
    'unlock-ordered o2#2 S1 2 deposit K1',
    'unlock-ordered o2#3 S1 3 deposit K1',
    'stuck o2#3 S1 will-not-open',
    'held S1 will-not-open unit',
    'alarm-raised will-not-open S1 o2#3',
  ])
  await s.scan('K1:1111')
  expect(s.opened()).toEqual(['S1', 'S1', 'S1', 'M1'])
})

test('an order that was never sent moved nothing: the booking waits as before and the door is not held', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.outcome('o2', 'S1', false)
  expect(s.lines().slice(-2)).toEqual(['unlock-failed o2 S1 no-reply false', 'stuck o2 S1 unreachable'])
  expect(s.known().held('S1')).toBeUndefined()
  expect(s.known().booking('K1')?.compartment).toBeUndefined()
})

test('when the board falls silent after the order, the doubt is said, and nothing is tried again', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.silence()
  s.lines()
  await s.pass(60)
  expect(s.lines()).toEqual(['in-doubt o2 S1', 'alarm-raised in-doubt S1 o2'])
  expect(s.acts).toHaveLength(1)
})

test('a doubt ends when the person shows the code again, at the same door', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.silence()
  await s.pass(10)
  await s.closedAll()
  await s.scan('K1:1111')
  expect(s.lines().slice(-4)).toEqual([
    'doubt-resolved o2 S1 claimed-again',
    'claimed K1 deposit customer scanner code',
    'unlock-ordered o7 S1 1 deposit K1',
    'alarm-cleared in-doubt S1',
  ])
})

test('a doubt ends when staff look and give the compartment back', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.silence()
  await s.pass(10)
  s.lines()
  await s.ask({ kind: 'release', compartment: 'S1', by: 'ann' })
  expect(s.lines()).toEqual([
    'doubt-resolved o2 S1 released by ann',
    'released S1 ann',
    'alarm-cleared in-doubt S1',
  ])
  expect(s.known().booking('K1')?.compartment).toBeUndefined()
})

test('a code shown twice while its door is open opens nothing more', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.scan('K1:1111')
  await s.door('S1', false)
  await s.scan('K1:1111')
  expect(s.acts).toHaveLength(1)
  expect(s.lines().filter(line => line.startsWith('claim-refused'))).toEqual([
    'claim-refused K1 deposit in-progress',
    'claim-refused K1 deposit used',
  ])
})

test('a code burnt while its owner stands at a door stays burnt when that door will not open', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  for (let guess = 0; guess < 5; guess++) await s.scan(`K1:900${guess}`)
  await s.pass(10)
  s.lines()
  await s.scan('K1:1111')
  expect(s.lines()).toEqual(['claim-refused K1 deposit burnt'])
})
