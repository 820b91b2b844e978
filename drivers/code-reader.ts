import { z } from 'zod'
import { readBarcode, takeLine } from './code-lines.ts'
import { concat } from './codec.ts'
import type { Host } from './device.ts'
import { codeText, onceIn } from './once.ts'

/** Options of every scanner that sends one code a line, for its options object. */
export const lineOptions = {
  suffix: z
    .enum(['any', 'cr', 'lf', 'crlf', 'none'])
    .default('any')
    .describe('What ends a code; any: CR or LF. Silence always ends one.'),
  silence_ms: z
    .int()
    .min(10)
    .max(2_000)
    .default(50)
    .describe('The silence after which a code is over, in milliseconds.'),
  prefix: z
    .string()
    .max(16)
    .default('')
    .describe('What every code starts with, if the scanner is set up so.'),
  aim: z
    .enum(['auto', 'yes', 'no'])
    .default('auto')
    .describe('Whether an AIM identifier such as ]d2 comes before the data.'),
  max_length: z
    .int()
    .min(8)
    .max(65_536)
    .default(4_096)
    .describe('The longest code in bytes; a longer one is dropped whole.'),
}

/** The option of every scanner that may send a code more than once. */
export const sameCode = z
  .int()
  .min(0)
  .max(60_000)
  .default(1_000)
  .describe('The same code again within so many milliseconds is one reading.')

const LineOptions = z.object({ ...lineOptions, same_code_ms: sameCode })
type LineOptions = z.output<typeof LineOptions>

/** What stands at the front of the bytes besides codes: an answer of that length, or the beginning of one. */
export type Answers = (bytes: Uint8Array) => number | 'begins' | undefined

const EMPTY: Uint8Array = new Uint8Array()

/** Reports each code that a scanner sends. What `answers` knows is cut out wherever it stands. */
export function readCodes(
  { bus, clock, report }: Pick<Host, 'bus' | 'clock' | 'report'>,
  options: LineOptions,
  answers: Answers = () => undefined,
): { forget(): void; close(): void } {
  const shape = { ...options, prefix: new TextEncoder().encode(options.prefix) }
  const isNew = onceIn(clock, options.same_code_ms)
  let unread = EMPTY
  let overlong = false
  let closed = false
  let cancelSilence = () => {}

  function heard(bytes: Uint8Array): void {
    cancelSilence()
    unread = cutAnswers(concat(unread, bytes), answers)
    for (let line = takeLine(unread, options.suffix); line.reply; line = takeLine(unread, options.suffix)) {
      unread = line.rest
      finish(line.reply)
    }
    // What cannot be a code must not fill the memory; its tail is thrown away up to the next end.
    if (unread.length > options.max_length) {
      overlong = true
      unread = EMPTY
    }
    if (unread.length > 0 || overlong) cancelSilence = clock.after(options.silence_ms, silence)
  }

  function silence(): void {
    const line = unread
    unread = EMPTY
    finish(line)
  }

  function finish(line: Uint8Array): void {
    const whole = !overlong && line.length <= options.max_length && answers(line) === undefined
    const code = whole ? readBarcode(line, shape) : undefined
    overlong = false
    if (code && isNew(codeText(code))) report({ type: 'scan', ...code })
  }

  bus.listen(bytes => closed || heard(bytes))

  return {
    forget() {
      unread = EMPTY
      overlong = false
      cancelSilence()
    },
    close() {
      closed = true
      cancelSilence()
    },
  }
}

/** The bytes without the answers among them; the beginning of one at the end stays. */
function cutAnswers(bytes: Uint8Array, answers: Answers): Uint8Array {
  let kept = EMPTY
  let from = 0
  for (let at = 0; at < bytes.length; at++) {
    const length = answers(bytes.subarray(at))
    if (typeof length !== 'number') continue
    kept = concat(kept, bytes.subarray(from, at))
    from = at + length
    at = from - 1
  }
  return concat(kept, bytes.subarray(from))
}
