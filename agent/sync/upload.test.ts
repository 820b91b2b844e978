import { expect, test } from 'vitest'
import {
  allowed,
  freshUpload,
  stepUpload,
  type Upload,
  type UploadEvent,
  uploadDeadline,
  WINDOW,
} from './upload.ts'

/** Sends whatever may be sent of a journal of `head` rows, in batches of up to 100. */
function sendAll(state: Upload, head: number, at = 0): Upload {
  let next = state
  for (let room = allowed(next); room && room.after < head; room = allowed(next))
    next = stepUpload(next, {
      type: 'sent',
      last: Math.min(head, room.after + Math.min(100, room.limit)),
      at,
    })
  return next
}

const play = (state: Upload, ...events: UploadEvent[]): Upload => events.reduce(stepUpload, state)
const up: UploadEvent = { type: 'up', at: 0 }

test('nothing may be sent while the link is down', () => {
  expect(allowed(freshUpload(7))).toBeUndefined()
  expect(uploadDeadline(freshUpload(7))).toBeUndefined()
})

test('a new connection begins after the last confirmed row, with a small window', () => {
  expect(allowed(play(freshUpload(7), up))).toEqual({ after: 7, limit: 100 })
})

test('the window opens while the cloud confirms, and no further than its most', () => {
  let state = play(freshUpload(0), up)
  const inFlight: number[] = []
  for (let round = 0; round < 8; round++) {
    state = sendAll(state, 1_000_000)
    inFlight.push(state.sent - state.confirmed)
    state = stepUpload(state, { type: 'confirmed', seq: state.sent, at: round })
  }
  expect(inFlight).toEqual([100, 200, 400, 800, 1_600, 1_600, 1_600, 1_600])
})

test('a silent cloud gets one row at a time, ever more rarely, but never less than once a minute', () => {
  let state = sendAll(play(freshUpload(0), up), 5_000)
  let at = 0
  const waits: number[] = []
  for (let round = 0; round < 7; round++) {
    const deadline = uploadDeadline(state) ?? 0
    waits.push(deadline - at)
    at = deadline
    state = sendAll(stepUpload(state, { type: 'overdue', at }), 5_000, at)
    expect(state.sent - state.confirmed).toBe(1)
  }
  expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000])
})

test('a confirmation that comes after patience ran out still counts for all that was sent', () => {
  const state = play(sendAll(play(freshUpload(0), up), 500), { type: 'overdue', at: 5_000 })
  expect(play(state, { type: 'confirmed', seq: 80, at: 5_100 })).toMatchObject({ confirmed: 80, sent: 80 })
})

test('a confirmation beyond what was sent proves no more than what was sent', () => {
  const state = sendAll(play(freshUpload(0), up), 50)
  expect(play(state, { type: 'confirmed', seq: 9_000, at: 1 })).toMatchObject({ confirmed: 50, sent: 50 })
})

test('an older confirmation changes nothing while newer ones follow', () => {
  const state = sendAll(play(freshUpload(40), up), 60)
  const after = play(state, { type: 'confirmed', seq: 12, at: 1 }, { type: 'confirmed', seq: 60, at: 2 })
  expect(after).toMatchObject({ confirmed: 60, fellBackTo: undefined })
  expect(uploadDeadline(after)).toBeUndefined()
})

test('a cloud that lost rows gets them again, once it says no more than that', () => {
  const state = play(freshUpload(40), up, { type: 'confirmed', seq: 12, at: 1 })
  const deadline = uploadDeadline(state)
  expect(deadline).toBe(5_001)
  const after = stepUpload(state, { type: 'overdue', at: 5_001 })
  expect(allowed(after)).toEqual({ after: 12, limit: 1 })
})

test('rows that keep coming do not put off sending again', () => {
  const first = play(freshUpload(0), up, { type: 'sent', last: 1, at: 0 })
  expect(uploadDeadline(play(first, { type: 'sent', last: 2, at: 4_000 }))).toBe(5_000)
})

test('in no story of six events is a row skipped, or taken for confirmed without the cloud having said so', () => {
  const HEAD = 230
  let stories = 0
  const tell = (state: Upload, said: number, depth: number): void => {
    stories++
    expect(state.confirmed).toBeLessThanOrEqual(state.sent)
    expect(state.sent).toBeLessThanOrEqual(state.reached)
    expect(state.confirmed).toBeLessThanOrEqual(said)
    const room = allowed(state)
    if (room) {
      expect(room.after).toBe(state.sent)
      expect(room.after + room.limit - state.confirmed).toBeLessThanOrEqual(WINDOW)
    }
    // Whatever waits is either in flight with a deadline, or may be sent now.
    if (state.link === 'up' && state.confirmed < HEAD) expect(room ?? uploadDeadline(state)).toBeDefined()
    if (depth === 0) return
    for (const event of [up, { type: 'down' }, { type: 'overdue', at: 9 }] as const)
      tell(stepUpload(state, event), said, depth - 1)
    for (const seq of [0, 100, state.sent, 1_000])
      tell(stepUpload(state, { type: 'confirmed', seq, at: 9 }), Math.max(said, seq), depth - 1)
    if (room && room.after < HEAD) {
      const last = Math.min(HEAD, room.after + room.limit)
      tell(stepUpload(state, { type: 'sent', last, at: 9 }), said, depth - 1)
    }
  }
  tell(freshUpload(0), 0, 6)
  expect(stories).toBeGreaterThan(100_000)
})
