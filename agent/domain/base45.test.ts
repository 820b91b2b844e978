import { expect, test } from 'vitest'
import { fromBase45 } from './base45.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const read = (text: string): string | undefined => {
  const bytes = fromBase45(text)
  return bytes && Buffer.from(bytes).toString('latin1')
}
const letters = (...digits: number[]): string => digits.map(digit => ALPHABET[digit]).join('')
const groupOf = (value: number): string =>
  letters(value % 45, Math.floor(value / 45) % 45, Math.floor(value / 2_025))

test.each([
  ['BB8', 'AB'],
  ['%69 VD92EX0', 'Hello!!'],
  ['UJCLQE7W581', 'base-45'],
  ['QED8WEX0', 'ietf!'],
  ['', ''],
  ['00', '\0'],
  ['U5', '\xff'],
  ['FGW', '\xff\xff'],
])('%j is %j (RFC 9285, sections 4.3 and 4.4, and the ends of the range)', (text, clear) => {
  expect(read(text)).toBe(clear)
})

test.each([
  ['GGW', 'three characters that say 65536, as in section 6'],
  [':::', 'the most that three characters can say'],
  ['V5', 'two characters that say 256'],
  ['::', 'the most that two characters can say'],
  ['BB8B', 'a character left over'],
  ['B', 'one character alone'],
  ['BB8BB8B', 'a character left over, later'],
  ['bb8', 'small letters'],
  ['BB8\n', 'a line end'],
  ['BB\n', 'a line end inside'],
  ['BB8 ', 'a blank left over'],
  ['B_8', 'an underscore'],
  ['BB8É0', 'a letter with an accent'],
  ['Ａ00', 'a letter of another width'],
  ['😀0', 'a letter of two halves'],
  ['0\u00000', 'a zero byte'],
])('%j is refused: %s', text => {
  expect(fromBase45(text)).toBeUndefined()
})

test('every pair of bytes has one text, and every other group of three is refused', () => {
  let read = 0
  for (let value = 0; value < 45 ** 3; value++) {
    const bytes = fromBase45(groupOf(value))
    if (value > 0xffff ? bytes !== undefined : (bytes?.[0] ?? 0) * 256 + (bytes?.[1] ?? 0) !== value)
      throw new Error(`${groupOf(value)} is read wrong`)
    if (bytes) read++
  }
  expect(read).toBe(65_536)
})

test('every byte has one text, and every other group of two is refused', () => {
  const read = Array.from({ length: 45 ** 2 }, (_, value) =>
    fromBase45(letters(value % 45, Math.floor(value / 45))),
  )
  expect(read.slice(0, 256)).toEqual(Array.from({ length: 256 }, (_, value) => Uint8Array.of(value)))
  expect(read.slice(256).every(bytes => bytes === undefined)).toBe(true)
})
