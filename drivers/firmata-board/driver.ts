import { z } from 'zod'
import type { Answer } from '../bus.ts'
import { type Command, type Device, type Driver, type Host, type Outcome, REFUSED } from '../device.ts'
import { keepAsking, outlivesPoll, rhythmOf, rhythmOptions, TOO_STALE } from '../keep-asking.ts'
import { type Bench, openBench } from './board.ts'
import { NAME, nameFrames, SYSEX } from './frames.ts'
import { Part, pinsOf } from './parts.ts'

const once = (numbers: number[]): boolean => new Set(numbers).size === numbers.length

const Options = z
  .strictObject({
    parts: z
      .array(Part)
      .default([])
      .refine(parts => once(parts.flatMap(pinsOf)), 'each pin once')
      .refine(
        parts => once(parts.flatMap(part => ('channel' in part ? part.channel : []))),
        'each channel once',
      )
      .describe('What is wired to it.'),
    handshake_ms: z
      .int()
      .min(1_000)
      .max(60_000)
      .default(10_000)
      .describe('How long the board may take to say what it is, its own start included, in milliseconds.'),
    ...rhythmOptions(2_000, 15_000),
  })
  .refine(outlivesPoll, TOO_STALE)

type Options = z.output<typeof Options>

/** An Arduino with Firmata, for prototypes: lights, a buzzer, reed switches, relays, a servo or a stepper. */
export const firmataBoard: Driver<Options> = {
  name: 'firmata-board',
  about: 'Arduino with StandardFirmata for lights, buzzer, reeds, relays, servo, stepper (57600 8N1)',
  kind: 'controls',
  options: Options,
  address: () => undefined,
  channels: () => 0,
  probe: {
    bauds: [57_600, 115_200],
    candidates: [{}],
    async ask(bus) {
      const answer = await bus.ask(nameFrames, 'name')
      return answer.ok ? `a Firmata board: ${answer.reply}` : undefined
    },
  },
  open: openBoard,
}

function openBoard(host: Host, options: Options): Device {
  const { bus, clock, report } = host
  let bench: Bench | undefined
  let came: (bytes: Uint8Array) => void = () => {}
  let closed = false
  let last = [0, 0]
  /** How often it said its name since it was asked last. */
  let named = 0
  let asking = false
  const levels = new Map<string, boolean>()

  bus.listen(bytes => {
    if (closed) return
    for (const byte of bytes) {
      // The third byte of a name; that of the question is F7.
      if (last[0] === SYSEX && last[1] === NAME && byte < 0x80) named++
      last = [last[1] ?? 0, byte]
    }
    // It says its name unasked only when it starts: all it was told is forgotten.
    if (bench && !asking && named > 0) drop()
    came(bytes)
  })
  bus.watch(up => {
    if (!up) drop()
  })

  function drop(): void {
    bench?.close()
    bench = undefined
    levels.clear()
  }

  async function shakeHands(): Promise<boolean> {
    drop()
    const opened = await openBench({
      bus,
      clock,
      parts: options.parts,
      within: options.handshake_ms,
      hear(heard) {
        came = heard
      },
      level({ name, on }, level) {
        const state = level === on
        const was = levels.get(name)
        levels.set(name, state)
        if (!closed && was !== state) report({ type: 'input', name, on: state, was })
      },
    })
    if (closed) opened?.close()
    else bench = opened
    return bench !== undefined
  }

  async function read({ first }: { first: boolean }): Promise<Answer<string>> {
    named = 0
    asking = true
    const answer = await bus.ask(nameFrames, 'name')
    const fresh = first || !bench || named > 1
    const there = answer.ok && (!fresh || (await shakeHands()))
    asking = false
    named = 0
    return there || !answer.ok ? answer : { ok: false, fault: 'no-reply', frame: 'F0 6B F7' }
  }

  const watch = keepAsking<string>(host, { read, heard: () => {} }, rhythmOf(options))

  function obey(command: Command, ready: Bench): boolean {
    if (command.type === 'switch') return ready.turn(command.channel, command.on)
    if (command.type !== 'move') return false
    const { channel } = command
    return ready.move(channel, command.amount, () => closed || report({ type: 'moved', channel }))
  }

  return {
    async send(command): Promise<Outcome> {
      if (command.type !== 'switch' && command.type !== 'move') return REFUSED
      if (!watch.reading() || !bench) return watch.away()
      if (clock.now() > command.by) return { ok: false, fault: 'too-late', sent: false }
      return obey(command, bench) ? { ok: true } : { ok: false, fault: 'unknown-channel', sent: false }
    },
    close() {
      closed = true
      watch.close()
      drop()
    },
  }
}
