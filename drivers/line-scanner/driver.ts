import { z } from 'zod'
import { concat } from '../codec.ts'
import { type Driver, REFUSED } from '../device.ts'
import type { Millis } from '../host/clock.ts'
import { type Barcode, readBarcode, takeLine } from './frames.ts'

const Options = z.strictObject({
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
  same_code_ms: z
    .int()
    .min(0)
    .max(60_000)
    .default(1_000)
    .describe('The same code again within so many milliseconds is one reading.'),
})

type Options = z.output<typeof Options>

const EMPTY: Uint8Array = new Uint8Array()
/** A line that is only just being opened is not a fault yet. */
const GRACE: Millis = 2_000

/** Any scanner that sends one code a line, over serial or TCP. Bytes are kept as they are; it is alone on its line. */
export const lineScanner: Driver<Options> = {
  name: 'line-scanner',
  about: 'Any barcode scanner that sends a code and a line end, over serial or TCP',
  kind: 'scanner',
  secret: true,
  options: Options,
  address: () => undefined,
  channels: () => 0,

  open({ bus, clock, report }, options) {
    const shape = { ...options, prefix: new TextEncoder().encode(options.prefix) }
    let unread = EMPTY
    let overlong = false
    let last: { text: string; at: Millis } | undefined
    let online: boolean | undefined
    let cancelSilence = () => {}
    let cancelGrace = () => {}
    let closed = false

    function heard(bytes: Uint8Array): void {
      cancelSilence()
      unread = concat(unread, bytes)
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
      const code = overlong || line.length > options.max_length ? undefined : readBarcode(line, shape)
      overlong = false
      if (code && !repeated(code)) report({ type: 'scan', ...code })
    }

    /** In continuous mode a code that stays in view is sent over and over. */
    function repeated({ bytes, aim = '' }: Barcode): boolean {
      const text = aim + Buffer.from(bytes).toString('latin1')
      const before = last
      last = { text, at: clock.now() }
      return before?.text === text && last.at - before.at < options.same_code_ms
    }

    bus.listen(bytes => closed || heard(bytes))
    function turn(up: boolean): void {
      cancelGrace()
      if (closed || online === up) return
      online = up
      unread = EMPTY
      cancelSilence()
      report(up ? { type: 'online' } : { type: 'offline', why: 'line-down' })
    }

    cancelGrace = clock.after(GRACE, () => turn(false))
    bus.watch(up => {
      if (up || online !== undefined) turn(up)
    })

    return {
      async send() {
        return REFUSED
      },
      close() {
        closed = true
        cancelSilence()
        cancelGrace()
      },
    }
  },
}
