import { z } from 'zod'
import { countBits } from '../codec.ts'
import { type Driver, tellClosed } from '../device.ts'
import { doorTiming, pollDoors, timingOf } from '../door-poll.ts'
import { outlivesPoll, TOO_STALE } from '../keep-asking.ts'
import { frames } from './frames.ts'

const Options = z
  .strictObject({
    address: z.int().min(0).max(9).default(0).describe('What the dial on the board says.'),
    channels: z.int().min(1).max(16).default(16).describe('How many locks are on the board.'),
    closed_bit: z
      .literal([1, 0])
      .default(1)
      .describe(
        'The bit of a closed lock; 0 where the switches of all locks on this board are of the other kind.',
      ),
    reply_within_ms: z
      .int()
      .min(20)
      .max(5_000)
      .default(500)
      .describe('How long an answer may take to begin, in milliseconds.'),
    unlock_pause_ms: z
      .int()
      .min(0)
      .max(1_000)
      .default(25)
      .describe(
        'How long the line is left alone after an unlock, which this board never answers, in milliseconds.',
      ),
    ...doorTiming,
  })
  .refine(outlivesPoll, TOO_STALE)

type Options = z.output<typeof Options>

/** Kerong KR-CU16: sixteen locks. It never answers an unlock and has no error reply: only a later reading tells. */
export const kerongCu16: Driver<Options> = {
  name: 'kerong-cu16',
  about: 'Kerong KR-CU16 lock board, 16 locks (19200 8N1 from the factory)',
  kind: 'locks',
  options: Options,
  address: ({ address }) => `address ${address}`,
  channels: ({ channels }) => channels,
  probe: {
    bauds: [19_200, 115_200, 9_600],
    candidates: Array.from({ length: 10 }, (_, address) => ({ address })),
    async ask(bus, { address }) {
      const answer = await bus.ask(frames(address), { type: 'status' })
      if (!answer.ok) return undefined
      return tellClosed(countBits(answer.reply.hooks), 16, 'closed_bit: 0')
    },
  },

  open(host, { address, channels, closed_bit, ...timing }) {
    const codec = frames(address)
    const { reply_within_ms: within, unlock_pause_ms: pause } = timing
    const openDoors = (hooks: number): boolean[] =>
      Array.from({ length: channels }, (_, index) => ((hooks >> index) & 1) !== closed_bit)
    const board = {
      channels,
      async read({ urgent }: { urgent: boolean }) {
        const answer = await host.bus.ask(codec, { type: 'status' }, { urgent, within })
        return answer.ok ? { ok: true as const, reply: openDoors(answer.reply.hooks) } : answer
      },
      fire: (lock: number, by: number) =>
        // Nothing it could say would be an answer, so whatever comes in the pause is left unread.
        host.bus.order(codec, { type: 'unlock', lock }, { by, within: pause, wanted: () => false }),
    }
    return pollDoors(host, board, timingOf(timing))
  },
}
