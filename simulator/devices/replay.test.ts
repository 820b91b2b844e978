import { expect, test } from 'vitest'
import { fromHex, workbench } from '../workbench.ts'
import { type Passed, replay } from './replay.ts'

const passed = (...rows: [at: number, what: 'sent' | 'heard', hex: string][]): Passed[] =>
  rows.map(([at, what, hex]) => ({ at, what, bytes: fromHex(hex) }))

const FIELD = passed(
  [0, 'heard', 'AA'],
  [100, 'sent', '01 02'],
  [112, 'heard', 'B1'],
  [200, 'sent', '01 02'],
  [215, 'heard', 'B2'],
  [216, 'heard', 'B3'],
  [300, 'sent', '01 02 03'],
  [400, 'sent', '01 02'],
)

const table = () => workbench(() => replay(FIELD))

test('each question is answered as it was then, and at last as it was last: not at all', async () => {
  const { say, hear } = table()
  expect(await hear(10)).toEqual(['AA'])
  expect(await say('01 02')).toEqual(['B1'])
  expect(await say('01 02')).toEqual(['B2', 'B3'])
  expect(await say('01 02')).toEqual([])
  expect(await say('01 02')).toEqual([])
})

test('it answers after the same delay', async () => {
  const { say, hear } = table()
  await hear(10)
  expect(await say('01 02', 11)).toEqual([])
  expect(await hear(2)).toEqual(['B1'])
})

test('a question in pieces, or after noise, is understood; the longer of two first', async () => {
  const { say, hear } = table()
  await hear(10)
  expect(await say('FF 01')).toEqual([])
  expect(await say('02')).toEqual(['B1'])
  expect(await say('01 02 03')).toEqual([])
  expect(await say('07')).toEqual([])
})
