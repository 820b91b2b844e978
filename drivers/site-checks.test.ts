import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readSite } from '../config/load.ts'
import { explain } from '../config/problem.ts'
import { driverChecks } from './site-checks.ts'

const EXAMPLES = ['minimal', 'auto-centre'].map(name => `config/sites/${name}.yaml`)
const good = readFileSync('config/sites/minimal.yaml', 'utf8')

/** Line, path and first words of each problem. */
const complaints = (text: string): string[] => {
  const loaded = readSite(text, [driverChecks])
  return loaded.ok ? [] : loaded.problems.map(({ line, path, says }) => `${line} ${path}: ${says}`)
}

test.each(EXAMPLES)('%s is a good site', file => {
  expect(complaints(readFileSync(file, 'utf8'))).toEqual([])
})

test.each([
  ['an unknown setting', 'unit: garage-1', 'unit: garage-1\nunti: x', ['4 unti: unknown setting "unti"']],
  ['a dangling line', 'line: locks', 'line: lokcs', ['10 devices[0].line: there is no line "lokcs"']],
  [
    'a dangling device',
    'device: board, channel: 2',
    'device: bored, channel: 2',
    ['14 compartments[1].device: there is no device "bored"'],
  ],
  [
    'one lock for two doors',
    'channel: 2',
    'channel: 1',
    ["14 compartments[1].channel: channel 1 of board is another compartment's already"],
  ],
  ['a name twice', 'name: A2', 'name: A1', ['14 compartments[1]: the name "A1" is taken by an earlier one']],
  [
    'an unknown driver',
    'driver: lock-8a',
    'driver: lock-8b',
    ['10 devices[0].driver: there is no driver "lock-8b"'],
  ],
  [
    'a wrong option',
    'driver: lock-8a',
    'driver: lock-8a, options: { address: 99 }',
    ['10 devices[0].options.address: is 99'],
  ],
  [
    'an unknown option',
    'driver: lock-8a',
    'driver: lock-8a, options: { adress: 1 }',
    ['10 devices[0].options.adress: unknown setting "adress"'],
  ],
  [
    'a channel too far',
    'channel: 2',
    'channel: 25',
    ['14 compartments[1].channel: is 25, but board has 24 locks'],
  ],
  [
    'one port for two lines',
    '/dev/ttyACM0',
    '/dev/ttyUSB0',
    ["7 lines[1]: /dev/ttyUSB0 is another line's already"],
  ],
  [
    'a device that must be alone',
    'line: counter',
    'line: locks',
    ['11 devices[1].line: locks is shared with board, and one of the two must be alone on its line'],
  ],
  [
    'neither serial nor tcp',
    'serial: { path: /dev/ttyACM0, baud: 9600 }',
    'echo: no',
    ['7 lines[1]: says neither serial nor tcp'],
  ],
  ['a size nobody has', 'size: M', 'size: medium', ['14 compartments[1].size: is "medium"']],
  [
    'broken YAML',
    'unit: garage-1',
    'unit: [garage-1',
    ['4 : Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ],
])('%s is refused, with its line', (_what, from, to, expected) => {
  const found = complaints(good.replace(from, to))
  expect(found.map((line, index) => line.slice(0, expected[index]?.length ?? 0))).toEqual(expected)
})

test('two boards with one address on one line are refused', () => {
  const two = good.replace('devices:', 'devices:\n  - { name: twin, line: locks, driver: lock-8a }')
  expect(complaints(two)).toEqual(['11 devices[1]: locks has two boards with address 1'])
})

test('every problem of a file is listed at once, each with what to do', () => {
  const bad = good
    .replace('unit: garage-1', 'unti: garage-1')
    .replace('size: M', 'size: 7')
    .replace('line: locks', 'line: x')
  const loaded = readSite(bad, [driverChecks])
  expect(loaded.ok ? [] : loaded.problems.map(problem => explain('site.yaml', problem))).toEqual([
    expect.stringMatching(/^site.yaml:1: unit: is missing/),
    'site.yaml:3: unti: unknown setting "unti". Did you mean "unit"?',
    expect.stringMatching(/^site.yaml:10: devices\[0\].line: there is no line "x"/),
    expect.stringMatching(/^site.yaml:14: compartments\[1\].size: is 7/),
  ])
})

test('no text whatever makes the reader throw', () => {
  const lines = readFileSync('config/sites/auto-centre.yaml', 'utf8').split('\n')
  for (let cut = 0; cut < lines.length; cut++)
    for (const middle of ['', '  - {}', 'x', '  ? ', '- - -', '*a', 'lines: 3', '  options: [1]', '\u0000'])
      expect(
        readSite([...lines.slice(0, cut), middle, ...lines.slice(cut + 1)].join('\n'), [driverChecks]),
      ).toHaveProperty('ok')
})

test('a few lines of aliases that stand for gigabytes are refused, with what to do', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefgh'.split('').map((name, index) => {
      const before = 'abcdefg'[index]
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`
    }),
  ].join('\n')
  expect(complaints(bomb)).toEqual(['1 : its aliases (*name) repeat more than a site file may hold'])
})

test('a file larger than a site can be is refused before it is read', () => {
  expect(complaints(`# ${'x'.repeat(1 << 20)}`)).toEqual(['1 : the file is larger than 1 MiB'])
})
