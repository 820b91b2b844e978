import { z } from 'zod'
import { lineOptions, readCodes, sameCode } from '../code-reader.ts'
import { type Driver, REFUSED } from '../device.ts'
import { keepAsking, outlivesPoll, rhythmOf, rhythmOptions, TOO_STALE } from '../keep-asking.ts'
import { tell } from '../raw-request.ts'
import { answerLength, frames } from './frames.ts'

const Options = z
  .strictObject({
    ...lineOptions,
    suffix: lineOptions.suffix.default('cr'),
    same_code_ms: sameCode,
    ...rhythmOptions(10_000, 35_000),
  })
  .refine(outlivesPoll, TOO_STALE)

type Options = z.output<typeof Options>

/** GM65, GM861, GM812, GM810 and EM1365 modules: lines of text, and commands with a CRC in the same stream. */
export const gm65: Driver<Options> = {
  name: 'gm65',
  about: 'Scanner module GM65, GM861, GM812, GM810, EM1365 (9600 8N1)',
  kind: 'scanner',
  secret: true,
  options: Options,
  address: () => undefined,
  channels: () => 0,
  probe: {
    bauds: [9_600, 115_200],
    candidates: [{}],
    async ask(bus) {
      const answer = await bus.ask(frames, { type: 'read-baud' })
      return answer.ok ? 'a scanner module of the GM65 family' : undefined
    },
  },

  open(host, options) {
    const codes = readCodes(host, options, answerLength)
    const watch = keepAsking(
      host,
      { read: () => host.bus.ask(frames, { type: 'read-baud' }), heard: () => {} },
      rhythmOf(options),
    )
    return {
      async send(command) {
        // A reading ends by itself after the module's own time: there is no command to end it.
        if (command.type !== 'trigger' || !command.on) return REFUSED
        return tell(host.bus, frames.encode({ type: 'trigger' }), command.by)
      },
      close() {
        codes.close()
        watch.close()
      },
    }
  },
}
