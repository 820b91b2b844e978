import { expect, test } from 'vitest'
import { type LineScannerSettings, lineScanner } from './line-scanner.ts'

function scanned(settings: LineScannerSettings, code: string | Uint8Array, aim?: string): string[] {
  const scanner = lineScanner(settings)
  const sent: string[] = []
  scanner.plug({
    now: () => 0,
    after: () => () => {},
    send: bytes => void sent.push(Buffer.from(bytes).toString('latin1')),
    ruined: () => {},
  })
  scanner.scan(code, aim)
  return sent
}

test('a code is sent with a carriage return unless the scanner is set up otherwise', () => {
  expect(scanned({}, 'B1:1234')).toEqual(['B1:1234\r'])
  expect(scanned({ suffix: '' }, 'B1')).toEqual(['B1'])
  expect(scanned({ prefix: '#', suffix: '\r\n' }, 'B1')).toEqual(['#B1\r\n'])
})

test('the AIM identifier comes only when it is switched on, and says what kind of code it was', () => {
  expect(scanned({}, '0100', ']d2')).toEqual(['0100\r'])
  expect(scanned({ aim: true }, '0100', ']d2')).toEqual([']d20100\r'])
})

test('every byte of a code goes out as it is', () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  expect(scanned({}, all)).toEqual([`${Buffer.from(all).toString('latin1')}\r`])
})

test('without power a scanner sends nothing', () => {
  const scanner = lineScanner({})
  expect(() => scanner.scan('B1')).not.toThrow()
})
