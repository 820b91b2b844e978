import type { Answer, Bus, Ordered } from './bus.ts'
import { type Codec, hex } from './codec.ts'
import type { Ears } from './ears.ts'
import { findReply } from './reply.ts'
import { guarded, type Seat } from './seat.ts'
import type { Ending, Turn } from './turns.ts'

interface Place {
  seat: Seat
  ears: Ears
  enqueue<Reply>(turn: Turn<Reply>): void
  watch(changed: (up: boolean) => void): void
}

const anyReply = (): boolean => true

/** What a driver sees of its line: requests become turns, and endings become answers. */
export function placeOnLine({ seat, ears, enqueue, watch }: Place): Bus {
  const { stats } = seat

  return {
    ask(codec, request, { urgent = false, wanted = anyReply, within = seat.within } = {}) {
      return new Promise(resolve => {
        const frame = encode(seat, codec, request)
        if (!frame) return resolve({ ok: false, fault: 'refused', frame: '' })
        stats.asked++
        enqueue({
          seat,
          rank: urgent ? 'urgent' : 'poll',
          frame,
          within,
          by: Infinity,
          find: gathered => findReply({ gathered, sent: frame, echo: seat.echo, codec, wanted }),
          settle: ending => resolve(answer(seat, frame, ending)),
        })
      })
    },

    order(codec, request, { by, within, wanted = anyReply, unheard = false }) {
      return new Promise(resolve => {
        const frame = encode(seat, codec, request)
        if (!frame) return resolve({ ok: false, fault: 'refused', sent: false, frame: '' })
        enqueue({
          seat,
          rank: 'order',
          frame,
          within,
          by,
          unheard,
          find: gathered => findReply({ gathered, sent: frame, echo: seat.echo, codec, wanted }),
          settle: ending => resolve(ordered(seat, frame, ending)),
        })
      })
    },

    overhear: (decode, heard) => ears.overhear(seat, decode, heard),
    listen: heard => ears.listen(seat, heard),
    watch: changed => watch(up => guarded(seat, () => changed(up))),
  }
}

/** Undefined when the codec threw: a defect of ours, noted, and nothing was sent. */
function encode<Request>(
  seat: Seat,
  codec: Codec<Request, unknown>,
  request: Request,
): Uint8Array | undefined {
  let frame: Uint8Array | undefined
  guarded(seat, () => {
    frame = codec.encode(request)
  })
  return frame
}

function answer<Reply>({ stats }: Seat, frame: Uint8Array, ending: Ending<Reply>): Answer<Reply> {
  switch (ending.type) {
    case 'reply':
      stats.answered++
      return { ok: true, reply: ending.reply }
    case 'silence':
      stats.failed++
      stats.lastFailure = hex(frame)
      return { ok: false, fault: 'no-reply', frame: hex(frame) }
    case 'failed':
      return { ok: false, fault: ending.fault, frame: hex(frame) }
  }
}

function ordered<Reply>({ stats }: Seat, frame: Uint8Array, ending: Ending<Reply>): Ordered<Reply> {
  if (ending.type !== 'failed' || ending.sent) stats.ordered++
  switch (ending.type) {
    case 'reply':
      return { ok: true, reply: ending.reply }
    case 'silence':
      return { ok: true }
    case 'failed':
      return { ok: false, fault: ending.fault, sent: ending.sent, frame: hex(frame) }
  }
}
