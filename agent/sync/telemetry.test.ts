import { expect, test } from 'vitest'
import { handClock } from '../../drivers/host/hand-clock.ts'
import { openTelemetry } from './telemetry.ts'

const QUARTER = 15 * 60_000

function unit() {
  const clock = handClock()
  const sent: { n: number; dropped: number }[] = []
  const road = { up: true }
  let taken = 0
  const telemetry = openTelemetry({
    clock,
    take: () => ({ n: ++taken }),
    publish(text) {
      if (road.up) sent.push(JSON.parse(text))
      return road.up
    },
  })
  return { clock, sent, road, telemetry }
}

test('four times an hour it says how things are', async () => {
  const { clock, sent } = unit()
  await clock.pass(4 * QUARTER)
  expect(sent.map(({ n }) => n)).toEqual([1, 2, 3, 4])
})

test('what waits too long is dropped, the oldest first, and counted once', async () => {
  const { clock, sent, road, telemetry } = unit()
  road.up = false
  await clock.pass(100 * QUARTER)
  expect(sent).toEqual([])
  road.up = true
  telemetry.roomy()
  expect(sent).toHaveLength(16)
  expect(sent[0]).toEqual({ n: 85, dropped: 84 })
  expect(sent.slice(1).every(({ dropped }) => dropped === 0)).toBe(true)
})
