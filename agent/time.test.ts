import { expect, test } from 'vitest'
import { handClock } from '../drivers/host/hand-clock.ts'
import { unitTime } from './time.ts'

function machine(behind: number) {
  const clock = handClock()
  const written = clock.wall()
  let wrong = -behind
  const time = unitTime({ ...clock, wall: () => clock.wall() + wrong }, () => written)
  function put(by: number): void {
    wrong = by
  }
  return { clock, time, written, put }
}

test('a clock that is behind what was written down lost the time; it is known again once it was put right', async () => {
  const { clock, time, written, put } = machine(3_600_000)
  expect(time.known()).toBe(false)
  expect(time.wall()).toBe(written)
  await clock.pass(60_000)
  expect(time.known()).toBe(false)
  put(0)
  expect(time.known()).toBe(true)
  expect(time.wall()).toBe(written + 60_000)
})

test('a clock that is put right by some seconds now and then is no doubt', () => {
  expect(machine(90_000).time.known()).toBe(true)
})

test('a clock that is put back while the unit runs is a doubt, and time does not go back', () => {
  const { time, written, put } = machine(0)
  expect(time.known()).toBe(true)
  put(-7_200_000)
  expect(time.known()).toBe(false)
  expect(time.wall()).toBe(written)
})
