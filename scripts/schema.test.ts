import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { catalog } from '../drivers/catalog.ts'
import { isCurrent } from './generated.ts'
import { siteSchema } from './schema.ts'

type Schema = z.core.JSONSchema.JSONSchema

const schema = siteSchema.value as Schema
const committed = z.fromJSONSchema(JSON.parse(readFileSync(siteSchema.file, 'utf8')))
const examples = readdirSync('config/sites').map(name => `config/sites/${name}`)
const site = () => parse(readFileSync('config/sites/auto-centre.yaml', 'utf8'))
const accepts = (value: unknown): boolean => committed.safeParse(value).success

test('the committed schema is the one the code makes', () => {
  expect(isCurrent(siteSchema)).toBe(true)
  expect(isCurrent({ ...siteSchema, value: {} })).toBe(false)
})

test.each(examples)('%s names the schema in its first line, and the schema accepts it', file => {
  const text = readFileSync(file, 'utf8')
  expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/site\.schema\.json\n/)
  expect(committed.safeParse(parse(text)).error).toBeUndefined()
})

/** Every object of a value, each with where it is. */
function groups(value: unknown, at = 'site'): [string, Record<string, unknown>][] {
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.entries(value).flatMap(([key, part]) => groups(part, `${at}.${key}`))
  return Array.isArray(value) ? inside : [[at, value as Record<string, unknown>], ...inside]
}

test('a setting nobody knows is refused by the schema wherever it stands', () => {
  expect(groups(site()).length).toBeGreaterThan(20)
  for (const [index, [at]] of groups(site()).entries()) {
    const spoilt = site()
    const [, group = {}] = groups(spoilt)[index] ?? []
    group.nobody_knows = 1
    expect(accepts(spoilt), at).toBe(false)
  }
})

test.each([
  ['the option of another driver', { driver: 'lock-8a', options: { suffix: 'cr' } }],
  ['an option out of range', { driver: 'lock-8a', options: { address: 33 } }],
  ['an option of another kind', { driver: 'kerong-cu16', options: { closed_bit: '1' } }],
  ['an unknown driver', { driver: 'lock-8b' }],
])('%s is refused by the schema', (_what, change) => {
  const { devices, ...rest } = site()
  expect(
    accepts({ ...rest, devices: [...devices, { name: 'x', line: 'counter', driver: 'line-scanner' }] }),
  ).toBe(true)
  expect(accepts({ ...rest, devices: [...devices, { name: 'x', line: 'counter', ...change }] })).toBe(false)
})

test.each([
  ['both serial and tcp', { serial: { path: '/dev/ttyS1' }, tcp: { host: 'x', port: 1 } }],
  ['neither serial nor tcp', {}],
  ['a port that is no path', { serial: { path: 'COM1' } }],
])('a line with %s is refused by the schema', (_what, change) => {
  expect(accepts({ ...site(), lines: [{ name: 'x', serial: { path: '/dev/ttyS1' } }] })).toBe(true)
  expect(accepts({ ...site(), lines: [{ name: 'x', ...change }] })).toBe(false)
})

/** Every setting of a schema with where it is, driver by driver. */
function settings(of: Schema, at = ''): [string, Schema][] {
  const variants = of.anyOf ?? []
  const items = typeof of.items === 'object' && !Array.isArray(of.items) ? [of.items] : []
  const inside = [...variants, ...items].flatMap(part => settings(part as Schema, at))
  const own = Object.entries(of.properties ?? {}).flatMap(([name, part]): [string, Schema][] => [
    [`${at}${name}`, part as Schema],
    ...settings(part as Schema, `${at}${name}.`),
  ])
  return [...own, ...inside]
}

test('every setting says what it is for, each driver has its options, and a number says what it counts', () => {
  const all = settings(schema)
  expect(all.filter(([, { description = '' }]) => description.length < 10).map(([at]) => at)).toEqual([])
  expect(all.filter(([at]) => at === 'devices.driver').map(([, part]) => part.const)).toEqual(
    catalog.map(({ name }) => name),
  )
  const units = { seconds: 'seconds', ms: 'milliseconds', mm: 'millimetres', baud: 'bits per second' }
  for (const [end, unit] of Object.entries(units)) {
    const measured = all.filter(([at]) => at.endsWith(`_${end}`) || at.endsWith(`.${end}`))
    expect(measured.length, end).toBeGreaterThan(0)
    for (const [at, { description }] of measured) expect(description, at).toContain(unit)
  }
})
