import { expect, test } from 'vitest'
import { workbench } from '../workbench.ts'
import { type Rdm6300Settings, rdm6300 } from './rdm6300.ts'

const CARD = '02 30 41 30 30 31 32 33 34 35 36 37 41 03'

function table(settings?: Rdm6300Settings) {
  const reader = rdm6300(settings)
  const { say, hear } = workbench(() => reader.plug)
  return { say, hear, reader }
}

test.each([
  ['0A00123456', CARD],
  ['0a00123456', CARD],
  ['010068AC23', '02 30 31 30 30 36 38 41 43 32 33 45 36 03'],
  ['0000000001', '02 30 30 30 30 30 30 30 30 30 31 30 31 03'],
])('card %s is told digit by digit', async (card, frame) => {
  const { hear, reader } = table()
  expect(await hear(10, () => reader.hold(card))).toEqual([frame])
})

test('a card is told over and over until it is taken away', async () => {
  const { hear, reader } = table({ repeatMillis: 100 })
  expect(await hear(350, () => reader.hold('0A00123456'))).toEqual([CARD, CARD, CARD, CARD])
  expect(await hear(1_000, reader.takeAway)).toEqual([])
  expect(await hear(150, () => reader.hold('0A00123456'))).toEqual([CARD, CARD])
})

test('another card takes the place of the first', async () => {
  const { hear, reader } = table({ repeatMillis: 100 })
  reader.hold('0A00123456')
  const told = await hear(250, () => reader.hold('0000000001'))
  expect(told).toHaveLength(3)
  expect(told).not.toContain(CARD)
})

test('a card that was away for a moment is not told twice as often', async () => {
  const { hear, reader } = table({ repeatMillis: 100 })
  reader.hold('0A00123456')
  reader.takeAway()
  expect(await hear(350, () => reader.hold('0A00123456'))).toHaveLength(4)
})

test('it hears nothing', async () => {
  expect(await table().say('02 31 03 FF', 1_000)).toEqual([])
})

test('without power nothing is told; a card still held when it comes back is', async () => {
  const reader = rdm6300()
  reader.hold('0A00123456')
  const { hear } = workbench(() => reader.plug)
  expect((await hear(200))[0]).toBe(CARD)
})

test('no card has other than ten digits', () => {
  expect(() => rdm6300().hold('0A0012345')).toThrow('ten hexadecimal digits')
  expect(() => rdm6300().hold('0A0012345G')).toThrow('ten hexadecimal digits')
})
