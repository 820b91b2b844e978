import { expect, test } from 'vitest'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { boxPrint, openBox, sealBox } from './boxes.ts'

const KEY = new Uint8Array(32).fill(5)
const seal = (name: string, clear: string) => sealBox(KEY, systemEntropy, name, clear)

test.each(['', 'A. Patient', 'Zoë Müller\nTake one \u0080 daily', 'x'.repeat(255), 'x'.repeat(256)])(
  'what is put in comes out: %j',
  clear => {
    expect(openBox(KEY, 'RX1', seal('RX1', clear))).toBe(clear)
  },
)

test('it opens under its own name and key only, and not when a bit of it is another', () => {
  const box = seal('RX1', 'A. Patient')
  expect(openBox(KEY, 'RX2', box)).toBeUndefined()
  expect(openBox(new Uint8Array(32), 'RX1', box)).toBeUndefined()
  for (const part of ['key', 'data'] as const) {
    const bytes = Buffer.from(box[part], 'base64')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const bent = Buffer.from(bytes)
      bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(openBox(KEY, 'RX1', { ...box, [part]: bent.toString('base64') })).toBeUndefined()
    }
    for (const cut of [0, 5, 27, bytes.length - 1])
      expect(
        openBox(KEY, 'RX1', { ...box, [part]: bytes.subarray(0, cut).toString('base64') }),
      ).toBeUndefined()
  }
})

test('the same text looks different each time, and its length does not show', () => {
  const [one, other, long] = [seal('RX1', 'Al'), seal('RX1', 'Al'), seal('RX1', 'Bartholomew the Third')]
  expect(one.data).not.toBe(other.data)
  expect(one.key).not.toBe(other.key)
  expect(one.data.length).toBe(long.data.length)
})

test('a print tells texts apart, names too, and needs the key', () => {
  const print = boxPrint(KEY, 'RX1', 'A')
  expect(boxPrint(KEY, 'RX1', 'A')).toBe(print)
  for (const other of [
    boxPrint(KEY, 'RX1', 'B'),
    boxPrint(KEY, 'RX2', 'A'),
    boxPrint(new Uint8Array(32), 'RX1', 'A'),
  ])
    expect(other).not.toBe(print)
})
