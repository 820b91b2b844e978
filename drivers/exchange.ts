import { concat } from './codec.ts'
import type { Clock, Millis } from './host/clock.ts'
import type { Found } from './reply.ts'

export interface Exchange {
  read(bytes: Uint8Array): void
  /** Ends it without a word to `over`. */
  stop(): void
}

export interface Ended<Reply> {
  found: Found<Reply>
  /** How many bytes came. */
  heard: number
  /** What the codec threw, if it did. */
  bug?: unknown
}

interface Settings<Reply> {
  clock: Clock
  /** From now: the time to send the request, then the time to wait. */
  patience: Millis
  find(gathered: Uint8Array): Found<Reply>
  over(ended: Ended<Reply>): void
}

/** No board says more in one breath: a line that does is babbling, and waiting longer would only cost memory. */
const MOST_BYTES = 2_048

/** One request on the line: gathers what comes until the reply is among it or patience ends. */
export function beginExchange<Reply>({ clock, patience, find, over }: Settings<Reply>): Exchange {
  let gathered: Uint8Array = new Uint8Array()
  let found: Found<Reply> = { copied: false, spare: gathered, noise: 0 }
  let ended = false
  const cancel = clock.after(patience, () => end())

  function end(bug?: unknown): void {
    if (ended) return
    stop()
    over({ found, heard: gathered.length, ...(bug === undefined ? {} : { bug }) })
  }

  function stop(): void {
    ended = true
    cancel()
  }

  return {
    read(bytes) {
      gathered = concat(gathered, bytes)
      try {
        found = find(gathered)
      } catch (error) {
        found = { copied: false, spare: gathered, noise: gathered.length }
        return end(error ?? 'nothing')
      }
      if (found.reply !== undefined || gathered.length > MOST_BYTES) end()
    },
    stop,
  }
}
