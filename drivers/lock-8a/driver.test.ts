import { expect, test } from 'vitest'
import type { Report } from '../device.ts'
import { bytes, hex } from '../frame-trials.ts'
import { handClock } from '../host/hand-clock.ts'
import { memoryLine } from '../host/memory-line.ts'
import { openSharedLine } from '../shared-line.ts'
import { lock8a } from './driver.ts'

const middle = { bytes: (length: number) => new Uint8Array(length), fraction: () => 0.5 }

/** The driver on a line where each frame is answered as `manual` says, in the manual's own writing. */
async function wired(options: object, manual: Record<string, string | string[]>) {
  const clock = handClock()
  const reports: Report[] = []
  const wire = memoryLine({
    clock,
    baud: 9_600,
    answer(frame) {
      const said = manual[hex(frame)]
      const text = Array.isArray(said) ? (said.length > 1 ? said.shift() : said[0]) : said
      return text === undefined ? undefined : { bytes: bytes(text), after: 2 }
    },
  })
  const line = openSharedLine({ open: wire.open, clock, entropy: middle, baud: 9_600, echo: 'auto' })
  const host = { bus: line.join('board'), clock, report: (said: Report) => void reports.push(said) }
  const device = lock8a.open(host, lock8a.options.parse(options))
  await clock.pass(1_000)
  const written = () => [...new Set(wire.written.map(each => hex(each.bytes)))]
  const doors = () =>
    reports.flatMap(each =>
      each.type === 'door' ? [`${each.channel} ${each.open ? 'open' : 'closed'}`] : [],
    )
  return { clock, device, reports, written, doors }
}

test('a board of three status bytes is asked for all at once', async () => {
  const { written, doors } = await wired({ channels: 17 }, { '80 01 00 33 B2': '80 01 01 01 01 33 B3' })
  expect(written()).toEqual(['80 01 00 33 B2'])
  expect(doors()).toHaveLength(17)
  expect(doors()).toContain('9 closed')
  expect(doors()).toContain('10 open')
})

test('a board of one status byte is asked lock by lock, for its status could be the echo of a question', async () => {
  const { written, doors } = await wired(
    { channels: 2 },
    { '80 01 01 33 B3': '80 01 01 11 91', '80 01 02 33 B0': '80 01 02 00 83' },
  )
  expect(written()).toEqual(['80 01 01 33 B3', '80 01 02 33 B0'])
  expect(doors()).toEqual(['1 closed', '2 open'])
})

test('closed_state 00 turns every reading round', async () => {
  const { doors } = await wired(
    { channels: 1, closed_state: '00' },
    { '80 01 01 33 B3': ['80 01 01 00 80', '80 01 01 00 80', '80 01 01 11 91'] },
  )
  expect(doors()).toEqual(['1 closed', '1 open'])
})

test('an unlock is written once, with the function of its manual; its own answer moves nothing', async () => {
  const { clock, device, written, doors } = await wired(
    { channels: 1, open_function: '33' },
    { '80 01 01 33 B3': '80 01 01 11 91', '8A 01 01 33 B9': '8A 01 01 00 8A' },
  )
  const told = device.send({ type: 'unlock', channel: 1, by: clock.now() + 1_000 })
  await clock.pass(5_000)
  expect(await told).toEqual({ ok: true })
  expect(written().filter(frame => frame.startsWith('8A'))).toEqual(['8A 01 01 33 B9'])
  expect(doors()).toEqual(['1 closed'])
})

test('what is not open to be told is refused before a byte leaves', async () => {
  const { device, written, clock } = await wired({ channels: 1 }, {})
  expect(await device.send({ type: 'unlock', channel: 1, by: Infinity })).toMatchObject({
    ok: false,
    fault: 'no-reply',
    sent: false,
  })
  expect(await device.send({ type: 'unlock', channel: 2, by: Infinity })).toMatchObject({
    fault: 'unknown-channel',
    sent: false,
  })
  await clock.pass(1_000)
  expect(written().filter(frame => frame.startsWith('8A'))).toEqual([])
})
