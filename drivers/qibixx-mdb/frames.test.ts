import { describe, expect, test } from 'vitest'
import { damaged, dice, feed, fuzz, hex, prefixes, splits } from '../frame-trials.ts'
import { decodeTold, LONGEST, line, money, type Told } from './frames.ts'

const INPUTS = Number(process.env.PAWL_FUZZ ?? 100_000)

const ascii = (text: string): Uint8Array => Uint8Array.from(text, letter => letter.charCodeAt(0))
const decode = decodeTold(2)

const TOLD: [text: string, told: Told][] = [
  ['d,STATUS,OFF', { type: 'off' }],
  ['d,STATUS,RESET', { type: 'reset' }],
  ['d,STATUS,INIT,1', { type: 'init' }],
  ['d,STATUS,INIT,1,#,3,1756,1,2,30,8', { type: 'init' }],
  ['d,STATUS,IDLE', { type: 'idle' }],
  ['d,STATUS,VEND', { type: 'vend' }],
  ['d,STATUS,CREDIT,5.00', { type: 'credit', amount: 500 }],
  ['d,STATUS,CREDIT,5.00,1', { type: 'credit', amount: 500 }],
  ['d,STATUS,CREDIT', { type: 'credit', amount: undefined }],
  ['d,STATUS,RESULT,1,1.50', { type: 'approved', amount: 150 }],
  ['d,STATUS,RESULT,1,1.15', { type: 'approved', amount: 115 }],
  ['d,STATUS,RESULT,1', { type: 'approved', amount: undefined }],
  ['d,STATUS,RESULT,-1', { type: 'denied' }],
  ['d,ERR,-1', { type: 'error', says: '-1' }],
  ['d,ERR,"cashless master is on"', { type: 'error', says: '"cashless master is on"' }],
]

/** By hand: the words that have a meaning, each at the end of its line or before a comma. */
const MEANT: [RegExp, Told['type']][] = [
  [/^d,STATUS,OFF(,.*)?$/, 'off'],
  [/^d,STATUS,RESET(,.*)?$/, 'reset'],
  [/^d,STATUS,INIT(,.*)?$/, 'init'],
  [/^d,STATUS,IDLE(,.*)?$/, 'idle'],
  [/^d,STATUS,VEND(,.*)?$/, 'vend'],
  [/^d,STATUS,CREDIT(,.*)?$/, 'credit'],
  [/^d,STATUS,RESULT,1(,.*)?$/, 'approved'],
  [/^d,STATUS,RESULT,-.*$/, 'denied'],
  [/^d,ERR(,.*)?$/, 'error'],
]

/** The first line that has one. */
function meantBy(text: string): Told['type'] | undefined {
  for (const each of text.split('\n').slice(0, -1)) {
    const meant = MEANT.find(([shape]) => shape.test(each.trim().replaceAll(/[\r\u0085]/g, ' ')))
    if (meant) return meant[1]
  }
  return undefined
}

describe.each(TOLD)('%s', (text, told) => {
  for (const [end, says] of [
    ['\n', 'LF'],
    ['\r\n', 'CR LF'],
  ] as const) {
    const whole = ascii(text + end)

    test(`is read with ${says} behind it`, () => {
      expect(decode(whole)).toEqual({ reply: told, rest: new Uint8Array(), noise: 0 })
    })

    test(`is found whole, however it is cut, with ${says} behind it`, () => {
      for (const pieces of splits(whole)) expect(feed(decode, pieces)).toEqual({ replies: [told], noise: 0 })
    })

    test(`is read after noise of any length that has an end, and after any other with its next line, with ${says} behind it`, () => {
      for (const noise of prefixes(whole, 40)) {
        expect(feed(decode, [noise, line(''), whole]).replies.at(-1)).toEqual(told)
        expect(feed(decode, [noise, whole, whole]).replies.at(-1)).toEqual(told)
      }
    })
  }

  // A line has no checksum: USB has one under it. It shows nothing but its words. What is wrong behind them, in amounts and
  // in the reader's own settings, cannot be seen, nor a letter that became the end of its line.
  test('with one or two bits wrong is taken exactly when its words are whole, and never for another kind', () => {
    const wrongs: string[] = []
    for (const { frame } of damaged(ascii(`${text}\r\n`))) {
      const found = decode(frame).reply?.type
      const meant = meantBy(String.fromCharCode(...frame))
      if (found !== meant || (found !== undefined && found !== told.type)) wrongs.push(hex(frame))
    }
    expect(wrongs).toEqual([])
  })
})

test.each([
  'd,STATUS',
  'd,STATUS,',
  'd,STATUS,RESULT',
  'd,STATUS,RESULT,',
  'd,STATUS,RESULT,3,1.50',
  'd,STATUS,RESULT,11,1.50',
  'd,STATUS,IDLED',
  'D,STATUS,IDLE',
  'c,STATUS,IDLE',
  'x d,STATUS,IDLE',
  'D,REQ,1.50,10',
  '',
])('%j says nothing: neither an approval nor a denial', text => {
  expect(feed(decode, [line(text)])).toEqual({ replies: [], noise: text.length + 1 })
})

test.each<[string, number | undefined]>([
  ['1.50', 150],
  ['0', 0],
  ['12', 1_200],
  ['0.29', 29],
  ['-1', undefined],
  ['1,50', 100],
  ['1.', undefined],
  ['1e9', undefined],
  [' 1', undefined],
  ['', undefined],
])('an amount of %j is %j', (text, amount) => {
  expect(decode(line(`d,STATUS,CREDIT,${text}`)).reply).toEqual({ type: 'credit', amount })
})

test('every amount comes back as it was written, with any number of decimals', () => {
  for (const decimals of [0, 1, 2, 3])
    for (let amount = 0; amount <= 20_000; amount += 7) {
      const told = line(`d,STATUS,RESULT,1,${money(amount, decimals)}`)
      expect(decodeTold(decimals)(told).reply).toEqual({ type: 'approved', amount })
    }
  expect(money(150, 2)).toBe('1.50')
  expect(money(150, 0)).toBe('150')
  expect(String.fromCharCode(...line('D,REQ,1.50,10'))).toBe('D,REQ,1.50,10\n')
})

test('lines one behind another each come out once, with noise and empty lines between them', () => {
  const stream = ascii(TOLD.map(([text]) => `${text}\r\n\nv,STATUS,IDLE\n`).join(''))
  const told = TOLD.map(([, each]) => each)
  for (const pieces of splits(stream)) expect(feed(decode, pieces).replies).toEqual(told)
})

test('a line without an end does not fill the memory', () => {
  const { rest, noise } = decode(new Uint8Array(10_000).fill(0x64))
  expect([rest.length, noise]).toEqual([LONGEST - 1, 10_000 - LONGEST + 1])
})

test(`${INPUTS} random inputs: nothing thrown, nothing kept that could not begin a line`, () => {
  const { wrongs, accepted } = fuzz(decode, [ascii('d,STATUS,IDLE\n'), ascii('\n')], INPUTS, LONGEST)
  expect(wrongs).toEqual([])
  expect(accepted).toBe(0)
})

test('lines of the right words in any order: only what has a meaning is told', () => {
  const roll = dice(9)
  const words = ['d', 'STATUS', 'ERR', 'RESULT', 'IDLE', 'VEND', 'CREDIT', '1', '-1', '1.50', '', '\r', '\n']
  for (let input = 0; input < 50_000; input++) {
    const rest = Array.from({ length: roll(6) }, () => words[roll(words.length)])
    const text = `${['d', 'STATUS', ...rest].slice(roll(8) === 0 ? 1 : 0).join(',')}\n`
    expect(decode(ascii(text)).reply?.type, JSON.stringify(text)).toBe(meantBy(text))
  }
})
