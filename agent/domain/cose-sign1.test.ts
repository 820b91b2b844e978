import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openSign1, readCbor } from './cose-sign1.ts'

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n

const secretOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
const publicOf = (secret: KeyObject): string =>
  createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(12).toString('base64')
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')
/** A byte string in CBOR, in hexadecimal like everything here. */
const bstr = (hex: string): string => {
  const size = (hex.length / 2).toString(16).padStart(2, '0')
  return (hex.length < 48 ? (0x40 + hex.length / 2).toString(16) : `58${size}`) + hex
}
const text = (clear: string): string => Buffer.from(clear).toString('hex')

/** The key of RFC 8032, section 7.1, TEST 1. */
const SECRET = secretOf(bytes('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'))
const OTHER = secretOf(Buffer.alloc(32, 1))
const KEY = { id: 'k', key: publicOf(SECRET) }
const HEADER = 'a2012704416b'
const PAYLOAD = text('what is said')

const signatureOf = (header: string, payload: string, secret = SECRET): string =>
  sign(null, bytes(`84${'6a'}${text('Signature1')}${bstr(header)}40${bstr(payload)}`), secret).toString('hex')

/** A message that is rightly signed, whatever else is wrong with it. */
const message = ({ header = HEADER, payload = PAYLOAD, secret = SECRET, unprotected = 'a0' } = {}): string =>
  `84${bstr(header)}${unprotected}${bstr(payload)}${bstr(signatureOf(header, payload, secret))}`

const open = (hex: string, keys = [KEY]) => openSign1(bytes(hex), keys)
const why = (hex: string, keys = [KEY]): string => {
  const opened = open(hex, keys)
  return opened.ok ? 'opened' : opened.why
}
const OPENED = { ok: true, payload: Uint8Array.from(bytes(PAYLOAD)), kid: 'k' }
const MESSAGE = message()

describe('a signed message', () => {
  test.each([
    ['as it is', MESSAGE],
    ['with its tag', `d2${MESSAGE}`],
    ['with that of a CWT around it', `d83dd2${MESSAGE}`],
    ['with its headers in another order', message({ header: 'a204416b0127' })],
  ])('%s is opened', (_, hex) => {
    expect(open(hex)).toEqual(OPENED)
  })

  test('of the working group is signed as here, and refused: what its headers say is not ours', () => {
    const signature = signatureOf('a201270300', text('This is the content.'))
    const example = `d28445a201270300a10442313154${text('This is the content.')}5840${signature}`
    expect(signature).toMatch(/^7142fd2ff96d56db85bee905a76ba1d0b7321a95c8c4d3607c5781932b7afb87/)
    expect(why(example, [{ ...KEY, id: '11' }])).toBe('unreadable')
  })

  test('of RFC 9052, appendix C.2.1, is refused: it is signed with ECDSA', () => {
    const signature =
      '8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36'
    const example = `d28443a10126a10442313154${text('This is the content.')}5840${signature}`
    expect(why(example, [{ ...KEY, id: '11' }])).toBe('unreadable')
  })

  test.each([
    ['no algorithm', 'a104416b'],
    ['no key', 'a10127'],
    ['another algorithm', 'a2012604416b'],
    ['the algorithm as text', `a201654564445341${'04416b'}`],
    ['the algorithm longer than it must be', 'a201380704416b'],
    ['the algorithm as a float', 'a201f9c80004416b'],
    ['the number of the algorithm as a float', 'a2f93c002704416b'],
    ['the number of the algorithm longer than it must be', 'a218012704416b'],
    ['the algorithm twice', 'a30127012704416b'],
    ['the key twice', 'a3012704416b04416b'],
    ['a content type', 'a30127030004416b'],
    ['something critical', 'a3012702810404416b'],
    ['the key as text', 'a2012704616b'],
    ['a key without a name', 'a201270440'],
    ['a key with too long a name', `a20127045821${'6b'.repeat(33)}`],
    ['a key with a blank in its name', 'a201270442206b'],
    ['a key with a line end in its name', 'a2012704426b0a'],
    ['a key with an eighth bit in its name', 'a201270441eb'],
    ['an indefinite length', 'bf012704416bff'],
    ['a key of indefinite length', 'a20127045f416bff'],
    ['something behind it', 'a2012704416b00'],
    ['a list instead', '820127'],
    ['a tag around it', 'd2a2012704416b'],
    ['nothing', ''],
  ])('that has in its header %s is unreadable', (_, header) => {
    expect(why(message({ header }))).toBe('unreadable')
  })

  const body = MESSAGE.slice(2)
  test.each([
    ['an open header', message({ unprotected: 'a104416b' })],
    ['an open header of indefinite length', message({ unprotected: 'bfff' })],
    ['no map as open header', message({ unprotected: '80' })],
    ['nothing as open header', message({ unprotected: 'f6' })],
    ['three parts', `83${body.slice(0, -132)}`],
    ['five parts', `85${body}a0`],
    ['an indefinite length', `9f${body}ff`],
    ['a length longer than it must be', `9804${body}`],
    ['a header longer than it must be', `845806${HEADER}${body.slice(14)}`],
    ['no payload', `84${bstr(HEADER)}a0f6${bstr(signatureOf(HEADER, ''))}`],
    ['a payload of text', `84${bstr(HEADER)}a0${'6c'}${PAYLOAD}${bstr(signatureOf(HEADER, PAYLOAD))}`],
    ['a short signature', `${MESSAGE.slice(0, -132)}583f${MESSAGE.slice(-128, -2)}`],
    ['a long signature', `${MESSAGE.slice(0, -132)}5841${MESSAGE.slice(-128)}00`],
    ['something behind it', `${MESSAGE}00`],
    ['something before it', `00${MESSAGE}`],
    ['the tag of COSE_Mac0', `d1${MESSAGE}`],
    ['its tag twice', `d2d2${MESSAGE}`],
    ['its tag longer than it must be', `d812${MESSAGE}`],
    ['the tag of a CWT alone', `d83d${MESSAGE}`],
    ['the tag of a CWT twice', `d83dd83dd2${MESSAGE}`],
    ['the tag of a CWT inside', `d2d83d${MESSAGE}`],
  ])('with %s is unreadable', (_, hex) => {
    expect(why(hex)).toBe('unreadable')
  })

  test('of exactly 512 bytes is opened', () => {
    const most = text('x'.repeat(512 - 78))
    const signed = bytes(`846a${text('Signature1')}${bstr(HEADER)}405901b2${most}`)
    const hex = `84${bstr(HEADER)}a05901b2${most}5840${sign(null, signed, SECRET).toString('hex')}`
    expect(bytes(hex)).toHaveLength(512)
    expect(why(hex)).toBe('opened')
    expect(why(`d2${hex}`)).toBe('unreadable')
  })
})

describe('a key', () => {
  test('that is not known, or is called otherwise, opens nothing', () => {
    expect(why(MESSAGE, [])).toBe('unknown-key')
    expect(why(MESSAGE, [{ ...KEY, id: 'K' }])).toBe('unknown-key')
    expect(why(message({ header: 'a20127044c636f6e7374727563746f7273' }))).toBe('unknown-key')
  })

  test('of another opens nothing, whatever it is called', () => {
    expect(why(MESSAGE, [{ id: 'k', key: publicOf(OTHER) }])).toBe('bad-signature')
    expect(why(message({ secret: OTHER }))).toBe('bad-signature')
  })

  test('may share its name with another, while one takes the place of the other', () => {
    const both = [{ id: 'k', key: publicOf(OTHER) }, { id: 'k', key: 'none' }, KEY]
    expect([why(MESSAGE, both), why(message({ secret: OTHER }), both)]).toEqual(['opened', 'opened'])
  })

  test.each([
    '',
    'none',
    KEY.key.slice(0, -1),
    `${KEY.key}\n`,
    ` ${KEY.key}`,
    KEY.key.replaceAll('/', '_'),
    Buffer.from(KEY.key, 'base64').toString('hex'),
    Buffer.from(KEY.key, 'base64').subarray(1).toString('base64'),
    Buffer.concat([Buffer.from(KEY.key, 'base64'), Buffer.alloc(1)]).toString('base64'),
    KEY.key.replace('o=', 'p='),
  ])('that is written %j never matches', key => {
    expect(key).not.toBe(KEY.key)
    expect(why(MESSAGE, [{ id: 'k', key }])).toBe('unknown-key')
  })

  test('that is no point of the curve opens nothing', () => {
    for (const key of [Buffer.of(2, ...Buffer.alloc(31)), Buffer.alloc(32, 0xff)])
      expect(why(MESSAGE, [{ id: 'k', key: key.toString('base64') }])).toBe('bad-signature')
  })

  test('of small order, such as all zeros, opens nothing: anybody could sign for it', () => {
    const small = [
      '00'.repeat(32),
      `01${'00'.repeat(31)}`,
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      `ec${'ff'.repeat(30)}7f`,
      `ed${'ff'.repeat(30)}7f`,
      `ee${'ff'.repeat(30)}7f`,
    ]
    const body = `84${bstr(HEADER)}a0${bstr(PAYLOAD)}5840`
    for (const point of small)
      for (const first of small)
        expect(
          why(`${body}${first}${'00'.repeat(32)}`, [{ id: 'k', key: bytes(point).toString('base64') }]),
        ).toBe('bad-signature')
  })
})

describe('a signature', () => {
  test('has one form: S with the order of the group added once or more is refused', () => {
    const start = MESSAGE.slice(0, -64)
    const s = BigInt(`0x${bytes(MESSAGE.slice(-64)).reverse().toString('hex')}`)
    expect(s < ORDER).toBe(true)
    for (let more = s + ORDER, times = 0; more < 2n ** 256n; more += ORDER, times++) {
      const forged = bytes(more.toString(16).padStart(64, '0')).reverse().toString('hex')
      expect([times, why(start + forged)]).toEqual([times, 'bad-signature'])
    }
  })

  test('stands for every bit: none can be flipped', () => {
    const whole = bytes(`d83dd2${MESSAGE}`)
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = Uint8Array.from(whole, (byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
      expect([bit, openSign1(flipped, [KEY]).ok]).toEqual([bit, false])
    }
  })

  test('stands for the whole: only the tags can be cut off, and nothing be added', () => {
    const whole = bytes(`d83dd2${MESSAGE}`)
    const cut = whole.keys().filter(length => openSign1(whole.subarray(0, length), [KEY]).ok)
    const begun = whole.keys().filter(from => openSign1(whole.subarray(from), [KEY]).ok)
    expect([[...cut], [...begun]]).toEqual([[], [0, 2, 3]])
    for (let byte = 0; byte < 256; byte++)
      expect([byte, openSign1(Buffer.concat([whole, Buffer.of(byte)]), [KEY]).ok]).toEqual([byte, false])
  })
})

test('noise is never more than unreadable, and what is half right never throws', () => {
  const whole = bytes(MESSAGE)
  for (let each = 0; each < 10_000; each++) {
    const noise = createHash('sha512').update(String(each)).digest()
    const [from = 0, size = 0] = noise
    expect(why(noise.subarray(0, size % 65).toString('hex'))).toBe('unreadable')
    const spoilt = Buffer.from(whole)
    noise.copy(spoilt, from % whole.length, 0, 1 + (size % 8))
    expect([each, openSign1(spoilt, [KEY]).ok]).toEqual([each, spoilt.equals(whole)])
  }
})

describe('CBOR', () => {
  test.each([
    ['a0', new Map()],
    ['1b001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['a2616102616101', undefined],
    ['1b0020000000000000', undefined],
    ['1bffffffffffffffff', undefined],
    ['3b001fffffffffffff', undefined],
    ['c249010000000000000000', undefined],
    ['f93c00', undefined],
    ['fa3f800000', undefined],
    ['f98000', undefined],
    ['f97e00', undefined],
    ['f97e01', undefined],
    ['f97c00', undefined],
    ['81f7', undefined],
    ['f818', undefined],
    ['1c', undefined],
    ['1817', undefined],
    ['190018', undefined],
    ['61ff', undefined],
    ['63efbbbf', undefined],
    ['7f6161ff', undefined],
    ['5f4161ff', undefined],
    ['9fff', undefined],
    ['bfff', undefined],
    ['ff', undefined],
    ['81ff', undefined],
    ['9bffffffffffffffff', undefined],
    ['5bffffffffffffffff', undefined],
    ['9a7fffffff', undefined],
    ['81'.repeat(511), undefined],
    ['', undefined],
  ])('%s is read as %j', (hex, value) => {
    expect(readCbor(bytes(hex))).toEqual(value)
  })
})
