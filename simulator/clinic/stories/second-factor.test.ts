import { expect, test } from 'vitest'
import { AMOX, LISI } from './kiosk-site.ts'
import { DIGITS, type Kiosk, kiosk } from './kiosk-story.ts'
import { at, fresh, upTo } from './stages.ts'

test('the right digits prove who stands there; wrong ones are counted, and their burning ends it', async () => {
  const s = await at('verifying')
  for (const wrong of ['0000#', '60493#', '6049380#', '839406#']) await s.type(wrong)
  expect(s.told()).toEqual([1, 2, 3, 4].map(tries => `factor-refused RX1 ${tries}`))
  await s.type('1#')
  expect(s.told()).toEqual(['factor-refused RX1 5', 'factor-burnt RX1', 'session-ended RX1 wrong-factor'])
  expect(s.acts).toEqual([])
})

test('tries are counted over visits and power cuts, until the right digits come', async () => {
  const s = await at('verifying')
  for (let tries = 0; tries < 4; tries++) await s.type('1#')
  await s.cutPower(5)
  await s.online()
  await s.show('RX1')
  await s.type(`${DIGITS}#`)
  expect(s.phase()).toBe('printing')
  await s.printed({ ok: false, fault: 'no-reply', sent: false })
  await s.show('RX1')
  s.told()
  await s.type('1#')
  expect(s.told()).toEqual(['factor-refused RX1 1'])
})

test('tries are not forgotten because somebody walks away', async () => {
  const s = await at('verifying')
  for (let tries = 0; tries < 4; tries++) await s.type('1#')
  await s.pass(121)
  await s.show('RX1')
  s.told()
  await s.type('1#')
  expect(s.told()).toContain('factor-burnt RX1')
})

test('a star takes back what was typed; a hash without digits says nothing; enter is a hash', async () => {
  const s = await at('verifying')
  await s.type('123*#*')
  await s.type(DIGITS)
  await s.report('keypad', { type: 'key', key: 'F1' })
  await s.report('keypad', { type: 'key', key: 'enter' })
  expect(s.told()).toEqual(['verified RX1 factor', 'print-ordered RX1'])
})

test('keys that nobody is asked for, or of another device, say nothing', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  await s.type(`${DIGITS}#`)
  await s.show('RX1')
  for (const key of `${DIGITS}#`) await s.report('pack-scanner', { type: 'key', key })
  expect(s.phase()).toBe('verifying')
})

/** Every run of at least four of these digits, as text. */
const runs = (digits: string): string[] =>
  [...digits].flatMap((_digit, from) =>
    Array.from({ length: digits.length }, (_, more) => digits.slice(from, from + 6 + more)).filter(
      run => run.length >= 6,
    ),
  )

test('no digits are ever kept in clear: not the whole, not what was typed so far, not what was wrong', async () => {
  const factor = '604938271605'
  const wrong = '938271606049'
  const s = await kiosk()
  await s.ready('RX1', { factor })
  await s.show('RX1')
  for (const key of `${wrong}#${factor}`) {
    await s.type(key)
    const disk = s.store().snapshot().toString('latin1')
    expect(disk).toContain('"verifying"')
    for (const digits of [...runs(factor), ...runs(wrong)]) expect(disk).not.toContain(digits)
    const session = s.session()
    expect(session?.phase === 'verifying' && session.typed).toMatch(/^([0-9a-f]{64})?$/)
  }
  await s.type('#')
  expect(s.phase()).toBe('printing')
})

test('the same digits are sealed differently for another prescription', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  await s.ready('RX2')
  const sealOf = (id: string) => s.known().prescription(id)?.factor?.seal
  expect(sealOf('RX1')).toMatch(/^[0-9a-f]{64}$/)
  expect(sealOf('RX1')).not.toBe(sealOf('RX2'))
})

test('who types nothing for two minutes has walked away; each key gives them more time', async () => {
  const s = await at('verifying')
  for (const key of '604') {
    await s.pass(119)
    await s.type(key)
  }
  expect(s.phase()).toBe('verifying')
  await s.pass(121)
  expect(s.told()).toEqual(['session-ended RX1 walked-away'])
  expect(s.phase()).toBeUndefined()
})

test('what was half typed before a power cut is not half the way afterwards', async () => {
  const s = await at('verifying')
  await s.type(DIGITS.slice(0, 3))
  await s.cutPower(2)
  await s.online()
  await s.type(`${DIGITS.slice(3)}#`)
  expect(s.phase()).toBeUndefined()
  await s.show('RX1')
  s.told()
  await s.type(`${DIGITS.slice(3)}#`)
  expect(s.told()).toEqual(['factor-refused RX1 1'])
})

const renew = (s: Kiosk, factor: string) => s.cloud({ kind: 'renew', prescription: 'RX1', factor })

test('a burnt factor is renewed: the old digits are worth nothing, the new ones are', async () => {
  const s = await at('verifying')
  for (let tries = 0; tries < 5; tries++) await s.type('1#')
  expect(await renew(s, '7777')).toEqual({ outcome: 'done' })
  await s.show('RX1')
  s.told()
  await s.type(`${DIGITS}#`)
  expect(s.told()).toEqual(['factor-refused RX1 1'])
  await s.type('7777#')
  expect(s.told()).toContain('verified RX1 factor')
})

test('a factor is not renewed under the hands of whoever types it', async () => {
  const s = await at('verifying')
  expect(await renew(s, '7777')).toEqual({ outcome: 'refused', why: 'somebody is being served with it' })
  await s.type(`${DIGITS}#`)
  expect(s.phase()).toBe('printing')
})

test('a pharmacist who recognises the patient is proof as well', async () => {
  const s = await at('verifying')
  expect(await s.state('RX1', 'identified')).toEqual({ outcome: 'done' })
  expect(s.told()).toEqual(['verified RX1 pharmacist', 'print-ordered RX1'])
})

test('a pharmacist who recognised the patient of another prescription proves nothing of this one', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  await s.ready('RX2', { items: [{ gtin: LISI, packs: 1 }] })
  await upTo(s, 'verifying')
  fresh(s)
  expect(await s.state('RX2', 'identified')).toMatchObject({ outcome: 'refused' })
  expect(s.told()).toEqual([])
  expect(s.phase()).toBe('verifying')
  expect(s.acts).toEqual([])
})

test('a pharmacist recognises nobody while nobody stands there, and nobody twice', async () => {
  const s = await kiosk()
  await s.ready('RX1')
  expect(await s.state('RX1', 'identified')).toEqual({ outcome: 'refused', why: 'nobody is being served' })
  await s.show('RX1')
  const statement = s.statement('RX1', 'identified')
  await s.cloud({ kind: 'state', statement })
  await s.printed({ ok: false, fault: 'no-reply', sent: false })
  await s.show('RX1')
  expect(await s.cloud({ kind: 'state', statement })).toMatchObject({ why: 'the statement was used before' })
  expect(s.phase()).toBe('verifying')
})

test('without digits of its own a prescription waits for a pharmacist', async () => {
  const s = await kiosk()
  await s.ready('RX1', { factor: undefined })
  await s.show('RX1')
  for (const digits of [DIGITS, '0000', '1']) await s.type(`${digits}#`)
  expect(s.phase()).toBe('verifying')
  await s.state('RX1', 'identified')
  expect(s.phase()).toBe('printing')
})

test('where the policy asks for no second factor the code is enough', async () => {
  const s = await kiosk({ rules: { second_factor: false } })
  await s.ready('RX1', { items: [{ gtin: AMOX, packs: 1 }] })
  await s.show('RX1')
  expect(s.told().slice(-3)).toEqual(['presented RX1', 'verified RX1 none', 'print-ordered RX1'])
})
