import { expect, test } from 'vitest'
import { AMOX, LISI, payingSite } from './kiosk-site.ts'
import { DIGITS, HOUR, type Kiosk, kiosk, type Setting } from './kiosk-story.ts'
import { fresh, upTo } from './stages.ts'

/** Whoever stands there proved who they are, and 1250 are due. */
async function asked(about: Parameters<Kiosk['ready']>[1] = {}, setting: Setting = {}): Promise<Kiosk> {
  const s = await kiosk({ site: payingSite, ...setting })
  await s.ready('RX1', { due: 1_250, ...about })
  await s.show('RX1')
  fresh(s)
  await s.type(`${DIGITS}#`)
  return s
}

/** What the terminal was told to do with what was paid: kept, or given back. */
const settled = (s: Kiosk): boolean[] => s.acts.flatMap(each => (each.type === 'settle' ? [each.kept] : []))

test('nothing is printed before the terminal approved what is due, and it keeps that once the pack is taken', async () => {
  const s = await asked()
  expect(s.told()).toEqual(['verified RX1 factor', 'charge-ordered RX1 1250'])
  expect(s.acts).toMatchObject([{ type: 'charge', device: 'terminal', amount: 1_250 }])
  await s.took(s.act('charge')?.order ?? '')
  for (const state of ['credit', 'asked', 'idle'] as const) await s.pays(state)
  expect(s.phase()).toBe('paying')
  await s.pays('approved')
  expect(s.told()).toEqual(['paid RX1 1250', 'print-ordered RX1'])
  await s.printed()
  await s.falls('a1')
  expect(settled(s)).toEqual([])
  await s.takes()
  expect(settled(s)).toEqual([true])
  expect(s.told()).toContain('settle-ordered RX1 true')
})

test('where nothing is due no card is asked for', async () => {
  const s = await asked({ due: 0 })
  expect(s.phase()).toBe('printing')
  expect(s.acts.map(({ type }) => type)).toEqual(['print'])
})

test('a card that is denied ends it, and nothing moves', async () => {
  const s = await asked()
  await s.pays('denied')
  expect(s.told().slice(-2)).toEqual(['payment-failed RX1 denied', 'session-ended RX1 payment'])
  expect(s.acts.map(({ type }) => type)).toEqual(['charge'])
})

test('an order that never left for the terminal charged nothing; one that perhaps did is waited for', async () => {
  const never = await asked()
  await never.took(never.act('charge')?.order ?? '', { ok: false, fault: 'no-reply', sent: false })
  expect(never.told().slice(-2)).toEqual(['payment-failed RX1 denied', 'session-ended RX1 payment'])
  const perhaps = await asked()
  await perhaps.took(perhaps.act('charge')?.order ?? '', { ok: false, fault: 'no-reply', sent: true })
  expect(perhaps.phase()).toBe('paying')
  await perhaps.pays('approved')
  expect(perhaps.phase()).toBe('printing')
})

test.each<[string, (s: Kiosk) => Promise<unknown>]>([
  ['the terminal says so', s => s.pays('in-doubt')],
  ['it says nothing for two minutes', s => s.pass(121)],
  [
    'the power goes',
    async s => {
      await s.cutPower(3)
      await s.online()
    },
  ],
])(
  'a charge is in doubt when %s: nothing is given out, and what comes later changes nothing',
  async (_what, doubt) => {
    const s = await asked()
    await doubt(s)
    expect(s.told().slice(-2)).toEqual(['payment-in-doubt RX1', 'session-ended RX1 payment'])
    await s.pays('approved')
    expect(s.phase()).toBeUndefined()
    expect(s.acts.map(({ type }) => type)).toEqual(['charge'])
  },
)

test('what was paid for nothing goes back', async () => {
  const unprinted = await asked()
  await unprinted.pays('approved')
  await unprinted.printed({ ok: false, fault: 'paper-out', sent: false })
  expect(unprinted.told().slice(-2)).toEqual(['settle-ordered RX1 false', 'session-ended RX1 printer'])

  const unmoved = await asked()
  await upPaid(unmoved)
  await unmoved.turn('A1', 'not-moved')
  expect(unmoved.told().slice(-2)).toEqual(['settle-ordered RX1 false', 'session-ended RX1 lane'])

  const dark = await asked()
  await dark.pays('approved')
  await dark.cutPower(3)
  expect(dark.told().slice(-2)).toEqual(['settle-ordered RX1 false', 'session-ended RX1 printer'])

  for (const s of [unprinted, unmoved, dark]) expect(settled(s)).toEqual([false])
})

async function upPaid(s: Kiosk): Promise<void> {
  await s.pays('approved')
  await s.printed()
}

test('what became barred while they paid is not given out, and the money goes back', async () => {
  const s = await asked({}, { rules: { opening_hours: [{ days: ['tue'], from: '16:00', to: '16:14' }] } })
  await s.pass(60)
  await s.pays('approved')
  await s.printed()
  expect(s.told().slice(-2)).toEqual(['settle-ordered RX1 false', 'session-ended RX1 closed'])
  expect(s.turned()).toEqual([])
})

test.each<[Parameters<Kiosk['resolve']>[0], boolean]>([
  ['removed', false],
  ['in-lane', false],
  ['handed-over', true],
])('while it is held the money is neither kept nor given back; found %s decides', async (found, kept) => {
  const s = await asked()
  await upPaid(s)
  await s.turn('A1', 'jammed')
  expect(s.phase()).toBe('held')
  await s.cutPower(3)
  await s.online()
  expect(settled(s)).toEqual([])
  await s.resolve(found)
  expect(settled(s)).toEqual([kept])
})

test('a terminal that does not settle is written down', async () => {
  const s = await asked()
  await upPaid(s)
  await s.falls('a1')
  await s.takes()
  s.told()
  await s.took(s.act('settle')?.order ?? '', { ok: false, fault: 'no-reply', sent: true })
  expect(s.told()).toEqual(['settle-failed no-reply true'])
})

test('what is due is paid once, however often somebody must come for it', async () => {
  const s = await asked({ items: [AMOX, LISI].map(gtin => ({ gtin, packs: 1 })) })
  await upPaid(s)
  await s.falls('a1')
  await s.turn('B1', 'not-moved')
  await s.takes()
  expect(settled(s)).toEqual([true])
  await s.desk({ kind: 'lift', recall: 'lane-B1', reason: 'mended', by: 'tech' })
  fresh(s)
  await upTo(s, 'consulting')
  expect(s.told()).toContain('verified RX1 factor')
  expect(s.told().filter(line => line.startsWith('charge-ordered'))).toEqual([])
  expect(s.acts.filter(({ type }) => type === 'charge')).toEqual([])
})

test('what is due cannot be had where nobody can pay', async () => {
  const s = await kiosk()
  await s.ready('RX1', { due: 1 })
  await upTo(s, 'consulting')
  expect(s.told().at(-1)).toBe('session-ended RX1 payment')
  expect(s.acts).toEqual([])
})

test('a patient who could not pay may come again with the same code', async () => {
  const s = await kiosk({ site: payingSite })
  await s.ready('RX1', { due: 100 })
  const code = s.token('RX1', { expires: s.clock.wall() + HOUR })
  await s.showText(code)
  await s.type(`${DIGITS}#`)
  await s.pays('denied')
  await s.showText(code)
  await s.type(`${DIGITS}#`)
  await s.pays('approved')
  expect(s.phase()).toBe('printing')
})
