import { describe, expect, test } from 'vitest'
import { fromHex, toHex, workbench } from '../workbench.ts'
import { type CommandedScannerSettings, commandedScanner } from './commanded-scanner.ts'

const latin1 = (hex: string): string => Buffer.from(fromHex(hex)).toString('latin1')
const hex = (text: string): string => toHex(Buffer.from(text, 'latin1'))

function table(settings: CommandedScannerSettings) {
  const scanner = commandedScanner(settings)
  const { say, hear } = workbench(() => scanner.plug)
  return {
    say,
    /** In characters rather than hexadecimal. */
    tell: async (text: string, wait?: number) => (await say(hex(text), wait)).map(latin1),
    scan: async (code: string | Uint8Array) => (await hear(20, () => scanner.scan(code))).map(latin1),
  }
}

const TRIGGERS = {
  honeywell: { on: '16 54 0D', off: '16 55 0D', said: [], stopped: [] },
  newland: {
    on: '7E 01 30 30 30 30 23 53 43 4E 54 52 47 31 3B 03',
    off: '7E 01 30 30 30 30 23 53 43 4E 54 52 47 30 3B 03',
    said: ['02 01 30 30 30 30 23 53 43 4E 54 52 47 31 06 3B 03'],
    stopped: ['02 01 30 30 30 30 23 53 43 4E 54 52 47 30 06 3B 03'],
  },
} as const

describe.each(['honeywell', 'newland'] as const)('%s', brand => {
  const { on, off, said, stopped } = TRIGGERS[brand]

  test('it shows nothing until triggered, then one code', async () => {
    const { say, scan } = table({ brand })
    expect(await scan('B1')).toEqual([])
    expect(await say(on)).toEqual(said)
    expect(await scan('B2')).toEqual(['B2\r'])
    expect(await scan('B3')).toEqual([])
  })

  test('a trigger ends by itself and when told', async () => {
    const { say, scan } = table({ brand, readMillis: 1_000 })
    await say(on, 900)
    expect(await scan('B1')).toEqual(['B1\r'])
    await say(on, 1_100)
    expect(await scan('B2')).toEqual([])
    await say(on)
    expect(await say(off)).toEqual(stopped)
    expect(await scan('B3')).toEqual([])
  })

  test('every byte of a code goes out as it is, before whatever ends it', async () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const { say, scan } = table({ brand, suffix: '' })
    await say(on)
    expect(await scan(all)).toEqual([Buffer.from(all).toString('latin1')])
  })

  test('a command may come in pieces and behind noise, but not half now and half much later', async () => {
    const { say, scan } = table({ brand })
    await say(`FF 16 7E ${on.slice(0, 5)}`)
    await say(on.slice(5))
    expect(await scan('B1')).toEqual(['B1\r'])
    await say(on.slice(0, 5), 300)
    await say(on.slice(5))
    expect(await scan('B2')).toEqual([])
  })

  test('no flipped bit of a trigger triggers', async () => {
    const request = fromHex(on)
    for (let bit = 0; bit < request.length * 8; bit++) {
      const { say, scan } = table({ brand })
      const spoilt = request.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
      await say(toHex(spoilt))
      expect(await scan('B1')).toEqual([])
    }
  })

  test('without power it sends nothing, and each power-up begins untriggered', async () => {
    const scanner = commandedScanner({ brand })
    expect(() => scanner.scan('B1')).not.toThrow()
    await workbench(() => scanner.plug).say(on)
    const { hear } = workbench(() => scanner.plug)
    expect(await hear(50, () => scanner.scan('B1'))).toEqual([])
  })
})

describe('the menu of a honeywell', () => {
  test.each([
    ['a suffix', 'SUFBK2990D0A.', 'SUFBK2990D0A\x06.'],
    ['a prefix until the power fails', 'PREBK29923!', 'PREBK29923\x06!'],
    ['a value it does not know', 'SUFBK299XY.', 'SUFBK299XY\x15.'],
    ['twelve characters', `SUFBK299${'41'.repeat(12)}.`, `SUFBK299${'41'.repeat(12)}\x15.`],
    ['a command it does not know', 'ABCDEF1.', 'ABCDEF1\x05.'],
    ['nothing', '.', '\x05.'],
  ])('%s is echoed with how it went', async (_, command, answer) => {
    expect(await table({ brand: 'honeywell' }).tell(`\x16M\r${command}`)).toEqual([answer])
  })

  test('asked for its revision it tells', async () => {
    const { say } = table({ brand: 'honeywell' })
    const [said = ''] = await say('16 4D 0D 52 45 56 49 4E 46 2E')
    expect(latin1(said)).toBe('REVINFSoftware Revision: PAWL0001\x06.')
  })

  test('what it is set to is what comes around a code', async () => {
    const { tell, scan } = table({ brand: 'honeywell' })
    await tell('\x16M\rSUFBK2990D0A.\x16M\rPREBK29923.\x16T\r')
    expect(await scan('B1')).toEqual(['#B1\r\n'])
  })

  test('a beep and a word of another brand meet with silence', async () => {
    const { say, tell } = table({ brand: 'honeywell' })
    expect(await say('16 07 0D')).toEqual([])
    expect(await tell('~\x010000#SCNTRG1;\x03')).toEqual([])
    expect(await tell('\x16M\rREVINF', 300)).toEqual([])
    expect(await tell('.')).toEqual([])
  })

  test('a command that never ends is given up', async () => {
    const { tell } = table({ brand: 'honeywell' })
    expect(await tell(`\x16M\r${'A'.repeat(400)}\x16M\r.`)).toEqual(['\x05.'])
  })
})

describe('the settings of a newland', () => {
  const asked = async (command: string) =>
    (await table({ brand: 'newland' }).tell(`~\x010000${command};\x03`)).map(said => said.slice(6, -2))

  test('a setting is confirmed byte by byte as one was captured', async () => {
    const frame =
      '7E 01 30 30 30 30 40 44 46 4D 41 44 44 30 36 39 39 39 30 30 33 39 39 39 39 46 31 34 31 3B 03'
    const answer = frame.replace('7E', '02').replace('3B 03', '06 3B 03')
    expect(await table({ brand: 'newland' }).say(frame)).toEqual([answer])
  })

  test.each([
    ['@SCNMOD0', '@SCNMOD0\x06'],
    ['@SCNMOD2', '@SCNMOD2\x06'],
    ['@ORTSET30000', '@ORTSET30000\x06'],
    ['@RRDDUR1000', '@RRDDUR1000\x06'],
    ['@GRBENA1', '@GRBENA1\x06'],
    ['@GRBENA7', '@GRBENA7\x15'],
    ['#ABCDEF1', '#ABCDEF1\x05'],
    ['@SCNMOD0;GRBENA7', '@SCNMOD0\x06;GRBENA7\x15'],
    ['@SCNMOD0,TRG1', '@SCNMOD0\x06,TRG1\x06'],
    ['#SCNMOD*', '#SCNMOD0\x06'],
    ['#SCNMOD&', '#SCNMOD0\x06'],
    ['#SCNMOD^', '#SCNMOD0-2\x06'],
  ])('%s is answered %j', async (command, answer) => {
    expect(await asked(command)).toEqual([answer])
  })

  test('set to sense it reads without a trigger, and tells so', async () => {
    const { tell, scan } = table({ brand: 'newland' })
    await tell('~\x010000@SCNMOD2;\x03')
    expect(await scan('B1')).toEqual(['B1\r'])
    expect(await scan('B2')).toEqual(['B2\r'])
    expect(await tell('~\x010000#SCNMOD*;\x03')).toEqual(['\x02\x010000#SCNMOD2\x06;\x03'])
    expect(await tell('~\x010000#SCNMOD&;\x03')).toEqual(['\x02\x010000#SCNMOD0\x06;\x03'])
  })

  test('it looks for as long as it was set to', async () => {
    const { tell, scan } = table({ brand: 'newland' })
    await tell('~\x010000@ORTSET30000;\x03')
    await tell('~\x010000#SCNTRG1;\x03', 29_000)
    expect(await scan('B1')).toEqual(['B1\r'])
  })
})
