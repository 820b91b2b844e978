import { z } from 'zod'
import { sameCode } from '../code-reader.ts'
import { concat } from '../codec.ts'
import { type Driver, REFUSED } from '../device.ts'
import { codeText, onceIn } from '../once.ts'
import { followLine } from '../present-line.ts'
import { tell } from '../raw-request.ts'
import { decodeReport, ENABLE, type Piece, triggerOf } from './frames.ts'

const Options = z.strictObject({
  vendor: z
    .enum(['other', 'honeywell'])
    .default('other')
    .describe('honeywell: it must be enabled with a feature report, and takes trigger commands.'),
  max_length: z
    .int()
    .min(8)
    .max(65_536)
    .default(4_096)
    .describe('The longest code in bytes; a longer one is dropped whole.'),
  same_code_ms: sameCode,
})

type Options = z.output<typeof Options>

const EMPTY: Uint8Array = new Uint8Array()
const PROMPT = 1_000
/** Honeywell's answers to menu commands come as codes with this identifier. */
const ANSWER = ']X0'

/** A USB scanner in HID-POS mode: reports with the AIM identifier in them, nothing typed, nothing lost. */
export const hidPosScanner: Driver<Options> = {
  name: 'hid-pos-scanner',
  about: 'USB barcode scanner in HID-POS mode (Honeywell, Zebra, Datalogic, Access-IS)',
  kind: 'scanner',
  secret: true,
  wire: 'hid',
  options: Options,
  address: () => undefined,
  channels: () => 0,

  open(host, options) {
    const { bus, clock, report } = host
    const isNew = onceIn(clock, options.same_code_ms)
    let unread = EMPTY
    let data = EMPTY
    let closed = false

    function piece({ aim, data: part, more }: Piece): void {
      if (data.length <= options.max_length) data = concat(data, part)
      if (more) return
      const code = { bytes: data, aim }
      data = EMPTY
      if (code.bytes.length === 0 || code.bytes.length > options.max_length || aim === ANSWER) return
      if (isNew(codeText(code))) report({ type: 'scan', ...code })
    }

    bus.listen(bytes => {
      if (closed) return
      unread = concat(unread, bytes)
      for (let found = decodeReport(unread); ; found = decodeReport(unread)) {
        unread = found.rest
        if (!found.reply) return
        piece(found.reply)
      }
    })
    const leave = followLine(host, () => {
      unread = EMPTY
      data = EMPTY
    })
    bus.watch(up => {
      if (up && options.vendor === 'honeywell') void tell(bus, ENABLE, clock.now() + PROMPT)
    })

    return {
      async send(command) {
        if (command.type !== 'trigger' || options.vendor !== 'honeywell') return REFUSED
        return tell(bus, triggerOf(command.on), command.by)
      },
      close() {
        closed = true
        leave()
      },
    }
  },
}
