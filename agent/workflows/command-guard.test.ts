import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../config/roles.ts'
import { SiteConfig } from '../../config/site.ts'
import { Ask } from '../domain/ask.ts'
import { whyNotPermitted } from '../domain/permission.ts'
import { site as plain, story } from './story.ts'

const site = SiteConfig.parse({
  ...plain,
  commands: {
    roles: [
      { name: 'desk', may: ['open', 'release'] },
      { name: 'manager', may: ['open', 'release', 'hold', 'recode'] },
    ],
    two_person: ['hold'],
  },
  staff: [
    { name: 'ann', badge: '0C00A1B2C3', roles: ['desk'] },
    { name: 'ben', badge: '0C00A1B2C4', roles: ['manager'] },
    { name: 'cat', badge: '0C00A1B2C5', roles: ['desk', 'manager'] },
    { name: 'dan', badge: '0C00A1B2C6' },
  ],
})
const is = (name: string, right = true) => ({ name, right })
const open = { kind: 'open', compartment: 'S1', reason: 'look', by: 'root', clear: false } as const
const hold = { kind: 'hold', compartment: 'S1', reason: 'oil', by: 'root' } as const

async function bank(at = site) {
  const s = story(at)
  await s.closedAll()
  return { ...s, why: () => s.answers.at(-1) }
}

test('every command that changes something can be given to a role, and no other', () => {
  expect([...COMMANDS].sort()).toEqual(Ask.options.map(each => each.shape.kind.value).sort())
})

test('every role may do what stands there, and nothing else', () => {
  const { commands, staff } = site
  if (!commands) throw new Error('this site has no rules')
  for (const kind of COMMANDS)
    for (const { name, roles } of staff) {
      const may = commands.roles.some(
        role => roles.includes(role.name) && role.may.some(each => each === kind),
      )
      const why = whyNotPermitted(kind, [is(name)], { commands, staff })
      if (!may) expect(why, `${name} ${kind}`).toBe(`${name} has no role that may do that`)
      else
        expect(why, `${name} ${kind}`).toBe(
          kind === 'hold' ? 'that needs two of the staff: give --as twice' : undefined,
        )
    }
})

test('who proved it does it, in their own name, whoever they are to the machine', async () => {
  const s = await bank()
  await s.command(open, [is('ann')])
  expect(s.opened()).toEqual(['S1'])
  expect(s.lines()[0]).toBe('open-asked S1 look ann')
})

describe('refused, written down, and nothing is done', () => {
  test.each([
    ['nobody', [], 'say who you are with --as NAME, and give your PIN'],
    ['a wrong PIN', [is('ann', false)], 'the name or the PIN is not right'],
    ['somebody unknown', [is('zoe', false)], 'the name or the PIN is not right'],
    ['a role that may not', [is('dan')], 'dan has no role that may do that'],
    ['one who may with one who may not', [is('ann'), is('dan')], 'dan has no role that may do that'],
  ])('%s', async (_name, people, why) => {
    const s = await bank()
    await s.command(open, people)
    expect(s.why()).toEqual({ outcome: 'refused', why })
    expect(s.opened()).toEqual([])
    expect(s.lines().join()).toContain('command-refused open')
  })
})

describe('what needs two', () => {
  test('is done by two, in the names of both', async () => {
    const s = await bank()
    await s.command(hold, [is('ben'), is('cat')])
    expect(s.lines()).toEqual(['held S1 oil ben and cat'])
  })

  test.each([
    ['by one', [is('ben')]],
    ['by one twice', [is('ben'), is('ben')]],
    ['by one who may and one who may not', [is('ben'), is('ann')]],
    ['by one and a wrong PIN', [is('ben'), is('cat', false)]],
  ])('is not done %s', async (_name, people) => {
    const s = await bank()
    await s.command(hold, people)
    expect(s.why()?.outcome).toBe('refused')
    expect(s.known().held('S1')).toBeUndefined()
  })
})

test('wrong PINs lock that name out, not the others, also over a power cut; the right PIN is no help then', async () => {
  const s = await bank()
  for (let tries = 0; tries < 10; tries++) await s.command(open, [is('ann', false)])
  expect(s.lines().join()).toContain('locked-out console 900')
  await s.cutPower(5)
  await s.closedAll()
  await s.command(open, [is('ann')])
  expect(s.why()).toEqual({ outcome: 'refused', why: 'too many PINs were wrong: wait' })
  await s.command(open, [is('ben')])
  expect(s.opened()).toEqual(['S1'])
  await s.door('S1', true)
  await s.door('S1', false)
  await s.pass(901)
  await s.command(open, [is('ann')])
  expect(s.opened()).toEqual(['S1', 'S1'])
})

test('without rules whoever may open the console may give every command', async () => {
  const s = await bank(plain)
  await s.command(hold, [])
  expect(s.lines()).toEqual(['held S1 oil root'])
})
