import { expect, test } from 'vitest'
import { menu, usage, usageOf } from './menu.ts'
import { plain, span, table, WIDTH, wrap } from './table.ts'

test('a table with names as long as a site file allows stays within 80 columns, and no column is lost', () => {
  const long = 'compartment-name-of-sixty-four-characters-that-somebody-thought-of'
  const lines = table(
    ['a', 'b', 'c', 'd'],
    [
      [long, long, long, 'x'],
      ['1', '2', '3', '4'],
    ],
  )
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(WIDTH)
  expect(lines[2]).toMatch(/^1 +2 +3 +4$/)
})

test('a column in which nothing stands is left out', () => {
  expect(
    table(
      ['door', 'alarms'],
      [
        ['A1', ''],
        ['A2', ''],
      ],
    ),
  ).toEqual(['door', 'A1', 'A2'])
})

test('nothing that a terminal would obey gets through', () => {
  expect(plain('a\u001b[2Jb\u0007\u009bc\u202ed')).toBe('a·[2Jb··c·d')
})

test('long sentences break between words, keep their indentation, and lose nothing', () => {
  const text = `  ${'word '.repeat(40).trim()}`
  const lines = wrap(text, 4)
  expect(lines[0]).toMatch(/^ {2}word/)
  expect(lines[1]).toMatch(/^ {4}word/)
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(WIDTH)
  expect(lines.join(' ').match(/word/g)).toHaveLength(40)
})

test.each([
  [0, '0 s'],
  [59.9, '59 s'],
  [3_600, '1 h'],
  [3_661, '1 h 1 min'],
  [90_061, '1 d 1 h'],
])('%s seconds are %s', (seconds, words) => {
  expect(span(seconds)).toBe(words)
})

test.each(menu.map(command => [command.name, command] as const))(
  'help for %s is complete and fits: what it does, each option, an example',
  (name, command) => {
    const help = usageOf(command)
    for (const line of [...help.split('\n'), ...usage().split('\n')])
      expect(line.length).toBeLessThanOrEqual(WIDTH)
    expect(usage()).toContain(`  ${name}`)
    expect(Object.keys(command.optionHelp ?? {}).sort()).toEqual(Object.keys(command.options ?? {}).sort())
    expect(command.examples.length).toBeGreaterThan(0)
    for (const example of command.examples) expect(example).toMatch(new RegExp(`^pawl ${name}\\b`))
  },
)
