import { expect, test } from 'vitest'
import { fromHex, toHex, workbench } from '../workbench.ts'
import { type TrayScannerSettings, trayScanner } from './tray-scanner.ts'

const ON = '16 54 0D'
const OFF = '16 55 0D'

function table(settings: TrayScannerSettings = {}) {
  const scanner = trayScanner(settings)
  const { say, hear } = workbench(() => scanner.plug)
  return {
    say,
    async scan(...codes: string[]): Promise<string[]> {
      const heard = await hear(20, () => {
        for (const code of codes) scanner.scan(code)
      })
      return heard.map(hex => Buffer.from(fromHex(hex)).toString('latin1'))
    },
  }
}

test('it shows nothing until triggered, then code after code', async () => {
  const { say, scan } = table()
  expect(await scan('B1')).toEqual([])
  expect(await say(ON)).toEqual([])
  expect(await scan('B1', 'B2', 'B1')).toEqual(['B1\r', 'B2\r', 'B1\r'])
  expect(await say(OFF)).toEqual([])
  expect(await scan('B1')).toEqual([])
})

test('a trigger ends by itself, and begins anew with the next one', async () => {
  const { say, scan } = table({ readMillis: 1_000 })
  await say(ON, 900)
  await say(ON, 900)
  expect(await scan('B1')).toEqual(['B1\r'])
  await say('', 200)
  expect(await scan('B1')).toEqual([])
})

test('what kind of code it was comes only where it is switched on; every byte goes out as it is', async () => {
  const plain = table({ suffix: '' })
  await plain.say(ON)
  expect(await plain.scan('10L\u001d21\u00e9')).toEqual(['10L\u001d21\u00e9'])
  const aims = table({ aim: true })
  await aims.say(ON)
  expect(await aims.scan('01')).toEqual([']d201\r'])
})

test('a trigger may come in pieces and behind noise; no flipped bit of one triggers', async () => {
  const { say, scan } = table()
  await say('FF 16 16 54', 50)
  await say('0D')
  expect(await scan('B1')).toEqual(['B1\r'])
  for (let bit = 0; bit < 24; bit++) {
    const bytes = [0x16, 0x54, 0x0d]
    const spoilt = bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    const other = table()
    await other.say(toHex(Uint8Array.from(spoilt)))
    expect(await other.scan('B1')).toEqual([])
  }
})

test('without power it sends nothing', () => {
  expect(() => trayScanner().scan('B1')).not.toThrow()
})
