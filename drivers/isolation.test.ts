import { expect, test } from 'vitest'
import type { Device, Host, Report } from './device.ts'
import { handClock } from './host/hand-clock.ts'
import { memoryLine } from './host/memory-line.ts'
import { blameDriver, isolate } from './isolation.ts'
import { openSharedLine } from './shared-line.ts'
import { toyCodec, toyFrame } from './toy-board.ts'

const middle = { bytes: (length: number) => new Uint8Array(length), fraction: () => 0.5 }

/** Does wrong what it is told to. */
type Wrong = 'open' | 'timer' | 'heard' | 'asked' | 'flood' | 'throw' | 'reject' | 'never' | 'close' | 'none'

const good: Device = { send: async () => ({ ok: true }), close: () => {} }

function badDriver(wrong: Wrong): (host: Host) => Device {
  return ({ bus, clock, report }) => {
    if (wrong === 'open') throw new Error('bad open')
    report({ type: 'online' })
    if (wrong === 'timer')
      clock.after(100, () => {
        throw new Error('bad timer')
      })
    if (wrong === 'heard')
      bus.listen(() => {
        throw new Error('bad ears')
      })
    if (wrong === 'flood')
      clock.after(100, () => {
        for (let turn = 0; turn < 100_000; turn++) report({ type: 'key', key: '1' })
      })
    return {
      send() {
        if (wrong === 'throw') throw new Error('bad send')
        if (wrong === 'reject') return Promise.reject(new Error('bad promise'))
        return wrong === 'never' ? new Promise(() => {}) : good.send({ type: 'unlock', channel: 1, by: 0 })
      },
      close() {
        if (wrong === 'close') throw new Error('bad close')
      },
    }
  }
}

function caged(open: (host: Host) => Device) {
  const clock = handClock()
  const wire = memoryLine({ clock, baud: 9_600, answer: () => ({ bytes: toyFrame(1, 7) }) })
  const line = openSharedLine({ open: wire.open, clock, entropy: middle, baud: 9_600, echo: 'no' })
  const bugs: string[] = []
  const reports: Report[] = []
  const report = (said: Report): void => void reports.push(said)
  const device = isolate({
    host: { bus: line.join('bad'), clock, report },
    open,
    bug: why => void bugs.push(why),
  })
  const neighbour = line.join('good')
  return { clock, wire, device, bugs, reports, neighbour }
}

const told = (reports: Report[]): string[] =>
  reports.splice(0).map(each => (each.type === 'offline' ? `offline: ${each.why}` : each.type))

test.each<[Wrong, string]>([
  ['timer', 'bad timer'],
  ['heard', 'bad ears'],
])('a driver that throws in its %s is offline, and started again', async (wrong, why) => {
  const { clock, wire, bugs, reports } = caged(badDriver(wrong))
  await clock.pass(0)
  wire.say(Uint8Array.of(1))
  await clock.pass(500)
  expect(told(reports)).toEqual(['online', 'offline: driver-failed'])
  expect(bugs).toEqual([why])
  await clock.pass(1_000)
  expect(told(reports)[0]).toBe('online')
})

test('a driver that never opens is tried five times more within half a minute, and then left off', async () => {
  const { clock, device, bugs } = caged(badDriver('open'))
  await clock.pass(600_000)
  expect(bugs).toEqual(new Array(6).fill('bad open'))
  expect(device.restarts()).toEqual({ count: 5, gaveUp: true, last: 'bad open' })
  expect(await device.send({ type: 'unlock', channel: 1, by: clock.now() + 1_000 })).toEqual({
    ok: false,
    fault: 'driver-failed',
    sent: false,
  })
})

test('a driver that floods is stopped, and the flood with it', async () => {
  const { clock, reports, bugs } = caged(badDriver('flood'))
  await clock.pass(200)
  expect(reports.length).toBeLessThan(600)
  expect(reports.at(-1)).toEqual({ type: 'offline', why: 'driver-failed' })
  expect(bugs).toEqual(['it reported more than 500 times in a second'])
})

test.each<[Wrong, string]>([
  ['throw', 'bad send'],
  ['reject', 'bad promise'],
  ['never', 'it never said what became of unlock'],
])('a command to a driver that answers with %s ends as a doubt', async (wrong, why) => {
  const { clock, device, bugs } = caged(badDriver(wrong))
  await clock.pass(0)
  const outcome = device.send({ type: 'unlock', channel: 1, by: clock.now() + 1_000 })
  await clock.pass(20_000)
  expect(await outcome).toEqual({ ok: false, fault: 'driver-failed', sent: true })
  expect(bugs).toEqual([why])
})

test('a driver whose end goes wrong ends', () => {
  const { device, bugs } = caged(badDriver('close'))
  device.close()
  expect(bugs).toEqual(['bad close'])
})

test.each<Wrong>(['open', 'timer', 'heard', 'flood', 'throw', 'never'])(
  'whatever it does (%s), its neighbour on the same line is asked and answers',
  async wrong => {
    const { clock, device, neighbour } = caged(badDriver(wrong))
    await clock.pass(0)
    void device.send({ type: 'unlock', channel: 1, by: clock.now() + 1_000 })
    let answered = 0
    for (let turn = 0; turn < 10; turn++) {
      void neighbour.ask(toyCodec(1), 7).then(({ ok }) => {
        if (ok) answered++
      })
      await clock.pass(1_000)
    }
    expect(answered).toBe(10)
  },
)

test('what a driver leaves to nobody is its own; what happens outside of it is not', async () => {
  let blamed: boolean | undefined
  const { clock, bugs, reports } = caged(({ bus, report }) => {
    // Later and elsewhere, as an unhandled rejection would be.
    void bus.ask(toyCodec(1), 7).then(() => {
      blamed = blameDriver(new Error('a stray'))
    })
    report({ type: 'online' })
    return good
  })
  await clock.pass(500)
  expect(blamed).toBe(true)
  expect(bugs).toEqual(['a stray'])
  expect(told(reports)).toContain('offline: driver-failed')
  expect(blameDriver(new Error('ours'))).toBe(false)
})

test('what is done with a report is not done in the name of its driver', async () => {
  const clock = handClock()
  const wire = memoryLine({ clock, baud: 9_600, answer: () => undefined })
  const line = openSharedLine({ open: wire.open, clock, entropy: middle, baud: 9_600, echo: 'no' })
  let blamed: boolean | undefined
  isolate({
    host: {
      bus: line.join('it'),
      clock,
      report() {
        blamed = blameDriver(new Error('a defect of the loop'))
      },
    },
    open(host) {
      host.report({ type: 'online' })
      return good
    },
    bug: () => {},
  })
  await clock.pass(10)
  expect(blamed).toBe(false)
})
