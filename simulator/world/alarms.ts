import type { Millis } from '../../drivers/host/clock.ts'

/** Something to be woken for. Without `wake` it was cancelled. */
export interface Alarm {
  at: Millis
  order: number
  wake: (() => void) | undefined
}

/** Alarms, the soonest first and those of one instant in the order they were set. */
export interface Alarms {
  set(at: Millis, wake: () => void): () => void
  /** Takes the soonest off that is due by `until`. */
  take(until: Millis): Alarm | undefined
}

/** Most alarms are patience that is cancelled: those are only marked, and swept out when they are the most. */
const SWEEP_FROM = 64

/** A binary heap: setting and taking cost little however many wait. */
export function alarms(): Alarms {
  let heap: Alarm[] = []
  let order = 0
  let cancelled = 0

  const before = (a: Alarm, b: Alarm) => a.at < b.at || (a.at === b.at && a.order < b.order)

  function rise(alarm: Alarm, from: number): void {
    let index = from
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent] as Alarm
      if (!before(alarm, above)) break
      heap[index] = above
      index = parent
    }
    heap[index] = alarm
  }

  function sink(alarm: Alarm): void {
    const size = heap.length
    let index = 0
    for (let child = 1; child < size; child = 2 * index + 1) {
      if (child + 1 < size && before(heap[child + 1] as Alarm, heap[child] as Alarm)) child++
      const below = heap[child] as Alarm
      if (!before(below, alarm)) break
      heap[index] = below
      index = child
    }
    heap[index] = alarm
  }

  function remove(): void {
    const last = heap.pop() as Alarm
    if (heap.length > 0) sink(last)
  }

  /** A sorted list is a heap. */
  function sweep(): void {
    heap = heap.filter(alarm => alarm.wake).sort((a, b) => a.at - b.at || a.order - b.order)
    cancelled = 0
  }

  return {
    set(at, wake) {
      const alarm: Alarm = { at, order: order++, wake }
      rise(alarm, heap.length)
      return () => {
        if (!alarm.wake) return
        alarm.wake = undefined
        cancelled++
        if (cancelled > SWEEP_FROM && cancelled * 2 > heap.length) sweep()
      }
    },
    take(until) {
      for (let first = heap[0]; first && first.at <= until; first = heap[0]) {
        remove()
        if (first.wake) return first
        cancelled--
      }
      return undefined
    },
  }
}
