import { expect, test } from 'vitest'
import type { Ask } from '../../agent/domain/ask.ts'
import { story } from '../../agent/workflows/story.ts'

const HOUR = 3_600_000

/** A booking of which one leg may be used from an hour on. */
async function later(leg: 'deposit' | 'collect') {
  const s = story()
  await s.closedAll()
  await s.book('K0')
  const { deposit, collect } = s.known().booking('K0')?.legs ?? {}
  if (!deposit || !collect) throw new Error('nothing was booked')
  const seals = {
    deposit: s.edge.code('K1', 'deposit', '1111'),
    collect: s.edge.code('K1', 'collect', '2222'),
  }
  const terms = (name: 'deposit' | 'collect', by: 'customer' | 'staff') => ({
    by,
    code: seals[name],
    ...(name === leg ? { from: s.clock.wall() + HOUR } : {}),
    until: s.clock.wall() + 2 * HOUR,
  })
  const ask: Ask = {
    ...{ kind: 'book', booking: 'K1', size: 'S', low_reach: false, visit: 'V-17', vehicle: 'grey estate' },
    deposit: terms('deposit', 'customer'),
    collect: terms('collect', 'staff'),
  }
  await s.ask(ask)
  return { ...s, ask: s.ask, whole: ask }
}

test('before its drop window a code opens nothing, in it a door', async () => {
  const s = await later('deposit')
  s.lines()
  await s.scan('K1:1111')
  expect(s.lines()).toEqual(['claim-refused K1 deposit too-early'])
  await s.pass(3_600)
  await s.scan('K1:1111')
  expect(s.opened()).toHaveLength(1)
})

test('a leg that ends before it begins is refused, and nothing is booked', async () => {
  const s = await later('deposit')
  if (s.whole.kind !== 'book') throw new Error('no booking')
  const { deposit } = s.whole
  await s.ask({ ...s.whole, booking: 'K2', deposit: { ...deposit, from: deposit.until } })
  expect(s.answers.at(-1)).toEqual({ outcome: 'refused', why: 'one of its legs ends before it begins' })
  expect(s.known().booking('K2')).toBeUndefined()
})

test('how far the work is stands with the booking, over a power cut; what it is about is in no journal', async () => {
  const s = await later('collect')
  await s.ask({ kind: 'inform', booking: 'K1', status: 'in the bay', ready_at: s.clock.wall() + HOUR })
  const said = s.lines().join('\n')
  expect(said).toContain('informed K1 in the bay')
  expect(said).not.toContain('grey estate')
  await s.cutPower(60)
  expect(s.known().booking('K1')).toMatchObject({
    visit: 'V-17',
    vehicle: 'grey estate',
    service: { status: 'in the bay' },
  })
  await s.ask({ kind: 'inform', booking: 'K9', status: 'x' })
  expect(s.answers.at(-1)).toMatchObject({ outcome: 'refused' })
})
