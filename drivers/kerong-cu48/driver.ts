import { z } from 'zod'
import { type Driver, tellClosed } from '../device.ts'
import { doorTiming, pollDoors, timingOf } from '../door-poll.ts'
import { outlivesPoll, TOO_STALE } from '../keep-asking.ts'
import { frames } from './frames.ts'

const Options = z
  .strictObject({
    address: z.int().min(0).max(15).default(0).describe('What the dial on the board says.'),
    channels: z.int().min(1).max(48).default(48).describe('How many locks are on the board.'),
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
      .default(50)
      .describe(
        'How long the line is left alone after an unlock. Not every firmware answers one, so no answer is waited for, in milliseconds.',
      ),
    ...doorTiming,
  })
  .refine(outlivesPoll, TOO_STALE)

type Options = z.output<typeof Options>

/** The old Kerong KR-CU48, known from captures of one source. Whether it answers an unlock is not known: a reading tells. */
export const kerongCu48: Driver<Options> = {
  name: 'kerong-cu48',
  about: 'Old Kerong KR-CU48 lock board, 48 locks (19200 8N1)',
  kind: 'locks',
  options: Options,
  address: ({ address }) => `address ${address}`,
  channels: ({ channels }) => channels,
  probe: {
    bauds: [19_200, 9_600],
    candidates: Array.from({ length: 16 }, (_, address) => ({ address })),
    async ask(bus, { address }) {
      const answer = await bus.ask(frames(address), { type: 'status' })
      if (!answer.ok) return undefined
      return tellClosed(answer.reply.hooks.filter(Boolean).length, 48, 'closed_bit: 0')
    },
  },

  open(host, { address, channels, closed_bit, ...timing }) {
    const codec = frames(address)
    const { reply_within_ms: within, unlock_pause_ms: pause } = timing
    const board = {
      channels,
      async read({ urgent }: { urgent: boolean }) {
        const answer = await host.bus.ask(codec, { type: 'status' }, { urgent, within })
        if (!answer.ok) return answer
        const { hooks } = answer.reply
        return { ok: true as const, reply: hooks.slice(0, channels).map(hook => hook !== (closed_bit === 1)) }
      },
      fire: (lock: number, by: number) =>
        host.bus.order(codec, { type: 'unlock', lock }, { by, within: pause, wanted: () => false }),
    }
    return pollDoors(host, board, timingOf(timing))
  },
}
