import { expect, test } from 'vitest'
import { site as plain, story } from '../../agent/workflows/story.ts'
import { SiteConfig } from '../../config/site.ts'

// A key set has a tag: the wrong one opens no door, whoever brings it.

const [RIGHT, WRONG] = ['0C00A1B2C3', '0C00FFFFFF']
const site = SiteConfig.parse({
  ...plain,
  lines: [...plain.lines, { name: 'tags', serial: { path: '/dev/tags' } }],
  devices: [...plain.devices, { name: 'tags', line: 'tags', driver: 'rdm6300' }],
  access: {
    token_keys: [{ id: 'operator', key: 'xkVLIHuKheUh8UM92ZY9uVVc9SRxr/pIF70cjxbqYNg=' }],
    tag_readers: ['tags'],
    max_offline_hours: 8_760,
  },
})

async function bank() {
  const s = story(site)
  await s.closedAll()
  await s.book('K1', { tag: RIGHT })
  s.lines()
  return { ...s, tag: (id: string) => s.report('tags', { type: 'badge', id }) }
}

test('the door opens once the right tag was read after the code, and not before', async () => {
  const s = await bank()
  await s.tag(RIGHT)
  await s.scan('K1:1111')
  expect(s.opened()).toEqual([])
  expect(s.lines()).toEqual(['tag-awaited K1 scanner'])
  await s.tag(RIGHT)
  expect(s.opened()).toEqual(['S1'])
  expect(s.lines()[0]).toBe('claimed K1 deposit customer scanner code')
})

test('the wrong key set is said at once, opens nothing, and after three of them the code must be shown again', async () => {
  const s = await bank()
  await s.scan('K1:1111')
  s.lines()
  await s.tag(WRONG)
  expect(s.lines()).toEqual(['wrong-item K1 tags'])
  await s.tag(WRONG)
  await s.tag(WRONG)
  await s.tag(RIGHT)
  expect(s.opened()).toEqual([])
  expect(s.lines().at(-1)).toBe('claim-refused K1 deposit wrong-item')
  await s.scan('K1:1111')
  await s.tag(RIGHT)
  expect(s.opened()).toEqual(['S1'])
})

test('without its tag nothing opens: after a minute, or a power cut, it is over', async () => {
  const s = await bank()
  await s.scan('K1:1111')
  await s.pass(61)
  expect(s.lines().at(-1)).toBe('claim-refused K1 deposit no-tag')
  await s.scan('K1:1111')
  await s.cutPower(5)
  await s.closedAll()
  await s.tag(RIGHT)
  expect(s.opened()).toEqual([])
})

test('to collect needs no tag, and another booking waits for its turn at the reader', async () => {
  const s = await bank()
  await s.book('K2', { tag: WRONG })
  await s.scan('K1:1111')
  await s.scan('K2:1111')
  expect(s.lines().at(-1)).toBe('claim-refused K2 deposit in-progress')
  await s.tag(RIGHT)
  await s.door('S1', true)
  await s.door('S1', false)
  await s.scan('K1:2222')
  expect(s.opened()).toEqual(['S1', 'S1'])
})

test('a booking with a tag is refused where nobody could read it', async () => {
  const s = story()
  await s.book('K1', { tag: RIGHT })
  expect(s.answers.at(-1)).toEqual({
    outcome: 'refused',
    why: 'there is no tag reader here: see access.tag_readers',
  })
})
