import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { encode } from 'cborg'
import { describe, expect, test } from 'vitest'
import { judgeToken, readToken, SKEW, type Token } from './token.ts'

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SECRET = createPrivateKey({
  key: Buffer.concat([PKCS8, Buffer.alloc(32, 7)]),
  format: 'der',
  type: 'pkcs8',
})
const KEY = {
  id: 'op-1',
  key: createPublicKey(SECRET).export({ format: 'der', type: 'spki' }).subarray(12).toString('base64'),
}
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

const base45 = (bytes: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < bytes.length; at += 2) {
    const pair = Buffer.from(bytes.subarray(at, at + 2))
    let value = pair.readUIntBE(0, pair.length)
    for (let digit = 0; digit <= pair.length; digit++, value = Math.floor(value / 45))
      text += ALPHABET[value % 45]
  }
  return text
}

/** Rightly signed, whatever is in it. */
function signed(payload: Uint8Array, kid = KEY.id): Uint8Array {
  const header = encode(
    new Map<number, number | Uint8Array>([
      [1, -8],
      [4, Buffer.from(kid)],
    ]),
  )
  const signature = sign(null, encode(['Signature1', header, new Uint8Array(), payload]), SECRET)
  return encode([header, new Map(), payload, signature])
}

type Claims = [unknown, unknown][]
const NBF = 1_767_225_600
const DAY = 86_400
const GOOD: Claims = [
  [2, 'RX-2041'],
  [3, 'clinic-7'],
  [4, NBF + 7 * DAY],
  [5, NBF],
  [7, new Uint8Array(16).fill(0xab)],
  [-65_537, 'collect'],
]
const TOKEN: Token = {
  subject: 'RX-2041',
  unit: 'clinic-7',
  action: 'collect',
  notBefore: NBF * 1_000,
  expires: (NBF + 7 * DAY) * 1_000,
  id: 'ab'.repeat(16),
  key: 'op-1',
}

/** The good claims with others added or put in their place; undefined takes one out. */
const claims = (...changes: Claims): Claims =>
  [...new Map([...GOOD, ...changes])].filter(([, value]) => value !== undefined)
const textOf = (payload: Uint8Array): string => base45(signed(payload))
const tokenOf = (...changes: Claims): string => textOf(encode(new Map(claims(...changes))))
const read = (text: string) => readToken(Buffer.from(text, 'latin1'), [KEY])
const why = (text: string): string => {
  const found = read(text)
  return found.ok ? 'read' : found.why
}
const WHOLE = tokenOf()

describe('a token', () => {
  test('is read, with or without what a scanner puts around it', () => {
    for (const text of [WHOLE, `${WHOLE}\r\n`, `${WHOLE}\r`, `\n${WHOLE}\n`])
      expect(read(text)).toEqual({ ok: true, token: TOKEN })
  })

  test('that begins with a blank keeps it: in base45 that is a digit', () => {
    const id = 'k'.repeat(15)
    const text = base45(signed(encode(new Map(GOOD)), id))
    const readWith = (shown: string) => readToken(Buffer.from(shown), [{ ...KEY, id }])
    expect(text[0]).toBe(' ')
    expect(readWith(text)).toEqual({ ok: true, token: { ...TOKEN, key: id } })
    expect(readWith(text.trim())).toEqual({ ok: false, why: 'unreadable' })
  })

  test.each<[string, Claims, Partial<Token>?]>([
    [
      'who made it, and when',
      [
        [1, 'Operator of Basel'],
        [6, NBF - 5],
      ],
    ],
    ['the longest name of who made it', [[1, 'x'.repeat(64)]]],
    ['the shortest id', [[7, Buffer.alloc(8)]], { id: '00'.repeat(8) }],
    ['the longest life', [[4, NBF + 366 * DAY]], { expires: (NBF + 366 * DAY) * 1_000 }],
    ['the shortest life', [[4, NBF + 1]], { expires: (NBF + 1) * 1_000 }],
    ['the longest subject', [[2, 'x'.repeat(32)]], { subject: 'x'.repeat(32) }],
    ['another action', [[-65_537, 'pick-up']], { action: 'pick-up' }],
  ])('may have %s', (_, changes, other = {}) => {
    expect(read(tokenOf(...changes))).toEqual({ ok: true, token: { ...TOKEN, ...other } })
  })

  test('may say its claims in any order', () => {
    const payload = encode(new Map(GOOD.toReversed()), { mapSorter: () => 0 })
    expect(payload).not.toEqual(encode(new Map(GOOD)))
    expect(read(textOf(payload))).toEqual({ ok: true, token: TOKEN })
  })

  test.each(GOOD.map(([key]) => key))('without claim %s is unreadable', key => {
    expect(why(tokenOf([key, undefined]))).toBe('unreadable')
  })

  test.each<[string, ...Claims]>([
    ['an unknown claim', [8, 1]],
    ['a claim of statements', [-65_538, Buffer.alloc(32)]],
    ['a claim with a name', ['sub', 'RX-2041']],
    ['a number as the name of a claim', ['2', 'RX-2041'], [2, undefined]],
    ['such a number beside the claim', ['2', 'RX-9999']],
    ['bytes as the name of a claim', [Buffer.of(2), 'RX-2041']],
    ['no text as subject', [2, 2_041]],
    ['an empty subject', [2, '']],
    ['a subject that is too long', [2, 'x'.repeat(33)]],
    ['a subject with a colon', [2, 'RX:2041']],
    ['a subject with a line end', [2, 'RX-2041\n']],
    ['a list of units', [3, ['clinic-7']]],
    ['no name as unit', [3, 'clinic 7']],
    ['an id that is too short', [7, Buffer.alloc(7)]],
    ['an id that is too long', [7, Buffer.alloc(17)]],
    ['an id of text', [7, 'abababababab']],
    ['an unknown action', [-65_537, 'open-all']],
    ['an action in capitals', [-65_537, 'Collect']],
    ['no action but a number', [-65_537, 1]],
    ['an empty maker', [1, '']],
    ['a maker whose name is too long', [1, 'x'.repeat(65)]],
    ['no maker but nothing', [1, null]],
    ['no text as maker', [1, Buffer.from('operator')]],
    ['a negative end', [4, -1]],
    ['a negative start', [5, -1]],
    ['a negative time of making', [6, -1]],
    ['a broken second', [4, NBF + 0.5]],
    ['an endless life', [4, Number.MAX_SAFE_INTEGER]],
    ['times beyond the year 9999', [5, 253_402_300_800], [4, 253_402_300_801]],
    ['a huge end', [4, 2n ** 64n - 1n]],
    ['a huge start', [5, 2n ** 53n]],
    ['a huge negative start', [5, -(2n ** 64n)]],
    ['an end of text', [4, '1767830400']],
    ['an end that is true', [4, true]],
    ['no end but a list', [4, [NBF + DAY]]],
    ['a life of no time', [4, NBF]],
    ['an end before its start', [4, NBF - 1]],
    ['a life of more than 366 days', [4, NBF + 366 * DAY + 1]],
  ])('with %s is unreadable', (_, ...changes) => {
    expect(why(tokenOf(...changes))).toBe('unreadable')
  })

  // a6 then 02 67…, 03 68…, 04 1a…, 05 1a…, 07 50…, 3a00010000 67…
  const hex = Buffer.from(encode(new Map(GOOD))).toString('hex')
  const end = `041a${(NBF + 7 * DAY).toString(16)}`
  const start = `051a${NBF.toString(16)}`
  const double = Buffer.alloc(8)
  double.writeDoubleBE(NBF)
  test.each([
    ['the end as a float', end, '04fb41da57bce0000000'],
    ['the start as a float', start, `05fb${double.toString('hex')}`],
    ['a start that is no number', start, '05f97e00'],
    ['a start that is minus zero', start, '05f98000'],
    ['an endless end', end, '04f97c00'],
    ['an undefined end', end, '04f7'],
    ['the end under the tag of times', end, end.replace('04', '04c1')],
    ['the start as a big number', start, `05c244${NBF.toString(16)}`],
    ['a start longer than it must be', start, `051b00000000${NBF.toString(16)}`],
    ['a small start longer than it must be', start, '051a00000001'],
    ['the number of a claim longer than it must be', end, `18${end}`],
    ['the number of a claim as a float', end, `f94400${end.slice(2)}`],
    ['a subject longer than it must be', '0267', '027807'],
    ['a subject of indefinite length', '026752582d32303431', '027f6752582d32303431ff'],
    ['a subject that begins with a mark of order', '026752582d32303431', '026aefbbbf52582d32303431'],
    ['a subject that is no UTF-8', '026752582d32303431', '026752582d323034ff'],
    ['an id of indefinite length', '0750', '075f50'],
    ['the subject twice', 'a6', 'a7026752582d32303432'],
    ['the action twice', 'a6', 'a73a0001000065656e746572'],
    ['an indefinite length', 'a6', 'bf'],
    ['a length longer than it must be', 'a6', 'b806'],
    ['more claims promised', 'a6', 'a7'],
    ['fewer claims promised', 'a6', 'a5'],
    ['a tag around its claims', 'a6', 'd83da6'],
    ['a list around its claims', 'a6', '81a6'],
  ])('with %s is unreadable', (name, from, to) => {
    const changed = hex.replace(from, to) + (name === 'an indefinite length' ? 'ff' : '')
    expect(changed).not.toBe(hex)
    expect(why(textOf(Buffer.from(changed, 'hex')))).toBe('unreadable')
  })

  test('with anything behind its claims is unreadable', () => {
    expect(why(textOf(Buffer.from(hex, 'hex')))).toBe('read')
    for (const more of ['00', 'a0', 'ff', hex])
      expect(why(textOf(Buffer.from(hex + more, 'hex')))).toBe('unreadable')
  })
})

describe('nobody makes another token of one', () => {
  test('by any one bit of what is scanned', () => {
    const bytes = Buffer.from(WHOLE)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Uint8Array.from(bytes, (byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
      expect([bit, readToken(flipped, [KEY]).ok]).toEqual([bit, false])
    }
  })

  test('by cutting off or adding anything but line ends', () => {
    for (let length = 0; length < WHOLE.length; length++) {
      expect([length, why(WHOLE.slice(0, length))]).toEqual([length, 'unreadable'])
      if (length > 0) expect([length, why(WHOLE.slice(length))]).toEqual([length, 'unreadable'])
    }
    for (let byte = 0; byte < 256; byte++) {
      const end = byte === 0x0a || byte === 0x0d ? 'read' : 'unreadable'
      expect([byte, why(WHOLE + String.fromCharCode(byte))]).toEqual([byte, end])
      expect([byte, why(String.fromCharCode(byte) + WHOLE)]).toEqual([byte, end])
    }
    expect(why(WHOLE + WHOLE)).toBe('unreadable')
    expect(why(`${WHOLE}${'\r\n'.repeat(500)}`)).toBe('unreadable')
    expect(why(WHOLE.toLowerCase())).toBe('unreadable')
  })

  test('by a tag: with another tag it is the same token, by its id', () => {
    for (const tag of ['d2', 'd83dd2'])
      expect(read(base45(Buffer.concat([Buffer.from(tag, 'hex'), signed(encode(new Map(GOOD)))])))).toEqual({
        ok: true,
        token: TOKEN,
      })
  })

  test('by another key', () => {
    expect(readToken(Buffer.from(WHOLE), [])).toEqual({ ok: false, why: 'unknown-key' })
    expect(readToken(Buffer.from(WHOLE), [{ ...KEY, key: Buffer.alloc(32, 9).toString('base64') }])).toEqual({
      ok: false,
      why: 'bad-signature',
    })
  })

  test('by chance: noise of every length is unreadable, and never throws', () => {
    for (let each = 0; each < 10_000; each++) {
      const noise = createHash('sha512').update(String(each)).digest()
      const text = Array.from(noise, byte => ALPHABET[byte % 45]).join('')
      const length = each % 65
      expect(readToken(noise.subarray(0, length), [KEY])).toEqual({ ok: false, why: 'unreadable' })
      for (const spoilt of [
        text.slice(0, length) + WHOLE.slice(length),
        WHOLE.slice(0, -length - 1) + text.slice(0, length + 1),
      ])
        expect([each, why(spoilt) === 'read']).toEqual([each, spoilt === WHOLE])
    }
    expect(why('0'.repeat(1_000_000))).toBe('unreadable')
  })
})

describe('a token is worth something', () => {
  const at = (wall: number, unit = 'clinic-7', action: Token['action'] = 'collect') =>
    judgeToken(TOKEN, { unit, action, wall })
  const { notBefore, expires } = TOKEN

  test('from its start to its end, with two minutes more on both sides', () => {
    expect(SKEW).toBe(120_000)
    expect(at(notBefore - SKEW - 1)).toBe('too-early')
    expect(at(notBefore - SKEW)).toBeUndefined()
    expect(at(expires + SKEW - 1)).toBeUndefined()
    expect(at(expires + SKEW)).toBe('expired')
  })

  test('at its own unit, for its own action', () => {
    expect(at(notBefore, 'clinic-8')).toBe('wrong-unit')
    expect(at(notBefore, 'clinic-7', 'enter')).toBe('wrong-action')
    expect(at(expires + SKEW, 'clinic-8', 'enter')).toBe('wrong-unit')
    expect(at(expires + SKEW, 'clinic-7', 'enter')).toBe('wrong-action')
  })
})

test('the example in TOKENS.md is read as it says', () => {
  const book = readFileSync(new URL('TOKENS.md', import.meta.url), 'utf8')
  const text = /^[0-9A-Z $%*+./:-]{150,}$/m.exec(book)?.[0] ?? ''
  const key = { id: 'operator-1', key: /`([A-Za-z0-9+/]{43}=)`/.exec(book)?.[1] ?? '' }
  expect(readToken(Buffer.from(text), [key])).toEqual({
    ok: true,
    token: { ...TOKEN, id: '000102030405060708090a0b0c0d0e0f', key: 'operator-1' },
  })
})
