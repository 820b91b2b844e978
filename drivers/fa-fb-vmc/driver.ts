import { z } from 'zod'
import { concat } from '../codec.ts'
import { type Device, type Driver, type Host, type Outcome, REFUSED } from '../device.ts'
import type { Millis } from '../host/clock.ts'
import { COMMANDS, driveText, frames, laneText, type Packet, readStatus } from './frames.ts'
import { checked, dispensing } from './status.ts'
import { talk } from './talk.ts'

const Options = z.strictObject({
  lanes: z.int().min(1).max(999).default(60).describe('The highest lane (selection) of the machine.'),
  drop_sensor: z
    .boolean()
    .default(true)
    .describe('Whether a light curtain sees packs fall. Without it the unit knows only that a motor turned.'),
  elevator: z.boolean().default(false).describe('Whether packs come down in an elevator.'),
  check_first: z
    .boolean()
    .default(false)
    .describe('Whether the controller is asked (command 01) before a lane is driven; not all know it.'),
  stale_ms: z
    .int()
    .min(500)
    .max(60_000)
    .default(3_000)
    .describe(
      'How long the controller, which polls every 200, may be silent before it is offline, in milliseconds.',
    ),
  drive_within_ms: z
    .int()
    .min(3_000)
    .max(300_000)
    .default(60_000)
    .describe('How long one turn of a lane may take before it is in doubt, in milliseconds.'),
})

type Options = z.output<typeof Options>

const CHECK_WITHIN: Millis = 1_500
/** A controller polls every 200 ms, and at the slowest every two seconds. */
const POLLS_WITHIN: Millis = 2_100

/** Spiral and belt vending machines with an FA FB controller: it polls, we answer; one lane at a time, never twice. */
export const faFbVmc: Driver<Options> = {
  name: 'fa-fb-vmc',
  about: 'Vending controller with frames FA FB, drop sensor and elevator (RS-232, 57600 8N1)',
  kind: 'dispenser',
  options: Options,
  address: () => undefined,
  channels: () => 0,
  probe: {
    bauds: [57_600],
    candidates: [{}],
    // It speaks first, several times a second: listening is enough.
    ask: (bus, _options, clock) =>
      new Promise(resolve => {
        let heard: Uint8Array = new Uint8Array()
        const cancel = clock.after(POLLS_WITHIN, () => resolve(undefined))
        bus.listen(bytes => {
          heard = concat(heard, bytes)
          if (frames.decode(heard).reply === undefined) return
          cancel()
          resolve('a vending controller that polls')
        })
      }),
  },

  open: openLanes,
}

interface Drive {
  lane: number
  /** Nothing more can be said of it. */
  cancel(): void
}

function openLanes(host: Host, options: Options): Device {
  const { clock, report } = host
  let online: boolean | undefined
  let closed = false
  let drive: Drive | undefined
  let hearChecked: ((status: number) => void) | undefined
  let cancelStale = clock.after(options.stale_ms, () => silent('no-reply'))
  let cancelCheck = () => {}

  function alive(): void {
    if (closed) return
    cancelStale()
    cancelStale = clock.after(options.stale_ms, () => silent('no-reply'))
    if (online === true) return
    online = true
    report({ type: 'online' })
  }

  function silent(why: 'no-reply' | 'line-down'): void {
    cancelStale()
    if (closed || online === false) return
    online = false
    report({ type: 'offline', why })
  }

  function heard(packet: Packet): void {
    const said = readStatus(packet)
    if (!said) return
    if (packet.command === COMMANDS.checked) return hearChecked?.(said.status)
    if (packet.command !== COMMANDS.dispensing) return
    if (drive?.lane === said.lane) controller.took()
    const { stage, evidence, last, fault } = dispensing(said.status, options.drop_sensor)
    if (last && drive?.lane === said.lane) over()
    const code = `04 ${said.status.toString(16).padStart(2, '0').toUpperCase()}`
    const about = fault === undefined ? {} : { fault }
    report({ type: 'dispense', channel: said.lane, stage, evidence, last, code, ...about })
  }

  function over(): void {
    drive?.cancel()
    drive = undefined
  }

  const controller = talk(host, heard, alive)
  host.bus.watch(up => {
    if (!up && online === true) silent('line-down')
  })

  /** The controller's own word whether that lane can be driven; its silence is no. */
  function check(lane: number, by: Millis): Promise<Outcome> {
    return new Promise(resolve => {
      const settle = (outcome: Outcome): void => {
        cancelCheck()
        hearChecked = undefined
        resolve(outcome)
      }
      hearChecked = status => {
        const fault = checked(status)
        settle(fault === undefined ? { ok: true } : { ok: false, fault, sent: false })
      }
      cancelCheck = clock.after(CHECK_WITHIN, () => settle({ ok: false, fault: 'no-reply', sent: false }))
      void controller.say(COMMANDS.check, laneText(lane), by).then(outcome => {
        if (!outcome.ok) settle({ ...outcome, sent: false })
      })
    })
  }

  async function vend(lane: number, by: Millis): Promise<Outcome> {
    if (lane < 1 || lane > options.lanes) return { ok: false, fault: 'unknown-channel', sent: false }
    if (online !== true) return { ok: false, fault: 'no-reply', sent: false }
    if (drive) return { ok: false, fault: 'busy', sent: false }
    // From here on the machine is taken: nobody else drives before this is over.
    const cancel = clock.after(options.drive_within_ms, () => doubt(lane))
    drive = { lane, cancel }
    const ready = options.check_first ? await check(lane, by) : undefined
    const outcome =
      ready && !ready.ok
        ? ready
        : await controller.say(COMMANDS.drive, driveText(lane, options.drop_sensor, options.elevator), by)
    // Not a byte of it left: the lane is free again. Otherwise it stays taken until the controller or time has spoken.
    if (!outcome.ok && !outcome.sent) over()
    return outcome
  }

  function doubt(lane: number): void {
    over()
    if (closed) return
    report({
      type: 'dispense',
      channel: lane,
      stage: 'in-doubt',
      evidence: 'silence',
      last: true,
      code: '',
      fault: 'in-doubt',
    })
  }

  return {
    async send(command) {
      return command.type === 'vend' ? vend(command.channel, command.by) : REFUSED
    },
    close() {
      closed = true
      cancelStale()
      cancelCheck()
      over()
      controller.close()
    },
  }
}
