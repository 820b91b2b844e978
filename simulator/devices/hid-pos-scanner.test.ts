import { expect, test } from 'vitest'
import { toHex, workbench } from '../workbench.ts'
import { type HidPosScannerSettings, hidPosScanner } from './hid-pos-scanner.ts'

const TRIGGER = 'FD 03 16 54 0D'
const ENABLE = 'FE 01'

function table(settings?: HidPosScannerSettings) {
  const scanner = hidPosScanner(settings)
  const { say, hear } = workbench(() => scanner.plug)
  return {
    say,
    scan: (code: string | Uint8Array, aim?: string) => hear(20, () => scanner.scan(code, aim)),
  }
}

/** A report: zeros between what is at its front and at its end. */
function report(front: string, end = '00 00 00'): string {
  const bytes = [front, end].join(' ').split(' ').length
  return [front, ...Array(64 - bytes).fill('00'), end].join(' ')
}

test('a code is one report of 64 bytes, with what kind of code it was', async () => {
  expect(await table().scan('A1', ']C1')).toEqual([report('02 02 5D 43 31 41 31', '49 00 00')])
  expect(await table().scan('A1', ']d2')).toEqual([report('02 02 5D 64 32 41 31', '77 00 00')])
  expect(await table().scan('num: N/A\r', ']X0')).toEqual([
    report('02 09 5D 58 30 6E 75 6D 3A 20 4E 2F 41 0D'),
  ])
})

test('sixty bytes are two reports, the first of which says that more follows', async () => {
  const code = Uint8Array.from({ length: 60 }, (_, index) => index + 1)
  expect(await table().scan(code, ']Q0')).toEqual([
    `02 38 5D 51 30 ${toHex(code.subarray(0, 56))} 73 00 01`,
    report(`02 04 5D 51 30 ${toHex(code.subarray(56))}`, '73 00 00'),
  ])
})

test.each([
  [1, 1],
  [56, 1],
  [57, 2],
  [112, 2],
  [113, 3],
])('%i bytes are %i reports, and only the last says that it is', async (length, count) => {
  const sent = await table().scan('x'.repeat(length))
  expect(sent).toHaveLength(count)
  expect(sent.map(bytes => bytes.slice(-2)).join(' ')).toBe(`${'01 '.repeat(count - 1)}00`)
})

test('every byte of a code goes out as it is', async () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const sent = await table().scan(all)
  const data = sent.map(bytes => bytes.slice(15, 15 + 3 * Number.parseInt(bytes.slice(3, 5), 16)).trim())
  expect(data.join(' ')).toBe(toHex(all))
})

test('some put the AIM identifier and the data one byte later', async () => {
  const { scan } = table({ aimShift: 1 })
  expect(await scan('A1', ']d2')).toEqual([report('02 02 00 5D 64 32 41 31', '77 00 00')])
  const [first, second] = await scan('x'.repeat(57), ']d2')
  expect(first).toBe(`02 38 00 5D 64 32${' 78'.repeat(56)} 00 01`)
  expect(second).toBe(report('02 01 00 5D 64 32 78', '77 00 00'))
})

test('one that must be enabled sends nothing before, nor once disabled again', async () => {
  const { say, scan } = table({ needsEnabling: true })
  expect(await scan('A1')).toEqual([])
  expect(await say(ENABLE)).toEqual([])
  expect(await scan('A1')).toHaveLength(1)
  await say('FE 00')
  expect(await scan('A1')).toEqual([])
})

test('one that need not be is not disabled either', async () => {
  const { say, scan } = table()
  await say('FE 00')
  expect(await scan('A1')).toHaveLength(1)
})

test.each([
  ['as it is', TRIGGER],
  ['padded to a whole report', report(TRIGGER)],
])('a trigger %s lets it read one code', async (_, trigger) => {
  const { say, scan } = table({ triggered: true })
  expect(await scan('A1')).toEqual([])
  expect(await say(trigger)).toEqual([])
  expect(await scan('A2')).toHaveLength(1)
  expect(await scan('A3')).toEqual([])
})

test('a trigger ends by itself and when told', async () => {
  const { say, scan } = table({ triggered: true, readMillis: 1_000 })
  await say(TRIGGER, 900)
  expect(await scan('A1')).toHaveLength(1)
  await say(TRIGGER, 1_100)
  expect(await scan('A2')).toEqual([])
  await say(TRIGGER)
  await say('FD 03 16 55 0D')
  expect(await scan('A3')).toEqual([])
})

test.each([
  ['half of one', 'FD 03 16 54'],
  ['one whose length is wrong', 'FD 02 16 54 0D'],
  ['one in another report', 'FC 03 16 54 0D'],
  ['one without a report', '16 54 0D'],
  ['another command', 'FD 03 16 07 0D'],
  ['nothing', ''],
])('%s is no trigger', async (_, bytes) => {
  const { say, scan } = table({ triggered: true })
  expect(await say(bytes)).toEqual([])
  expect(await scan('A1')).toEqual([])
})

test('a scanner that reads by itself does so with and without a trigger', async () => {
  const { say, scan } = table()
  expect(await scan('A1')).toHaveLength(1)
  expect(await say(TRIGGER)).toEqual([])
  expect(await scan('A2')).toHaveLength(1)
  expect(await scan('A3')).toHaveLength(1)
})

test('without power it sends nothing, and each power-up must enable it again', async () => {
  const scanner = hidPosScanner({ needsEnabling: true })
  expect(() => scanner.scan('A1')).not.toThrow()
  await workbench(() => scanner.plug).say(ENABLE)
  const { hear } = workbench(() => scanner.plug)
  expect(await hear(20, () => scanner.scan('A1'))).toEqual([])
})
