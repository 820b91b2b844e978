import { z } from 'zod'
import type { Answer } from '../bus.ts'
import { hex } from '../codec.ts'
import { type Driver, type Host, tellClosed } from '../device.ts'
import { type DoorBoard, doorTiming, pollDoors, timingOf } from '../door-poll.ts'
import type { Millis } from '../host/clock.ts'
import { outlivesPoll, TOO_STALE } from '../keep-asking.ts'
import { exchange, type Request } from '../modbus-rtu.ts'
import { MODBUS_MANNERS, modbusOptions, modbusUnit } from '../modbus-unit.ts'
import { reach, reportSignals, signalOption } from '../signals.ts'

const Options = z
  .strictObject({
    ...modbusOptions,
    channels: z
      .int()
      .min(1)
      .max(32)
      .default(8)
      .describe('How many locks: relay 1 with the door switch on input 1, and so on.'),
    pulse: z
      .enum(['flash', 'momentary'])
      .default('flash')
      .describe(
        'Who ends the pulse. flash: the command for it that Waveshare boards have. momentary: a board set by its switches to let go by itself. Never the unit: it could die in between.',
      ),
    pulse_ms: z
      .int()
      .min(100)
      .max(3_000)
      .multipleOf(100, 'whole tenths of a second')
      .default(500)
      .describe('How long the lock is powered, in milliseconds.'),
    control_mode: z
      .boolean()
      .default(true)
      .describe(
        'Whether the board has control modes (registers 1000…), which must be normal; false for clones without.',
      ),
    closed_input: z.literal([1, 0]).default(1).describe('The state of an input while its door is closed.'),
    signals: signalOption.default([]).describe('Inputs beyond the doors: tamper, mains, battery.'),
    ...doorTiming,
  })
  .refine(outlivesPoll, TOO_STALE)
  .refine(({ channels, signals }) => signals.every(({ channel }) => channel > channels), {
    path: ['signals'],
    error: 'channels above those of the doors',
  })

type Options = z.output<typeof Options>

const ON = 0xff00
const OFF = 0x0000
const ALL = 0x00ff
const FLASH = 0x0200
const MODES = 0x1000
const SETTING_TAKES: Millis = 1_000
/** After its pulse a relay must be off: the coil of a lock burns when it stays powered. */
const LET_GO: Millis = 300

/** Relays with inputs over Modbus, Waveshare's first: the board itself ends the pulse, its inputs are the door switches. */
export const modbusRelay: Driver<Options> = {
  name: 'modbus-relay',
  about: 'Modbus relay board with inputs as lock board, Waveshare and alike (9600 8N1)',
  kind: 'locks',
  options: Options,
  address: ({ address }) => `address ${address}`,
  channels: ({ channels }) => channels,
  manners: MODBUS_MANNERS,
  probe: {
    bauds: [9_600, 19_200, 115_200],
    candidates: [1, 2, 3, 4, 5, 6, 7, 8].map(address => ({ address })),
    async ask(bus, { address, reply_within_ms: within, channels }) {
      const inputs = await modbusUnit(bus, { address, within }).bits('read-inputs', 0, channels)
      if (!inputs.ok) return undefined
      return tellClosed(inputs.reply.filter(Boolean).length, channels, 'closed_input: 0')
    },
  },

  open: (host, options) => pollDoors(host, boardOn(host, options), timingOf(options)),
}

function boardOn({ bus, clock, report }: Host, options: Options): DoorBoard {
  const { address, channels, reply_within_ms: within, signals } = options
  const unit = modbusUnit(bus, { address, within })
  const inputs = Math.max(channels, reach(signals))
  const readInputs: Request = { type: 'read-inputs', from: 0, count: inputs }
  let latest: boolean[] = []
  let told: boolean[] | undefined
  /** When relays that were pulsed must be off again. */
  let offBy: Millis | undefined

  const wrong = (fault: 'wrong-setting' | 'board-error', request: Request): Answer<never> => ({
    ok: false,
    fault,
    frame: hex(exchange(address, request).encode(request)),
  })
  const write = (type: 'write-coil' | 'write-register', at: number, value: number) =>
    unit.write(type, at, value, clock.now() + SETTING_TAKES)

  /** Nothing is believed of a board that may be new: every relay off, every control mode normal, both read back. */
  async function prepare(): Promise<Answer<unknown>> {
    const here = await unit.bits('read-coils', 0, channels)
    if (!here.ok) return here
    await write('write-coil', ALL, OFF)
    const modes = options.control_mode ? await normalModes() : here
    return modes.ok ? allOff() : modes
  }

  async function normalModes(): Promise<Answer<unknown>> {
    const modes = await unit.registers('read-holding', MODES, channels)
    if (!modes.ok) return modes
    for (const [index, mode] of modes.reply.entries())
      if (mode !== 0) await write('write-register', MODES + index, 0)
    const now = await unit.registers('read-holding', MODES, channels)
    if (!now.ok || now.reply.every(mode => mode === 0)) return now
    return wrong('wrong-setting', { type: 'read-holding', from: MODES, count: channels })
  }

  /** Relays that are on are told once more to let go; if they do not, the board is not to be trusted. */
  async function allOff(): Promise<Answer<unknown>> {
    const coils = await unit.bits('read-coils', 0, channels)
    if (!coils.ok || !coils.reply.includes(true)) return coils
    await write('write-coil', ALL, OFF)
    const again = await unit.bits('read-coils', 0, channels)
    if (!again.ok || !again.reply.includes(true)) return again
    return wrong('board-error', { type: 'read-coils', from: 0, count: channels })
  }

  async function read({ urgent, first }: { urgent: boolean; first: boolean }): Promise<Answer<boolean[]>> {
    const due = offBy !== undefined && clock.now() >= offBy
    const safe = first ? await prepare() : due ? await allOff() : undefined
    if (safe && !safe.ok) return safe
    if (due) offBy = undefined
    const answer = await unit.bits('read-inputs', 0, inputs, urgent)
    if (!answer.ok) return answer
    if (answer.reply.length < inputs) return wrong('wrong-setting', readInputs)
    latest = answer.reply
    return {
      ok: true,
      reply: answer.reply.slice(0, channels).map(on => on !== (options.closed_input === 1)),
    }
  }

  return {
    channels,
    read,
    heard(first) {
      reportSignals(report, signals, latest, first ? undefined : told)
      told = latest
    },
    async fire(lock, by) {
      const [at, value] =
        options.pulse === 'flash' ? [FLASH + lock - 1, options.pulse_ms / 100] : [lock - 1, ON]
      offBy = clock.now() + options.pulse_ms + LET_GO
      return unit.write('write-coil', at, value, by)
    },
  }
}
