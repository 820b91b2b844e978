import { z } from 'zod'
import { lineOptions, readCodes, sameCode } from '../code-reader.ts'
import { type Driver, REFUSED } from '../device.ts'
import { followLine } from '../present-line.ts'
import { tell } from '../raw-request.ts'
import { answersOf, triggerOf } from './frames.ts'

const Options = z.strictObject({
  ...lineOptions,
  same_code_ms: sameCode,
  commands: z
    .enum(['none', 'honeywell', 'newland'])
    .default('none')
    .describe('Whose trigger commands it takes; none: it reads whenever it sees a code.'),
})

type Options = z.output<typeof Options>

/** Any scanner that sends one code a line, over serial or TCP. Bytes are kept as they are; it is alone on its line. */
export const lineScanner: Driver<Options> = {
  name: 'line-scanner',
  about: 'Any barcode scanner that sends a code and a line end, over serial or TCP',
  kind: 'scanner',
  secret: true,
  options: Options,
  address: () => undefined,
  channels: () => 0,

  open(host, options) {
    const codes = readCodes(host, options, answersOf(options.commands))
    const leave = followLine(host, codes.forget)
    return {
      async send(command) {
        const trigger = command.type === 'trigger' && triggerOf(options.commands, command.on)
        return trigger ? tell(host.bus, trigger, command.by) : REFUSED
      },
      close() {
        codes.close()
        leave()
      },
    }
  },
}
