import { z } from 'zod'
import { type Driver, tellClosed } from '../device.ts'
import { type DoorBoard, doorTiming, pollDoors, timingOf } from '../door-poll.ts'
import { outlivesPoll, TOO_STALE } from '../keep-asking.ts'
import { everyDial, hookOptions, openDoors, unlockPause } from '../kerong.ts'
import { frames } from './frames.ts'

const Options = z
  .strictObject({
    ...hookOptions(16, 48),
    unlock_pause_ms: unlockPause(50),
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
    candidates: everyDial(16),
    async ask(bus, { address }) {
      const answer = await bus.ask(frames(address), { type: 'status' })
      if (!answer.ok) return undefined
      return tellClosed(answer.reply.hooks.filter(Boolean).length, 48, 'closed_bit: 0')
    },
  },

  open(host, options) {
    const { address, channels, reply_within_ms: within, unlock_pause_ms: pause } = options
    const codec = frames(address)
    const board: DoorBoard = {
      channels,
      async read({ urgent }) {
        const answer = await host.bus.ask(codec, { type: 'status' }, { urgent, within })
        return answer.ok ? { ok: true, reply: openDoors(answer.reply.hooks, options) } : answer
      },
      fire: (lock, by) =>
        // Not every firmware answers, so no answer is waited for: the doors are read.
        host.bus.order(codec, { type: 'unlock', lock }, { by, within: pause, wanted: () => false }),
    }
    return pollDoors(host, board, timingOf(options))
  },
}
