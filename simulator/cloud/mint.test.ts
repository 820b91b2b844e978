import { createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fromBase45 } from '../../agent/domain/base45.ts'
import { readStatement } from '../../agent/domain/statement.ts'
import { judgeToken, readToken } from '../../agent/domain/token.ts'
import { newSigner, type StatementTerms, type TokenTerms, toBase45 } from './mint.ts'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
const upTo = (length: number, from = 0): Uint8Array => Uint8Array.from({ length }, (_, at) => from + at)

/** RFC 8032, section 7.1. */
const VECTORS = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const

const [[OPERATOR], [PHARMACIST]] = VECTORS
const operator = newSigner('operator-1', bytes(OPERATOR))
const pharmacist = newSigner('r.meier', bytes(PHARMACIST))

const TOKEN: TokenTerms = {
  subject: 'RX-2041',
  unit: 'clinic-7',
  action: 'collect',
  notBefore: 1_767_225_600_000,
  expires: 1_767_830_400_000,
  id: upTo(16),
}
const STATEMENT: StatementTerms = {
  says: 'release',
  prescription: 'RX-2041',
  unit: 'clinic-7',
  at: 1_767_229_200_000,
  id: upTo(16, 16),
  digest: 'ef'.repeat(32),
}

test.each(VECTORS)(
  'the seed %s makes the key and the signature of RFC 8032',
  (seed, key, said, signature) => {
    const signer = newSigner('k', bytes(seed))
    expect(Buffer.from(signer.key, 'base64').toString('hex')).toBe(key)
    expect(sign(null, bytes(said), createPrivateKey(signer.privatePem)).toString('hex')).toBe(signature)
  },
)

describe('what is signed here is read there', () => {
  const read = (terms: TokenTerms) => readToken(Buffer.from(operator.token(terms)), [pharmacist, operator])
  const hear = (terms: StatementTerms) => readStatement(pharmacist.statement(terms), [operator, pharmacist])

  test.each(['collect', 'deposit', 'return', 'pick-up', 'enter'] as const)('a token to %s', action => {
    const { subject, unit, notBefore, expires } = TOKEN
    const token = {
      subject,
      unit,
      action,
      notBefore,
      expires,
      id: '000102030405060708090a0b0c0d0e0f',
      key: 'operator-1',
    }
    expect(read({ ...TOKEN, action })).toEqual({ ok: true, token })
    expect(read({ ...TOKEN, action, issuer: 'Spital Zürich', issuedAt: 0 })).toEqual({ ok: true, token })
    expect(judgeToken(token, { unit, action, wall: notBefore })).toBeUndefined()
  })

  test.each(['release', 'reject', 'identified', 'consult-joined', 'consult-completed', 'consult-declined'])(
    'a statement that says %s',
    says => {
      const { prescription, unit, at, digest } = STATEMENT
      const statement = {
        by: 'r.meier',
        prescription,
        unit,
        says,
        at,
        id: '101112131415161718191a1b1c1d1e1f',
        digest,
      }
      expect(hear({ ...STATEMENT, says })).toEqual({ ok: true, statement })
      const until = at + 60_000
      expect(hear({ ...STATEMENT, says, until })).toEqual({ ok: true, statement: { ...statement, until } })
    },
  )

  test('a statement of duty', () => {
    const { unit, at, id } = STATEMENT
    const until = at + 3_600_000
    expect(hear({ says: 'on-duty', prescription: unit, unit, at, until, id })).toMatchObject({
      ok: true,
      statement: { says: 'on-duty', prescription: unit, until },
    })
  })

  test('a part of a second is dropped', () => {
    expect(read({ ...TOKEN, expires: TOKEN.expires + 999 })).toEqual(read(TOKEN))
  })

  test('of every length, and never twice the same', () => {
    const texts = new Set<string>()
    for (let length = 1; length <= 32; length++)
      for (let size = 8; size <= 16; size++) {
        const signer = newSigner('k'.repeat(length), upTo(32, length))
        const text = signer.token({ ...TOKEN, subject: 's'.repeat(length), id: upTo(size) })
        expect(readToken(Buffer.from(text), [signer])).toMatchObject({ ok: true, token: { key: signer.id } })
        texts.add(text)
      }
    expect(texts.size).toBe(32 * 9)
  })

  test('the same terms make the same text', () => {
    expect(newSigner('operator-1', bytes(OPERATOR)).token(TOKEN)).toBe(operator.token(TOKEN))
    expect(newSigner('r.meier', bytes(PHARMACIST)).statement(STATEMENT)).toBe(pharmacist.statement(STATEMENT))
  })

  test('base45 of every length', () => {
    for (let length = 0; length < 256; length++)
      expect(fromBase45(toBase45(upTo(length, length)))).toEqual(upTo(length, length))
    expect(toBase45(Buffer.from('Hello!!'))).toBe('%69 VD92EX0')
  })
})

describe('wrong terms are signed here, and refused there', () => {
  test.each<[string, Partial<TokenTerms>]>([
    ['an unknown action', { action: 'open-all' }],
    ['no unit', { unit: '' }],
    ['a short id', { id: upTo(7) }],
    ['an end before its start', { expires: TOKEN.notBefore - 1_000 }],
    ['more than 366 days', { expires: TOKEN.notBefore + 366 * 86_400_000 + 1_000 }],
    ['a time before 1970', { notBefore: -1_000, expires: 1_000 }],
  ])('a token with %s', (_, wrong) => {
    const text = operator.token({ ...TOKEN, ...wrong })
    expect(readToken(Buffer.from(text), [operator])).toEqual({ ok: false, why: 'unreadable' })
  })

  test.each<[string, Partial<StatementTerms>]>([
    ['an unknown word', { says: 'open' }],
    ['half a digest', { digest: 'ef'.repeat(16) }],
    ['duty and a digest', { says: 'on-duty', prescription: 'clinic-7', until: STATEMENT.at + 1_000 }],
  ])('a statement with %s', (_, wrong) => {
    const text = pharmacist.statement({ ...STATEMENT, ...wrong })
    expect(readStatement(text, [pharmacist])).toEqual({ ok: false, why: 'unreadable' })
  })

  test('what a pharmacist signed as a token, and an operator as a statement', () => {
    expect(readToken(Buffer.from(pharmacist.token(TOKEN)), [operator])).toEqual({
      ok: false,
      why: 'unknown-key',
    })
    const posing = newSigner('r.meier', bytes(OPERATOR))
    expect(readStatement(posing.statement(STATEMENT), [pharmacist])).toEqual({
      ok: false,
      why: 'bad-signature',
    })
  })
})

describe('TOKENS.md', () => {
  const book = readFileSync(new URL('../../agent/domain/TOKENS.md', import.meta.url), 'utf8')
  const block = (title: string): string =>
    new RegExp(`${title}:\n\n\`\`\`\n([^\`]+)\n\`\`\``).exec(book)?.[1] ?? `no block ${title}`
  const hex = (title: string): string => block(title).replaceAll('\n', '')
  const digest = /of which it is `(\w+)`/.exec(book)?.[1] ?? ''
  const release = { ...STATEMENT, digest }
  const sizeOf = (name: string, bytes: number, text: string): string =>
    `| ${name} | ${bytes} | ${text.length} |`

  test('works the token out as it is made here', () => {
    expect(book).toContain(`| seed | \`${OPERATOR}\` |`)
    expect(book).toContain(`| public key | \`${VECTORS[0][1]}\` |`)
    expect(book).toContain(`| the same in base64 | \`${operator.key}\` |`)
    expect(block('The QR code, alphanumeric')).toBe(operator.token(TOKEN))
    expect(fromBase45(operator.token(TOKEN))).toEqual(bytes(hex('The whole, with tag 18')))
  })

  test('works it out step by step: the parts make up the whole, and the signature', () => {
    const [head, payload, signature] = [hex('Protected header'), hex('Payload'), hex('Signature')]
    expect(hex('The whole, with tag 18')).toBe(`d2844f${head}a0583f${payload}5840${signature}`)
    expect(hex('What is signed')).toBe(
      `846a${Buffer.from('Signature1').toString('hex')}4f${head}40583f${payload}`,
    )
    const secret = createPrivateKey(operator.privatePem)
    expect(sign(null, bytes(hex('What is signed')), secret).toString('hex')).toBe(signature)
  })

  test('has the statement as it is made here', () => {
    expect(block("the prescription above at 2026-01-01 01:00 with `cti` h'101112…1f'")).toBe(
      pharmacist.statement(release),
    )
  })

  test('says how large they are', () => {
    const longest = newSigner('k'.repeat(32), upTo(32))
    const name = 'n'.repeat(32)
    const tokens = [
      ['token: the example', operator.token(TOKEN)],
      ['token: the example with 8 bytes of `cti`', operator.token({ ...TOKEN, id: upTo(8) })],
      [
        'token: the longest there can be, in ASCII',
        longest.token({
          ...TOKEN,
          subject: name,
          unit: name,
          issuer: name + name,
          issuedAt: TOKEN.notBefore,
        }),
      ],
    ] as const
    for (const [name, text] of tokens)
      expect(book).toContain(sizeOf(name, fromBase45(text)?.length ?? 0, text))
    const statements = [
      ['statement: the example', pharmacist.statement(release)],
      [
        'statement: the longest there can be',
        longest.statement({
          ...release,
          says: 'consult-completed',
          prescription: name,
          unit: name,
          until: TOKEN.expires,
        }),
      ],
    ] as const
    for (const [name, text] of statements)
      expect(book).toContain(sizeOf(name, Buffer.from(text, 'base64url').length, text))
  })
})
