import { describe, expect, test } from 'vitest'
import { bytes, damaged, dice, feed, fuzz, hex, prefixes, splits } from '../frame-trials.ts'
import { type Ask, BITS, inTurn, type Paper, realTime, receiptOf } from './frames.ts'

const INPUTS = Number(process.env.PAWL_FUZZ ?? 100_000)

const all = Array.from({ length: 256 }, (_, byte) => byte)
const taken = (codec: { decode: typeof realTime.decode }): number[] =>
  all.filter(byte => codec.decode(Uint8Array.of(byte)).reply !== undefined)

test.each<[Ask, string]>([
  [1, '10 04 01'],
  [2, '10 04 02'],
  [3, '10 04 03'],
  [4, '10 04 04'],
])('question %i in real time is %s', (ask, text) => expect(hex(realTime.encode(ask))).toBe(text))

test('the question in turn is 1D 72 01', () => expect(hex(inTurn.encode('paper'))).toBe('1D 72 01'))

describe.each([
  ['in real time', realTime, '12'],
  ['in real time', realTime, '1A'],
  ['in real time', realTime, '32'],
  ['in real time', realTime, '7E'],
  ['in real time', realTime, '1E'],
  ['in real time', realTime, '72'],
  ['in turn', inTurn, '00'],
  ['in turn', inTurn, '0C'],
  ['in turn', inTurn, '6C'],
] as const)('an answer %s: %s', (_, codec, text) => {
  const answer = bytes(text)
  const reply = answer[0] ?? 0
  const { decode } = codec

  test('is read', () => {
    expect(decode(answer)).toEqual({ reply, rest: new Uint8Array(), noise: 0 })
  })

  test('is found after noise of any length, and however it is cut', () => {
    for (const noise of prefixes(answer, 20))
      expect(feed(decode, [noise, answer]).replies.at(-1)).toEqual(reply)
    for (const pieces of splits(answer)) expect(feed(decode, pieces)).toEqual({ replies: [reply], noise: 0 })
  })
})

// One byte has no checksum. In real time four of its bits are fixed, in turn two; in the others every error passes. So a
// printer is asked four things, and again before it prints.
test('of all one- and two-bit errors those in the fixed bits are seen and no others', () => {
  const accepted = (decode: typeof realTime.decode, text: string): string[] =>
    [...damaged(bytes(text))]
      .flatMap(({ frame }) => (decode(frame).reply === undefined ? [] : [hex(frame)]))
      .sort()
  expect(accepted(realTime.decode, '12').join(' ')).toBe('16 1A 1E 32 36 3A 52 56 5A 72')
  expect(accepted(realTime.decode, '1A').join(' ')).toBe('12 16 1E 32 3A 3E 52 5A 5E 7A')
  expect(accepted(inTurn.decode, '00').join(' ')).toBe(
    '01 02 03 04 05 06 08 09 0A 0C 20 21 22 24 28 40 41 42 44 48 60',
  )
})

test('of all bytes those are answers whose fixed bits are right: 0xx1xx10 in real time, 0xx0xxxx in turn', () => {
  const shaped = (shape: RegExp): number[] =>
    all.filter(byte => shape.test(byte.toString(2).padStart(8, '0')))
  expect(taken(realTime)).toEqual(shaped(/^0..1..10$/))
  expect(taken(inTurn)).toEqual(shaped(/^0..0....$/))
})

test('flow control and automatic status are no answers in real time, and never taken for answers in turn', () => {
  for (const text of ['11', '13', '10', '14', '18', '1C', '00', '0F'])
    expect(realTime.decode(bytes(text)), text).toEqual({ rest: new Uint8Array(), noise: 1 })
  for (const text of ['11', '13', '12', '1A', '7E', 'FF'])
    expect(inTurn.decode(bytes(text)), text).toEqual({ rest: new Uint8Array(), noise: 1 })
})

test('each bit that is read is one that an answer leaves free', () => {
  for (const bit of Object.values(BITS)) expect(bit & 0x93).toBe(0)
})

test(`${INPUTS} random inputs: nothing thrown, nothing ever kept`, () => {
  for (const { decode } of [realTime, inTurn])
    expect(fuzz(decode, [bytes('12')], INPUTS / 2, 1).wrongs).toEqual([])
})

const PAPER: Paper = { columns: 16, feed: 2, cut: 'partial', qr: true }

interface Read {
  lines: string[]
  codes: Uint8Array[]
  /** All other commands, as a manual would write them. */
  obeyed: string[]
}

/** By hand, as a printer reads it: letters from 20 on, LF, and commands. */
function readReceipt(receipt: Uint8Array): Read {
  const read: Read = { lines: [], codes: [], obeyed: [] }
  let line = ''
  for (let at = 0; at < receipt.length; ) {
    const [byte = 0, second, third, low = 0, high = 0] = receipt.subarray(at)
    if (byte === 0x0a) {
      read.lines.push(line)
      line = ''
      at += 1
    } else if (byte >= 0x20 && byte !== 0x7f) {
      line += String.fromCharCode(byte)
      at += 1
    } else if (byte === 0x1d && second === 0x28 && third === 0x6b) {
      const body = receipt.subarray(at + 5, at + 5 + low + high * 256)
      if (body[1] === 0x50) read.codes.push(body.subarray(3))
      else read.obeyed.push(hex(body))
      at += 5 + body.length
    } else {
      const length =
        byte === 0x1b && second === 0x40 ? 2 : (byte === 0x1b && second === 0x74) || byte === 0x1d ? 3 : 1
      read.obeyed.push(hex(receipt.subarray(at, at + length)))
      at += length
    }
  }
  if (line !== '') read.lines.push(`${line} without an end`)
  return read
}

const START = ['1B 40', '1B 74 10']
const SQUARE = ['31 41 32 00', '31 43 06', '31 45 31', '31 51 30']
const CUT = '1D 56 01'
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Real-time commands, which are obeyed wherever they stand, inside of data too: status, recovery, drawer and power. */
const REAL_TIME = /10 (04|05|14)/

describe('a receipt', () => {
  test('is written as the manual says', () => {
    expect(hex(receiptOf({ lines: ['Box 7', ''] }, { ...PAPER, cut: 'full' }))).toBe(
      '1B 40 1B 74 10 42 6F 78 20 37 0A 0A 0A 0A 1D 56 00',
    )
    expect(hex(receiptOf({ lines: [], code: 'K1' }, { ...PAPER, cut: 'none', feed: 0 }))).toBe(
      [
        '1B 40 1B 74 10',
        '1D 28 6B 04 00 31 41 32 00',
        '1D 28 6B 03 00 31 43 06',
        '1D 28 6B 03 00 31 45 31',
        '1D 28 6B 05 00 31 50 30 4B 31',
        '1D 28 6B 03 00 31 51 30',
      ].join(' '),
    )
  })

  test('has its code as text where the printer knows no squares', () => {
    const { lines, codes } = readReceipt(
      receiptOf({ lines: ['Box 7'], code: 'K1:1' }, { ...PAPER, qr: false }),
    )
    expect([lines, codes]).toEqual([['Box 7', 'K1:1', '', ''], []])
  })

  test.each([
    ['', ['']],
    ['0123456789abcdef', ['0123456789abcdef']],
    ['0123456789abcdefg', ['0123456789abcdef', 'g']],
    ['0123456789abcde💊g', ['0123456789abcde?', 'g']],
  ])('folds %j to the width of its paper', (text, lines) => {
    expect(readReceipt(receiptOf({ lines: [text] }, PAPER)).lines).toEqual([...lines, '', ''])
  })

  test('prints the letters of Windows-1252 as they are, and others as ?', () => {
    const { lines } = readReceipt(receiptOf({ lines: ['Größe 5 €', '„é“ – Ž•Ÿ', '薬💊\u0081\u00a0'] }, PAPER))
    expect(lines.slice(0, 3).map(each => hex(Uint8Array.from(each, letter => letter.charCodeAt(0))))).toEqual(
      ['47 72 F6 DF 65 20 35 20 80', '84 E9 93 20 96 20 8E 95 9F', '3F 3F 3F A0'],
    )
  })

  test('obeys nothing in a text or a code, whatever letter stands in it', () => {
    const orders = [
      '\u0010\u0004\u0001',
      '\u0010\u0005\u0002',
      '\u0010\u0014\u0001\u0000\u0001',
      '\u001bp\u0000\u0019x',
    ]
    for (const letter of [
      ...all.map(point => String.fromCharCode(point)),
      ...orders,
      '\u001dV\u0000',
      '\r\n',
    ]) {
      const text = `K${letter}${letter}1`
      const receipt = receiptOf({ lines: [text, text], code: text }, PAPER)
      const { lines, codes, obeyed } = readReceipt(receipt)
      expect(obeyed).toEqual([...START, ...SQUARE, CUT])
      expect(lines.map(each => each.length)).toEqual([[...text].length, [...text].length, 0, 0])
      expect(codes).toEqual([utf8(text.replaceAll('\u0010', '?'))])
      expect(hex(receipt)).not.toMatch(REAL_TIME)
    }
  })

  test('of random texts has their lines, its feed and its cut, and no command of theirs', () => {
    const roll = dice(13)
    const letters = [0x10, 0x04, 0x14, 0x1b, 0x1d, 0x0a, 0x0d, 0x00, 0x20ac, 0x1f48a]
    const text = (): string =>
      Array.from({ length: roll(40) }, () =>
        String.fromCodePoint(roll(2) === 0 ? (letters[roll(letters.length)] ?? 0) : roll(0x180)),
      ).join('')
    for (let input = 0; input < 10_000; input++) {
      const page = { lines: Array.from({ length: roll(4) }, text), code: text() }
      const paper = { ...PAPER, columns: 16 + roll(30), feed: roll(5) }
      const receipt = receiptOf(page, paper)
      const { lines, codes, obeyed } = readReceipt(receipt)
      const rows = page.lines.map(each => Math.max(1, Math.ceil([...each].length / paper.columns)))
      expect(obeyed).toEqual([...START, ...SQUARE, CUT])
      expect(lines.length).toBe(rows.reduce((sum, count) => sum + count, paper.feed))
      expect(lines.every(each => each.length <= paper.columns)).toBe(true)
      expect(codes).toEqual([utf8(page.code.replaceAll('\u0010', '?'))])
      expect(hex(receipt)).not.toMatch(REAL_TIME)
    }
  })
})
