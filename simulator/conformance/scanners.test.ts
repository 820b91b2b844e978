import { describe, expect, test } from 'vitest'
import type { Driver } from '../../drivers/device.ts'
import { gm65 } from '../../drivers/gm65/driver.ts'
import { hidPosScanner } from '../../drivers/hid-pos-scanner/driver.ts'
import { lineScanner } from '../../drivers/line-scanner/driver.ts'
import { rdm6300 } from '../../drivers/rdm6300/driver.ts'
import { serialKeypad } from '../../drivers/serial-keypad/driver.ts'
import { zebraSsi } from '../../drivers/zebra-ssi/driver.ts'
import { commandedScanner } from '../devices/commanded-scanner.ts'
import { gm65 as gm65Twin } from '../devices/gm65.ts'
import { hidPosScanner as hidTwin } from '../devices/hid-pos-scanner.ts'
import { keypad } from '../devices/keypad.ts'
import { type LineScanner, lineScanner as lineTwin } from '../devices/line-scanner.ts'
import { rdm6300 as rdm6300Twin } from '../devices/rdm6300.ts'
import { ssiScanner } from '../devices/ssi-scanner.ts'
import { random } from '../world/random.ts'
import { plugged } from './plugged.ts'

interface Twin {
  driver: Driver<never>
  options?: object
  baud: number
  make(): LineScanner
  /** It reads only after a trigger. */
  triggered?: true
  /** It says which kind of code it was. */
  aim?: true
  /** It has packets with a checksum, or a port that cannot damage bytes: on a bad cable no code is ever wrong. */
  sound?: true
}

const any = (driver: unknown) => driver as Driver<never>

const TWINS: [string, Twin][] = [
  [
    'line-scanner',
    { driver: any(lineScanner), baud: 115_200, make: () => lineTwin({ aim: true }), aim: true },
  ],
  [
    'line-scanner without a suffix',
    { driver: any(lineScanner), baud: 115_200, make: () => lineTwin({ suffix: '' }) },
  ],
  [
    'line-scanner, Honeywell',
    {
      driver: any(lineScanner),
      options: { commands: 'honeywell' },
      baud: 9_600,
      make: () => commandedScanner({ brand: 'honeywell' }),
      triggered: true,
    },
  ],
  [
    'line-scanner, Newland',
    {
      driver: any(lineScanner),
      options: { commands: 'newland' },
      baud: 9_600,
      make: () => commandedScanner({ brand: 'newland' }),
      triggered: true,
    },
  ],
  ['gm65', { driver: any(gm65), baud: 9_600, make: () => gm65Twin({ aim: true }), aim: true }],
  [
    'gm65, triggered',
    { driver: any(gm65), baud: 9_600, make: () => gm65Twin({ triggered: true }), triggered: true },
  ],
  ['zebra-ssi', { driver: any(zebraSsi), baud: 9_600, make: () => ssiScanner({}), sound: true }],
  [
    'zebra-ssi in small segments',
    { driver: any(zebraSsi), baud: 9_600, make: () => ssiScanner({ segment: 241 }), sound: true },
  ],
  ['hid-pos-scanner', { driver: any(hidPosScanner), baud: 921_600, make: () => hidTwin({}), aim: true }],
  [
    'hid-pos-scanner, identifier one byte later',
    { driver: any(hidPosScanner), baud: 921_600, make: () => hidTwin({ aimShift: 1 }), aim: true },
  ],
  [
    'hid-pos-scanner, Honeywell',
    {
      driver: any(hidPosScanner),
      options: { vendor: 'honeywell' },
      baud: 921_600,
      make: () => hidTwin({ needsEnabling: true }),
      aim: true,
    },
  ],
]

const GS1 = '0100312345678906\u001d10LOT7\u001d1726123121SER\u00e9'
const LONG = Array.from({ length: 30 }, (_, index) => `PIECE-${index}`).join('/')

function bench({ driver, options = {}, baud, make, triggered }: Twin) {
  const scanner = make()
  const plug = plugged({ driver, options, plugs: [scanner.plug], baud })
  const { device, by } = plug
  return {
    ...plug,
    /** Holds a code before it, and pulls the trigger where there is one. */
    async show(code: string, wait = 2_000): Promise<string[]> {
      if (triggered) {
        const outcome = device.send({ type: 'trigger', on: true, by: by() })
        await plug.clock.pass(100)
        expect(await outcome).toEqual({ ok: true })
      }
      scanner.scan(code, ']Q1')
      return plug.pass(wait)
    },
  }
}

describe.each(TWINS)('%s', (_name, twin) => {
  const told = (code: string) => (twin.aim ? `]Q1${code}` : code)

  test('a code is told once, byte for byte', async () => {
    const { online, show } = bench(twin)
    await online()
    expect(await show('K1:1111')).toEqual([told('K1:1111')])
    expect(await show(GS1)).toEqual([told(GS1)])
  })

  test('a long code comes out whole', async () => {
    const { online, show } = bench(twin)
    await online()
    expect(await show(LONG)).toEqual([told(LONG)])
  })

  test('the same code again at once is one reading, and later another', async () => {
    const { online, show } = bench(twin)
    await online()
    expect(await show('K1:1111', 200)).toEqual([told('K1:1111')])
    expect(await show('K1:1111', 200)).toEqual([])
    await show('', 3_000).catch(() => [])
    expect(await show('K1:1111')).toEqual([told('K1:1111')])
  })

  test('unplugged it is offline at once; plugged in again it reads', async () => {
    const { online, pass, wire, show } = bench(twin)
    await online()
    wire.cut()
    expect(await pass(100)).toEqual(['offline: line-down'])
    wire.mend()
    expect(await pass(15_000)).toEqual(['online'])
    expect(await show('K2:2222')).toEqual([told('K2:2222')])
  })

  test('in pieces, however they come, codes are the same', async () => {
    const { online, faults, show } = bench(twin)
    await online()
    if (twin.driver.wire === 'hid') return
    Object.assign(faults, { split: 500 })
    const dice = random(5)
    for (let turn = 0; turn < 40; turn++) {
      const code = `K${turn}:${dice.between(1_000, 9_999)}`
      expect(await show(code, 4_000)).toEqual([told(code)])
    }
  })
})

test('a lost ACK costs nothing: the packet that comes again is acknowledged and not told twice', async () => {
  const scanner = ssiScanner({ repeats: 10 })
  const { online, pass, faults } = plugged({
    driver: zebraSsi,
    options: { same_code_ms: 0 },
    plugs: [scanner.plug],
  })
  await online()
  Object.assign(faults, { lost: 300 })
  const codes = Array.from({ length: 30 }, (_, index) => `K${index}`)
  const told: string[] = []
  for (const code of codes) {
    scanner.scan(code, ']Q1')
    told.push(...(await pass(40_000)).filter(each => each.startsWith('K')))
  }
  expect(told).toEqual(codes)
})

test('on a bad cable a scanner with checksums never tells a wrong code', async () => {
  const scanner = ssiScanner({ repeats: 10 })
  const { online, pass, faults, struck } = plugged({ driver: zebraSsi, plugs: [scanner.plug], seed: 4 })
  await online()
  Object.assign(faults, { flipped: 200, noise: 200, lost: 50, split: 200 })
  const codes = new Set(Array.from({ length: 100 }, (_, index) => `CODE-${index}`))
  const told: string[] = []
  for (const code of codes) {
    scanner.scan(code, ']Q1')
    told.push(...(await pass(30_000)).filter(each => !/^o(n|ff)line/.test(each)))
  }
  expect(told.filter(each => !codes.has(each))).toEqual([])
  expect(told.length).toBeGreaterThan(90)
  expect(struck.get('flipped')).toBeGreaterThan(50)
})

test('a scanner that lost its power is told to send packets again', async () => {
  const scanner = ssiScanner({})
  const { online, pass, wire } = plugged({ driver: zebraSsi, plugs: [scanner.plug] })
  await online()
  wire.kill(0)
  expect(await pass(60_000)).toEqual([expect.stringMatching(/^offline/)])
  wire.revive(0)
  expect(await pass(60_000)).toEqual(['online'])
  scanner.scan('K1', ']Q1')
  expect(await pass(2_000)).toEqual(['K1'])
})

test('a module that is dead is told, though it never speaks unasked', async () => {
  const scanner = gm65Twin({})
  const { online, pass, wire } = plugged({ driver: gm65, plugs: [scanner.plug] })
  await online()
  wire.kill(0)
  expect(await pass(60_000)).toEqual([expect.stringMatching(/^offline/)])
})

test('a badge that stays is told once, and again when it was away', async () => {
  const reader = rdm6300Twin({})
  const { online, pass } = plugged({ driver: rdm6300, plugs: [reader.plug] })
  await online()
  reader.hold('0A00123456')
  expect(await pass(10_000)).toEqual(['badge 0A00123456'])
  reader.takeAway()
  await pass(2_000)
  reader.hold('0A00123456')
  expect(await pass(1_000)).toEqual(['badge 0A00123456'])
  reader.hold('010068AC23')
  expect(await pass(1_000)).toEqual(['badge 010068AC23'])
})

test('on a bad cable no badge is ever wrong', async () => {
  const reader = rdm6300Twin({})
  const { online, pass, faults } = plugged({ driver: rdm6300, plugs: [reader.plug], seed: 6 })
  await online()
  Object.assign(faults, { flipped: 300, noise: 300, lost: 100, split: 300 })
  reader.hold('0A00123456')
  expect(new Set(await pass(600_000))).toEqual(new Set(['badge 0A00123456']))
})

test('keys are told one by one', async () => {
  const pad = keypad()
  const { online, pass } = plugged({ driver: serialKeypad, plugs: [pad.plug] })
  await online()
  pad.press('12*#\r')
  expect(await pass(1_000)).toEqual(['key 1', 'key 2', 'key *', 'key #', 'key enter'])
})
