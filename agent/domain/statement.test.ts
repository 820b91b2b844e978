import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { encode } from 'cborg'
import { describe, expect, test } from 'vitest'
import { digestOf } from './prescription.ts'
import { judgeStatement, readStatement, type Statement } from './statement.ts'
import { readToken, SKEW } from './token.ts'

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SECRET = createPrivateKey({
  key: Buffer.concat([PKCS8, Buffer.alloc(32, 5)]),
  format: 'der',
  type: 'pkcs8',
})
const KEY = {
  id: 'r.meier',
  key: createPublicKey(SECRET).export({ format: 'der', type: 'spki' }).subarray(12).toString('base64'),
}

/** Rightly signed, whatever is in it. */
function signed(payload: Uint8Array): Uint8Array {
  const header = encode(
    new Map<number, number | Uint8Array>([
      [1, -8],
      [4, Buffer.from(KEY.id)],
    ]),
  )
  const signature = sign(null, encode(['Signature1', header, new Uint8Array(), payload]), SECRET)
  return encode([header, new Map(), payload, signature])
}

type Claims = [unknown, unknown][]
const IAT = 1_767_229_200
const RELEASE: Claims = [
  [2, 'RX-2041'],
  [3, 'clinic-7'],
  [6, IAT],
  [7, new Uint8Array(8).fill(0xcd)],
  [-65_537, 'release'],
  [-65_538, new Uint8Array(32).fill(0xef)],
]
const DUTY: Claims = [
  [2, 'clinic-7'],
  [3, 'clinic-7'],
  [4, IAT + 3_600],
  [6, IAT],
  [7, new Uint8Array(16).fill(0xcd)],
  [-65_537, 'on-duty'],
]
const RELEASED: Statement = {
  by: 'r.meier',
  prescription: 'RX-2041',
  unit: 'clinic-7',
  says: 'release',
  at: IAT * 1_000,
  id: 'cd'.repeat(8),
  digest: 'ef'.repeat(32),
}
const ON_DUTY: Statement = {
  by: 'r.meier',
  prescription: 'clinic-7',
  unit: 'clinic-7',
  says: 'on-duty',
  at: IAT * 1_000,
  until: (IAT + 3_600) * 1_000,
  id: 'cd'.repeat(16),
}

const textOf = (payload: Uint8Array): string => Buffer.from(signed(payload)).toString('base64url')
/** With claims added or put in the place of others; undefined takes one out. */
const statement = (claims: Claims, ...changes: Claims): string =>
  textOf(encode(new Map([...new Map([...claims, ...changes])].filter(([, value]) => value !== undefined))))
const read = (text: string) => readStatement(text, [KEY])
const why = (text: string): string => {
  const found = read(text)
  return found.ok ? 'read' : found.why
}
const WHOLE = statement(RELEASE)

describe('a statement', () => {
  test('about a prescription is read, with its digest; one of duty without', () => {
    expect(read(WHOLE)).toEqual({ ok: true, statement: RELEASED })
    expect(read(statement(DUTY))).toEqual({ ok: true, statement: ON_DUTY })
  })

  test('about a prescription may have an end', () => {
    expect(read(statement(RELEASE, [4, IAT + 1]))).toEqual({
      ok: true,
      statement: { ...RELEASED, until: (IAT + 1) * 1_000 },
    })
  })

  test.each(['reject', 'identified', 'consult-joined', 'consult-completed', 'consult-declined'])(
    'may say %s',
    says => {
      expect(read(statement(RELEASE, [-65_537, says]))).toMatchObject({ ok: true, statement: { says } })
    },
  )

  test.each([
    ...RELEASE.map(([key]) => ['release', key, RELEASE] as const),
    ...DUTY.map(([key]) => ['on-duty', key, DUTY] as const),
  ])('that says %s without claim %s is unreadable', (_, key, claims) => {
    expect(why(statement(claims, [key, undefined]))).toBe('unreadable')
  })

  test.each<[string, Claims, ...Claims]>([
    ['an unknown claim', RELEASE, [8, 1]],
    ['who made it', RELEASE, [1, 'Operator']],
    ['a start', RELEASE, [5, IAT]],
    ['a claim with a name', RELEASE, ['-65537', 'reject']],
    ['an unknown word', RELEASE, [-65_537, 'open']],
    ['the action of a token', RELEASE, [-65_537, 'collect']],
    ['a short digest', RELEASE, [-65_538, Buffer.alloc(31)]],
    ['a long digest', RELEASE, [-65_538, Buffer.alloc(33)]],
    ['a digest of text', RELEASE, [-65_538, 'ef'.repeat(16)]],
    ['a short id', RELEASE, [7, Buffer.alloc(7)]],
    ['a long id', RELEASE, [7, Buffer.alloc(17)]],
    ['a prescription with a line end', RELEASE, [2, 'RX-2041\n']],
    ['no name as unit', RELEASE, [3, 'clinic 7']],
    ['a negative time', RELEASE, [6, -1]],
    ['a broken second', RELEASE, [6, IAT + 0.5]],
    ['a time beyond the year 9999', RELEASE, [6, 253_402_300_800]],
    ['a huge time', RELEASE, [6, 2n ** 64n - 1n]],
    ['a time of text', RELEASE, [6, String(IAT)]],
    ['an end that is no time', RELEASE, [4, null]],
    ['an end no later than its beginning', RELEASE, [4, IAT]],
    ['duty with a digest', DUTY, [-65_538, Buffer.alloc(32)]],
    ['duty that ends as it begins', DUTY, [4, IAT]],
    ['duty at another unit', DUTY, [2, 'clinic-8']],
    ['duty for a prescription', DUTY, [2, 'RX-2041']],
  ])('with %s is unreadable', (_, claims, ...changes) => {
    expect(why(statement(claims, ...changes))).toBe('unreadable')
  })

  const hex = Buffer.from(encode(new Map(RELEASE))).toString('hex')
  const time = `061a${IAT.toString(16)}`
  test.each([
    ['a time as a float', time, `06fb41da5571c4000000`],
    ['a time that is no number', time, '06f97e00'],
    ['a time longer than it must be', time, `061b00000000${IAT.toString(16)}`],
    ['the time twice', 'a6', `a7${time}`],
    ['its word twice', 'a6', 'a73a000100006672656a656374'],
    ['an indefinite length', 'a6', 'bf'],
  ])('with %s is unreadable', (name, from, to) => {
    const changed = hex.replace(from, to) + (name === 'an indefinite length' ? 'ff' : '')
    expect(changed).not.toBe(hex)
    expect(why(textOf(Buffer.from(changed, 'hex')))).toBe('unreadable')
  })

  test('is no token, and no token is one, though one key signs both', () => {
    const claims: Claims = [
      [2, 'RX-2041'],
      [3, 'clinic-7'],
      [4, IAT + 60],
      [5, IAT],
      [7, Buffer.alloc(8)],
      [-65_537, 'collect'],
    ]
    expect(why(statement(claims))).toBe('unreadable')
    expect(readToken(Buffer.from(WHOLE), [KEY]).ok).toBe(false)
  })
})

describe('nobody makes another statement of one', () => {
  test('by any one bit of it, nor of its text', () => {
    const bytes = Buffer.from(WHOLE, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)))
      expect([bit, read(flipped.toString('base64url')).ok]).toEqual([bit, false])
    }
    const letters = Buffer.from(WHOLE)
    for (let bit = 0; bit < letters.length * 8; bit++) {
      const flipped = Buffer.from(
        letters.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
      )
      expect([bit, read(flipped.toString('latin1')).ok]).toEqual([bit, false])
    }
  })

  test('by cutting off or adding anything, or writing it otherwise', () => {
    for (let length = 0; length < WHOLE.length; length++)
      expect([length, why(WHOLE.slice(0, length))]).toEqual([length, 'unreadable'])
    for (let byte = 0; byte < 256; byte++) {
      expect([byte, why(WHOLE + String.fromCharCode(byte))]).toEqual([byte, 'unreadable'])
      expect([byte, why(String.fromCharCode(byte) + WHOLE)]).toEqual([byte, 'unreadable'])
    }
    const clear = Buffer.from(WHOLE, 'base64url')
    const padded = [0, 1, 2].map(more => statement(RELEASE, [7, Buffer.alloc(8 + more, 0xcd)]))
    expect(padded.map(why)).toEqual(['read', 'read', 'read'])
    const others = [
      clear.toString('hex'),
      ...padded.map(text => `${text}=`),
      ...padded.map(text => `${text}==`),
    ]
    for (const other of [...others, `${WHOLE.slice(0, 40)}\n${WHOLE.slice(40)}`])
      expect(why(other)).toBe('unreadable')
  })

  test('by the bits that are left over in its last letter', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    for (const more of [0, 1, 2]) {
      const text = statement(RELEASE, [7, Buffer.alloc(8 + more, 0xcd)])
      const read = [...letters].filter(letter => why(text.slice(0, -1) + letter) === 'read')
      expect(read).toEqual([text.at(-1)])
    }
  })

  test('by another key', () => {
    expect(readStatement(WHOLE, [])).toEqual({ ok: false, why: 'unknown-key' })
    const other = [{ ...KEY, key: Buffer.alloc(32, 9).toString('base64') }]
    expect(readStatement(WHOLE, other)).toEqual({ ok: false, why: 'bad-signature' })
  })

  test('by chance: noise is unreadable, and never throws', () => {
    for (let each = 0; each < 10_000; each++) {
      const noise = createHash('sha512').update(String(each)).digest()
      const length = each % 65
      expect(why(noise.subarray(0, length).toString('latin1'))).toBe('unreadable')
      expect(why(noise.subarray(0, length).toString('base64url'))).toBe('unreadable')
      const spoilt = noise.toString('base64url').slice(0, length) + WHOLE.slice(length)
      expect([each, why(spoilt) === 'read']).toEqual([each, spoilt === WHOLE])
    }
    expect(why('A'.repeat(1_000_000))).toBe('unreadable')
  })
})

describe('a statement is worth something', () => {
  const unit = 'clinic-7'
  const digest = 'ef'.repeat(32)
  const { at } = RELEASED

  test('at its own unit, about what was signed', () => {
    expect(judgeStatement(RELEASED, { unit, wall: at, digest })).toBeUndefined()
    expect(judgeStatement(RELEASED, { unit: 'clinic-8', wall: at, digest })).toBe('wrong-unit')
    expect(judgeStatement(RELEASED, { unit, wall: at, digest: 'ee'.repeat(32) })).toBe('wrong-content')
    expect(judgeStatement(RELEASED, { unit, wall: at })).toBe('wrong-content')
    expect(judgeStatement(ON_DUTY, { unit, wall: at })).toBeUndefined()
    expect(judgeStatement(ON_DUTY, { unit, wall: at, digest })).toBe('wrong-content')
  })

  test('once it was signed, and until it ends, with two minutes more on both sides', () => {
    const until = at + 3_600_000
    expect(judgeStatement(RELEASED, { unit, wall: at - SKEW - 1, digest })).toBe('from-the-future')
    expect(judgeStatement(RELEASED, { unit, wall: at - SKEW, digest })).toBeUndefined()
    expect(judgeStatement(RELEASED, { unit, wall: at + 1e12, digest })).toBeUndefined()
    expect(judgeStatement(ON_DUTY, { unit, wall: until + SKEW - 1 })).toBeUndefined()
    expect(judgeStatement(ON_DUTY, { unit, wall: until + SKEW })).toBe('expired')
  })
})

describe('TOKENS.md', () => {
  const book = readFileSync(new URL('TOKENS.md', import.meta.url), 'utf8')
  const content = {
    unit: 'clinic-7',
    prescription: 'RX-2041',
    until: 1_767_830_400_000,
    refill: false,
    first_time: true,
    due: 1_250,
    items: [{ gtin: '00312345678906', packs: 2 }],
    nonce: '8f14e45fceea167a5a36dedd4bea2543',
    label: ['Keller, Anna  1961-04-02', 'Amoxicillin 500 mg, 20 capsules', 'One capsule three times a day'],
  }

  test('says of what a digest is, as it is made here', () => {
    const lines = /^pawl prescription 1$[^`]*(?=\n```)/m.exec(book)?.[0] ?? ''
    expect(createHash('sha256').update(lines).digest('hex')).toBe(digestOf(content))
    expect(book).toContain(`of which it is \`${digestOf(content)}\``)
  })

  test('has a statement that is read as it says', () => {
    const text = /^[A-Za-z0-9_-]{200,}$/m.exec(book)?.[0] ?? ''
    const key = /public `([^`]+)`, called `r.meier`/.exec(book)?.[1] ?? ''
    expect(readStatement(text, [{ id: 'r.meier', key }])).toEqual({
      ok: true,
      statement: { ...RELEASED, id: '101112131415161718191a1b1c1d1e1f', digest: digestOf(content) },
    })
  })
})
