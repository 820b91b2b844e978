import { expect, test } from 'vitest'
import { openBreaker } from './breaker.ts'
import { handClock } from './host/hand-clock.ts'

const latest = { bytes: (length: number) => new Uint8Array(length), fraction: () => 0.999_999 }

function deadDevice() {
  const clock = handClock()
  const breaker = openBreaker(clock, latest)
  for (let ask = 0; ask < 3; ask++) {
    breaker.admit(3)
    breaker.failed()
  }
  return { clock, breaker }
}

test('a device rests after three asks in a row without an answer, not after two', () => {
  const breaker = openBreaker(handClock(), latest)
  breaker.failed()
  breaker.failed()
  expect(breaker.resting()).toBe(false)
  breaker.failed()
  expect(breaker.resting()).toBe(true)
})

test('an answer in between begins the count again', () => {
  const breaker = openBreaker(handClock(), latest)
  for (let round = 0; round < 5; round++) {
    breaker.failed()
    breaker.failed()
    breaker.answered()
  }
  expect(breaker.resting()).toBe(false)
  expect(breaker.admit(3)).toBe(3)
})

test('who did not answer the last ask gets one try, not three', () => {
  const breaker = openBreaker(handClock(), latest)
  expect(breaker.admit(3)).toBe(3)
  breaker.failed()
  expect(breaker.admit(3)).toBe(1)
})

test('a resting device is probed once after 1, 2, 4, 8 and then every 15 seconds', async () => {
  const { clock, breaker } = deadDevice()
  const probes: number[] = []
  for (let second = 1; second <= 62; second++) {
    await clock.pass(1_000)
    if (breaker.admit(3) === 0) continue
    probes.push(second)
    breaker.failed()
  }
  expect(probes).toEqual([1, 3, 7, 15, 30, 45, 60])
})

test('there is one probe at a time', async () => {
  const { clock, breaker } = deadDevice()
  await clock.pass(1_000)
  expect([breaker.admit(3), breaker.admit(3)]).toEqual([1, 0])
})

test('one good reply ends the rest', async () => {
  const { clock, breaker } = deadDevice()
  await clock.pass(1_000)
  breaker.admit(3)
  breaker.answered()
  expect(breaker.resting()).toBe(false)
  expect(breaker.admit(3)).toBe(3)
})

test('on a fresh line a resting device is probed at once, but still rests', () => {
  const { breaker } = deadDevice()
  expect(breaker.admit(3)).toBe(0)
  breaker.revive()
  expect(breaker.resting()).toBe(true)
  expect(breaker.admit(3)).toBe(1)
})
