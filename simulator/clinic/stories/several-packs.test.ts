import { expect, test } from 'vitest'
import { AMOX, INHALER, LISI } from './kiosk-site.ts'
import { type Kiosk, kiosk } from './kiosk-story.ts'
import { fresh, upTo } from './stages.ts'

const of = (...gtins: string[]) => ({ items: gtins.map(gtin => ({ gtin, packs: 1 })) })

async function printed(about: Parameters<Kiosk['ready']>[1]): Promise<Kiosk> {
  const s = await kiosk()
  await s.ready('RX1', about)
  await upTo(s, 'printing')
  return fresh(s)
}

const kinds = (s: Kiosk): string[] =>
  s.acts.flatMap(each => (each.type === 'vend' ? [each.lane] : each.type === 'unlock' ? ['door'] : []))

test('pack after pack is turned for and checked, and the door opens once over all of them', async () => {
  const s = await printed(of(AMOX, LISI, INHALER))
  await s.printed()
  for (const serial of ['a1', 'b1', 'c1']) await s.falls(serial)
  expect(kinds(s)).toEqual(['A1', 'B1', 'C1', 'door'])
  await s.takes()
  expect(s.told().filter(line => /^(handed|presc)/.test(line))).toEqual([
    'handed-over RX1 a1+b1+c1 sensor',
    'prescription-ended RX1 handed-over',
  ])
})

test('two packs of one lane come one after the other, in one visit', async () => {
  const s = await printed({ items: [{ gtin: LISI, packs: 2 }] })
  await s.printed()
  await s.falls('b1')
  expect(s.turned()).toEqual(['B1', 'B1'])
  expect(s.opened()).toBe(0)
  await s.falls('b2')
  await s.takes()
  expect(s.told()).toEqual(
    expect.arrayContaining(['handed-over RX1 b1+b2 sensor', 'prescription-ended RX1 handed-over']),
  )
})

test('a pack of this visit that is read again beside the next one is no stranger', async () => {
  const s = await printed(of(AMOX, LISI))
  await s.printed()
  await s.falls('a1')
  await s.turn('B1', 'dropped')
  await s.readPack('a1')
  await s.readPack('b1')
  await s.pass(1.6)
  expect(s.opened()).toBe(1)
})

test('the pack before does not stand for the next one', async () => {
  const s = await printed(of(AMOX, LISI))
  await s.printed()
  await s.falls('a1')
  await s.turn('B1', 'dropped')
  await s.readPack('a1')
  await s.pass(9)
  expect(s.told().at(-1)).toBe('dispense-held RX1 B1 unread-pack')
  expect(s.opened()).toBe(0)
})

test('a stranger beside the second pack holds both', async () => {
  const s = await printed(of(AMOX, LISI))
  await s.printed()
  await s.falls('a1')
  await s.turn('B1', 'dropped')
  await s.readPack('b1')
  await s.readPack('a2')
  expect(s.told().at(-1)).toBe('dispense-held RX1 B1 two-packs')
  expect(s.opened()).toBe(0)
})

/** RX0 holds the only inhaler. */
async function lacking(partial: boolean): Promise<Kiosk> {
  const s = await kiosk()
  await s.ready('RX0', of(INHALER))
  await s.ready('RX1', { ...of(AMOX, INHALER), partial })
  return fresh(s)
}

test('some of it is given out where that is allowed, and that is the end of it', async () => {
  const s = await lacking(true)
  await upTo(s, 'unlocking')
  await s.takes()
  expect(s.turned()).toEqual(['A1'])
  expect(s.told()).toEqual(
    expect.arrayContaining(['handed-over RX1 a1 sensor', 'prescription-ended RX1 partial']),
  )
})

test('all or nothing where it is not', async () => {
  const s = await lacking(false)
  await s.show('RX1')
  expect(s.acts).toEqual([])
  expect(s.told()).toEqual(['token-refused out-of-stock RX1', `out-of-stock RX1 ${INHALER} 1`])
})

test('nothing of it is here: partial or not, there is nothing to come for', async () => {
  const s = await kiosk()
  await s.ready('RX0', of(INHALER))
  await s.ready('RX1', { ...of(INHALER), partial: true })
  await s.show('RX1')
  expect(s.told().at(-1)).toBe(`out-of-stock RX1 ${INHALER} 1`)
  expect(s.phase()).toBeUndefined()
})

test('a lane that does not move after a pack fell: the patient takes what fell, and fetches the rest with a new code', async () => {
  const s = await kiosk()
  await s.ready('RX1', of(AMOX, LISI))
  const code = s.token('RX1')
  await s.showText(code)
  await s.type('604938#')
  await s.printed()
  await s.falls('a1')
  await s.turn('B1', 'not-moved')
  expect(s.opened()).toBe(1)
  await s.takes()
  expect(s.told().slice(-2)).toEqual(['handed-over RX1 a1 sensor', 'session-ended RX1 out-of-stock'])
  await s.desk({ kind: 'lift', recall: 'lane-B1', reason: 'mended', by: 'tech' })
  await s.showText(code)
  expect(s.told().at(-1)).toBe('token-refused used RX1')
  fresh(s)
  await upTo(s, 'unlocking')
  expect(kinds(s)).toEqual(['B1', 'door'])
  await s.takes()
  expect(s.told()).toContain('prescription-ended RX1 handed-over')
})

const recallLisi = (s: Kiosk) =>
  s.cloud({
    ...{ kind: 'recall', recall: 'R1', scope: { gtin: LISI } },
    ...{ reason: 'recalled by the maker', by: 'maker' },
  })

test('a pack that is recalled between two packs is not turned for', async () => {
  const s = await printed(of(AMOX, LISI))
  await s.printed()
  await s.turn('A1', 'dropped')
  await s.tray(true)
  await s.readPack('a1')
  await recallLisi(s)
  await s.pass(1.6)
  expect(kinds(s)).toEqual(['A1', 'door'])
  await s.takes()
  expect(s.told()).toContain('session-ended RX1 out-of-stock')
})

test('all or nothing: nothing moves when one of two packs became barred before the first turn', async () => {
  for (const stage of ['verifying', 'printing'] as const) {
    const s = await kiosk()
    await s.ready('RX1', of(AMOX, LISI))
    await upTo(s, stage)
    await recallLisi(s)
    if (stage === 'verifying') await s.type('604938#')
    await s.printed()
    expect(s.turned(), stage).toEqual([])
    expect(s.told().at(-1), stage).toBe('session-ended RX1 out-of-stock')
  }
})

test('a pack that falls for one is held for nobody else, even if it did not fall after all', async () => {
  const s = await printed(of(INHALER))
  await s.printed()
  await s.ready('RX2', of(INHALER))
  expect(s.told()).toContain(`out-of-stock RX2 ${INHALER} 1`)
  await s.took(s.order(), { ok: false, fault: 'no-reply', sent: false })
  const holders = ['RX1', 'RX2'].filter(id =>
    s
      .known()
      .prescription(id)
      ?.items.some(item => item.now === 'held' && item.serial === 'c1'),
  )
  expect(holders).toEqual(['RX1'])
})
