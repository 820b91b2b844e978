import { expect, test } from 'vitest'
import { AMOX, LISI } from './kiosk-site.ts'
import { type Kiosk, kiosk } from './kiosk-story.ts'
import { at, upTo } from './stages.ts'

const count = (s: Kiosk, lane: string, counted: number, reason?: string) =>
  s.desk({ kind: 'count', lane, counted, by: 'tech', ...(reason === undefined ? {} : { reason }) })

test('a lane that tallies is written down, and nothing follows', async () => {
  const s = await kiosk()
  expect(await count(s, 'A1', 2)).toEqual({ outcome: 'done' })
  expect(s.told()).toEqual(['counted A1 2 2'])
})

test.each([1, 3, 0])(
  '%i where two should lie: why is asked for, and the lane is set aside',
  async counted => {
    const s = await kiosk()
    expect(await count(s, 'A1', counted)).toMatchObject({ outcome: 'refused' })
    expect(s.told()).toEqual([`counted A1 ${counted} 2`, 'recalled lane-A1 A1 a1+a2'])
    await s.ready('RX1')
    await upTo(s, 'vending')
    expect(s.turned()).toEqual(['A2'])
  },
)

test('who counts is not told what should be there', async () => {
  const s = await kiosk()
  const answer = await count(s, 'A1', 7)
  expect(JSON.stringify(answer)).not.toMatch(/\d/)
})

test('a reason is taken, but the lane stays aside until it tallies', async () => {
  const s = await kiosk()
  expect(await count(s, 'A1', 1, 'one was crushed')).toEqual({ outcome: 'done' })
  expect(s.known().recall('lane-A1')).toBeDefined()
  await count(s, 'A1', 1, 'still one')
  expect(s.told().filter(line => line.startsWith('recalled'))).toHaveLength(1)
  await s.desk({ kind: 'remove-pack', gtin: AMOX, serial: 'a1', reason: 'crushed', by: 'tech' })
  await count(s, 'A1', 1)
  expect(s.told().slice(-2)).toEqual(['counted A1 1 1', 'recall-lifted lane-A1'])
  await s.ready('RX1')
  await upTo(s, 'vending')
  expect(s.turned()).toEqual(['A2'])
})

test('nobody counts while the machine is in use, or a lane that is not there', async () => {
  for (const stage of ['verifying', 'vending'] as const)
    expect(await count(await at(stage), 'A1', 2)).toEqual({
      outcome: 'refused',
      why: 'the machine is in use',
    })
  const s = await at('vending')
  await s.turn('A1', 'jammed')
  expect(await count(s, 'A1', 2)).toMatchObject({ outcome: 'refused' })
  const idle = await kiosk()
  expect(await count(idle, 'Z9', 0)).toEqual({ outcome: 'refused', why: 'there is no lane Z9' })
  expect(idle.told()).toEqual([])
})

test('the count of another lane lifts nothing', async () => {
  const s = await kiosk()
  await count(s, 'A1', 1)
  await count(s, 'A2', 1)
  expect(s.known().recall('lane-A1')).toBeDefined()
})

/** Loaded on 14 November 2023, some weeks before the day it expires. */
const SOON = [{ lane: 'B1', serials: ['b1', 'b2'], expiry: '231220' }]
const days = (count: number): number => count * 86_400

test('a pack that expires in the machine is said once, and given out no more', async () => {
  const s = await kiosk({ stock: SOON })
  // The last day it may be used: 20 December, in Chicago.
  await s.pass(days(36))
  expect(s.told()).toEqual([])
  await s.pass(days(1))
  expect(s.told()).toEqual(['b1', 'b2'].map(serial => `pack-expired ${LISI} ${serial} B1 2023-12-20`))
  await s.pass(days(3))
  await s.cutPower(60)
  await s.online()
  expect(s.told()).toEqual([])
  s.heard()
  await s.ready('RX1', { items: [{ gtin: LISI, packs: 1 }] })
  await s.show('RX1')
  expect(s.told().at(-1)).toBe(`out-of-stock RX1 ${LISI} 1`)
})

test('a pack that expires at midnight between the label and the turn is not turned for', async () => {
  const s = await kiosk({ stock: SOON })
  // Ten seconds before midnight in Chicago, six hours behind, at the end of the last day.
  await s.pass((Date.UTC(2023, 11, 21, 5, 59, 50) - s.clock.wall()) / 1_000)
  s.heard()
  await s.ready('RX1', { items: [{ gtin: LISI, packs: 1 }] })
  await upTo(s, 'printing')
  expect(s.phase()).toBe('printing')
  await s.pass(11)
  await s.printed()
  expect(s.told().at(-1)).toBe('session-ended RX1 out-of-stock')
  expect(s.turned()).toEqual([])
})

test('an expired pack that was taken out is said no more, and one that follows it is', async () => {
  const s = await kiosk({ stock: [] })
  await s.fill({ lane: 'B1', serials: ['b1'], expiry: '231220' })
  await s.fill({ lane: 'C1', serials: ['c1'], expiry: '231222' })
  s.told()
  await s.pass(days(37))
  await s.desk({ kind: 'remove-pack', gtin: LISI, serial: 'b1', reason: 'expired', by: 'tech' })
  await s.pass(days(2))
  expect(s.told().map(line => line.split(' ').slice(0, 3)[2])).toEqual(['b1', 'b1', 'c1'])
})
