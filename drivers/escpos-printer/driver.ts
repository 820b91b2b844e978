import { z } from 'zod'
import type { Answer, Bus } from '../bus.ts'
import type { Driver } from '../device.ts'
import { outlivesPoll, rhythmOf, rhythmOptions, TOO_STALE } from '../keep-asking.ts'
import { keepPrinter, type PrinterState } from '../printing.ts'
import { type Ask, BITS, inTurn, realTime, receiptOf, rest } from './frames.ts'

const Options = z
  .strictObject({
    columns: z.int().min(16).max(96).default(42).describe('Letters that a line of paper holds.'),
    feed: z.int().min(0).max(20).default(4).describe('Empty lines before the cut.'),
    cut: z.enum(['full', 'partial', 'none']).default('partial').describe('How a receipt is cut.'),
    qr: z
      .boolean()
      .default(false)
      .describe('Whether the printer knows GS ( k; else codes are printed as text.'),
    reply_within_ms: z
      .int()
      .min(50)
      .max(5_000)
      .default(500)
      .describe('How long an answer may take to begin, in milliseconds.'),
    print_within_ms: z
      .int()
      .min(500)
      .max(60_000)
      .default(8_000)
      .describe('How long a receipt may take to be on paper before it is in doubt, in milliseconds.'),
    ...rhythmOptions(2_000, 8_000),
  })
  .refine(outlivesPoll, TOO_STALE)

type Options = z.output<typeof Options>

/** Receipt printers with ESC/POS: Epson, Citizen, Star and many others. */
export const escposPrinter: Driver<Options> = {
  name: 'escpos-printer',
  about: 'Receipt printer with ESC/POS (serial 9600 to 115200 8N1, or TCP 9100)',
  kind: 'printer',
  secret: true,
  options: Options,
  address: () => undefined,
  channels: () => 0,
  probe: {
    bauds: [9_600, 19_200, 38_400, 115_200],
    candidates: [{}],
    async ask(bus, { reply_within_ms: within }) {
      // One byte with four fixed bits comes by chance: four answers in a row do not.
      const state = await stateOf(bus, within, false)
      return state.ok ? `a receipt printer, ${state.reply.why ?? 'ready'}` : undefined
    },
  },

  open(host, options) {
    const { bus } = host
    const { reply_within_ms: within, print_within_ms, columns, feed, cut, qr } = options
    return keepPrinter(
      host,
      {
        state: urgent => stateOf(bus, within, urgent),
        forget: rest({ feed, cut }),
        render: page => receiptOf(page, { columns, feed, cut, qr }),
        // Answered only behind all that was sent before it, and not at all by a printer that went offline in it.
        printed: async () => (await bus.ask(inTurn, 'paper', { urgent: true, within: print_within_ms })).ok,
      },
      rhythmOf(options),
      print_within_ms,
    )
  },
}

/** Four questions, one at a time: an answer does not say which it is to. */
async function stateOf(bus: Bus, within: number, urgent: boolean): Promise<Answer<PrinterState>> {
  const said: number[] = []
  for (const ask of [1, 2, 3, 4] satisfies Ask[]) {
    const answer = await bus.ask(realTime, ask, { urgent, within })
    if (!answer.ok) return answer
    said.push(answer.reply)
  }
  return { ok: true, reply: judge(said) }
}

function judge([printer = 0, cause = 0, error = 0, paper = 0]: number[]): PrinterState {
  if (cause & BITS.coverOpen) return { why: 'cover-open' }
  if (paper & BITS.paperOut || cause & BITS.stoppedAtPaperEnd) return { why: 'paper-out' }
  if (error & BITS.cutter) return { why: 'cutter-fault' }
  if (error & BITS.unrecoverable) return { why: 'printer-fault' }
  if (error & BITS.heat) return { why: 'overheated' }
  if (printer & BITS.offline) return { why: 'not-ready' }
  return paper & BITS.paperLow ? { soon: 'paper-low' } : {}
}
