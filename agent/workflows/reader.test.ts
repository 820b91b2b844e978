import { expect, test } from 'vitest'
import { story } from './story.ts'

test('five wrong codes burn the code of a booking, and then even the right one opens nothing', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  s.lines()
  for (const code of ['0001', '0002', '0003', '0004', '0005']) await s.scan(`K1:${code}`)
  await s.scan('K1:1111')
  expect(s.lines()).toEqual([
    'code-refused scanner K1 1',
    'code-refused scanner K1 2',
    'code-refused scanner K1 3',
    'code-refused scanner K1 4',
    'code-refused scanner K1 5',
    'code-burnt K1 deposit',
    'claim-refused K1 deposit burnt',
  ])
  expect(s.acts).toEqual([])
})

test('wrong tries are counted over a power cut', async () => {
  const s = story()
  await s.book('K1')
  for (const code of ['0001', '0002', '0003', '0004']) await s.scan(`K1:${code}`)
  await s.cutPower(3)
  s.lines()
  await s.scan('K1:0005')
  expect(s.lines()).toEqual(['code-refused scanner K1 5', 'code-burnt K1 deposit'])
})

test('a burnt code is replaced by a new one, and the old one stays worthless', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  for (const code of ['0001', '0002', '0003', '0004', '0005']) await s.scan(`K1:${code}`)
  const until = s.clock.wall() + 60_000
  const { seal } = s.known().booking('K1')?.legs.collect ?? { seal: '' }
  await s.ask({ kind: 'recode', booking: 'K1', leg: 'deposit', code: seal, until })
  expect(s.known().booking('K1')?.legs.deposit).toMatchObject({ seal, tries: 0, burnt: false })
  await s.scan('K1:1111')
  expect(s.acts).toEqual([])
})

test('too many refused at one reader lock it out, even over a restart, and for right codes too', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  s.lines()
  for (let guess = 0; guess < 10; guess++) await s.scan(`X${guess}:123456`)
  expect(s.lines().at(-1)).toBe('locked-out scanner 900')
  await s.cutPower(5)
  await s.closedAll()
  await s.scan('K1:1111')
  expect(s.acts).toEqual([])
  await s.pass(900)
  expect(s.lines()).toContain('lock-out-ended scanner')
  await s.scan('K1:1111')
  expect(s.acts).toHaveLength(1)
})

test('a collect code is worth nothing before the deposit, and a deposit code nothing after', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  s.lines()
  await s.scan('K1:2222')
  expect(s.lines()).toEqual(['claim-refused K1 collect too-early'])
})

test('what is no booking code at all opens nothing and is counted', async () => {
  const s = story()
  await s.closedAll()
  for (const text of [
    '',
    'K1',
    'K1:',
    ':1111',
    'K1:1111:2',
    'K1:11\u00001',
    '4006381333931',
    'x'.repeat(500),
  ])
    await s.scan(text)
  expect(s.acts).toEqual([])
  expect(s.lines()).toHaveLength(8)
})

test('once one code of a booking was guessed away, the right code of its other leg tells nothing either', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  for (const code of ['0001', '0002', '0003', '0004', '0005']) await s.scan(`K1:${code}`)
  s.lines()
  for (const code of ['3333', '2222', '1111']) await s.scan(`K1:${code}`)
  expect(new Set(s.lines())).toEqual(new Set(['claim-refused K1 deposit burnt']))
})

test('who shows the right code too early, too late or twice does not lock anybody out', async () => {
  const s = story()
  await s.closedAll()
  await s.book('K1')
  for (let times = 0; times < 40; times++) await s.scan('K1:2222')
  expect(s.lines().join()).not.toContain('locked-out')
  await s.scan('K1:1111')
  expect(s.opened()).toEqual(['S1'])
})
