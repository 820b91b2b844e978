import { z } from 'zod'
import { type Driver, REFUSED } from '../device.ts'
import { followLine } from '../present-line.ts'

const Options = z.strictObject({
  keys: z
    .string()
    .regex(/^[\x20-\x7e]{1,32}$/, 'printable characters')
    .default('0123456789*#ABCD')
    .describe('The keys it has, each as the character it sends; others are noise. CR is the enter key.'),
})

type Options = z.output<typeof Options>

const CR = 0x0d

/** A keypad that sends one character a key. What is typed is a secret: it is reported and never kept. */
export const serialKeypad: Driver<Options> = {
  name: 'serial-keypad',
  about: 'Keypad that sends one character a key (9600 8N1)',
  kind: 'reader',
  secret: true,
  options: Options,
  address: () => undefined,
  channels: () => 0,

  open(host, { keys }) {
    let closed = false
    host.bus.overhear(
      bytes => {
        const at = bytes.findIndex(byte => byte === CR || keys.includes(String.fromCharCode(byte)))
        if (at < 0) return { rest: new Uint8Array(), noise: bytes.length }
        const byte = bytes[at] ?? CR
        const key = byte === CR ? 'enter' : String.fromCharCode(byte)
        return { reply: key, rest: bytes.subarray(at + 1), noise: at }
      },
      key => {
        if (!closed) host.report({ type: 'key', key })
      },
    )
    const leave = followLine(host)
    return {
      send: async () => REFUSED,
      close() {
        closed = true
        leave()
      },
    }
  },
}
