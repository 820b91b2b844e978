import { hex } from './codec.ts'
import type { Clock, Millis } from './host/clock.ts'

/** One thing that happened on a line. */
export type Captured =
  | { at: Millis; what: 'sent' | 'heard'; bytes: Uint8Array }
  /** What is nobody's business: only how many bytes it was. */
  | { at: Millis; what: 'sent' | 'heard'; hidden: number }
  | { at: Millis; what: 'up' | 'down' }

/** What a line keeps of its last conversations. */
export interface Ring {
  add(captured: Captured): void
  /** The oldest first. */
  all(): Captured[]
}

const MOST_ENTRIES = 512
const MOST_BYTES = 16_384

/** Keeps what happened last, and forgets what came before that: never more than 512 entries or 16 KiB. */
export function openRing(): Ring {
  const kept = new Array<Captured | undefined>(MOST_ENTRIES)
  /** Counts of all that was ever added and forgotten; their places are these modulo the size. */
  let added = 0
  let forgotten = 0
  let bytes = 0
  const sizeOf = (each: Captured | undefined): number => (each && 'bytes' in each ? each.bytes.length : 0)

  function forget(): void {
    const place = forgotten++ % MOST_ENTRIES
    bytes -= sizeOf(kept[place])
    kept[place] = undefined
  }

  return {
    add(captured) {
      if (added - forgotten === MOST_ENTRIES) forget()
      kept[added++ % MOST_ENTRIES] = captured
      bytes += sizeOf(captured)
      while (bytes > MOST_BYTES) forget()
    },
    all: () =>
      Array.from(
        { length: added - forgotten },
        (_, index) => kept[(forgotten + index) % MOST_ENTRIES],
      ).filter(each => each !== undefined),
  }
}

/** Taps a line into a ring; `secret` keeps lengths only. */
export const tapInto =
  (ring: Ring, clock: Clock, secret: boolean) =>
  (what: Captured['what'], bytes?: Uint8Array): void => {
    const at = clock.now()
    if (what === 'up' || what === 'down') ring.add({ at, what })
    else if (bytes) ring.add(secret ? { at, what, hidden: bytes.length } : { at, what, bytes: bytes.slice() })
  }

const MARKS = { sent: '>', heard: '<', up: '+', down: '-' } as const

export interface CaptureHead {
  line: string
  /** What it hangs on and how fast it is, in a few words. */
  about: string
  /** Why it was written down. */
  why: string
  /** The moment of `now`, in words. */
  when: string
  now: Millis
}

/**
 * A capture as people read it: a line for each thing, with the milliseconds before the end; `>` to the devices, `<` from
 * them, `+` the port opened, `-` it was lost.
 */
export function writeCapture(all: Captured[], { line, about, why, when, now }: CaptureHead): string {
  const rows = all.map(each => {
    const at = (each.at - now).toFixed(1).padStart(11)
    const row = `${at} ${MARKS[each.what]}`
    if ('bytes' in each) return `${row} ${hex(each.bytes)}`
    return 'hidden' in each ? `${row} (${each.hidden} bytes)` : row
  })
  return `${[
    '# pawl capture 1',
    `# line ${line}: ${about}`,
    `# until ${when}, because ${why}`,
    '# milliseconds before that; > to the devices, < from them, + port opened, - port lost',
    ...rows,
  ].join('\n')}\n`
}

export type ReadCapture = { ok: true; all: Captured[] } | { ok: false; line: number; says: string }

const ROW = /^\s*(-?\d+(?:\.\d+)?) ([><+-])(?: (.*))?$/
const BYTES = /^(?:[0-9A-F]{2})(?: [0-9A-F]{2})*$/

/** Reads what `writeCapture` wrote, or what a person wrote like it. Never throws. */
export function readCapture(text: string): ReadCapture {
  const lines = text.split(/\r?\n/)
  if (lines[0]?.trim() !== '# pawl capture 1')
    return { ok: false, line: 1, says: 'a capture begins with "# pawl capture 1"' }
  const all: Captured[] = []
  for (const [index, row] of lines.entries()) {
    if (row.trim() === '' || row.startsWith('#')) continue
    const captured = readRow(row)
    if (!captured)
      return { ok: false, line: index + 1, says: 'this is no row such as "-12.5 > 80 01 00 33 B2"' }
    all.push(captured)
  }
  return { ok: true, all }
}

function readRow(row: string): Captured | undefined {
  const [, time = '', mark, rest = ''] = ROW.exec(row) ?? []
  const at = Number(time)
  if (mark === '+' || mark === '-') return { at, what: mark === '+' ? 'up' : 'down' }
  if (mark !== '>' && mark !== '<') return undefined
  const what = mark === '>' ? 'sent' : 'heard'
  const [, hidden] = /^\((\d+) bytes\)$/.exec(rest) ?? []
  if (hidden !== undefined) return { at, what, hidden: Number(hidden) }
  if (!BYTES.test(rest)) return undefined
  return { at, what, bytes: Uint8Array.from(rest.split(' '), pair => Number.parseInt(pair, 16)) }
}
