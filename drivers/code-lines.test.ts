import { expect, test } from 'vitest'
import { type Barcode, readBarcode, type Suffix, takeLine } from './code-lines.ts'
import { dice, feed, splits } from './frame-trials.ts'

const ascii = (text: string): Uint8Array => Uint8Array.from(text, letter => letter.charCodeAt(0))
const lines = (suffix: Suffix, ...pieces: string[]): string[] =>
  feed(bytes => takeLine(bytes, suffix), pieces.map(ascii)).replies.map(line => String.fromCharCode(...line))

const shape = { suffix: 'any', prefix: new Uint8Array(), aim: 'auto' } as const
const read = (text: string, more: Partial<Parameters<typeof readBarcode>[1]> = {}) => {
  const code = readBarcode(ascii(text), { ...shape, ...more })
  return code && { text: String.fromCharCode(...code.bytes), aim: code.aim }
}

test.each<[Suffix, string, string[]]>([
  ['cr', 'K1:1111\rK2:2222\r', ['K1:1111', 'K2:2222']],
  ['lf', 'K1:1111\nK2', ['K1:1111']],
  ['crlf', 'K1\r1111\r\nK2\r\n', ['K1\r1111', 'K2']],
  ['any', 'K1\r\nK2\nK3\r', ['K1', '', 'K2', 'K3']],
  ['none', 'K1:1111\r', []],
])('suffix %s ends %j', (suffix, text, expected) => {
  expect(lines(suffix, text)).toEqual(expected)
})

test('however a code is cut, it comes out once and whole', () => {
  for (const suffix of ['cr', 'lf', 'crlf', 'any'] as const) {
    const frame = ascii(
      `]d20100312345678906\u001d10LOT7${{ cr: '\r', lf: '\n', crlf: '\r\n', any: '\r' }[suffix]}`,
    )
    for (const pieces of splits(frame)) {
      const { replies } = feed(bytes => takeLine(bytes, suffix), pieces)
      expect(replies.map(line => String.fromCharCode(...line))).toEqual([']d20100312345678906\u001d10LOT7'])
    }
  }
})

test.each<[string, { text: string; aim: string | undefined } | undefined]>([
  [']d20100312345678906', { text: '0100312345678906', aim: ']d2' }],
  [']Q1K1:1111', { text: 'K1:1111', aim: ']Q1' }],
  [']C10100312345678906', { text: '0100312345678906', aim: ']C1' }],
  ['K1:1111', { text: 'K1:1111', aim: undefined }],
  [']', { text: ']', aim: undefined }],
  [']11', { text: ']11', aim: undefined }],
  ['', undefined],
  [']d2', undefined],
])('%j is read as %j', (line, code) => {
  expect(read(line)).toEqual(code)
})

test('separators and bytes above 7F are kept as they came', () => {
  const raw = Uint8Array.of(0x5d, 0x64, 0x32, 0x30, 0x1d, 0x00, 0xff, 0x80)
  expect(readBarcode(raw, shape)?.bytes).toEqual(Uint8Array.of(0x30, 0x1d, 0x00, 0xff, 0x80))
})

test('where every code has an identifier or a prefix, one without it is no code', () => {
  expect(read('K1:1111', { aim: 'yes' })).toBeUndefined()
  expect(read(']Q1K1:1111', { aim: 'no' })?.text).toBe(']Q1K1:1111')
  expect(read('*K1:1111', { prefix: ascii('*') })?.text).toBe('K1:1111')
  expect(read('K1:1111', { prefix: ascii('*') })).toBeUndefined()
})

test('a hundred thousand random lines: nothing thrown, nothing invented, no end inside', () => {
  const roll = dice(5)
  for (let input = 0; input < 100_000; input++) {
    const line = Uint8Array.from({ length: roll(12) }, () =>
      roll(4) === 0 ? ([0x5d, 0x0d, 0x0a, 0x64][roll(4)] ?? 0) : roll(256),
    )
    const suffix = (['cr', 'lf', 'crlf', 'any', 'none'] as const)[roll(5)] ?? 'any'
    const { reply, rest } = takeLine(line, suffix)
    const whole = reply === undefined ? line.length : reply.length + rest.length + (suffix === 'crlf' ? 2 : 1)
    expect(whole).toBe(line.length)
    const code: Barcode | undefined = readBarcode(reply ?? line, shape)
    if (code) expect(code.bytes.length + (code.aim === undefined ? 0 : 3)).toBe((reply ?? line).length)
  }
})
