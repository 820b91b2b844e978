import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readSite } from '../config/load.ts'
import { explain } from '../config/problem.ts'
import { catalog } from './catalog.ts'
import { driverChecks } from './site-checks.ts'

const good = `unit: garage-1
lines:
  - { name: locks, serial: { path: /dev/ttyS0 } }
  - { name: counter, serial: { path: /dev/ttyS1 } }
devices:
  - { name: left, line: locks, driver: lock-8a, options: { address: 1, channels: 8 } }
  - { name: right, line: locks, driver: lock-8a, options: { address: 2 } }
  - { name: scanner, line: counter, driver: line-scanner }
compartments:
  - { name: A1, size: S, height_mm: 1500, device: left, channel: 1 }
  - { name: B1, size: S, height_mm: 1500, device: right, channel: 24 }
`

const explained = (text: string): string[] => {
  const loaded = readSite(text, [driverChecks])
  return loaded.ok ? [] : loaded.problems.map(problem => explain('f', problem))
}

test.each(readdirSync('config/sites'))('the example %s is a good site', file => {
  expect(explained(readFileSync(`config/sites/${file}`, 'utf8'))).toEqual([])
})

const OPTIONS_8A =
  'address, channels, status_bytes, closed_state, open_function, query, reply_within_ms, poll_ms, stale_ms, readback_ms'
const DRIVERS = catalog.map(({ name }) => name).join(', ')

/** What is changed in the good site, and what is then said: all of it, and nothing else. */
const refusals: [what: string, from: string, to: string, ...said: string[]][] = [
  [
    'a driver nobody knows, near one that is known',
    'left, line: locks, driver: lock-8a',
    'left, line: locks, driver: lock-8b',
    `f:6: devices[0].driver: there is no driver "lock-8b". Did you mean "lock-8a"? Choose: ${DRIVERS}.`,
  ],
  [
    'a driver nobody knows',
    'driver: line-scanner',
    'driver: camera',
    `f:8: devices[2].driver: there is no driver "camera". Choose: ${DRIVERS}.`,
  ],
  [
    'an option out of range',
    'address: 2',
    'address: 99',
    'f:7: devices[1].options.address: is 99. Give it 32 or less.',
  ],
  [
    'an option nobody knows',
    'address: 2',
    'adress: 2',
    `f:7: devices[1].options.adress: unknown setting "adress". Did you mean "address"? Known here: ${OPTIONS_8A}.`,
  ],
  [
    'an option of another driver',
    'address: 2',
    'address: 2, suffix: cr',
    `f:7: devices[1].options.suffix: unknown setting "suffix". Known here: ${OPTIONS_8A}.`,
  ],
  [
    'a choice that is none',
    'driver: line-scanner',
    'driver: line-scanner, options: { suffix: enter }',
    'f:8: devices[2].options.suffix: is "enter". Choose: any, cr, lf, crlf, none.',
  ],
  [
    'readings that are too old before the next one',
    'address: 2',
    'address: 2, poll_ms: 2000',
    'f:7: devices[1].options.stale_ms: does not go with the other settings. Give it more milliseconds than poll_ms.',
  ],
  [
    'two boards with one address on one line',
    'address: 2',
    'address: 1',
    'f:7: devices[1]: locks has two boards with address 1: this one and left. Set the switches of one of them to another address, and say it here under options.',
  ],
  [
    'two boards of different makes with one address on one line',
    'driver: lock-8a, options: { address: 2 }',
    'driver: kerong-cu16, options: { address: 1 }',
    'f:7: devices[1]: locks has two boards with address 1: this one and left. Set the switches of one of them to another address, and say it here under options.',
    'f:11: compartments[1].channel: is 24, but right has 16 locks. Mend it, or the channels of the board.',
  ],
  [
    'a scanner beside boards',
    'line: counter, driver',
    'line: locks, driver',
    'f:8: devices[2].line: locks has left on it, too, but this device must be alone on its line. Give it a line of its own.',
  ],
  [
    'a board beside a scanner',
    'right, line: locks',
    'right, line: counter',
    'f:8: devices[2].line: counter has right on it, too, but this device must be alone on its line. Give it a line of its own.',
  ],
  [
    'a channel beyond those of the board',
    'device: left, channel: 1',
    'device: left, channel: 9',
    'f:10: compartments[0].channel: is 9, but left has 8 locks. Mend it, or the channels of the board.',
  ],
  [
    'a compartment on a device without locks',
    'device: left, channel: 1',
    'device: scanner, channel: 1',
    'f:10: compartments[0].device: scanner has no locks. Name a lock board.',
  ],
]

test.each(refusals)('%s is refused, with its line and what to do', (_what, from, to, ...said) => {
  expect(good).toContain(from)
  expect(explained(good.replace(from, to))).toEqual(said)
})

test('one address may be on two lines', () => {
  const two = good
    .replace('devices:', '  - { name: more, tcp: { host: x, port: 1 } }\ndevices:')
    .replace('right, line: locks', 'right, line: more')
  expect(explained(two.replace('address: 2', 'address: 1'))).toEqual([])
})

test('what the drivers say stands among all other problems, line by line', () => {
  const bad = good
    .replace('unit: garage-1', 'unti: garage-1')
    .replace('address: 1', 'address: 0')
    .replace('driver: line-scanner', 'driver: scanner')
    .replace('channel: 24', 'channel: 25')
    .replace('device: left', 'device: lift')
  expect(explained(bad)).toEqual([
    'f:1: unit: is missing. Give it some text.',
    expect.stringMatching(/^f:1: unti: unknown setting "unti"\. Did you mean "unit"\?/),
    'f:6: devices[0].options.address: is 0. Give it 1 or more.',
    `f:8: devices[2].driver: there is no driver "scanner". Choose: ${DRIVERS}.`,
    'f:10: compartments[0].device: there is no device "lift". Did you mean "left"?',
    'f:11: compartments[1].channel: is 25, but right has 24 locks. Mend it, or the channels of the board.',
  ])
})

test('no text whatever makes the reader throw', () => {
  const lines = good.split('\n')
  const middles = [
    '',
    '  - {}',
    'x',
    '  ? ',
    '- - -',
    '*a',
    'lines: 3',
    '  - { name: [], line: {}, driver: 1 }',
    '  options: [1]',
    '\u0000',
  ]
  for (let cut = 0; cut < lines.length; cut++)
    for (const middle of middles)
      expect(
        explained([...lines.slice(0, cut), middle, ...lines.slice(cut + 1)].join('\n')).every(line =>
          line.startsWith('f:'),
        ),
      ).toBe(true)
})

test('thousands of boards on one line are held against each other in a moment', () => {
  const boards = Array.from({ length: 4_000 }, (_, i) => `  - { name: d${i}, line: locks, driver: lock-8a }`)
  const text = good.replace(/devices:[\s\S]*/, `devices:\n${boards.join('\n')}`)
  expect(explained(text)).toHaveLength(201)
}, 5_000)
