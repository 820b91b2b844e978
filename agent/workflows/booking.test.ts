import { expect, test } from 'vitest'
import { story } from './story.ts'

test('a booking nobody used lapses', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  s.lines()
  await s.pass(3_601)
  expect(s.lines()).toEqual(['booking-ended K1 expired'])
  expect(s.known().booking('K1')).toBeUndefined()
})

test('a booking lapses while the power is out, and is found so at the next start', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  s.lines()
  await s.cutPower(4_000)
  expect(s.lines()).toEqual(['booking-ended K1 expired'])
})

test('a booking does not lapse under the hands of whoever is at its door', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.pass(3_599)
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.pass(10)
  await s.door('S1', false)
  expect(s.lines()).toContain('deposited K1 S1')
  expect(s.known().booking('K1')?.stage).toBe('stored')
})

test('a booking is cancelled before its deposit, and refused once its things are here', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  await s.ask({ kind: 'cancel', booking: 'K1' })
  await s.scan('K1:1111')
  expect(s.acts).toEqual([])
  await s.book('K2')
  await s.scan('K2:1111')
  await s.ask({ kind: 'cancel', booking: 'K2' })
  await s.door('S1', true)
  await s.door('S1', false)
  await s.ask({ kind: 'cancel', booking: 'K2' })
  expect(s.answers.slice(-2)).toEqual([
    { outcome: 'refused', why: 'somebody is at its door' },
    { outcome: 'refused', why: 'its things are here: have them taken out first' },
  ])
})

test('the same booking twice, an unknown one and one that ended in the past are refused', async () => {
  const s = story()
  await s.book('K1')
  await s.book('K1')
  await s.ask({ kind: 'cancel', booking: 'K9' })
  const terms = { by: 'staff', code: '0'.repeat(64), until: 1 } as const
  await s.book('K2', { deposit: terms })
  expect(s.answers).toEqual([
    { outcome: 'done' },
    { outcome: 'refused', why: 'booking K1 is here already' },
    { outcome: 'refused', why: 'no such booking here' },
    { outcome: 'refused', why: 'its deposit ended in the past' },
  ])
})

test('what is out and not back in time is said once, and taken in all the same', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1', { curfew: true })
  s.lines()
  await s.pass(3_601)
  expect(s.lines()).toEqual(['curfew-missed K1'])
  await s.cutPower(60)
  await s.closedAll()
  await s.pass(86_400)
  expect(s.lines().filter(line => line.startsWith('curfew'))).toEqual([])
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.door('S1', false)
  expect(s.lines()).toContain('deposited K1 S1')
})

test('what was forgotten is written down, with who keeps it; in no compartment that is not there', async () => {
  const s = story()
  await s.ask({ kind: 'found', compartment: 'S1', what: 'one glove, at the desk', by: 'kim' })
  await s.ask({ kind: 'found', compartment: 'Q9', what: 'x', by: 'kim' })
  expect(s.lines()).toEqual(['found S1 one glove, at the desk kim'])
  expect(s.answers.at(-1)).toEqual({ outcome: 'refused', why: 'there is no compartment Q9' })
})
