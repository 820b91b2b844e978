import { expect, test } from 'vitest'
import { type Story, story } from './story.ts'

async function stored(): Promise<Story> {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.door('S1', false)
  s.lines()
  s.acts.length = 0
  return s
}

test('the rightful one collects, and the compartment is free for the next', async () => {
  const s = await stored()
  await s.scan('K1:2222')
  await s.door('S1', true)
  await s.door('S1', false)
  expect(s.lines()).toEqual([
    'claimed K1 collect staff scanner code',
    'unlock-ordered o7 S1 1 collect K1',
    'door-opened S1 o7',
    'door-closed S1',
    'collected K1 S1',
    'booking-ended K1 collected',
  ])
  expect(s.known().bookingIn('S1')).toBeUndefined()
  await s.scan('K1:2222')
  expect(s.acts).toHaveLength(1)
})

test('the power goes right after the order: the door says what it can, and nobody is let in unasked', async () => {
  const s = await stored()
  await s.scan('K1:2222')
  s.lines()
  await s.cutPower(600)
  expect(await s.closedAll()).toEqual(['in-doubt o7 S1', 'alarm-raised in-doubt S1 o7'])
  await s.pass(600)
  expect(s.acts).toHaveLength(1)
  expect(s.known().visitAt('S1')?.visit.phase).toBe('in-doubt')
})

test('the power goes after the order and the door is found open: they were let in, and closing ends it', async () => {
  const s = await stored()
  await s.scan('K1:2222')
  s.lines()
  await s.cutPower(5)
  await s.door('S1', true, undefined)
  await s.door('S1', false)
  expect(s.lines()).toEqual([
    'door-opened S1 o7',
    'door-closed S1',
    'collected K1 S1',
    'booking-ended K1 collected',
  ])
})

test('a door found open a minute after the order was opened by who knows whom: the doubt stays', async () => {
  const s = await stored()
  await s.scan('K1:2222')
  s.lines()
  await s.cutPower(60)
  await s.door('S1', true, undefined)
  await s.door('S1', false)
  expect(s.lines()).toEqual([
    'door-found S1 true',
    'alarm-raised forced S1',
    'held S1 forced unit',
    'in-doubt o7 S1',
    'alarm-raised in-doubt S1 o7',
    'door-closed S1',
    'alarm-cleared forced S1',
  ])
})

test('a door forced while its order is in doubt does not end the doubt', async () => {
  const s = await stored()
  await s.scan('K1:2222')
  await s.cutPower(5)
  await s.closedAll()
  s.lines()
  await s.door('S1', true)
  await s.door('S1', false)
  expect(s.lines()).toEqual([
    'door-opened S1',
    'alarm-raised forced S1',
    'held S1 forced unit',
    'door-closed S1',
    'alarm-cleared forced S1',
  ])
  expect(s.known().visitAt('S1')?.visit.phase).toBe('in-doubt')
})

test('the power goes while the door is open: closed when it comes back means collected', async () => {
  const s = await stored()
  await s.scan('K1:2222')
  await s.door('S1', true)
  s.lines()
  await s.cutPower(60)
  expect(await s.closedAll()).toEqual([
    'door-found S1 false',
    'collected K1 S1',
    'booking-ended K1 collected',
  ])
})

test('without a reply within ten seconds of a restart the order is in doubt', async () => {
  const s = await stored()
  await s.scan('K1:2222')
  await s.cutPower(1)
  s.lines()
  await s.pass(11)
  expect(s.lines()).toEqual(['in-doubt o7 S1', 'alarm-raised in-doubt S1 o7'])
})

test('a door that stands open, or cannot be seen, is not opened for a collect', async () => {
  const s = await stored()
  await s.door('S1', true)
  await s.scan('K1:2222')
  await s.silence()
  await s.scan('K1:2222')
  expect(s.lines().filter(line => line.startsWith('claim'))).toEqual([
    'claim-refused K1 collect door-open',
    'claim-refused K1 collect door-unknown',
  ])
  expect(s.acts).toEqual([])
})

test('an uncollected booking is said to be overdue once, and its code opens nothing any more', async () => {
  const s = await stored()
  await s.pass(3 * 3_600)
  await s.scan('K1:2222')
  expect(s.lines()).toEqual(['overdue K1 S1', 'claim-refused K1 collect expired'])
  expect(s.acts).toEqual([])
})

test('no story of three events after a power cut opens a door nobody asked for', async () => {
  const events: ((s: Story) => Promise<void>)[] = [
    s => s.door('S1', true),
    s => s.door('S1', false),
    s => s.silence(),
    s => s.pass(30),
    s => s.cutPower(30),
  ]
  const tell = async (path: number[]): Promise<void> => {
    if (path.length < 3) {
      for (const [index] of events.entries()) await tell([...path, index])
      return
    }
    const s = await stored()
    await s.scan('K1:2222')
    await s.cutPower(1)
    for (const index of path) await events[index]?.(s)
    expect(s.acts, `path ${path}`).toHaveLength(1)
  }
  await tell([])
})
