import type { Clock, Millis } from './clock.ts'
import type { Listener, OpenLine } from './line.ts'

export interface MemoryLine {
  open: OpenLine
  /** Everything that was written, with the moment at which its first byte left. */
  written: { at: Millis; epoch: number; bytes: Uint8Array }[]
  /** Bytes from the far end, now. */
  say(bytes: Uint8Array): void
  /** Pulls the plug: openings fail until `mend`. */
  cut(why: string): void
  /** Ends the present pipe only: the next opening works. */
  lose(why: string): void
  mend(): void
}

interface Settings {
  clock: Clock
  baud: number
  /** What the far end says to what it was sent, and how long it thinks first. */
  answer(sent: Uint8Array): { bytes: Uint8Array; after?: Millis } | undefined
}

/** A line with no machine behind it, at the pace of a real one, for tests. */
export function memoryLine({ clock, baud, answer }: Settings): MemoryLine {
  const written: MemoryLine['written'] = []
  let present: Listener | undefined
  let broken: string | undefined
  let epoch = 0

  const airtime = (bytes: Uint8Array): Millis => (bytes.length * 10_000) / baud

  function lose(why: string): void {
    const listener = present
    present = undefined
    listener?.lost(why)
  }

  return {
    written,
    async open(listener) {
      if (broken !== undefined) throw new Error(broken)
      present = listener
      const mine = ++epoch
      return {
        write(bytes) {
          if (present !== listener) return
          written.push({ at: clock.now(), epoch: mine, bytes: Uint8Array.from(bytes) })
          const reply = answer(bytes)
          if (!reply) return
          const delay = airtime(bytes) + (reply.after ?? 0) + airtime(reply.bytes)
          clock.after(delay, () => present === listener && listener.read(reply.bytes))
        },
        close() {
          if (present === listener) present = undefined
        },
      }
    },
    say: bytes => present?.read(bytes),
    lose,
    cut(why) {
      broken = why
      lose(why)
    },
    mend() {
      broken = undefined
    },
  }
}
