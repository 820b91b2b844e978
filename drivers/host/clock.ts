/** Milliseconds. A span, or a point on the clock that the name or the comment beside it says. */
export type Millis = number

/** Time, handed to whatever waits. No other file asks the machine what time it is. */
export interface Clock {
  /** Time since some fixed moment; never jumps, never goes back. Deadlines inside one life of the process use it. */
  now(): Millis
  /** Unix time, for records people read. It may jump when the network corrects it. */
  wall(): Millis
  /** Wakes once after `delay`, whatever the wall clock does. The returned function cancels. */
  after(delay: Millis, wake: () => void): () => void
  /** Runs once everything that is already waiting has been heard: the place to gather a batch. */
  soon(run: () => void): void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(delay, wake) {
    const timer = setTimeout(wake, delay)
    return () => clearTimeout(timer)
  },
  soon: run => void setImmediate(run),
}

export const sleep = (clock: Clock, delay: Millis): Promise<void> =>
  new Promise(resolve => clock.after(delay, resolve))
