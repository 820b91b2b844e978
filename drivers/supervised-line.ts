import type { Clock, Millis } from './host/clock.ts'
import type { Entropy } from './host/entropy.ts'
import type { Line, OpenLine } from './host/line.ts'

export interface SupervisedLine {
  /** Writes to the line of that epoch. What was meant for an old line is dropped: it never reaches a new one. */
  write(epoch: number, bytes: Uint8Array): void
  /** Gives the present line up, as if it had been lost, and opens a fresh one. */
  drop(why: string): void
  close(): void
}

interface Settings {
  open: OpenLine
  clock: Clock
  entropy: Entropy
  /** A fresh line is there. Epochs count from 1. */
  up(epoch: number): void
  /** The line is lost, or could not be opened. */
  down(why: string): void
  read(bytes: Uint8Array): void
}

const FIRST_WAIT: Millis = 100
const LONGEST_WAIT: Millis = 10_000
/** However the jitter falls, so that a port that is lost as soon as it opens does not keep the processor busy. */
const SHORTEST_WAIT: Millis = 10
/** A line that was there for so long has earned a quick return. */
const STEADY: Millis = 10_000

/** Opens a line, and opens it again for ever, each time as a fresh object with a new epoch. */
export function superviseLine({ open, clock, entropy, up, down, read }: Settings): SupervisedLine {
  let epoch = 0
  let present: { line: Line; since: Millis } | undefined
  /** Names one attempt. What an older one still says is not heard. */
  let attempt = 0
  let failures = 0
  let cancelWait = (): void => {}

  async function begin(): Promise<void> {
    const mine = ++attempt
    try {
      const line = await open({
        read: bytes => {
          if (mine === attempt && present) read(bytes)
        },
        lost: why => {
          if (mine === attempt) lose(why)
        },
      })
      if (mine !== attempt) return line.close()
      present = { line, since: clock.now() }
    } catch (error) {
      if (mine === attempt) lose(error instanceof Error ? error.message : String(error))
      return
    }
    up(++epoch)
  }

  function lose(why: string): void {
    attempt++
    if (present && clock.now() - present.since >= STEADY) failures = 0
    present = undefined
    const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures++, 10))
    cancelWait = clock.after(Math.max(SHORTEST_WAIT, entropy.fraction() * most), () => void begin())
    down(why)
  }

  void begin()

  return {
    write(meant, bytes) {
      if (present && meant === epoch) present.line.write(bytes)
    },
    drop(why) {
      if (!present) return
      present.line.close()
      lose(why)
    },
    close() {
      attempt++
      cancelWait()
      present?.line.close()
      present = undefined
    },
  }
}
