import { expect, test } from 'vitest'
import { fromHex, toHex, workbench } from '../workbench.ts'
import { type Gm65Settings, gm65 } from './gm65.ts'

const DONE = '02 00 00 01 00 33 31'
const TRIGGER = '7E 00 08 01 00 02 01 AB CD'
const HEARTBEAT = '7E 00 0A 01 00 00 00 30 1A'
const ALIVE = '03 00 00 01 00 33 31'
const READ_MODE = '7E 00 07 01 00 00 01 AB CD'

function module(settings: Gm65Settings = {}) {
  const scanner = gm65(settings)
  const { say, hear, clock } = workbench(() => scanner.plug)
  const shown = async (code: string | Uint8Array, aim?: string) => {
    const sent = await hear(50, () => scanner.scan(code, aim))
    return sent.map(bytes => Buffer.from(fromHex(bytes)).toString('latin1'))
  }
  return { say, hear, shown, clock, scan: scanner.scan }
}

test('left to itself it sends each code with a carriage return', async () => {
  const { shown } = module()
  expect(await shown('0100')).toEqual(['0100\r'])
  expect(await module({ suffix: '\r\n' }).shown('0100')).toEqual(['0100\r\n'])
})

test('every byte of a code goes out as it is', async () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  expect(await module().shown(all)).toEqual([`${Buffer.from(all).toString('latin1')}\r`])
})

test.each([
  ['a trigger without a checksum', TRIGGER, DONE],
  ['a trigger with one', '7E 00 08 01 00 02 01 02 DA', DONE],
  ['saving', '7E 00 09 01 00 00 00 DE C8', DONE],
  ['setting 9600 baud', '7E 00 08 02 00 2A 39 01 A7 EA', DONE],
  ['the defaults', '7E 00 08 01 00 D9 55 D1 76', DONE],
  ['a heartbeat', HEARTBEAT, ALIVE],
])('%s is acknowledged', async (_, request, answer) => {
  expect(await module().say(request)).toEqual([answer])
})

test('asked for its baud rate it tells 9600, and what it was set to since', async () => {
  const { say } = module()
  expect(await say('7E 00 07 01 00 2A 02 D8 0F')).toEqual(['02 00 00 02 39 01 C1 4C'])
  await say('7E 00 08 02 00 2A 1A 00 AB CD')
  const [said] = await say('7E 00 07 01 00 2A 02 D8 0F')
  expect(said?.slice(0, 17)).toBe('02 00 00 02 1A 00')
})

test('triggered, it shows nothing until told, then one code after the acknowledgement', async () => {
  const { say, shown, hear, scan } = module({ triggered: true })
  expect(await shown('B1')).toEqual([])
  expect(await say(TRIGGER)).toEqual([DONE])
  expect(await shown('B2')).toEqual(['B2\r'])
  expect(await shown('B3')).toEqual([])
  await say(TRIGGER)
  expect(await hear(10, () => scan('B'))).toEqual(['42 0D'])
})

test('a trigger that sees nothing ends in silence', async () => {
  const { say, shown } = module({ triggered: true })
  expect(await say(TRIGGER, 4_900)).toEqual([DONE])
  expect(await shown('B1')).toEqual(['B1\r'])
  expect(await say(TRIGGER, 5_100)).toEqual([DONE])
  expect(await shown('B2')).toEqual([])
})

test('a trigger can be taken back', async () => {
  const { say, shown } = module({ triggered: true, readMillis: 1_000 })
  await say(TRIGGER)
  expect(await say('7E 00 08 01 00 02 00 AB CD')).toEqual([DONE])
  expect(await shown('B1')).toEqual([])
})

test('the mode byte says whether it reads all the time', async () => {
  const { say, shown } = module({ triggered: true })
  expect(await say('7E 00 08 01 00 00 D6 AB CD')).toEqual([DONE])
  expect(await shown('B1')).toEqual(['B1\r'])
  expect((await say(READ_MODE))[0]?.slice(0, 14)).toBe('02 00 00 01 D6')
  await say('7E 00 08 01 00 00 D5 AB CD')
  expect(await shown('B1')).toEqual([])
})

test('the AIM identifier comes once zone D0 says so', async () => {
  const { say, shown } = module()
  expect(await shown('0100', ']d2')).toEqual(['0100\r'])
  await say('7E 00 08 01 00 D0 80 AB CD')
  expect(await shown('0100', ']d2')).toEqual([']d20100\r'])
  await say('7E 00 08 01 00 D9 55 D1 76')
  expect(await shown('0100', ']d2')).toEqual(['0100\r'])
  expect(await module({ aim: true }).shown('0100')).toEqual([']Q10100\r'])
})

test('once begun, heartbeats must not stop: after three missed it restarts and forgets what was not saved', async () => {
  const { say, shown } = module({ triggered: true })
  await say('7E 00 08 01 00 D0 80 AB CD')
  await say('7E 00 09 01 00 00 00 DE C8')
  await say('7E 00 08 01 00 00 D6 AB CD')
  for (let beat = 0; beat < 3; beat++) expect(await say(HEARTBEAT, 10_000)).toEqual([ALIVE])
  expect(await shown('B1')).toEqual([']Q1B1\r'])
  await say(HEARTBEAT, 30_100)
  expect(await say(HEARTBEAT)).toEqual([])
  expect(await say('00', 500)).toEqual([])
  expect(await shown('B1')).toEqual([])
  await say(TRIGGER)
  expect(await shown('B1')).toEqual([']Q1B1\r'])
})

test('without heartbeats it stays as it was told to be', async () => {
  const { say, shown } = module({ triggered: true })
  await say('7E 00 08 01 00 00 D6 AB CD', 120_000)
  expect(await shown('B1')).toEqual(['B1\r'])
})

test.each([
  ['a wrong checksum', '7E 00 08 01 00 02 01 02 DB'],
  ['an unknown type', '7E 00 0B 01 00 00 00 AB CD'],
  ['a zone beyond the last', '7E 00 08 01 01 00 01 AB CD'],
  ['a read beyond the last', '7E 00 07 01 00 FF 02 AB CD'],
  ['another head', '7F 00 08 01 00 02 01 AB CD'],
  ['a write of nothing', '7E 00 08 00 00 02 AB CD'],
])('%s meets with silence', async (_, request) => {
  expect(await module().say(request)).toEqual([])
})

test('every flipped bit of a checked trigger meets with silence', async () => {
  const request = fromHex('7E 00 08 01 00 02 01 02 DA')
  for (let bit = 0; bit < request.length * 8; bit++) {
    const { say, shown } = module({ triggered: true })
    const spoilt = request.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    expect(await say(toHex(spoilt))).toEqual([])
    expect(await shown('B1')).toEqual([])
  }
})

test('a request may come in pieces and behind noise, but not half now and half much later', async () => {
  const { say } = module()
  expect(await say('FF 7E 7E 00 08 01')).toEqual([])
  expect(await say('00 02 01 AB CD')).toEqual([DONE])
  expect(await say('7E 00 08 01', 300)).toEqual([])
  expect(await say('00 02 01 AB CD')).toEqual([])
})

test('two requests at once are answered in turn', async () => {
  expect(await module().say(`${HEARTBEAT} ${TRIGGER}`)).toEqual([ALIVE, DONE])
})

test('each power-up begins as set up, and without power nothing is sent', async () => {
  const scanner = gm65({ triggered: true })
  expect(() => scanner.scan('B1')).not.toThrow()
  const first = workbench(() => scanner.plug)
  await first.say('7E 00 08 01 00 00 D6 AB CD')
  const second = workbench(() => scanner.plug)
  expect(await second.hear(50, () => scanner.scan('B1'))).toEqual([])
})
