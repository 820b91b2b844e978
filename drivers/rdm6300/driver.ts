import { z } from 'zod'
import { type Driver, REFUSED } from '../device.ts'
import { onceIn } from '../once.ts'
import { followLine } from '../present-line.ts'
import { decodeBadge } from './frames.ts'

const Options = z.strictObject({
  away_ms: z
    .int()
    .min(200)
    .max(60_000)
    .default(1_000)
    .describe('How long a badge must have been away to count again, in milliseconds.'),
})

type Options = z.output<typeof Options>

/** The RDM6300 reader for 125 kHz badges (EM4100): sends a badge over and over while it is held before it. */
export const rdm6300: Driver<Options> = {
  name: 'rdm6300',
  about: 'RDM6300 reader for 125 kHz badges (9600 8N1)',
  kind: 'reader',
  secret: true,
  options: Options,
  address: () => undefined,
  channels: () => 0,

  open(host, { away_ms }) {
    const isNew = onceIn(host.clock, away_ms)
    let closed = false
    host.bus.overhear(decodeBadge, id => {
      if (!closed && isNew(id)) host.report({ type: 'badge', id })
    })
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
