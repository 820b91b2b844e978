import type { Millis } from '../drivers/host/clock.ts'

export interface Deadline {
  at: Millis
  workflow: string
  key: string
}

/** Outdated entries that are worth a rebuilding. Below that many a heap is small, whatever is in it. */
const WORTH_IT = 1_024

/**
 * The soonest of many deadlines, each process having at most one. A binary heap whose outdated entries fall out at the top,
 * and all at once as soon as they are the larger part of it: a booking that was cancelled must not be kept for a month.
 */
export function deadlines() {
  const heap: Deadline[] = []
  const current = new Map<string, Deadline>()

  const less = (one: number, other: number) => (heap[one]?.at ?? 0) < (heap[other]?.at ?? 0)
  const swap = (one: number, other: number) => {
    const [a, b] = [heap[one], heap[other]]
    if (a && b) [heap[one], heap[other]] = [b, a]
  }

  function push(deadline: Deadline): void {
    let place = heap.push(deadline) - 1
    for (let parent = (place - 1) >> 1; place > 0 && less(place, parent); parent = (place - 1) >> 1) {
      swap(place, parent)
      place = parent
    }
  }

  function pop(): void {
    swap(0, heap.length - 1)
    heap.pop()
    for (let place = 0; ; ) {
      const left = 2 * place + 1
      const child = left + 1 < heap.length && less(left + 1, left) ? left + 1 : left
      if (child >= heap.length || !less(child, place)) return
      swap(child, place)
      place = child
    }
  }

  function tidy(): void {
    if (heap.length <= 2 * current.size + WORTH_IT) return
    // What is sorted is a heap.
    const kept = [...current.values()].sort((one, other) => one.at - other.at)
    heap.splice(0, heap.length)
    for (const each of kept) heap.push(each)
  }

  const name = (workflow: string, key: string) => `${workflow}\n${key}`

  function soonest(): Deadline | undefined {
    for (let top = heap[0]; top; top = heap[0]) {
      if (current.get(name(top.workflow, top.key)) === top) return top
      pop()
    }
    return undefined
  }

  return {
    /** Sets, moves or (with undefined) takes away the deadline of one process. */
    set(workflow: string, key: string, at: Millis | undefined): void {
      const id = name(workflow, key)
      if (current.get(id)?.at === at) return
      if (at === undefined) current.delete(id)
      else {
        const deadline = { at, workflow, key }
        current.set(id, deadline)
        push(deadline)
      }
      tidy()
    },
    soonest,
    /** How many entries are kept, outdated ones among them. */
    size: (): number => heap.length,
    /** Takes out, in order, all that have passed. */
    passed(now: Millis): Deadline[] {
      const due: Deadline[] = []
      for (let next = soonest(); next && next.at <= now; next = soonest()) {
        current.delete(name(next.workflow, next.key))
        due.push(next)
      }
      return due
    },
  }
}
