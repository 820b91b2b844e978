import { expect, test } from 'vitest'
import { LineConfig } from '../../config/site.ts'
import { lineOpener, linePace } from './open-line.ts'

const line = (config: object) => LineConfig.parse({ name: 'a', ...config })

test('the pace of a line counts start, parity and stop bits', () => {
  expect(linePace(line({ serial: { path: '/dev/a' } }))).toEqual({ baud: 9_600, bitsPerByte: 10 })
  expect(
    linePace(line({ serial: { path: '/dev/a', baud: 19_200, data_bits: 7, parity: 'even', stop_bits: 2 } })),
  ).toEqual({ baud: 19_200, bitsPerByte: 11 })
  expect(linePace(line({ tcp: { host: 'h', port: 5_000, baud: 19_200 } }))).toEqual({
    baud: 19_200,
    bitsPerByte: 10,
  })
})

test('a line that names no port says so each time it is opened', async () => {
  const listener = { read: () => {}, lost: () => {} }
  await expect(lineOpener(line({}))(listener)).rejects.toThrow('Line a says neither serial nor tcp nor hid.')
})
