import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineScanner } from '../devices/line-scanner.ts'
import { lane, vmc, vmcWorld } from '../devices/vmc.ts'
import { openStation, type Station } from './station.ts'

const AMOX = '00312345678906'
const label = (serial: string, expiry: string): string => `01${AMOX}10LOT7\u001d17${expiry}21${serial}`

const scanner = lineScanner({ aim: true })
let station: Station

beforeAll(async () => {
  station = (await openStation(
    {
      vending: {
        baud: 57_600,
        devices: [
          { name: 'vmc', driver: 'fa-fb-vmc', options: {}, plug: () => vmc({}, vmcWorld([1, lane()])) },
        ],
      },
      packs: {
        baud: 115_200,
        devices: [{ name: 'pack-scanner', driver: 'line-scanner', options: {}, plug: () => scanner.plug }],
      },
    },
    {
      site: {
        products: [{ gtin: AMOX, name: 'Amoxicillin 500' }],
        lanes: [{ name: 'L1', device: 'vmc', channel: 1, product: AMOX, capacity: 3 }],
        kiosk: { pack_scanner: 'pack-scanner', time_zone: 'America/Chicago' },
      },
    },
  )) as Station
  station.startAgent()
  await online()
})

afterAll(() => station?.close())

const online = () =>
  station.operator.until('both devices', () =>
    ['vmc', 'pack-scanner'].every(name =>
      station.operator.book.rows.some(({ entry }) => entry.type === 'device-online' && entry.device === name),
    ),
  )

function pawl(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['agent/cli/main.ts', ...args, '--socket', station.socket], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ran = { out: '', err: '' }
  child.stdout.on('data', (text: Buffer) => {
    ran.out += text
  })
  child.stderr.on('data', (text: Buffer) => {
    ran.err += text
  })
  return new Promise(resolve => child.on('close', code => resolve({ code, ...ran })))
}

const packs = async () => JSON.parse((await pawl('stock', '--json')).out).stock[0].packs

test('a lane is filled pack by pack, each shown to the scanner; the cloud hears of each', async () => {
  expect((await pawl('load', 'L1', '--json')).code).toBe(0)
  scanner.scan(label('A1', '401231'), ']d2')
  await station.operator.until('the pack', entry => entry.type === 'pack-loaded' && entry.serial === 'A1')
  scanner.scan(label('A0', '200131'), ']d2')
  await station.operator.until('a refusal', entry => entry.type === 'pack-refused' && entry.why === 'expired')
  scanner.scan('K1:1111', ']Q1')
  await station.operator.until(
    'another',
    entry => entry.type === 'pack-refused' && entry.why === 'unreadable',
  )
  expect(await packs()).toEqual([{ position: 1, serial: 'A1', lot: 'LOT7', expiry: '2040-12-31' }])
  expect((await pawl('stock')).out).toMatch(/L1 +Amoxicillin 500 +1\/3/)
})

test('after a kill the packs are where they were, and the lane is not being filled any more', async () => {
  await station.endAgent('SIGKILL')
  station.startAgent()
  await station.operator.until(
    'the end of loading',
    entry => entry.type === 'load-ended' && entry.how === 'restart',
  )
  expect(await packs()).toHaveLength(1)
  expect(await pawl('load', 'L1', '--end')).toMatchObject({ code: 4 })
})

test('a pack is taken out by hand, with a reason; what is not there is refused', async () => {
  expect(await pawl('remove', AMOX, 'A1')).toMatchObject({ code: 2 })
  expect(await pawl('remove', AMOX, 'A1', '--reason', 'damaged')).toMatchObject({ code: 0 })
  expect(await packs()).toEqual([])
  expect(await pawl('remove', AMOX, 'A1', '--reason', 'damaged')).toMatchObject({ code: 4 })
  expect(await pawl('load', 'L9')).toMatchObject({ code: 4, out: 'Refused: there is no lane L9.\n' })
})
