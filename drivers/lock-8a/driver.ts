import { z } from 'zod'
import type { Answer } from '../bus.ts'
import { hex } from '../codec.ts'
import { type Driver, type Host, tellClosed } from '../device.ts'
import { type DoorBoard, doorTiming, pollDoors, timingOf } from '../door-poll.ts'
import type { Millis } from '../host/clock.ts'
import { outlivesPoll, TOO_STALE } from '../keep-asking.ts'
import { frames, pushes, type Reply, type Request } from './frames.ts'

const Options = z
  .strictObject({
    address: z.int().min(1).max(32).default(1).describe('What the DIP switches of the board say.'),
    channels: z.int().min(1).max(50).default(24).describe('How many locks the board has.'),
    status_bytes: z
      .int()
      .min(1)
      .max(7)
      .optional()
      .describe(
        'Status bytes in the answer to a query of all locks, where it is not one for every eight locks.',
      ),
    closed_state: z.enum(['11', '00']).default('11').describe('What the board says of a closed door.'),
    open_function: z
      .enum(['11', '33'])
      .default('11')
      .describe('The code that opens a lock. 33: boards of the "2025" manual.'),
    query: z
      .enum(['all', 'one'])
      .default('all')
      .describe('How the doors are read. one: lock by lock, for boards that cannot tell all at once.'),
    reply_within_ms: z
      .int()
      .min(20)
      .max(5_000)
      .default(300)
      .describe('How long an answer may take to begin, in milliseconds.'),
    ...doorTiming,
  })
  .refine(outlivesPoll, TOO_STALE)

type Options = z.output<typeof Options>

/** The generic RS-485 lock board with frames 8A … BCC, sold under many names. Its own answer to an unlock proves nothing. */
export const lock8a: Driver<Options> = {
  name: 'lock-8a',
  about: 'RS-485 lock board with 5-byte frames 8A … BCC (9600 8N1)',
  kind: 'locks',
  options: Options,
  address: ({ address }) => `address ${address}`,
  channels: ({ channels }) => channels,
  probe: {
    bauds: [9_600, 19_200],
    candidates: Array.from({ length: 32 }, (_, index) => ({ address: index + 1 })),
    async ask(bus, { address }) {
      // One lock: how many bytes a status of all has is not known yet.
      const codec = frames({ board: address, statusBytes: 1, openFunction: 0x11 })
      const wanted = (reply: Reply) => reply.type === 'state' && reply.lock === 1
      const answer = await bus.ask<Request, Reply>(codec, { type: 'query', lock: 1 }, { wanted })
      if (!answer.ok || answer.reply.type !== 'state') return undefined
      return tellClosed(answer.reply.set ? 1 : 0, 1, "closed_state: '00'")
    },
  },

  open(host, options) {
    return pollDoors(host, boardOn(host, options), timingOf(options))
  },
}

function boardOn({ bus, clock }: Host, options: Options): DoorBoard {
  const { channels, reply_within_ms: within } = options
  const statusBytes = options.status_bytes ?? Math.ceil(channels / 8)
  const codec = frames({
    board: options.address,
    statusBytes,
    openFunction: options.open_function === '33' ? 0x33 : 0x11,
  })
  const openWhen = options.closed_state === '00'

  const ask = async (
    request: Request,
    urgent: boolean,
    wanted: (reply: Reply) => boolean,
  ): Promise<Answer<Reply>> => bus.ask<Request, Reply>(codec, request, { urgent, within, wanted })

  async function one(lock: number, urgent: boolean): Promise<Answer<boolean[]>> {
    const answer = await ask(
      { type: 'query', lock },
      urgent,
      reply => reply.type === 'state' && reply.lock === lock,
    )
    if (!answer.ok) return answer
    return { ok: true, reply: answer.reply.type === 'state' ? [answer.reply.set === openWhen] : [] }
  }

  async function lockByLock({ urgent }: { urgent: boolean }): Promise<Answer<boolean[]>> {
    const doors: boolean[] = []
    let since: Millis | undefined
    for (let lock = 1; lock <= channels; lock++) {
      const answer = await one(lock, urgent)
      if (!answer.ok) return answer
      since ??= clock.now()
      // On a bad line the first doors of a reading may be old before the last is read.
      if (clock.now() - since > options.stale_ms)
        return { ok: false, fault: 'stale', frame: hex(codec.encode({ type: 'query', lock })) }
      doors.push(...answer.reply)
    }
    return { ok: true, reply: doors }
  }

  async function all({ urgent }: { urgent: boolean }): Promise<Answer<boolean[]>> {
    const answer = await ask({ type: 'query-all' }, urgent, reply => reply.type === 'states')
    if (!answer.ok) return answer
    const contacts = answer.reply.type === 'states' ? answer.reply.contacts : []
    return { ok: true, reply: contacts.slice(0, channels).map(set => set === openWhen) }
  }

  // With one status byte every question about a lock is, byte for byte, some status: an echo that comes late would be
  // read as doors that opened. The answer about one lock is never a question.
  const unmistakable = statusBytes > 1 && options.query === 'all'

  return {
    channels,
    read: unmistakable ? all : lockByLock,
    hint: look => bus.overhear(pushes(options.address), look),
    fire: (lock, by) =>
      bus.order<Request, Reply>(
        codec,
        { type: 'open', lock },
        {
          by,
          within,
          wanted: reply => reply.type === 'opened' && reply.lock === lock,
        },
      ),
  }
}
