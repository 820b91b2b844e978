import { concat, hex } from '../codec.ts'
import type { Host, Outcome } from '../device.ts'
import type { Millis } from '../host/clock.ts'
import { tell } from '../raw-request.ts'
import { ACK, ackBytes, COMMANDS, frames, LONGEST, type Packet, POLL } from './frames.ts'

// POLL ──▶ ACK, or the packet that waits; packet ──▶ ACK. The controller leads, always.

/** A controller waits 100 ms for an answer; one that comes later could be taken for the answer to the next poll. */
const IN_TIME: Millis = 80
/** Before a packet is sent again, so that a controller that took it has the time to say so. */
const AGAIN: Millis = 1_000
const TRIES = 5
/** While a packet waits, how often it is seen that this process is not held up. */
const TICK: Millis = 10
const HELD_UP: Millis = 50

interface Waiting {
  bytes: Uint8Array
  by: Millis
  tries: number
  lastTry: Millis
  settle(outcome: Outcome): void
}

export interface Talk {
  /** Waits for a poll and sends; ends when the controller acknowledged, or `took` was called, or nobody did. */
  say(command: number, text: Uint8Array, by: Millis): Promise<Outcome>
  /** The controller shows otherwise that it took what was said last. */
  took(): void
  close(): void
}

/** Answers a controller, and hears each of its packets once however often it repeats them. */
export function talk({ bus, clock }: Host, heard: (packet: Packet) => void, alive: () => void): Talk {
  let unread: Uint8Array = new Uint8Array()
  let waiting: Waiting | undefined
  let synchronise = false
  let closed = false
  let lastTick: Millis = 0
  /** When it was last seen that this process was, or may have been, held up: what is read just then may be old. */
  let heldUpAt: Millis = -Infinity
  let cancelTick = () => {}
  /** Kept from one life to the next by no one: begun anywhere, so that it is unlikely to be the last of the life before. */
  let pack = Math.floor(clock.wall() / 1_000) % 0xff
  let repeated: string | undefined

  const nextPack = (): number => {
    pack = (pack % 0xff) + 1
    return pack
  }
  const answer = (bytes: Uint8Array): Promise<Outcome> => tell(bus, bytes, clock.now() + IN_TIME)

  function end(outcome: Outcome): void {
    const ended = waiting
    waiting = undefined
    cancelTick()
    ended?.settle(outcome)
  }

  function tick(): void {
    const now = clock.now()
    if (now - lastTick > HELD_UP) heldUpAt = now
    lastTick = now
    if (!waiting) return
    if (lastTick > waiting.by && waiting.tries === 0)
      return end({ ok: false, fault: 'too-late', sent: false })
    if (waiting.tries > 0 && lastTick - waiting.lastTry > AGAIN * 2)
      return end({ ok: false, fault: 'no-reply', sent: true, frame: hex(waiting.bytes) })
    cancelTick = clock.after(TICK, tick)
  }

  function polled(): void {
    if (synchronise) {
      synchronise = false
      void answer(frames.encode({ command: COMMANDS.synchronise, pack: nextPack(), text: new Uint8Array() }))
      return
    }
    const now = clock.now()
    // Held up by something slow, it cannot know how old this poll is: an ACK does no harm, and the next poll comes soon.
    const fresh = now - lastTick <= HELD_UP && now - heldUpAt > HELD_UP
    const due =
      waiting && fresh && now <= waiting.by && waiting.tries < TRIES && now - waiting.lastTry >= AGAIN
    if (waiting && due) void send(waiting)
    else void answer(ackBytes)
  }

  async function send(what: Waiting): Promise<void> {
    what.tries++
    what.lastTry = clock.now()
    const outcome = await answer(what.bytes)
    if (outcome.ok || what !== waiting) return
    if (!outcome.sent) what.tries--
    if (outcome.fault === 'line-down') end({ ...outcome, sent: what.tries > 0 })
  }

  function packet(each: Packet): void {
    alive()
    if (each.command === POLL) return polled()
    if (each.command === ACK) {
      if (waiting && waiting.tries > 0) end({ ok: true })
      return
    }
    void answer(ackBytes)
    const name = `${each.command} ${each.pack}`
    const again = name === repeated
    repeated = name
    if (again) return
    if (each.command === COMMANDS.synchronise) synchronise = true
    else heard(each)
  }

  bus.listen(bytes => {
    if (closed) return
    unread = concat(unread, bytes)
    for (let found = frames.decode(unread); ; found = frames.decode(unread)) {
      unread = found.rest.length > LONGEST ? found.rest.subarray(-LONGEST) : found.rest
      if (!found.reply) return
      packet(found.reply)
    }
  })
  bus.watch(up => {
    if (up) unread = new Uint8Array()
    else if (waiting) end({ ok: false, fault: 'line-down', sent: waiting.tries > 0 })
  })

  return {
    say: (command, text, by) =>
      new Promise(settle => {
        if (waiting) return settle({ ok: false, fault: 'busy', sent: false })
        const what = { command, pack: nextPack(), text }
        // Whoever asks for it comes from a commit, in which polls may have been waiting.
        lastTick = -Infinity
        waiting = { bytes: frames.encode(what), by, tries: 0, lastTry: -Infinity, settle }
        tick()
      }),
    took() {
      if (waiting && waiting.tries > 0) end({ ok: true })
    },
    close() {
      closed = true
      cancelTick()
    },
  }
}
