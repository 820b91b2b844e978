import { expect, test } from 'vitest'
import type { PolicyPack } from '../../../config/policy-pack.ts'
import { newSigner } from '../../cloud/mint.ts'
import { LISI, operator } from './kiosk-site.ts'
import { DIGITS, type Kiosk, kiosk, type Setting } from './kiosk-story.ts'
import { fresh } from './stages.ts'

type Counselling = PolicyPack['counselling']
const asks = (more: Partial<Counselling> = {}): Setting => ({
  rules: {
    counselling: { when: 'each', before_loading: false, may_decline: true, wait_seconds: 60, ...more },
  },
})

/** Who stands there has proved who they are. */
async function verified(setting: Setting, about: Parameters<Kiosk['ready']>[1] = {}): Promise<Kiosk> {
  const s = await kiosk(setting)
  await s.ready('RX1', about)
  await s.show('RX1')
  fresh(s)
  await s.type(`${DIGITS}#`)
  return s
}

test('where each dispensing asks for it, no label is printed before a pharmacist has spoken with the patient', async () => {
  const s = await verified(asks())
  expect(s.told()).toEqual(['verified RX1 factor', 'consult-requested RX1'])
  expect(s.acts).toEqual([])
  expect(await s.state('RX1', 'consult-joined')).toEqual({ outcome: 'done' })
  expect(s.acts).toEqual([])
  expect(await s.state('RX1', 'consult-completed')).toEqual({ outcome: 'done' })
  expect(s.told()).toEqual(['consult-joined RX1', 'consult-ended RX1 false', 'print-ordered RX1'])
})

test.each<[Counselling['when'], boolean, string]>([
  ['each', true, 'consulting'],
  ['each', false, 'consulting'],
  ['first-time', true, 'consulting'],
  ['first-time', false, 'printing'],
  ['never', true, 'printing'],
  ['never', false, 'printing'],
])('counselling %s, taken for the first time %s: %s', async (when, first_time, phase) => {
  const s = await verified(asks({ when }), { first_time })
  expect(s.phase()).toBe(phase)
})

test('a patient may decline where the policy allows it', async () => {
  const s = await verified(asks())
  await s.state('RX1', 'consult-joined')
  await s.state('RX1', 'consult-declined')
  expect(s.told().slice(-2)).toEqual(['consult-ended RX1 true', 'print-ordered RX1'])
})

test('where the policy does not allow it, who declines gets nothing', async () => {
  const s = await verified(asks({ may_decline: false }))
  await s.state('RX1', 'consult-joined')
  await s.state('RX1', 'consult-declined')
  expect(s.told().slice(-2)).toEqual(['consult-ended RX1 true', 'session-ended RX1 consult-refused'])
  expect(s.acts).toEqual([])
  expect(s.phase()).toBeUndefined()
})

test('nobody joins in time, or nobody ends it in time: the kiosk never skips it', async () => {
  const alone = await verified(asks())
  await alone.pass(59)
  expect(alone.phase()).toBe('consulting')
  await alone.pass(2)
  expect(alone.told().at(-1)).toBe('session-ended RX1 no-pharmacist')
  const halfway = await verified(asks())
  await halfway.pass(50)
  await halfway.state('RX1', 'consult-joined')
  await halfway.pass(59)
  expect(halfway.phase()).toBe('consulting')
  await halfway.pass(2)
  expect(halfway.told().at(-1)).toBe('session-ended RX1 no-pharmacist')
  expect([...alone.acts, ...halfway.acts]).toEqual([])
})

test.each(['consult-completed', 'consult-declined'])(
  '%s is not taken from whoever never joined',
  async says => {
    const s = await verified(asks())
    expect(await s.state('RX1', says)).toEqual({ outcome: 'refused', why: 'nobody joined that consultation' })
    expect(s.phase()).toBe('consulting')
    expect(s.acts).toEqual([])
  },
)

test('a statement counts once: the consultation of one visit is not that of the next', async () => {
  const s = await verified(asks())
  const [joined, completed] = ['consult-joined', 'consult-completed'].map(says => s.statement('RX1', says))
  const say = (statement = '') => s.cloud({ kind: 'state', statement })
  await say(joined)
  expect(await say(joined)).toEqual({ outcome: 'refused', why: 'the statement was used before' })
  await say(completed)
  await s.printed({ ok: false, fault: 'no-reply', sent: false })
  await s.show('RX1')
  await s.type(`${DIGITS}#`)
  fresh(s)
  expect(await say(joined)).toMatchObject({ outcome: 'refused' })
  await s.state('RX1', 'consult-joined')
  expect(await say(completed)).toMatchObject({ outcome: 'refused' })
  expect(s.phase()).toBe('consulting')
  expect(s.acts).toEqual([])
})

test('what is said of another prescription counts for that one, and not for who stands there', async () => {
  const s = await kiosk(asks())
  await s.ready('RX1')
  await s.ready('RX2', { items: [{ gtin: LISI, packs: 1 }] })
  await s.show('RX1')
  await s.type(`${DIGITS}#`)
  fresh(s)
  expect(await s.state('RX2', 'consult-joined')).toMatchObject({ why: 'nobody is being served with it' })
  await s.state('RX2', 'consult-completed')
  expect(await s.state('RX1', 'consult-completed')).toMatchObject({ why: 'nobody joined that consultation' })
  expect(s.phase()).toBe('consulting')
})

const stranger = newSigner('pharmacist', new Uint8Array(32).fill(9))

test.each<[string, (s: Kiosk) => Promise<unknown>, string]>([
  [
    'of another content',
    s => s.state('RX1', 'consult-joined', { digest: 'ab'.repeat(32) }),
    'the statement is wrong-content',
  ],
  [
    'for another unit',
    s => s.state('RX1', 'consult-joined', { unit: 'clinic-2' }),
    'the statement is wrong-unit',
  ],
  [
    'that is over',
    s => s.state('RX1', 'consult-joined', { at: s.clock.wall() - 600_000, until: s.clock.wall() - 121_000 }),
    'the statement is expired',
  ],
  ['signed by a stranger', s => forged(s, stranger), 'the statement is no pharmacist'],
  ['signed by the operator', s => forged(s, operator), 'the statement is no pharmacist'],
])('a statement %s is nobody joining', async (_what, say, why) => {
  const s = await verified(asks())
  s.told()
  expect(await say(s)).toMatchObject({ outcome: 'refused', why: expect.stringContaining(why) })
  expect(s.told()[0]).toMatch(/^statement-refused/)
  expect(await s.state('RX1', 'consult-completed')).toMatchObject({ outcome: 'refused' })
})

const forged = (s: Kiosk, signer: typeof operator) =>
  s.cloud({
    kind: 'state',
    statement: signer.statement({
      ...{
        prescription: 'RX1',
        unit: 'clinic-1',
        says: 'consult-joined',
        at: s.clock.wall(),
        id: new Uint8Array(12),
      },
      digest: s.known().prescription('RX1')?.digest ?? '',
    }),
  })

test('nothing else that a pharmacist says stands for a consultation', async () => {
  const s = await verified(asks())
  for (const says of ['identified', 'release', 'reject'])
    expect(await s.state('RX1', says)).toMatchObject({ outcome: 'refused' })
  expect(s.phase()).toBe('consulting')
  expect(s.acts).toEqual([])
})

test('where the policy asks for it before loading, nothing is released before', async () => {
  const s = await kiosk(asks({ when: 'never', before_loading: true }))
  await s.prescribe('RX1')
  expect(await s.state('RX1', 'release')).toEqual({
    outcome: 'refused',
    why: 'the policy asks for a consultation before it is released',
  })
  expect(await s.state('RX1', 'consult-completed')).toEqual({ outcome: 'done' })
  expect(await s.state('RX1', 'release')).toEqual({ outcome: 'done' })
  await s.show('RX1')
  await s.type(`${DIGITS}#`)
  expect(s.phase()).toBe('printing')
})

test('a consultation before loading is not that before the dispensing', async () => {
  const s = await kiosk(asks({ before_loading: true }))
  await s.prescribe('RX1')
  await s.state('RX1', 'consult-completed')
  await s.state('RX1', 'release')
  await s.show('RX1')
  await s.type(`${DIGITS}#`)
  expect(s.phase()).toBe('consulting')
})
