import { z } from 'zod'
import type { Driver } from '../device.ts'
import type { Fault } from '../faults.ts'
import { outlivesPoll, rhythmOf, rhythmOptions, TOO_STALE } from '../keep-asking.ts'
import { keepPrinter } from '../printing.ts'
import { frames, type HostStatus, labelOf } from './frames.ts'

const Options = z
  .strictObject({
    line_dots: z.int().min(10).max(300).default(36).describe('Height of a line of text, in dots.'),
    margin_dots: z.int().min(0).max(500).default(24).describe('Distance from the edges, in dots.'),
    reply_within_ms: z
      .int()
      .min(100)
      .max(10_000)
      .default(2_000)
      .describe(
        'How long the printer may think before its silence means that it is not ready, in milliseconds.',
      ),
    print_within_ms: z
      .int()
      .min(500)
      .max(60_000)
      .default(8_000)
      .describe('How long a label may take to be on paper before it is in doubt, in milliseconds.'),
    ...rhythmOptions(5_000, 15_000),
  })
  .refine(outlivesPoll, TOO_STALE)

type Options = z.output<typeof Options>

/** Zebra label printers and others with ZPL II and ~HS. */
export const zplPrinter: Driver<Options> = {
  name: 'zpl-printer',
  about: 'Label printer with ZPL II, Zebra and alike (serial 9600 8N1 or TCP 9100)',
  kind: 'printer',
  secret: true,
  manners: { tries: 2 },
  options: Options,
  address: () => undefined,
  channels: () => 0,
  probe: {
    bauds: [9_600, 115_200],
    candidates: [{}],
    async ask(bus, { reply_within_ms: within }) {
      const answer = await bus.ask(frames, 'status', { within })
      return answer.ok ? `a label printer, ${whyNot(answer.reply) ?? 'ready'}` : undefined
    },
  },

  open(host, options) {
    const { reply_within_ms: within } = options
    /** The printer was seen to have the label that was sent last: it is not lost on the way. */
    let arrived = false
    const ask = (urgent: boolean) => host.bus.ask(frames, 'status', { urgent, within })
    return keepPrinter(
      host,
      {
        async state(urgent) {
          const answer = await ask(urgent)
          if (!answer.ok) return answer
          const why = whyNot(answer.reply)
          return { ok: true, reply: why === undefined ? { underWay: isUnderWay(answer.reply) } : { why } }
        },
        render(page) {
          arrived = false
          return labelOf(page, { line: options.line_dots, margin: options.margin_dots })
        },
        forget: FORGET,
        async printed() {
          const answer = await ask(true)
          if (!answer.ok || whyNot(answer.reply) !== undefined) return false
          const underWay = isUnderWay(answer.reply)
          arrived ||= underWay
          return arrived && !underWay
        },
      },
      rhythmOf(options),
      options.print_within_ms,
    )
  },
}

/** Cancels the format that is only partly there, and no other. ZPL II Programming Guide, ~JX. */
const FORGET = Uint8Array.from('~JX\r\n', letter => letter.charCodeAt(0))

const isUnderWay = ({ formatsWaiting, partial, labelsRemaining }: HostStatus): boolean =>
  formatsWaiting > 0 || partial || labelsRemaining > 0

function whyNot(status: HostStatus): Fault | undefined {
  if (status.paperOut) return 'paper-out'
  if (status.headUp) return 'cover-open'
  if (status.ribbonOut) return 'ribbon-out'
  if (status.paused) return 'paused'
  if (status.temperature) return 'overheated'
  if (status.corrupt) return 'printer-fault'
  return status.bufferFull ? 'busy' : undefined
}
