import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { PolicyPack, packDigest, readPolicyPack, signedOff, signPack } from './policy-pack.ts'
import { explain } from './problem.ts'

const good = `name: test-1
jurisdiction: US-FL
title: A test ü
sources: ["Rule 1: nothing", Rule 2]
counselling:
  when: each
  before_loading: false
  may_decline: false
  wait_seconds: 600
refills_only: false
opening_hours:
  - { days: [mon, tue], from: 08:30, to: 18:00 }
  - { days: [sat], from: 09:00, to: 24:00 }
closed_on: [2026-12-25]
pharmacist_lease_seconds: 90
lease_hours: 72
permit_in_records: true
personal_data_days: 30
max_offline_hours: 0.5
`

function packOf(text: string): PolicyPack {
  const read = readPolicyPack(text)
  if (!read.ok) throw new Error(read.problems.map(problem => explain('f', problem)).join('\n'))
  return read.pack
}

const explained = (text: string): string[] => {
  const read = readPolicyPack(text)
  return read.ok ? [] : read.problems.map(problem => explain('f', problem))
}

test('a good pack is read as it is written, with every default filled in', () => {
  expect(packOf(good)).toMatchObject({
    opening_hours: [
      { days: ['mon', 'tue'], from: '08:30', to: '18:00' },
      { days: ['sat'], from: '09:00', to: '24:00' },
    ],
    closed_on: ['2026-12-25'],
    records_years: 6,
    second_factor: true,
  })
  expect(packOf(good.replace('closed_on: [2026-12-25]\n', '')).closed_on).toEqual([])
  expect(packOf(good).signed_off).toBeUndefined()
})

const TIME = 'Give it a time of two and two digits such as 08:30; midnight at the end is 24:00.'
const DAY = 'Give it a day of the calendar such as 2026-12-25.'

/** What is changed in the good pack, and what is then said: all of it, and nothing else. */
const refusals: [what: string, from: string, to: string, ...said: string[]][] = [
  [
    'a missing decision',
    'refills_only: false\n',
    '',
    'f:1: refills_only: is missing. Give it true or false.',
  ],
  [
    'a setting nobody knows',
    'refills_only: false',
    'refills_only: false\nrefill_only: true',
    'f:11: refill_only: unknown setting "refill_only". Did you mean "refills_only"? Known here: name, jurisdiction, title, sources, counselling, refills_only, opening_hours, closed_on, pharmacist_lease_seconds, lease_hours, permit_in_records, records_years, personal_data_days, max_offline_hours, second_factor, signed_off.',
  ],
  [
    'a setting nobody knows of counselling',
    'may_decline',
    'can_decline',
    'f:5: counselling.may_decline: is missing. Give it true or false.',
    'f:8: counselling.can_decline: unknown setting "can_decline". Did you mean "may_decline"? Known here: when, before_loading, may_decline, wait_seconds.',
  ],
  [
    'a word for counselling that is none',
    'when: each',
    'when: always',
    'f:6: counselling.when: is "always". Choose: never, first-time, each.',
  ],
  [
    'no wait at all',
    'wait_seconds: 600',
    'wait_seconds: 0',
    'f:9: counselling.wait_seconds: is 0. Give it 30 seconds or more.',
  ],
  ['a yes of YAML 1.1', 'only: false', 'only: no', 'f:10: refills_only: is "no". Give it true or false.'],
  [
    'a state that is no code',
    'US-FL',
    'Florida',
    'f:2: jurisdiction: is "Florida". Give it a code of ISO 3166 such as US-FL.',
  ],
  [
    'no source',
    '["Rule 1: nothing", Rule 2]',
    '[]',
    'f:4: sources: is an empty list. Give it 1 entry or more.',
  ],
  ['a time without its nought', '08:30', '8:30', `f:12: opening_hours[0].from: is "8:30". ${TIME}`],
  ['a minute past the end of the day', '24:00', '24:01', `f:13: opening_hours[1].to: is "24:01". ${TIME}`],
  [
    'hours that end before they begin',
    'to: 18:00',
    'to: 08:00',
    'f:12: opening_hours[0].to: is "08:00". Give it a time after 08:30; over midnight takes two entries.',
  ],
  [
    'hours that end as they begin',
    'to: 18:00',
    'to: 08:30',
    'f:12: opening_hours[0].to: is "08:30". Give it a time after 08:30; over midnight takes two entries.',
  ],
  [
    'hours that overlap by a minute',
    '[sat], from: 09:00',
    '[sat, tue], from: 17:59',
    'f:13: opening_hours[1].days[1]: is "tue". Give it hours of its own: tue is open from 08:30 to 18:00 already.',
  ],
  [
    'a day twice in one entry',
    '[mon, tue]',
    '[mon, mon]',
    'f:12: opening_hours[0].days[1]: is "mon". Give it hours of its own: mon is open from 08:30 to 18:00 already.',
  ],
  [
    'a day of the week that is none',
    '[sat]',
    '[saturday]',
    'f:13: opening_hours[1].days[0]: is "saturday". Choose: sun, mon, tue, wed, thu, fri, sat.',
  ],
  [
    'hours without days and with a setting nobody knows',
    'days: [sat]',
    'day: [sat]',
    'f:13: opening_hours[1].days: is missing. Give it a list.',
    'f:13: opening_hours[1].day: unknown setting "day". Did you mean "days"? Known here: days, from, to.',
  ],
  [
    'hours that are neither',
    /opening_hours:[\s\S]*?(?=closed_on)/.exec(good)?.[0] ?? '',
    'opening_hours: alwyas\n',
    'f:11: opening_hours: is "alwyas". Give it the word always, or a list of days, each with from and to.',
  ],
  [
    'hours of no day',
    /opening_hours:[\s\S]*?(?=closed_on)/.exec(good)?.[0] ?? '',
    'opening_hours: []\n',
    'f:11: opening_hours: is an empty list. Give it 1 entry or more.',
  ],
  ['a day that is in no calendar', '12-25', '02-30', `f:14: closed_on[0]: is "2026-02-30". ${DAY}`],
  ['the day of another land', '2026-12-25', '25.12.2026', `f:14: closed_on[0]: is "25.12.2026". ${DAY}`],
  [
    'a lease of a day',
    'seconds: 90',
    'seconds: 86400',
    'f:15: pharmacist_lease_seconds: is 86400. Give it 3600 seconds or less.',
  ],
  [
    'half a sign-off',
    'lease_hours',
    'signed_off: { by: dr-roe, licence: X, on: 2026-07-01, signature: abc }\nlease_hours',
    'f:16: signed_off.signature: is "abc". Give it the 64 bytes of an Ed25519 signature in base64.',
  ],
]

test.each(refusals)('%s is refused, with its line and what to do', (_what, from, to, ...said) => {
  expect(good).toContain(from)
  expect(explained(good.replace(from, to))).toEqual(said)
})

test.each([
  ['after', '[sat, tue], from: 18:00, to: 24:00'],
  ['before', '[sat, tue], from: 07:00, to: 08:30'],
])('hours that only touch those %s do not overlap', (_what, other) => {
  expect(explained(good.replace('[sat], from: 09:00, to: 24:00', other))).toEqual([])
  expect(packOf(good.replace('[sat], from: 09:00, to: 24:00', other)).opening_hours[1]).toMatchObject({
    days: ['sat', 'tue'],
  })
})

test('every problem of a pack is listed at once, line by line', () => {
  const bad = good
    .replace('US-FL', 'usa')
    .replace('18:00', '8:00')
    .replace('lease_hours: 72', 'lease_hours: 0')
  const places = explained(bad).map(line => line.split(': is ')[0])
  expect(places).toEqual(['f:2: jurisdiction', 'f:12: opening_hours[0].to', 'f:16: lease_hours'])
})

test.each([
  ['nothing', '', /^f:1: the file says nothing\. Begin with a copy of an example from config\/policies\.$/],
  ['a list', '- a', /^f:1: is a list\. Give it settings of its own\.$/],
  ['a setting twice', good.replace('lease_hours', 'name: again\nlease_hours'), /^f:\d+: .*(twice|unique)/],
  ['a tab', good.replace('  when', '\twhen'), /^f:6: Tabs are not allowed as indentation\. /],
  ['a tag', good.replace('test-1', '!secret x'), /^f:1: Unresolved tag: !secret\. /],
  ['an alias of nothing', good.replace('test-1', '*x'), /alias|\*x/i],
  [
    'lists in lists',
    '['.repeat(30_000),
    /^f:1: it is nested too deeply to read\. A policy pack is four levels/,
  ],
  ['a long file', `# ${'x'.repeat(1 << 15)}`, /^f:1: the file is larger than 32 KiB\. A policy pack is some/],
])('%s is no pack, and is told so', (_what, text, said) => {
  expect(explained(text)[0]).toMatch(said)
})

test('a pack cut short anywhere is read or has its problems', () => {
  const outcomes = new Set<boolean>()
  for (let end = 0; end <= good.length; end++) {
    const read = readPolicyPack(good.slice(0, end))
    outcomes.add(read.ok)
    expect(read.ok || read.problems.length > 0).toBe(true)
  }
  expect(outcomes).toEqual(new Set([true, false]))
})

test('every setting says what it is for, and a number says what it counts', () => {
  type Schema = z.core.JSONSchema.JSONSchema
  const settings = (of: Schema, at = ''): [string, string][] => [
    ...[...(of.anyOf ?? []), ...(of.items ? [of.items] : [])].flatMap(part => settings(part as Schema, at)),
    ...Object.entries(of.properties ?? {}).flatMap(([name, part]): [string, string][] => [
      [`${at}${name}`, (part as Schema).description ?? ''],
      ...settings(part as Schema, `${at}${name}.`),
    ]),
  ]
  const all = settings(z.toJSONSchema(PolicyPack, { io: 'input', target: 'draft-7' }))
  expect(all.map(([at]) => at)).toContain('opening_hours.from')
  expect(all.filter(([, about]) => about.length < 10)).toEqual([])
  for (const unit of ['seconds', 'hours', 'days', 'years'])
    for (const [at, about] of all.filter(([name]) => name.endsWith(`_${unit}`) && name !== 'opening_hours'))
      expect(about, at).toContain(unit)
})

// The key pair of RFC 8032, section 7.1, test 1. Digests and the signature come from Python and OpenSSL, not from here.
const SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'
const PUBLIC = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='
const SIGNATURE = 'WFp3IY6rPdV6ApEN6+rOi9TlAUEeK7+MWSLz0nie8wepIufFbH1BdeLjjHKomoeDVprrs83Hn8KqN4q/MXjNCQ=='
const secret = createPrivateKey({
  key: Buffer.from(`302e020100300506032b657004220420${SEED}`, 'hex'),
  format: 'der',
  type: 'pkcs8',
})
const pem = secret.export({ format: 'pem', type: 'pkcs8' }).toString()
const roe = { id: 'dr-roe', licence: 'PS 12345', on: '2026-07-01' }
const keys = [
  { id: 'dr-doe', key: Buffer.alloc(32, 7).toString('base64') },
  { id: 'dr-roe', key: PUBLIC },
]

test('the digest is SHA-256 of canonical JSON, which other languages come to as well', () => {
  expect(packDigest(packOf(good))).toBe('4c61a760408a426627c7273d9250b367e6136bd8819b6985bd044ecc7a00dc1f')
  const signed = signPack(packOf(good), roe, pem)
  expect(packDigest(signed)).toBe('825f8b1a7f85c8f8bb2639d38c643fb45a0f093f52b24839f04ba1a6e178aa3e')
})

test('what a pharmacist signed with OpenSSL is signed off, and signing here comes to the same', () => {
  expect(signPack(packOf(good), roe, pem).signed_off?.signature).toBe(SIGNATURE)
  const text = `${good}signed_off: { by: dr-roe, licence: PS 12345, on: 2026-07-01, signature: ${SIGNATURE} }\n`
  expect(signedOff(packOf(text), keys)).toEqual({ ok: true, by: 'dr-roe' })
})

test('comments and the order of settings are not signed, what they say is', () => {
  const [first = '', ...rest] = good.trimEnd().split('\n')
  const moved = packOf(`# Another comment\n${rest.join('\n')}\n${first}\n`)
  expect(packDigest(moved)).toBe(packDigest(packOf(good)))
})

/** Each value of an object changed in its turn. */
function changes(value: unknown): unknown[] {
  if (typeof value === 'boolean') return [!value]
  if (typeof value === 'number') return [value + 1]
  if (typeof value === 'string') return [`${value}x`]
  if (Array.isArray(value))
    return [value.slice(1), ...value.flatMap((part, at) => changes(part).map(other => value.with(at, other)))]
  return Object.entries(value ?? {}).flatMap(([name, part]) => [
    ...changes(part).map(other => ({ ...(value as object), [name]: other })),
    Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => key !== name)),
  ])
}

test('whatever is changed, added or taken out after the sign-off, it is signed off no more', () => {
  const signed = signPack(packOf(good), roe, pem)
  const all = changes(signed)
  expect(all.length).toBeGreaterThan(50)
  for (const changed of all as PolicyPack[])
    if (changed.signed_off?.signature === SIGNATURE)
      expect(signedOff(changed, keys), JSON.stringify(changed)).toMatchObject({ ok: false })
  expect(signedOff({ ...signed, second_factor: false }, keys)).toEqual({
    ok: false,
    why: 'the signature of dr-roe does not fit: it was changed since, or signed with another key',
  })
})

test.each([
  ['without a sign-off', packOf(good), keys, 'no pharmacist has signed it off'],
  [
    'of a pharmacist this site does not know',
    signPack(packOf(good), roe, pem),
    keys.slice(0, 1),
    'dr-roe, who signed it off, is no pharmacist of this site',
  ],
  [
    'of a pharmacist who signed with the key of another',
    signPack(packOf(good), { ...roe, id: 'dr-doe' }, pem),
    keys,
    'the signature of dr-doe does not fit: it was changed since, or signed with another key',
  ],
])('a pack %s is not signed off', (_what, pack, known, why) => {
  expect(signedOff(pack, known)).toEqual({ ok: false, why })
})

test.each(
  [
    [
      '',
      'AAAA',
      'x'.repeat(44),
      `${PUBLIC}AAAA`,
      PUBLIC.slice(1),
      PUBLIC.slice(0, -1),
      `-${PUBLIC.slice(1)}`,
    ],
  ].flat(),
)('a key that is none (%j) is a reason, never an exception', key => {
  const read = signedOff(signPack(packOf(good), roe, pem), [{ id: 'dr-roe', key }])
  expect(read).toEqual({
    ok: false,
    why: 'the key of dr-roe is not the 32 bytes of an Ed25519 key in base64',
  })
})

test('no key of 32 bytes and no signature of 64, whatever they hold, makes an exception or a sign-off', () => {
  const signed = signPack(packOf(good), roe, pem)
  const by = { by: 'dr-roe', licence: 'PS 12345', on: '2026-07-01' }
  for (let byte = 0; byte < 256; byte++) {
    const key = Buffer.alloc(32, byte).toString('base64')
    const signature = Buffer.alloc(64, byte).toString('base64')
    expect(signedOff(signed, [{ id: 'dr-roe', key }]).ok, `key ${byte}`).toBe(false)
    expect(signedOff({ ...signed, signed_off: { ...by, signature } }, keys).ok, `signature ${byte}`).toBe(
      false,
    )
  }
  expect(signedOff({ ...signed, signed_off: { ...by, signature: 'é' } }, keys).ok).toBe(false)
})

test('a pack is signed off again over an earlier sign-off, and only with an Ed25519 key', () => {
  const first = signPack(packOf(good), { ...roe, on: '2025-01-01' }, pem)
  expect(signPack(first, roe, pem)).toEqual(signPack(packOf(good), roe, pem))
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey
  const other = rsa.export({ format: 'pem', type: 'pkcs8' }).toString()
  expect(() => signPack(first, roe, other)).toThrow('the private key is not an Ed25519 key')
  expect(() => signPack(first, roe, 'garbage')).toThrow()
})

const examples = readdirSync('config/policies').filter(name => name.endsWith('.yaml'))
const example = (name: string) => readFileSync(`config/policies/${name}`, 'utf8')

test.each(examples)('%s is a whole pack that says it is an example and lets no kiosk dispense', name => {
  const text = example(name)
  const [first, ...rest] = text.split('\n')
  expect(first).toBe('# yaml-language-server: $schema=../policy-pack.schema.json')
  const comment = rest.slice(0, rest.indexOf('#')).join(' ')
  for (const words of ['EXAMPLE', 'not legal advice', 'sign-off', 'does not let a kiosk dispense'])
    expect(comment).toContain(words)
  expect(explained(text)).toEqual([])
  expect(signedOff(packOf(text), keys)).toEqual({ ok: false, why: 'no pharmacist has signed it off' })
})

/** What each differs in, and the words of its source. */
const PARTICULAR: [string, unknown, RegExp][] = [
  ['alaska.yaml', { jurisdiction: 'US-AK', counselling: { before_loading: true } }, /52\.595/],
  [
    'arizona.yaml',
    { jurisdiction: 'US-AZ', permit_in_records: true },
    /R4-23-677.*plan for when the kiosk is down/,
  ],
  [
    'california.yaml',
    { jurisdiction: 'US-CA', counselling: { when: 'first-time' } },
    /4427\.6.*plan for malf/,
  ],
  ['florida.yaml', { jurisdiction: 'US-FL', counselling: { when: 'each', may_decline: false } }, /465\.0235/],
  ['maine.yaml', { jurisdiction: 'US-ME', refills_only: true, opening_hours: expect.any(Array) }, /02-392/],
  ['texas.yaml', { jurisdiction: 'US-TX', pharmacist_lease_seconds: expect.any(Number) }, /291\.121/],
]

test('there is an example for each rule that was seen, with what is particular to it', () => {
  expect(PARTICULAR.map(([name]) => name)).toEqual(examples)
  for (const [name, particular, cited] of PARTICULAR) {
    const pack = packOf(example(name))
    expect(pack).toMatchObject(particular as object)
    expect(pack.sources[0]).toMatch(cited)
  }
})
