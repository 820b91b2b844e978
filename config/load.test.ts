import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readSite } from './load.ts'
import { explain } from './problem.ts'

const good = `unit: garage-1
lines:
  - name: locks
    serial: { path: /dev/ttyS0, baud: 9600 }
  - name: annexe
    tcp: { host: converter.lan, port: 5000 }
devices:
  - { name: board, line: locks, driver: lock-8a }
  - { name: other, line: annexe, driver: lock-8a }
compartments:
  - { name: A1, size: S, height_mm: 1500, device: board, channel: 1 }
  - { name: A2, size: M, height_mm: 1100, device: board, channel: 2 }
cloud:
  broker: mqtts://broker.example.com
policy:
  order_seconds: 2
`

const explained = (text: string): string[] => {
  const loaded = readSite(text)
  return loaded.ok ? [] : loaded.problems.map(problem => explain('f', problem))
}

test('a good site is read, with every default filled in', () => {
  const loaded = readSite(good)
  expect(loaded).toMatchObject({
    ok: true,
    site: {
      data: 'run',
      lines: [{ echo: 'auto', serial: { parity: 'none', data_bits: 8 } }, { tcp: { baud: 9_600 } }],
      devices: [{ options: {} }, {}],
      compartments: [{ sensor: 'normal' }, {}],
      cloud: { mqtt: 'auto', topic_root: 'pawl/v1' },
      policy: { order_seconds: 2, unlock_seconds: 3, low_reach_mm: 1_200 },
    },
  })
})

const NAME =
  'Give it a name of 1 to 32 letters, digits, dots, dashes and underscores, a letter or digit first.'

/** What is changed in the good site, and what is then said: all of it, and nothing else. */
const refusals: [what: string, from: string, to: string, ...said: string[]][] = [
  ['a missing setting', 'unit: garage-1\n', '', 'f:1: unit: is missing. Give it some text.'],
  ['a setting of the wrong kind', 'unit: garage-1', 'unit: [a]', 'f:1: unit: is a list. Give it some text.'],
  ['a number for a name', 'unit: garage-1', 'unit: 12', 'f:1: unit: is 12. Give it some text.'],
  ['an empty setting', 'unit: garage-1', 'unit:', 'f:1: unit: is empty. Give it some text.'],
  ['a name with a space', 'unit: garage-1', 'unit: garage 1', `f:1: unit: is "garage 1". ${NAME}`],
  [
    'a setting nobody knows, near one that is known',
    'port: 5000 }',
    'prt: 5000 }',
    'f:6: lines[1].tcp.port: is missing. Give it a number.',
    'f:6: lines[1].tcp.prt: unknown setting "prt". Did you mean "port"? Known here: host, port, baud.',
  ],
  [
    'a setting nobody knows',
    'driver: lock-8a }\n  -',
    'driver: lock-8a, colour: red }\n  -',
    'f:8: devices[0].colour: unknown setting "colour". Known here: name, line, driver, options.',
  ],
  [
    'a setting in the wrong place, though known elsewhere',
    '  - name: locks\n',
    '  - name: locks\n    channel: 9600\n',
    'f:4: lines[0].channel: unknown setting "channel". Known here: name, serial, tcp, hid, echo.',
  ],
  [
    'a choice that is none, near one that is',
    'name: annexe',
    'name: annexe\n    echo: auot',
    'f:6: lines[1].echo: is "auot". Did you mean "auto"? Choose: auto, yes, no.',
  ],
  ['a size that is none', 'size: M', 'size: 7', 'f:12: compartments[1].size: is 7. Choose: XS, S, M, L, XL.'],
  [
    'a number that is too large',
    'height_mm: 1100',
    'height_mm: 11000',
    'f:12: compartments[1].height_mm: is 11000. Give it 3000 millimetres or less.',
  ],
  [
    'a number that is too small',
    'order_seconds: 2',
    'left_open_seconds: 1',
    'f:16: policy.left_open_seconds: is 1. Give it 10 seconds or more.',
  ],
  [
    'half a number where only whole ones go',
    'channel: 2',
    'channel: 2.5',
    'f:12: compartments[1].channel: is 2.5. Give it a whole number.',
  ],
  [
    'a speed no port has',
    'baud: 9600',
    'baud: 96',
    'f:4: lines[0].serial.baud: is 96. Give it 300 bits per second or more.',
  ],
  [
    'data bits no port has',
    'baud: 9600',
    'data_bits: 9',
    'f:4: lines[0].serial.data_bits: is 9. Choose: 7, 8.',
  ],
  [
    'a port that is no path',
    '/dev/ttyS0',
    'COM1',
    'f:4: lines[0].serial.path: is "COM1". Give it a path such as /dev/serial/by-id/usb-FTDI_FT232R_A10K1X2C-if00-port0.',
  ],
  [
    'neither serial nor tcp',
    'serial: { path: /dev/ttyS0, baud: 9600 }',
    'echo: no',
    'f:3: lines[0]: says neither serial nor tcp nor hid. Give it one of them.',
  ],
  [
    'both serial and tcp',
    'name: locks\n',
    'name: locks\n    tcp: { host: x, port: 1 }\n',
    'f:3: lines[0]: says both serial and tcp. Give it one of them.',
  ],
  [
    'one port for two lines',
    'tcp: { host: converter.lan, port: 5000 }',
    'serial: { path: /dev/ttyS0 }',
    "f:6: lines[1].serial.path: /dev/ttyS0 is another line's already. Put all devices of one cable on one line.",
  ],
  [
    'one converter for two lines',
    'serial: { path: /dev/ttyS0, baud: 9600 }',
    'tcp: { host: Converter.LAN, port: 5000 }',
    "f:6: lines[1].tcp: converter.lan:5000 is another line's already. Put all devices of one cable on one line.",
  ],
  [
    'a line twice',
    'name: annexe',
    'name: locks',
    'f:5: lines[1].name: the name "locks" is taken by an earlier one. Give each its own name.',
    'f:9: devices[1].line: there is no line "annexe". Describe it under lines.',
  ],
  [
    'a device twice',
    'name: other',
    'name: board',
    'f:9: devices[1].name: the name "board" is taken by an earlier one. Give each its own name.',
  ],
  [
    'a compartment twice',
    'name: A2',
    'name: A1',
    'f:12: compartments[1].name: the name "A1" is taken by an earlier one. Give each its own name.',
  ],
  [
    'a line that is nowhere',
    'line: locks',
    'line: lokcs',
    'f:8: devices[0].line: there is no line "lokcs". Did you mean "locks"?',
  ],
  [
    'a device that is nowhere',
    'device: board, channel: 2',
    'device: cellar, channel: 2',
    'f:12: compartments[1].device: there is no device "cellar". Describe it under devices.',
  ],
  [
    'one lock for two doors',
    'channel: 2',
    'channel: 1',
    "f:12: compartments[1].channel: channel 1 of board is another compartment's already. Give each compartment its own lock.",
  ],
  [
    'a site without lines',
    /lines:[\s\S]*?devices:/.exec(good)?.[0] ?? '',
    'lines: []\ndevices:',
    'f:2: lines: is an empty list. Give it 1 entry or more.',
    'f:4: devices[0].line: there is no line "locks". Describe it under lines.',
    'f:5: devices[1].line: there is no line "annexe". Describe it under lines.',
  ],
  [
    'a broker that is no broker',
    'mqtts://broker.example.com',
    'https://broker.example.com',
    'f:14: cloud.broker: is "https://broker.example.com". Give it an address such as mqtts://broker.example.com:8883.',
  ],
  [
    'a password in the address of the broker',
    'mqtts://',
    'mqtts://me:secret@',
    'f:14: cloud.broker: holds a name or a password. Put them into username and password_file.',
  ],
  [
    'a name without a password',
    'cloud:',
    'cloud:\n  username: me',
    'f:14: cloud.username: is of no use without password_file. Name a file that holds the password.',
  ],
  [
    'a password without a name',
    'cloud:',
    'cloud:\n  password_file: x',
    'f:14: cloud.password_file: is of no use without username. Say the name that goes with the password.',
  ],
  [
    'a certificate without its key',
    'cloud:',
    'cloud:\n  cert_file: x',
    'f:14: cloud.cert_file: is of no use without key_file. Name the file with its private key.',
  ],
  [
    'a key without its certificate',
    'cloud:',
    'cloud:\n  key_file: x',
    'f:14: cloud.key_file: is of no use without cert_file. Name the file with its certificate.',
  ],
  [
    'an authority where nothing is encrypted',
    'broker: mqtts:',
    'ca_file: ca.pem\n  broker: mqtt:',
    'f:14: cloud.ca_file: is of no use to mqtt://broker.example.com. Begin the broker with mqtts:// or wss://.',
  ],
  [
    'topics that are none',
    'cloud:',
    'cloud:\n  topic_root: a/#',
    'f:14: cloud.topic_root: is "a/#". Give it one to three levels such as pawl/v1.',
  ],
  [
    'orders that outlive their try',
    'order_seconds: 2',
    'order_seconds: 4',
    'f:16: policy.order_seconds: is 4, longer than unlock_seconds (3): a second unlock would be sent beside the first. Make it the shorter of the two.',
  ],
  ['a setting twice', 'devices:', 'unit: b\ndevices:', 'f:7: unit: is there twice. Keep one of the two.'],
  [
    'a tab',
    '  order_seconds',
    '\torder_seconds',
    'f:16: Tabs are not allowed as indentation. Indent with spaces.',
  ],
  [
    'a tag',
    'unit: garage-1',
    'unit: !secret x',
    'f:1: Unresolved tag: !secret. Take out what begins with !, or put the text in quotes.',
  ],
  [
    'an alias of nothing',
    'unit: garage-1',
    'unit: *name',
    'f:1: unit: nothing is named &name. Write &name before what *name repeats, or write it out.',
  ],
]

test.each(refusals)('%s is refused, with its line and what to do', (_what, from, to, ...said) => {
  expect(good).toContain(from)
  expect(explained(good.replace(from, to))).toEqual(said)
})

test('parts may be repeated by an alias, as long as they are few', () => {
  const site = good
    .replace('baud: 9600 }', 'baud: &speed 19200 }')
    .replace('port: 5000 }', 'port: 5000, baud: *speed }')
  expect(readSite(site)).toMatchObject({ ok: true, site: { lines: [{}, { tcp: { baud: 19_200 } }] } })
})

test('every problem of a file is listed at once, line by line', () => {
  const bad = good
    .replace('unit: garage-1', 'unti: garage-1')
    .replace('baud: 9600', 'baud: fast')
    .replace('line: locks', 'line: lock')
    .replace('driver: lock-8a }\n  -', 'drivr: lock-8a }\n  -')
    .replace('size: M, height_mm: 1100', 'size: MM')
    .replace('channel: 2', 'channel: 1')
    .replace('broker:', 'brocker:')
    .replace('order_seconds: 2', 'order_seconds: soon')
  expect(explained(bad)).toEqual([
    'f:1: unit: is missing. Give it some text.',
    'f:1: unti: unknown setting "unti". Did you mean "unit"? Known here: unit, data, lines, devices, compartments, products, lanes, staff, access, commands, kiosk, power, cloud, policy.',
    'f:4: lines[0].serial.baud: is "fast". Give it a number.',
    'f:8: devices[0].driver: is missing. Give it some text.',
    'f:8: devices[0].drivr: unknown setting "drivr". Did you mean "driver"? Known here: name, line, driver, options.',
    'f:8: devices[0].line: there is no line "lock". Did you mean "locks"?',
    'f:12: compartments[1].size: is "MM". Did you mean "M"? Choose: XS, S, M, L, XL.',
    'f:12: compartments[1].height_mm: is missing. Give it a number.',
    "f:12: compartments[1].channel: channel 1 of board is another compartment's already. Give each compartment its own lock.",
    'f:13: cloud.broker: is missing. Give it an address such as mqtts://broker.example.com:8883.',
    'f:14: cloud.brocker: unknown setting "brocker". Did you mean "broker"? Known here: broker, username, password_file, ca_file, cert_file, key_file, mqtt, topic_root.',
    'f:16: policy.order_seconds: is "soon". Give it a number.',
  ])
})

describe('what no site file should hold is refused in a moment', () => {
  const many = (count: number, one: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => one(i))
  const bomb = many(9, i => `k${i}: &k${i} [${Array(9).fill(i === 0 ? 'x' : `*k${i - 1}`)}]`)

  test.each([
    ['nothing', '', 'f:1: the file says nothing. Begin with a copy of an example from config/sites.'],
    ['a list', '- a', 'f:1: is a list. Give it settings of its own.'],
    ['two documents', 'a: 1\n---\nb: 2', 'f:2: Source contains multiple documents; '],
    [
      'aliases that stand for gigabytes',
      bomb.join('\n'),
      'f:2: k1[0]: aliases (*name) repeat more than a file may hold. Write repeated parts out.',
    ],
    [
      'aliases without end',
      `a: &a x\nb: [${Array(50_000).fill('*a')}]`,
      'f:2: b[0]: aliases (*name) repeat more than',
    ],
    ['an alias that holds itself', 'unit: &a [*a]', 'f:1: unit: is a list. Give it some text.'],
    [
      'lists in lists in lists',
      '['.repeat(100_000),
      'f:1: it is nested too deeply to read. A site file is five levels deep.',
    ],
    [
      'lists in lists, all of them closed',
      '['.repeat(9_000) + ']'.repeat(9_000),
      'f:1: it is nested too deeply to read.',
    ],
    [
      'a quarter of a megabyte',
      `# ${'x'.repeat(1 << 18)}`,
      'f:1: the file is larger than 256 KiB. A site file is a few hundred lines.',
    ],
    ['thousands of unknown settings', many(20_000, i => `k${i}: 1`).join('\n'), 'f:1: unit: is missing.'],
    [
      'thousands of bad devices',
      `devices:\n${many(12_000, () => '- {nam: x}').join('\n')}`,
      'f:1: unit: is missing.',
    ],
  ])(
    '%s',
    (_what, text, first) => {
      const said = explained(text)
      expect(said[0]?.slice(0, first.length)).toBe(first)
      expect(said.length).toBeLessThanOrEqual(201)
    },
    5_000,
  )

  test('and where there are too many problems to mend at once, that is said last', () => {
    const said = explained(many(300, i => `k${i}: 1`).join('\n'))
    expect(said).toHaveLength(201)
    expect(said.at(-1)).toMatch(/: there are more problems than these\. Mend these first\.$/)
  })
})

test('a thousand random changes to an example never make the reader throw, and each file is read or has its problems', () => {
  const example = readFileSync('config/sites/auto-centre.yaml', 'utf8')
  const bits = [
    '',
    '\n',
    '  ',
    '- ',
    ': ',
    '{',
    ']',
    '&a ',
    '*a',
    '!x ',
    '~',
    '0',
    '-1',
    '1e999',
    '.nan',
    '"',
    '\t',
    '|\n',
    '? ',
    '<<: ',
    '\u0000',
    '\ufeff',
    '__proto__: ',
    'channel: ',
  ]
  let state = 1
  const draw = (below: number): number => {
    state = Math.imul(state, 48_271) >>> 0 || 1
    return Math.floor((state / 2 ** 32) * below)
  }
  const seen = { good: 0, bad: 0 }
  for (let round = 0; round < 1_000; round++) {
    let text = example
    for (let change = draw(3); change >= 0; change--) {
      const at = draw(text.length)
      text = text.slice(0, at) + bits[draw(bits.length)] + text.slice(at + draw(4) * draw(8))
    }
    const loaded = readSite(text)
    if (loaded.ok) seen.good++
    else seen.bad++
    const problems = loaded.ok ? [] : loaded.problems
    expect(loaded.ok || problems.length > 0, text).toBe(true)
    for (const { line, says, remedy } of problems) {
      expect(line).toBeGreaterThanOrEqual(1)
      expect(line).toBeLessThanOrEqual(text.split('\n').length)
      expect(says && remedy).not.toBe('')
    }
  }
  expect(seen.good).toBeGreaterThan(50)
  expect(seen.bad).toBeGreaterThan(500)
})
