import { expect, test } from 'vitest'
import type { Answer, Bus } from './bus.ts'
import type { Report } from './device.ts'
import { pollDoors } from './door-poll.ts'
import { handClock } from './host/hand-clock.ts'

const TIMING = { poll: 250, stale: 2_000, readback: 3_000 }

/** A board of two doors whose reading is whatever a test says, on a line that a test plugs in. */
function cabinet() {
  const clock = handClock()
  const reports: Report[] = []
  let reading: Answer<boolean[]> = { ok: true, reply: [false, false] }
  let reads = 0
  let plug: (up: boolean) => void = () => {}
  const bus: Bus = {
    ask: () => Promise.reject(new Error('the board is asked, not the bus')),
    order: () => Promise.reject(new Error('the board is told, not the bus')),
    overhear: () => {},
    listen: () => {},
    watch: changed => {
      plug = changed
      changed(false)
    },
  }
  const device = pollDoors(
    { bus, clock, report: said => void reports.push(said) },
    {
      channels: 2,
      async read() {
        reads++
        return reading
      },
      fire: async () => ({ ok: true }),
    },
    TIMING,
  )
  return {
    clock,
    device,
    reports,
    reads: () => reads,
    plug: (up: boolean) => plug(up),
    readsAs: (next: Answer<boolean[]>) => {
      reading = next
    },
    /** What was said since this was last called, in short. */
    said: () =>
      reports
        .splice(0)
        .map(each =>
          each.type === 'door'
            ? `${each.channel} ${each.open ? 'open' : 'closed'}`
            : each.type === 'offline'
              ? `offline ${each.why}`
              : each.type,
        ),
  }
}

const NO_REPLY = { ok: false, fault: 'no-reply', frame: '80 01 00 33 b2' } as const

test('a line that opens in time is no fault; everything is said once', async () => {
  const c = cabinet()
  await c.clock.pass(1_500)
  c.plug(true)
  await c.clock.pass(5_000)
  expect(c.said()).toEqual(['online', '1 closed', '2 closed'])
})

test('a line that never opens is said once, after the time at which a reading would be stale', async () => {
  const c = cabinet()
  await c.clock.pass(1_999)
  expect(c.said()).toEqual([])
  await c.clock.pass(60_000)
  expect(c.said()).toEqual(['offline line-down'])
  expect(await c.device.send({ type: 'unlock', channel: 1, by: Infinity })).toMatchObject({
    ok: false,
    fault: 'line-down',
    sent: false,
  })
})

test('a board that never answered is said at once, with the frame that got no answer', async () => {
  const c = cabinet()
  c.readsAs(NO_REPLY)
  c.plug(true)
  await c.clock.pass(10_000)
  expect(c.reports).toEqual([{ type: 'offline', why: 'no-reply', frame: '80 01 00 33 b2' }])
})

test('a reading that is missed now and then is no fault; one older than it may be is', async () => {
  const c = cabinet()
  c.plug(true)
  await c.clock.pass(1_000)
  c.said()
  c.readsAs(NO_REPLY)
  await c.clock.pass(1_000)
  c.readsAs({ ok: true, reply: [true, false] })
  await c.clock.pass(1_000)
  expect(c.said()).toEqual(['1 open'])
  c.readsAs(NO_REPLY)
  await c.clock.pass(10_000)
  expect(c.said()).toEqual(['offline stale'])
})

test('after a silence everything is said again, as found and not as changed', async () => {
  const c = cabinet()
  c.plug(true)
  await c.clock.pass(1_000)
  c.plug(false)
  c.said()
  c.plug(true)
  await c.clock.pass(300)
  expect(c.reports).toEqual([
    { type: 'online' },
    { type: 'door', channel: 1, open: false, was: undefined },
    { type: 'door', channel: 2, open: false, was: undefined },
  ])
})

test('after an order the board is read eagerly until that door moved, and no longer', async () => {
  const c = cabinet()
  c.plug(true)
  await c.clock.pass(1_000)
  const calm = c.reads()
  await c.clock.pass(1_000)
  const pace = c.reads() - calm
  await c.device.send({ type: 'unlock', channel: 2, by: Infinity })
  const before = c.reads()
  await c.clock.pass(1_000)
  expect(c.reads() - before).toBeGreaterThan(5 * pace)
  c.readsAs({ ok: true, reply: [false, true] })
  await c.clock.pass(300)
  const after = c.reads()
  await c.clock.pass(1_000)
  expect(c.reads() - after).toBe(pace)
})
