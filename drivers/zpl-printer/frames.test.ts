import { describe, expect, test } from 'vitest'
import type { Page } from '../device.ts'
import { damaged, dice, feed, fuzz, hex, prefixes, splits } from '../frame-trials.ts'
import { frames, type HostStatus, LONGEST, labelOf } from './frames.ts'

const INPUTS = Number(process.env.PAWL_FUZZ ?? 100_000)

const ascii = (text: string): Uint8Array => Uint8Array.from(text, letter => letter.charCodeAt(0))
const answer = (...lines: string[]): Uint8Array =>
  ascii(lines.map(each => `\u0002${each}\u0003\r\n`).join(''))

const FIRST = '030,0,0,0800,000,0,0,0,000,0,0,0'
const SECOND = '000,0,0,0,0,2,4,0,00000000,1,000'
const THIRD = '1234,0'
const IDLE: HostStatus = {
  paperOut: false,
  paused: false,
  formatsWaiting: 0,
  bufferFull: false,
  partial: false,
  corrupt: false,
  temperature: false,
  headUp: false,
  ribbonOut: false,
  labelWaiting: false,
  labelsRemaining: 0,
}

/** As the manual lays the fields out. */
const ANSWERS: [says: string, whole: Uint8Array, status: HostStatus][] = [
  ['nothing wrong', answer(FIRST, SECOND, THIRD), IDLE],
  ['paper out', answer('030,1,0,0800,000,0,0,0,000,0,0,0', SECOND, THIRD), { ...IDLE, paperOut: true }],
  ['paused', answer('030,0,1,0800,000,0,0,0,000,0,0,0', SECOND, THIRD), { ...IDLE, paused: true }],
  [
    'formats waiting',
    answer('030,0,0,0800,012,0,0,0,000,0,0,0', SECOND, THIRD),
    { ...IDLE, formatsWaiting: 12 },
  ],
  ['buffer full', answer('030,0,0,0800,000,1,0,0,000,0,0,0', SECOND, THIRD), { ...IDLE, bufferFull: true }],
  ['a format in part', answer('030,0,0,0800,000,0,0,1,000,0,0,0', SECOND, THIRD), { ...IDLE, partial: true }],
  ['memory corrupt', answer('030,0,0,0800,000,0,0,0,000,1,0,0', SECOND, THIRD), { ...IDLE, corrupt: true }],
  ['too cold', answer('030,0,0,0800,000,0,0,0,000,0,1,0', SECOND, THIRD), { ...IDLE, temperature: true }],
  ['too hot', answer('030,0,0,0800,000,0,0,0,000,0,0,1', SECOND, THIRD), { ...IDLE, temperature: true }],
  ['head up', answer(FIRST, '000,0,1,0,0,2,4,0,00000000,1,000', THIRD), { ...IDLE, headUp: true }],
  ['ribbon out', answer(FIRST, '000,0,0,1,1,2,4,0,00000000,1,000', THIRD), { ...IDLE, ribbonOut: true }],
  [
    'a label waiting',
    answer(FIRST, '000,0,0,0,0,1,4,1,00000000,1,000', THIRD),
    { ...IDLE, labelWaiting: true },
  ],
  [
    'labels remaining',
    answer(FIRST, '000,0,0,0,0,2,4,0,00000123,1,000', THIRD),
    { ...IDLE, labelsRemaining: 123 },
  ],
]

test('the question is ~HS', () => expect(String.fromCharCode(...frames.encode('status'))).toBe('~HS\r\n'))

describe.each(ANSWERS)('an answer with %s', (_, whole, status) => {
  test('is read', () => {
    expect(frames.decode(whole)).toEqual({ reply: status, rest: new Uint8Array(), noise: 0 })
  })

  test('is found whole after noise of any length, and however it is cut', () => {
    for (const noise of prefixes(whole, 40))
      expect(feed(frames.decode, [noise, whole]).replies.at(-1)).toEqual(status)
    for (const pieces of splits(whole))
      expect(feed(frames.decode, pieces)).toEqual({ replies: [status], noise: 0 })
  })
})

// There is no checksum. What the answer shows is its shape: digits, flags, commas, and what stands around its lines. A digit
// that became another digit, a flag that became the other flag, and anything in the print mode and the third line, which
// nobody reads, cannot be seen.
test('of all one- and two-bit errors of an answer those pass that leave its shape as it was, and no others', () => {
  // As short as it can be: more digits are only more of the same.
  const whole = answer('0,0,0,8,0,0,0,0,0,0,0,0', '0,0,0,0,0,2,4,0,0,1,0', '12,0')
  // In each place: 9 a digit, 1 a flag, * anything but a comma.
  const shape = answer('9,1,1,9,9,1,1,1,9,1,1,1', '9,1,1,1,1,*,*,1,9,1,9', '**,*')
  const fits = (byte: number, place: number): boolean => {
    const letter = String.fromCharCode(byte)
    switch (String.fromCharCode(shape[place] ?? 0)) {
      case '9':
        return letter >= '0' && letter <= '9'
      case '1':
        return letter === '0' || letter === '1'
      case '*':
        return letter !== ','
      default:
        return byte === shape[place]
    }
  }
  const wrongs: string[] = []
  for (const { frame, at } of damaged(whole)) {
    const taken = frames.decode(frame).reply !== undefined
    if (taken !== at.every(place => fits(frame[place] ?? 0, place))) wrongs.push(hex(frame))
  }
  expect(wrongs).toEqual([])
})

test.each([
  ['a line too few', answer(FIRST, SECOND)],
  ['a field too few', answer(FIRST.slice(0, -2), SECOND, THIRD)],
  ['a field too many', answer(`${FIRST},0`, SECOND, THIRD)],
  ['its lines in another order', answer(SECOND, FIRST, THIRD)],
  ['a letter where a number is', answer(FIRST.replace('0800', '08O0'), SECOND, THIRD)],
  ['an empty number', answer(FIRST.replace('0800', ''), SECOND, THIRD)],
  ['a flag of 2', answer(FIRST.replace('030,0', '030,2'), SECOND, THIRD)],
  ['an empty flag', answer(FIRST.replace('030,0', '030,'), SECOND, THIRD)],
  ['no ends of lines', ascii(`\u0002${FIRST}\u0003\u0002${SECOND}\u0003\u0002${THIRD}\u0003`)],
  ['only ends of lines', ascii(`${FIRST}\r\n${SECOND}\r\n${THIRD}\r\n`)],
])('an answer with %s is none', (_, whole) => {
  expect(frames.decode(whole).reply).toBeUndefined()
})

test(`${INPUTS} random inputs: nothing thrown, nothing kept that could not begin an answer`, () => {
  const { wrongs, accepted } = fuzz(
    frames.decode,
    ANSWERS.map(([, whole]) => whole),
    INPUTS,
    LONGEST,
  )
  expect(wrongs).toEqual([])
  expect(accepted).toBe(0)
})

test('answers with random bytes in them: nothing thrown, no number that is none, nothing kept without measure', () => {
  const roll = dice(11)
  const letters = [...ascii('01,9\u0002\u0003\r\n -.')]
  for (let input = 0; input < 10_000; input++) {
    const whole = answer(FIRST, SECOND, THIRD)
    for (let wrong = roll(4); wrong >= 0; wrong--)
      whole[roll(whole.length)] = roll(2) === 0 ? roll(256) : (letters[roll(letters.length)] ?? 0)
    const { reply, rest } = frames.decode(whole)
    expect(rest.length).toBeLessThan(LONGEST)
    if (!reply) continue
    expect(Number.isInteger(reply.formatsWaiting) && reply.formatsWaiting >= 0).toBe(true)
    expect(Number.isInteger(reply.labelsRemaining) && reply.labelsRemaining >= 0).toBe(true)
  }
})

/** By hand, as a printer reads it: `^` and `~` begin a command wherever they stand, and `_` with two digits is one byte. */
function readLabel(label: Uint8Array): string[] {
  const text = Array.from(label, byte => String.fromCharCode(byte)).join('')
  return text.split(/(?=[\^~])/).map(command => {
    if (!command.startsWith('^FD')) return command
    const data = command.replaceAll(/_([0-9A-F]{2})/g, (_, digits) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    )
    return new TextDecoder('utf-8', { fatal: true }).decode(ascii(data))
  })
}

const LAYOUT = { line: 36, margin: 24 }

/** What such a page must be read as. */
const expected = ({ lines, code }: Page): string[] => [
  '^XA',
  '^CI28',
  ...lines.flatMap((each, index) => [`^FO24,${24 + index * 36}`, '^A0N,29', '^FH_', `^FD${each}`, '^FS']),
  ...(code === undefined
    ? []
    : [`^FO24,${24 + lines.length * 36}`, '^BQN,2,5', '^FH_', `^FDQA,${code}`, '^FS']),
  '^XZ',
]

/** A text with each of these, and with each doubled and behind an underscore. */
const EVIL = Array.from({ length: 0x100 }, (_, point) => String.fromCodePoint(point))
const ORDERS = [
  '^XZ',
  '^XA~JR^XZ',
  '~JA',
  '^FS^FO0,0^GB500,500,500^FS',
  '\\&',
  '_5EXZ',
  '^FH_^FD',
  '\r\n',
  '\u001b',
  '__',
]

describe('a label', () => {
  test('is written as the manual says', () => {
    const label = labelOf({ lines: ['Box 7', 'K_1'], code: 'K1:1' }, LAYOUT)
    expect(String.fromCharCode(...label)).toBe(
      '^XA^CI28^FO24,24^A0N,29^FH_^FDBox 7^FS^FO24,60^A0N,29^FH_^FDK_5F1^FS^FO24,96^BQN,2,5^FH_^FDQA,K1:1^FS^XZ',
    )
  })

  test('without lines and code is an empty one', () => {
    expect(readLabel(labelOf({ lines: [] }, LAYOUT))).toEqual(expected({ lines: [] }))
  })

  test('prints every letter of every text and code as it is, and obeys none', () => {
    for (const letter of [...EVIL, ...ORDERS, 'Größe 5 €', '薬局', '💊', 'e\u0301'])
      for (const text of [letter, `${letter}${letter}`, `_${letter}`, `K${letter}5E`]) {
        const page = { lines: [text, 'K1', text], code: text }
        expect(readLabel(labelOf(page, LAYOUT))).toEqual(expected(page))
      }
  })

  test('holds no byte that a printer or a line could obey before it is read', () => {
    const label = labelOf({ lines: [EVIL.join(''), ORDERS.join('')], code: EVIL.join('') }, LAYOUT)
    expect(label.filter(byte => byte < 0x20 || byte === 0x7f || byte === 0x7e || byte === 0x5c)).toEqual(
      new Uint8Array(),
    )
  })

  test('of random texts is read as they were', () => {
    const roll = dice(12)
    const letters = [...EVIL, '^', '~', '\\', '_', '_', '5', 'E', '€', '薬', '💊', ...ORDERS]
    const text = (): string =>
      Array.from({ length: roll(12) }, () => letters[roll(letters.length)] ?? '').join('')
    for (let input = 0; input < 5_000; input++) {
      const page = {
        lines: Array.from({ length: roll(4) }, text),
        ...(roll(2) === 0 ? { code: text() } : {}),
      }
      expect(readLabel(labelOf(page, LAYOUT))).toEqual(expected(page))
    }
  })
})
