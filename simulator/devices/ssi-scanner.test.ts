import { expect, test } from 'vitest'
import { fromHex, toHex, workbench } from '../workbench.ts'
import { type SsiScannerSettings, ssiScanner } from './ssi-scanner.ts'

const ACK = '04 D0 04 00 FF 28'
const START = '04 E4 04 00 FF 14'
const STOP = '04 E5 04 00 FF 13'
const ACKED = framed('D0 00 00')
const BAD_CONTEXT = framed('D1 00 00 02')
const DENIED = framed('D1 00 00 06')

/** Puts the length before and the checksum after. */
function framed(hex: string): string {
  const bytes = fromHex(hex)
  const packet = [bytes.length + 1, ...bytes]
  const sum = -packet.reduce((total, byte) => total + byte, 0) & 0xffff
  return toHex(Uint8Array.of(...packet, sum >> 8, sum & 0xff))
}

function table(settings: SsiScannerSettings = {}) {
  const scanner = ssiScanner(settings)
  const { say, hear } = workbench(() => scanner.plug)
  return {
    say,
    hear,
    scan: (code: string | Uint8Array, aim?: string, wait = 50) => hear(wait, () => scanner.scan(code, aim)),
    set: (hex: string) => say(framed(`C6 04 00 ${hex}`)),
  }
}

test('from the factory it sends bare bytes, and packets once told to', async () => {
  const { scan, set } = table()
  expect(await scan('A1')).toEqual(['41 31'])
  expect(await set('FF EE 01')).toEqual([ACKED])
  expect(await scan('A1', ']C1')).toEqual(['07 F3 00 00 0F 41 31 FE 85'])
})

test.each([
  [']C1', '0F'],
  [']d2', '1B'],
  [']Q1', '1C'],
  [']E0', '0B'],
  [']C0', '03'],
  [']A0', '01'],
  [']X9', '00'],
])('%s is code type %s', async (aim, type) => {
  const { scan } = table({ packeted: true })
  expect(await scan('7', aim)).toEqual([framed(`F3 00 00 ${type} 37`)])
})

test('an acknowledged packet is not sent again', async () => {
  const { scan, say } = table({ packeted: true })
  await scan('7')
  expect(await say(ACK, 10_000)).toEqual([])
})

test('one that is not acknowledged is, marked as such, and then given up', async () => {
  const { scan, say } = table({ packeted: true, repeats: 2, repeatMillis: 1_000 })
  const again = framed('F3 00 01 1C 37')
  expect(await scan('7', ']Q1', 5_000)).toEqual([framed('F3 00 00 1C 37'), again, again])
  expect(await say(ACK, 5_000)).toEqual([])
  expect(await scan('8')).toEqual([framed('F3 00 00 1C 38')])
})

test('a second code waits for the first to be taken', async () => {
  const { scan, say } = table({ packeted: true })
  await scan('7')
  expect(await scan('8')).toEqual([])
  expect(await say(ACK)).toEqual([framed('F3 00 00 1C 38')])
})

test('told to send again it does at once, told to cancel it gives up', async () => {
  const { scan, say } = table({ packeted: true, repeats: 1 })
  await scan('7')
  expect(await say('05 D1 04 00 01 FF 25')).toEqual([framed('F3 00 01 1C 37')])
  expect(await say('05 D1 04 00 01 FF 25', 5_000)).toEqual([])
  for (const refusal of ['05 D1 04 00 02 FF 24', '05 D1 04 00 06 FF 20', framed('D1 04 00 0A')]) {
    await scan('7')
    expect(await say(refusal, 5_000)).toEqual([])
  }
})

test('with software acknowledgement off it waits for none', async () => {
  const { scan, set } = table({ packeted: true })
  expect(await set('FF 9F 00')).toEqual([ACKED])
  expect(await scan('7', ']Q1', 5_000)).toEqual([framed('F3 00 00 1C 37')])
  expect(await set('FF 9F 01')).toEqual([ACKED])
  expect(await scan('7', ']Q1', 2_500)).toHaveLength(2)
})

test('triggered by the host it shows nothing before a session, then one code', async () => {
  const { scan, say, set } = table({ packeted: true })
  expect(await set('FF 8A 08')).toEqual([ACKED])
  expect(await scan('7')).toEqual([])
  expect(await say(START)).toEqual([ACKED])
  expect(await scan('8')).toEqual([framed('F3 00 00 1C 38')])
  await say(ACK)
  expect(await scan('9')).toEqual([])
})

test('a session ends when told, and after a while by itself, with a word only if that was asked for', async () => {
  const { scan, say, set } = table({ packeted: true })
  await set('FF 8A 08')
  await say(START)
  expect(await say(STOP)).toEqual([ACKED])
  expect(await scan('7')).toEqual([])
  expect(await say(START, 10_000)).toEqual([ACKED])
  expect(await scan('7')).toEqual([])
  await set('FF 5E 01')
  expect(await say(START, 10_000)).toEqual([ACKED, '07 F3 00 00 01 4E 52 FE 65'])
})

test('disabled it reads nothing and denies sessions', async () => {
  const { scan, say } = table()
  expect(await say(framed('EA 04 00'))).toEqual([ACKED])
  expect(await scan('7')).toEqual([])
  expect(await say(START)).toEqual([DENIED])
  expect(await say(framed('E9 04 00'))).toEqual([ACKED])
  expect(await scan('7')).toEqual(['37'])
})

test.each([
  ['LED on', '05 E7 04 00 01 FF 0F'],
  ['LED off', framed('E8 04 00 01')],
  ['beep', framed('E6 04 00 00')],
  ['flush macro PDF', '04 10 04 00 FF E8'],
  ['aim', framed('C5 04 00')],
  ['several parameters at once', framed('C6 04 00 FF 9F 01 EE 01 8A 08')],
  ['start', START],
  ['stop', STOP],
])('%s is acknowledged', async (_, request) => {
  expect(await table().say(request)).toEqual([ACKED])
})

test('asked, it tells its revision and what it can do', async () => {
  const { say } = table()
  const [revision = ''] = await say('04 A3 04 00 FF 55')
  expect(revision.slice(3, 11)).toBe('A4 00 00')
  expect(Buffer.from(fromHex(revision)).toString('latin1', 4, 19)).toBe('PAWLSSI-001-R00')
  const [able = ''] = await say(framed('D3 04 00'))
  expect(able.slice(3, 11)).toBe('D4 00 00')
  expect(able.split(' ')).toContain('E4')
})

test('it tells its parameters, forgets them at the defaults, and wants its answer acknowledged', async () => {
  const { say, set } = table()
  await set('FF 8A 08')
  expect(await say(framed('C7 04 00 8A EE 44'))).toEqual([framed('C6 00 00 FF 8A 08 EE 00')])
  await say(ACK)
  expect(await say(framed('C8 04 00'))).toEqual([ACKED])
  expect(await say(framed('C7 04 00 8A'), 2_500)).toEqual([
    framed('C6 00 00 FF 8A 00'),
    framed('C6 00 01 FF 8A 00'),
  ])
})

test('flushed, it forgets what it had to say', async () => {
  const { scan, say } = table({ packeted: true })
  await scan('7')
  await scan('8')
  expect(await say(framed('D2 04 00'), 5_000)).toEqual([ACKED])
})

test('what does not fit a packet goes in segments, each acknowledged', async () => {
  const { scan, say } = table({ packeted: true, segment: 2 })
  expect(await scan('ABCDE', ']d2')).toEqual([framed('73 00 02 00 F3 00 00 00 00 1B 00 00 05 41 42')])
  expect(await say(framed('74 04 00'))).toEqual([framed('73 00 02 01 43 44')])
  expect(await say(ACK)).toEqual([framed('73 00 00 02 45')])
  expect(await say(ACK, 5_000)).toEqual([])
})

test('the first segment of a long one is full', async () => {
  const { scan, say } = table({ packeted: true })
  const code = 'x'.repeat(600)
  expect((await scan('x'.repeat(250)))[0]?.slice(0, 5)).toBe('FF F3')
  await say(ACK)
  const [first = ''] = await scan(code)
  expect(first.slice(0, 5)).toBe('FF 73')
  expect(fromHex(first)).toHaveLength(257)
  expect(first.slice(36, 41)).toBe('02 58')
  const [second = ''] = await say(framed('74 04 00'))
  const [third = ''] = await say(framed('74 04 00'))
  expect(fromHex(second)).toHaveLength(257)
  const sent = fromHex(first).length - 16 + fromHex(second).length - 7 + fromHex(third).length - 7
  expect(sent).toBe(600)
})

test('a segment that nobody takes is sent again, and then the whole message is given up', async () => {
  const { scan } = table({ packeted: true, segment: 2, repeats: 1 })
  const sent = await scan('ABCDE', ']d2', 10_000)
  expect(sent.map(bytes => bytes.slice(3, 14))).toEqual(['73 00 02 00', '73 00 03 00'])
})

test.each([
  ['a wrong checksum', '04 E4 04 00 FF 15', framed('D1 00 00 01')],
  ['an unknown opcode', framed('55 04 00'), BAD_CONTEXT],
  ['a parameter without a value', framed('C6 04 00 FF 8A'), BAD_CONTEXT],
  ['a beep between parameters', framed('C6 04 00 FF 9F 01 FF 8A 08 00'), BAD_CONTEXT],
])('%s is refused', async (_, request, answer) => {
  expect(await table().say(request)).toEqual([answer])
})

test('the words of another scanner, half a packet and a wake-up byte meet with silence', async () => {
  const { say } = table()
  expect(await say('04 E4 00 00 FF 18', 300)).toEqual([])
  expect(await say('00', 300)).toEqual([])
  expect(await say('04 E4 04 00')).toEqual([])
  expect(await say('FF 14')).toEqual([ACKED])
  expect(await say('04 E4 04 00', 300)).toEqual([])
  expect(await say(`00 ${START}${STOP}`)).toEqual([ACKED, ACKED])
})

test('no flipped bit of a start begins a session', async () => {
  const request = fromHex(START)
  for (let bit = 0; bit < request.length * 8; bit++) {
    const { say, scan, set } = table()
    await set('FF 8A 08')
    const spoilt = request.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    const said = await say(toHex(spoilt), 300)
    expect(said.every(bytes => bytes === framed('D1 00 00 01'))).toBe(true)
    expect(await scan('7')).toEqual([])
  }
})

test('without power it sends nothing, and each power-up begins as set up', async () => {
  const scanner = ssiScanner()
  expect(() => scanner.scan('7')).not.toThrow()
  const first = workbench(() => scanner.plug)
  await first.say(framed('C6 04 00 FF 8A 08'))
  const second = workbench(() => scanner.plug)
  expect(await second.hear(50, () => scanner.scan('7'))).toEqual(['37'])
})
