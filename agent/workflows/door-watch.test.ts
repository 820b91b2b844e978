import { describe, expect, test } from 'vitest'
import { story } from './story.ts'

test('a door that opens with nobody entitled to it is an alarm, until it is closed', async () => {
  const s = story()
  await s.closedAll()
  await s.door('M1', true)
  await s.door('M1', false)
  expect(s.lines()).toEqual([
    'door-opened M1',
    'alarm-raised forced M1',
    'held M1 forced unit',
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
  expect(s.lines()).toEqual(['door-opened L1', 'alarm-raised wrong-door L1 o2', 'held L1 wrong-door unit'])
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
  expect(s.lines()).toEqual(['door-found M1 true', 'alarm-raised forced M1', 'held M1 forced unit'])
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

test('a door that springs open soon after it was closed was not latched; later, it was forced', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.door('S1', false)
  s.lines()
  await s.pass(4)
  await s.door('S1', true)
  expect(s.lines()).toEqual(['door-opened S1', 'alarm-raised not-latched S1', 'held S1 not-latched unit'])
  await s.door('S1', false)
  await s.pass(6)
  await s.door('S1', true)
  expect(s.lines()).toEqual(['door-closed S1', 'door-opened S1', 'alarm-raised forced S1'])
})

test('a sensor that flutters is said once and takes that door alone out of use; what it says after that is not written', async () => {
  const s = story()
  await s.closedAll()
  for (let times = 0; times < 500; times++) {
    await s.door('S1', true)
    await s.pass(0.1)
    await s.door('S1', false)
    await s.pass(0.1)
  }
  const lines = s.lines()
  expect(lines.filter(line => line.includes('sensor-broken'))).toEqual(['alarm-raised sensor-broken S1'])
  expect(lines.length).toBeLessThan(20)
  expect(s.known().held('S1')).toBeDefined()
  expect(s.known().held('M1')).toBeUndefined()
})

test('what a broken sensor says opens no door and ends no visit', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.door('S1', false)
  await s.ask({ kind: 'hold', compartment: 'S1', reason: 'sensor-broken', by: 'unit' })
  s.lines()
  await s.scan('K1:2222')
  expect(s.lines()).toEqual(['claim-refused K1 collect door-unknown'])
})

describe('staff give a compartment back', () => {
  const held = async () => {
    const s = story()
    await s.closedAll()
    await s.door('S1', true)
    await s.door('S1', false)
    await s.ask({ kind: 'return', compartment: 'S1', by: 'kim' })
    s.lines()
    return s
  }

  test('once its sensor saw the door open and close', async () => {
    const s = await held()
    await s.door('S1', true)
    expect(s.answers.at(-1)).toEqual({ outcome: 'done' })
    expect(s.known().held('S1')).toBe('forced')
    await s.door('S1', false)
    expect(s.lines().slice(-2)).toEqual(['open-ended S1 closed', 'released S1 kim'])
    expect(s.known().held('S1')).toBeUndefined()
  })

  test('a door that does not open stays out of use', async () => {
    const s = await held()
    await s.pass(20)
    expect(s.answers.at(-1)).toEqual({ outcome: 'refused', why: 'it will not open' })
    expect(s.known().held('S1')).toBe('forced')
  })

  test('so does one whose closing nobody saw because of a power cut', async () => {
    const s = await held()
    await s.door('S1', true)
    await s.cutPower(60)
    await s.pass(60)
    expect(s.known().held('S1')).toBe('forced')
  })

  test('what is not out of use is not given back', async () => {
    const s = await held()
    await s.ask({ kind: 'return', compartment: 'M1', by: 'kim' })
    expect(s.answers.at(-1)).toEqual({ outcome: 'refused', why: 'it is not held' })
  })

  test('a flutter that was mended starts from nothing', async () => {
    const s = story()
    await s.closedAll()
    for (let times = 0; times < 4; times++) {
      await s.door('S1', true)
      await s.door('S1', false)
    }
    expect(s.lines()).toContain('alarm-raised sensor-broken S1')
    await s.ask({ kind: 'release', compartment: 'S1', by: 'kim' })
    expect(s.lines()).toEqual(['released S1 kim', 'alarm-cleared sensor-broken S1'])
    await s.door('S1', true)
    expect(s.lines()).toEqual(['door-opened S1', 'alarm-raised forced S1', 'held S1 forced unit'])
  })
})
