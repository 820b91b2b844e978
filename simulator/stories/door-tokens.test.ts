import { expect, test } from 'vitest'
import { site as plain, story } from '../../agent/workflows/story.ts'
import { type Site, SiteConfig } from '../../config/site.ts'
import { newSigner, type RevocationTerms, type Signer, type TokenTerms } from '../cloud/mint.ts'

// Doors that open for what the operator signed, told with tokens from a hand that shares no code with the one that reads.

const HOUR = 3_600_000
const operator = newSigner('operator', new Uint8Array(32).fill(1))
const next = newSigner('operator', new Uint8Array(32).fill(2))
const stranger = newSigner('operator', new Uint8Array(32).fill(3))
const named = newSigner('somebody', new Uint8Array(32).fill(1))
const publicOf = ({ id, key }: Signer) => ({ id, key })

const access = { token_keys: [publicOf(operator), publicOf(next)], keypads: ['pad'] }
const bank = SiteConfig.parse({
  ...plain,
  lines: [...plain.lines, { name: 'pads', serial: { path: '/dev/pad' } }],
  devices: [...plain.devices, { name: 'pad', line: 'pads', driver: 'serial-keypad' }],
  access,
})
const clouded = SiteConfig.parse({ ...bank, cloud: { broker: 'mqtt://127.0.0.1' } })

async function doors(site: Site = bank) {
  const s = story(site)
  await s.closedAll()
  await s.book('B1')
  s.lines()
  let numbered = 0
  const id = () => Buffer.from(String(++numbered).padStart(12, '0'))
  const token = (terms: Partial<TokenTerms> = {}, by = operator): string =>
    by.token({
      ...{ subject: 'B1', unit: 'story', action: 'deposit', id: id() },
      ...{ notBefore: s.clock.wall() - 60_000, expires: s.clock.wall() + HOUR, ...terms },
    })
  return {
    ...s,
    token,
    revoke: (terms: Partial<RevocationTerms> = {}, by = operator) =>
      s.ask({
        kind: 'revoke',
        list: by.revocations({
          unit: '*',
          number: 1,
          at: s.clock.wall(),
          tokens: [],
          bookings: [],
          ...terms,
        }),
      }),
    async type(keys: string) {
      for (const key of keys) await s.report('pad', { type: 'key', key })
    },
    async visit(name = 'S1') {
      await s.door(name, true)
      await s.door(name, false)
    },
    told: () => s.lines().map(line => line.split(' ').slice(0, 4).join(' ')),
  }
}

test('who shows a token signed for them opens one door; which token and whose signature is written down', async () => {
  const s = await doors()
  await s.scan(s.token())
  expect(s.opened()).toEqual(['S1'])
  const id = Buffer.from('000000000001').toString('hex')
  expect(s.lines()[0]).toBe(`claimed B1 deposit customer scanner token ${id} operator`)
  await s.visit()
  await s.scan(s.token({ action: 'collect' }))
  await s.visit()
  expect(s.told()).toContain('booking-ended B1 collected')
})

test.each(['return', 'pick-up'] as const)('%s is another word for its leg', async action => {
  const s = await doors()
  if (action === 'pick-up') {
    await s.scan(s.token())
    await s.visit()
  }
  await s.scan(s.token({ action }))
  expect(s.opened()).toHaveLength(action === 'return' ? 1 : 2)
})

test.each<[why: string, terms: (wall: number) => Partial<TokenTerms>, by?: Signer]>([
  ['wrong-unit', () => ({ unit: 'story-2' })],
  ['wrong-action', () => ({ action: 'enter' })],
  ['too-early', () => ({ action: 'collect' })],
  ['too-early', wall => ({ notBefore: wall + 3 * 60_000 })],
  ['expired', wall => ({ notBefore: wall - HOUR, expires: wall - 3 * 60_000 })],
  ['unknown', () => ({ subject: 'B2' })],
  ['unreadable', () => ({ action: 'open-everything' })],
  ['bad-signature', () => ({}), stranger],
  ['unknown-key', () => ({}), named],
])('refused: %s', async (why, terms, by) => {
  const s = await doors()
  await s.scan(s.token(terms(s.clock.wall()), by))
  expect(s.opened()).toEqual([])
  expect(s.told().join()).toContain(`token-refused scanner ${why}`)
})

test('no bit of a token can be turned: not one of them opens anything', async () => {
  const s = await doors()
  const text = Buffer.from(s.token(), 'latin1')
  for (let bit = 0; bit < text.length * 8; bit++) {
    const turned = Buffer.from(text)
    turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    await s.report('scanner', { type: 'scan', bytes: turned, aim: undefined })
  }
  expect(s.opened()).toEqual([])
  await s.scan(text.toString('latin1'))
  expect(s.opened()).toEqual(['S1'])
})

test('the door did not open: the same token opens the same door again; once it was used it opens nothing', async () => {
  const s = await doors()
  const token = s.token()
  await s.scan(token)
  await s.pass(20)
  s.lines()
  await s.ask({ kind: 'release', compartment: 'S1', by: 'tech' })
  await s.scan(token)
  expect(new Set(s.opened()).size).toBeLessThanOrEqual(2)
  const [opened = ''] = s.opened().slice(-1)
  await s.visit(opened)
  const before = s.opened().length
  s.lines()
  await s.scan(token)
  expect(s.told()).toEqual(['token-refused scanner used B1'])
  expect(s.opened()).toHaveLength(before)
})

test('a booking whose tokens were used gives its name to no other while they could be shown', async () => {
  const s = await doors()
  await s.scan(s.token())
  await s.visit()
  await s.scan(s.token({ action: 'collect' }))
  await s.visit()
  await s.book('B1')
  expect(s.answers.at(-1)).toMatchObject({ outcome: 'refused' })
  await s.cutPower(5)
  await s.book('B1')
  expect(s.answers.at(-1)).toMatchObject({ outcome: 'refused' })
  await s.pass(2 * 3_600)
  await s.book('B9')
  await s.closedAll()
  await s.scan(s.token({ subject: 'B9' }))
  await s.book('B1')
  expect(s.answers.at(-1)).toEqual({ outcome: 'done' })
})

test('a reader that is locked out takes no code, and every token that is right', async () => {
  const s = await doors()
  for (let guess = 0; guess < 12; guess++) await s.scan(`X${guess}:1111`)
  s.lines()
  await s.scan('B1:1111')
  expect(s.lines()).toEqual([])
  await s.scan(s.token({}, stranger))
  expect(s.lines()).toEqual([])
  await s.scan(s.token())
  expect(s.opened()).toEqual(['S1'])
})

test('a token that was revoked opens nothing, nor does any of a revoked booking; its code still does', async () => {
  const s = await doors()
  await s.revoke({ tokens: [Buffer.from('stolen-phone')] })
  await s.scan(s.token({ id: Buffer.from('stolen-phone') }))
  expect(s.told()).toContain('token-refused scanner revoked B1')
  await s.revoke({ number: 2, bookings: ['B1'] })
  await s.cutPower(5)
  await s.closedAll()
  await s.scan(s.token())
  expect(s.told()).toContain('token-refused scanner revoked B1')
  expect(s.opened()).toEqual([])
  await s.scan('B1:1111')
  expect(s.opened()).toEqual(['S1'])
})

test('a list replaces only an older one, and counts only when it is signed for here and now', async () => {
  const s = await doors()
  const answered = async (terms: Partial<RevocationTerms>, by?: Signer) => {
    await s.revoke(terms, by)
    const last = s.answers.at(-1)
    return last && 'why' in last ? last.why : last?.outcome
  }
  expect(await answered({ number: 5, bookings: ['B1'] })).toBe('done')
  expect(await answered({ number: 5 })).toBe('list 5 is known already')
  expect(await answered({ number: 4 })).toBe('list 5 is known already')
  expect(await answered({ number: 6, unit: 'story-2' })).toContain('wrong-unit')
  expect(await answered({ number: 6, at: s.clock.wall() + HOUR })).toContain('future')
  expect(await answered({ number: 6 }, stranger)).toContain('bad-signature')
  expect(s.known().revocations?.number).toBe(5)
  expect(await answered({ number: 6, unit: 'story' }, next)).toBe('done')
  await s.scan(s.token())
  expect(s.opened()).toEqual(['S1'])
})

test('two keys of one name are both good while one takes the place of the other', async () => {
  const s = await doors()
  await s.scan(s.token({}, next))
  expect(s.opened()).toEqual(['S1'])
})

test('rights grow old: a unit that has not heard the cloud for too long opens for neither token nor code', async () => {
  const s = await doors(clouded)
  await s.scan(s.token())
  expect(s.told()).toContain('token-refused scanner offline-too-long B1')
  s.heard()
  await s.scan(s.token())
  expect(s.opened()).toEqual(['S1'])
  const old = await doors(clouded)
  old.heard(old.clock.wall() - 169 * HOUR)
  await old.scan('B1:1111')
  expect(old.told()).toContain('claim-refused B1 deposit offline-too-long')
  expect(old.opened()).toEqual([])
})

test('typed at the keypad, booking * code # opens the door; what was typed is nowhere on the disk', async () => {
  const s = story(bank)
  await s.closedAll()
  await s.book('4711')
  const type = async (keys: string) => {
    for (const key of keys) await s.report('pad', { type: 'key', key })
  }
  await type('4711*11')
  expect(s.store().snapshot().includes('4711*')).toBe(false)
  await type('11#')
  expect(s.opened()).toEqual(['S1'])
  expect(s.lines().join()).toContain('claimed 4711 deposit customer pad code')
  expect(s.store().snapshot().includes('*1111')).toBe(false)
})

test('a wrong code typed counts against its booking; what somebody else began is not ended by the next', async () => {
  const s = await doors()
  await s.book('4711')
  s.lines()
  for (let tries = 1; tries <= 5; tries++) await s.type('4711*9999#')
  expect(s.told()).toContain('code-burnt 4711 deposit')
  await s.book('4712')
  await s.type('4712*')
  await s.pass(31)
  await s.type('1111#')
  expect(s.opened()).toEqual([])
  await s.type('4712*99*4712*1111#')
  expect(s.opened()).toEqual(['S1'])
})
