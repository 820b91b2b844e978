import { z } from 'zod'
import type { Ordered } from '../bus.ts'
import { countBits, hex } from '../codec.ts'
import { type Driver, type Host, tellClosed } from '../device.ts'
import { type DoorBoard, doorTiming, pollDoors, timingOf } from '../door-poll.ts'
import { outlivesPoll, TOO_STALE } from '../keep-asking.ts'
import { everyDial, hookOptions, openDoors } from '../kerong.ts'
import { frames, type Reply, type Request } from './frames.ts'

const Options = z
  .strictObject({
    ...hookOptions(16, 12),
    ...doorTiming,
  })
  .refine(outlivesPoll, TOO_STALE)

type Options = z.output<typeof Options>

/** Kerong KR-CU12 and other boards with ASK: they answer an unlock, which still is no evidence that a door moved. */
export const kerongCu12: Driver<Options> = {
  name: 'kerong-cu12',
  about: 'Kerong KR-CU12 lock board with ASK, 12 locks (19200 8N1 from the factory)',
  kind: 'locks',
  options: Options,
  address: ({ address }) => `address ${address}`,
  channels: ({ channels }) => channels,
  probe: {
    bauds: [19_200, 9_600, 57_600, 115_200],
    candidates: everyDial(16),
    async ask(bus, { address }) {
      const answer = await bus.ask(frames(address), { type: 'status' }, { wanted: isStatus })
      if (!answer.ok || answer.reply.type !== 'status') return undefined
      return tellClosed(countBits(answer.reply.hooks), 12, 'closed_bit: 0')
    },
  },

  open: (host, options) => pollDoors(host, boardOn(host, options), timingOf(options)),
}

const isStatus = (reply: Reply): boolean => reply.type === 'status'

function boardOn({ bus }: Host, options: Options): DoorBoard {
  const { address, channels, reply_within_ms: within } = options
  const codec = frames(address)

  return {
    channels,
    async read({ urgent }) {
      const answer = await bus.ask<Request, Reply>(
        codec,
        { type: 'status' },
        { urgent, within, wanted: isStatus },
      )
      if (!answer.ok) return answer
      const hooks = answer.reply.type === 'status' ? answer.reply.hooks : 0
      return { ok: true, reply: openDoors(hooks, options) }
    },
    async fire(lock, by): Promise<Ordered<Reply>> {
      const wanted = (reply: Reply) => reply.type === 'unlock' && reply.lock === lock
      const ordered = await bus.order<Request, Reply>(codec, { type: 'unlock', lock }, { by, within, wanted })
      if (!ordered.ok || ordered.reply?.type !== 'unlock') return ordered
      const { ask } = ordered.reply
      const frame = hex(codec.encode({ type: 'unlock', lock }))
      // The board says itself that it did not understand: the coil was not driven. A failure or a time-out is no such proof.
      if (ask === 'unknown-command' || ask === 'bad-data')
        return { ok: false, fault: 'wrong-setting', sent: true, frame }
      return ask === 'ok' ? ordered : { ok: false, fault: 'board-error', sent: true, frame }
    },
  }
}
