import { expect, test } from 'vitest'
import { site as plain, story } from '../../agent/workflows/story.ts'
import { SiteConfig } from '../../config/site.ts'

// Somebody forgot something, or it does not fit: for two minutes the door that was closed opens once more.

const site = SiteConfig.parse({ ...plain, policy: { reopen_seconds: 120 } })

async function stored(at = site) {
  const s = story(at)
  await s.closedAll()
  await s.book('K1')
  await s.scan('K1:1111')
  const visit = async (name: string) => {
    await s.door(name, true)
    await s.door(name, false)
  }
  await visit('S1')
  s.lines()
  return { ...s, visit, refit: () => s.ask({ kind: 'refit', booking: 'K1' }) }
}

test('whoever put something in may open that door once more, and what is in it stays theirs', async () => {
  const s = await stored()
  await s.pass(60)
  await s.scan('K1:1111')
  expect(s.lines()).toEqual(['reopened K1 deposit S1 scanner code', 'unlock-ordered o7 S1 1 deposit K1'])
  await s.visit('S1')
  expect(s.lines().at(-1)).toBe('reclosed K1 deposit S1')
  expect(s.known().booking('K1')).toMatchObject({ stage: 'stored', compartment: 'S1' })
})

test('after that time, or where the policy gives none, the code is used', async () => {
  const s = await stored()
  await s.pass(121)
  await s.scan('K1:1111')
  expect(s.lines()).toEqual(['claim-refused K1 deposit used'])
  const none = await stored(plain)
  await none.scan('K1:1111')
  expect(none.lines()).toEqual(['claim-refused K1 deposit used'])
})

test('a door that does not open once more keeps what is in it', async () => {
  const s = await stored()
  await s.scan('K1:1111')
  await s.pass(20)
  expect(s.known().booking('K1')).toMatchObject({ stage: 'stored', compartment: 'S1' })
  expect(s.known().held('S1')).toBe('will-not-open')
})

test('a doubt about a door that was opened once more, settled by staff, keeps what is in it', async () => {
  const s = await stored()
  await s.scan('K1:1111')
  await s.silence()
  await s.pass(20)
  await s.ask({ kind: 'release', compartment: 'S1', by: 'tech' })
  expect(s.known().booking('K1')).toMatchObject({ stage: 'stored', compartment: 'S1' })
})

test('whoever took something out may look once more; only then the compartment is free, and the booking over', async () => {
  const s = await stored()
  await s.pass(300)
  await s.scan('K1:2222')
  await s.visit('S1')
  expect(s.lines().slice(-1)).toEqual(['collected K1 S1'])
  await s.pass(30)
  await s.scan('K1:2222')
  expect(s.lines()[0]).toBe('reopened K1 collect S1 scanner code')
  await s.visit('S1')
  expect(s.lines().at(-1)).toBe('reclosed K1 collect S1')
  await s.book('K2')
  await s.scan('K2:1111')
  expect(s.opened().at(-1)).not.toBe('S1')
  await s.pass(91)
  expect(s.lines()).toContain('booking-ended K1 collected')
  expect(s.known().bookingIn('S1')).toBeUndefined()
  await s.scan('K1:2222')
  expect(s.lines().at(-1)).toBe('code-refused scanner')
})

test('it ends over a power cut as well, once, also when staff cleared it meanwhile', async () => {
  const s = await stored()
  await s.scan('K1:2222')
  await s.visit('S1')
  await s.cutPower(60)
  await s.closedAll()
  s.lines()
  await s.pass(70)
  expect(s.lines().filter(line => line.startsWith('booking-ended'))).toEqual(['booking-ended K1 collected'])
  const cleared = await stored()
  await cleared.scan('K1:2222')
  await cleared.visit('S1')
  await cleared.ask({ kind: 'open', compartment: 'S1', reason: 'look', by: 'tech', clear: true })
  await cleared.visit('S1')
  await cleared.pass(200)
  expect(cleared.lines().filter(line => line.startsWith('booking-ended'))).toEqual([
    'booking-ended K1 cleared',
  ])
})

test('what does not fit goes into a larger one; the one before is free again', async () => {
  const s = await stored()
  await s.refit()
  expect(s.answers.at(-1)).toEqual({ outcome: 'done' })
  expect(s.lines().slice(0, 2)).toEqual(['refitted K1 S1 M1', 'unlock-ordered o7 M1 1 deposit K1'])
  await s.visit('M1')
  expect(s.known().booking('K1')).toMatchObject({ stage: 'stored', compartment: 'M1' })
  expect(s.known().bookingIn('S1')).toBeUndefined()
  await s.scan('K1:2222')
  expect(s.opened().at(-1)).toBe('M1')
})

test('refused: later, while its door is open, for nobody, when nothing larger is free', async () => {
  const s = await stored()
  await s.scan('K1:1111')
  await s.door('S1', true)
  await s.refit()
  await s.door('S1', false)
  await s.ask({ kind: 'refit', booking: 'K9' })
  await s.ask({ kind: 'hold', compartment: 'M1', reason: 'x', by: 'x' })
  await s.ask({ kind: 'hold', compartment: 'L1', reason: 'x', by: 'x' })
  await s.refit()
  await s.pass(121)
  await s.refit()
  expect(s.answers.flatMap(answer => ('why' in answer ? [answer.why] : []))).toEqual([
    'its door is not closed yet',
    'no such booking here',
    'nothing larger is free',
    'it was not just closed',
  ])
})

test('a larger one that does not open: nothing is lost, and the code opens yet another', async () => {
  const s = await stored()
  await s.refit()
  await s.pass(20)
  s.lines()
  await s.scan('K1:1111')
  expect(s.lines()[0]).toBe('claimed K1 deposit customer scanner code')
})
