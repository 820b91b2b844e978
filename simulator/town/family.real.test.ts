import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { systemClock } from '../../drivers/host/clock.ts'
import { cu12Board } from '../devices/cu12-board.ts'
import { cu16Board } from '../devices/cu16-board.ts'
import { cu48Board } from '../devices/cu48-board.ts'
import { escposPrinter, receiptPrinter } from '../devices/escpos-printer.ts'
import { firmataBoard } from '../devices/firmata-board.ts'
import { gm65 } from '../devices/gm65.ts'
import { modbusRelayBoard } from '../devices/modbus-relay-board.ts'
import type { Latches } from '../devices/peripheral.ts'
import { cardReader, qibixxMdb } from '../devices/qibixx-mdb.ts'
import { ssiScanner } from '../devices/ssi-scanner.ts'
import { lane, vmc, vmcWorld } from '../devices/vmc.ts'
import { xyMd02Sensor } from '../devices/xy-md02-sensor.ts'
import { labelPrinter, zplPrinter } from '../devices/zpl-printer.ts'
import { cabinet } from '../world/cabinet.ts'
import { openPty } from '../world/pty.ts'
import { openStation, type Station } from './station.ts'

const air = { celsius: 21.5, humidity: 40 }
const receipts = receiptPrinter()
const tampered = { on: true }

/** Every kind of board on real ttys, several to a cable where a cable may be shared. */
const open = () => {
  const vending = vmcWorld([1, lane()])
  const device = (
    name: string,
    driver: string,
    plug: (latches: Latches) => ReturnType<typeof vmc>,
    options = {},
  ) => ({
    name,
    driver,
    options,
    plug,
  })
  const relays = (latches: Latches) =>
    modbusRelayBoard({ address: 2, linkage: true }, latches, { on: channel => channel === 10 && tampered.on })
  return openStation({
    kerong: {
      baud: 19_200,
      devices: [
        {
          ...device('cu16', 'kerong-cu16', latches => cu16Board({ address: 0 }, latches)),
          doors: ['A1', 'A2'],
        },
        {
          ...device('cu12', 'kerong-cu12', latches => cu12Board({ address: 3 }, latches), { address: 3 }),
          doors: ['B1', 'B2'],
        },
        {
          ...device('cu48', 'kerong-cu48', latches => cu48Board({ address: 9 }, latches), { address: 9 }),
          doors: ['C1', 'C2'],
        },
      ],
    },
    modbus: {
      baud: 9_600,
      devices: [
        {
          ...device('relays', 'modbus-relay', latches => relays(latches).plug, {
            address: 2,
            signals: [{ channel: 10, name: 'tamper', on: 0 }],
          }),
          doors: ['D1', 'D2'],
        },
        device('climate', 'xy-md02', () => xyMd02Sensor({ address: 5 }, air), { address: 5, poll_ms: 1_000 }),
      ],
    },
    vending: { baud: 57_600, devices: [device('vmc', 'fa-fb-vmc', () => vmc({}, vending))] },
    terminal: {
      baud: 115_200,
      devices: [device('card', 'qibixx-mdb', () => qibixxMdb({}, cardReader(500)))],
    },
    label: { baud: 9_600, devices: [device('label', 'zpl-printer', () => zplPrinter({}, labelPrinter()))] },
    receipt: {
      baud: 9_600,
      devices: [device('receipt', 'escpos-printer', () => escposPrinter({}, receipts))],
    },
    module: { baud: 9_600, devices: [device('module', 'gm65', () => gm65({}).plug)] },
    zebra: { baud: 9_600, devices: [device('zebra', 'zebra-ssi', () => ssiScanner({}).plug)] },
    lights: {
      baud: 57_600,
      devices: [
        device(
          'lights',
          'firmata-board',
          () =>
            firmataBoard({}, { high: () => false, analog: () => 0, driven: () => {}, watch: () => () => {} }),
          { parts: [{ type: 'light', channel: 1, pin: 3 }] },
        ),
      ],
    },
  })
}

const NAMES = [
  'cu16',
  'cu12',
  'cu48',
  'relays',
  'climate',
  'vmc',
  'card',
  'label',
  'receipt',
  'module',
  'zebra',
  'lights',
]

let station: Station & Awaited<ReturnType<typeof open>>

beforeAll(async () => {
  station = (await open()) as typeof station
  station.startAgent()
  await station.operator.until(
    'every device to answer',
    () =>
      NAMES.every(name =>
        station.operator.book.rows.some(
          ({ entry }) => entry.type === 'device-online' && entry.device === name,
        ),
      ),
    40_000,
  )
})

afterAll(() => station?.close())

function pawl(args: string[], input = ''): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['agent/cli/main.ts', ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ran = { out: '', err: '' }
  child.stdout.on('data', (text: Buffer) => {
    ran.out += text
  })
  child.stderr.on('data', (text: Buffer) => {
    ran.err += text
  })
  child.stdin.end(input)
  return new Promise(resolve => child.on('close', code => resolve({ code, ...ran })))
}

const status = async () => JSON.parse((await pawl(['status', '--json', '--socket', station.socket])).out)
const deviceOf = (said: { devices: { name: string }[] }, name: string) =>
  said.devices.find(each => each.name === name)

/** Whether the status of a device comes to hold these words; each look takes a third of a second. */
async function comes(name: string, words: string): Promise<boolean> {
  for (let turn = 0; turn < 40; turn++)
    if (JSON.stringify(deviceOf(await status(), name)).includes(words)) return true
  return false
}

test('every kind of board answers the real agent on a real tty, each with its health', async () => {
  const said = await status()
  for (const name of NAMES)
    expect(deviceOf(said, name), name).toMatchObject({ online: true, acceptance: 'none' })
  expect(deviceOf(said, 'climate')).toMatchObject({ said: { climate: { celsius: 21.5, humidity: 40 } } })
  expect(deviceOf(said, 'receipt')).toMatchObject({ said: { printer: { ready: true } } })
  expect(deviceOf(said, 'cu12')).toMatchObject({ quiet_seconds: 0, stats: { bugs: 0 } })
})

test.each(['A1', 'B2', 'C1', 'D2'])(
  'the cloud has %s opened by its own board, and no other door moves',
  async door => {
    const before = station.steel.doors.map(({ releases }) => releases.length)
    const id = station.operator.instruct({
      kind: 'open',
      compartment: door,
      reason: 'test',
      by: 'test',
      clear: false,
    })
    await station.operator.until(
      `${door} to open`,
      entry => entry.type === 'door-opened' && entry.compartment === door,
    )
    station.steel.door(door).push()
    await station.operator.until('an answer', entry => entry.type === 'instruction-ended' && entry.id === id)
    const board = { A: 'cu16', B: 'cu12', C: 'cu48', D: 'relays' }[door[0] as 'A']
    expect(deviceOf(await status(), board)).toMatchObject({ latches: { cycles: 1, slow: [] } })
    const moved = station.steel.doors.filter(({ releases }, index) => releases.length !== before[index])
    expect(moved.map(({ name }) => name)).toEqual([door])
  },
)

test('a contact that changes is in the journal, and in the status', async () => {
  tampered.on = false
  await station.operator.until(
    'the tamper contact',
    entry => entry.type === 'input-changed' && entry.input === 'tamper' && entry.on,
  )
  expect(deviceOf(await status(), 'relays')).toMatchObject({ said: { tamper: true } })
})

test('out of paper is known before anybody wants to print', async () => {
  receipts.paperOut = true
  expect(await comes('receipt', 'paper-out')).toBe(true)
})

test('a card terminal that was off is switched on', async () => {
  expect(await comes('card', '"payment":"idle"')).toBe(true)
})

test('a board that dies leaves its conversation behind, and its neighbours go on', async () => {
  station.lines.kerong.kill(1)
  await station.operator.until(
    'cu12 to be missed',
    ({ type, ...entry }) => type === 'device-offline' && 'device' in entry && entry.device === 'cu12',
  )
  const folder = join(station.data, 'captures')
  const [file = ''] = readdirSync(folder).filter(name => name.includes('kerong'))
  const text = readFileSync(join(folder, file), 'utf8')
  expect(text).toContain('because cu12 went offline')
  expect(text).toContain('> 02 03 00 80 00 00 03 88')
  expect(deviceOf(await status(), 'cu16')).toMatchObject({ online: true })
  station.lines.kerong.revive(1)
  const { out, code } = await pawl(['capture', 'kerong', '--socket', station.socket])
  expect(code).toBe(0)
  expect(out).toMatch(/^# pawl capture 1\n# line kerong: .*19200 baud\n/)
})

test('of a line with a scanner a capture holds lengths only', async () => {
  const { out } = await pawl(['capture', 'zebra', '--socket', station.socket])
  expect(out).toMatch(/> \(\d+ bytes\)/)
  expect(out).not.toMatch(/[><] [0-9A-F]{2}( |$)/m)
})

test('a line that does not exist is said, with those that do', async () => {
  const { code, err } = await pawl(['capture', 'kerongs', '--socket', station.socket])
  expect(code).toBe(4)
  expect(err).toContain('there is no line "kerongs": did you mean kerong?')
})

test('beside a running agent nothing is brought up', async () => {
  const { code, err } = await pawl(['bring-up', 'cu16', '--site', station.site], 'y\n'.repeat(9))
  expect(code).toBe(4)
  expect(err).toContain('The agent is running')
})

test('on a line of which nothing is known, boards are found, and the lines to paste are a good site file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-scan-'))
  const steel = cabinet({ clock: systemClock, names: ['1', '2'] })
  const port = openPty({
    clock: systemClock,
    baud: 19_200,
    link: join(folder, 'tty'),
    plugs: [cu16Board({ address: 6 }, steel.latches(['1'])), cu12Board({ address: 1 }, steel.latches(['2']))],
  })
  try {
    const { out } = await pawl(['lines', '--scan', port.path])
    // Sentences are folded at 80 columns.
    const words = out.replace(/\s+/g, ' ')
    expect(words).toContain('kerong-cu16 {"address":6} at 19200: 1 of 16 locks read closed.')
    expect(words).toContain('kerong-cu12 {"address":1} at 19200: 1 of 12 locks read closed.')
    expect(words).not.toContain('Doubt')
    const site = join(folder, 'site.yaml')
    writeFileSync(site, `unit: found\n${out.slice(out.indexOf('lines:\n'))}`)
    expect(await pawl(['check', site])).toMatchObject({ code: 0 })
    expect(port.ruined).toEqual([])
    expect(steel.doors.flatMap(({ releases }) => releases)).toEqual([])
  } finally {
    port.unplug()
    rmSync(folder, { recursive: true })
  }
}, 120_000)

test('a board is brought up at the terminal, and its record is void when a setting changes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-bring-'))
  const steel = cabinet({ clock: systemClock, names: ['A1', 'A2'] })
  const port = openPty({
    clock: systemClock,
    baud: 19_200,
    link: join(folder, 'tty'),
    plugs: [cu16Board({ address: 0 }, steel.latches(['A1', 'A2']))],
  })
  // Whoever stands before it shuts each door a moment after it opened.
  const stop = steel.watch(door => {
    if (door.open) systemClock.after(1_200, () => door.push())
  })
  const site = {
    unit: 'bench',
    data: 'data',
    lines: [{ name: 'bus', serial: { path: port.path, baud: 19_200 } }],
    devices: [{ name: 'board', line: 'bus', driver: 'kerong-cu16', options: { channels: 2 } }],
    compartments: ['A1', 'A2'].map((name, index) => ({
      name,
      size: 'S',
      height_mm: 1_000,
      device: 'board',
      channel: index + 1,
    })),
  }
  const file = join(folder, 'site.yaml')
  writeFileSync(file, stringify(site))
  try {
    const done = await pawl(['bring-up', 'board', '--site', file, '--json'], 'y\n'.repeat(9))
    expect(done.code, done.err).toBe(0)
    expect(JSON.parse(done.out)).toMatchObject({
      ok: true,
      device: 'board',
      locks: [{ channel: 1 }, { channel: 2 }],
    })
    expect(steel.doors.map(({ releases }) => releases.length)).toEqual([1, 1])
    const no = await pawl(['bring-up', 'board', '--site', file], 'y\n')
    expect(no.code).toBe(1)
    expect(no.out).toContain('Not accepted.')
    expect(await pawl(['bring-up', 'bord', '--site', file])).toMatchObject({ code: 2 })
  } finally {
    stop()
    port.unplug()
    rmSync(folder, { recursive: true })
  }
}, 120_000)
