import { z } from 'zod'
import { countBits } from '../codec.ts'
import { type Driver, tellClosed } from '../device.ts'
import { type DoorBoard, doorTiming, pollDoors, timingOf } from '../door-poll.ts'
import { outlivesPoll, TOO_STALE } from '../keep-asking.ts'
import { everyDial, hookOptions, openDoors, unlockPause } from '../kerong.ts'
import { frames } from './frames.ts'

const Options = z
  .strictObject({
    ...hookOptions(10, 16),
    unlock_pause_ms: unlockPause(25),
    item_sensors: z
      .array(z.int().min(1).max(16))
      .max(16)
      .default([])
      .describe('Channels at which an infrared sensor is fitted that sees whether something lies inside.'),
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
    candidates: everyDial(10),
    async ask(bus, { address }) {
      const answer = await bus.ask(frames(address), { type: 'status' })
      if (!answer.ok) return undefined
      return tellClosed(countBits(answer.reply.hooks), 16, 'closed_bit: 0')
    },
  },

  open(host, options) {
    const { address, channels, reply_within_ms: within, unlock_pause_ms: pause } = options
    const codec = frames(address)
    /** Of the reading that was told last, and of the one that is to be told. */
    let [told, items] = [0, 0]
    const board: DoorBoard = {
      channels,
      async read({ urgent }) {
        const answer = await host.bus.ask(codec, { type: 'status' }, { urgent, within })
        if (!answer.ok) return answer
        items = answer.reply.items
        return { ok: true, reply: openDoors(answer.reply.hooks, options) }
      },
      before(first) {
        for (const channel of options.item_sensors) {
          const [present, was] = [isSet(items, channel), first ? undefined : isSet(told, channel)]
          if (present !== was) host.report({ type: 'item', channel, present, was })
        }
        told = items
      },
      fire: (lock, by) =>
        // Nothing it could say would be an answer, so whatever comes in the pause is left unread.
        host.bus.order(codec, { type: 'unlock', lock }, { by, within: pause, wanted: () => false }),
    }
    return pollDoors(host, board, timingOf(options))
  },
}

const isSet = (bits: number, channel: number): boolean => ((bits >> (channel - 1)) & 1) === 1
