import { expect, test } from 'vitest'
import { story } from './story.ts'

test('a door that opens with nobody entitled to it is an alarm, until it is closed', async () => {
  const s = story()
  await s.closedAll()
  await s.door('M1', true)
  await s.door('M1', false)
  expect(s.lines()).toEqual([
    'door-opened M1',
    'alarm-raised forced M1',
    'door-closed M1',
    'alarm-cleared forced M1',
  ])
})

test('another door than the one ordered is an alarm that names the order', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  s.lines()
  await s.door('L1', true)
  expect(s.lines()).toEqual(['door-opened L1', 'alarm-raised wrong-door L1 o2'])
})

test('a door left open is said once, and cleared once', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.door('S1', true)
  s.lines()
  await s.pass(600)
  await s.door('S1', false)
  expect(s.lines()).toEqual([
    'alarm-raised left-open S1',
    'door-closed S1',
    'alarm-cleared left-open S1',
    'deposited K1 S1',
  ])
})

test('a door found open after a silence is said and is an alarm: nobody saw who opened it', async () => {
  const s = story()
  await s.closedAll()
  await s.silence()
  s.lines()
  await s.door('M1', true, undefined)
  expect(s.lines()).toEqual(['door-found M1 true', 'alarm-raised forced M1'])
})

test('a silence in which nothing moved writes down nothing about doors', async () => {
  const s = story()
  await s.closedAll()
  await s.silence()
  s.lines()
  expect(await s.closedAll()).toEqual([])
})

test('a door that opens long after an order in doubt is forced, not explained by it', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.silence()
  await s.pass(60)
  await s.closedAll()
  await s.pass(3_600)
  s.lines()
  await s.door('S1', true)
  expect(s.lines().slice(0, 2)).toEqual(['door-opened S1', 'alarm-raised forced S1'])
})

test('a latch that gives way after it was given up is an alarm too', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.pass(10)
  s.lines()
  await s.door('S1', true)
  expect(s.lines()).toEqual(['door-opened S1', 'alarm-cleared will-not-open S1', 'alarm-raised forced S1'])
})
