import type { Bus } from '../bus.ts'
import type { Clock, Millis } from '../host/clock.ts'
import { tell } from '../raw-request.ts'
import type { Part } from './parts.ts'
import { openPipe } from './pipe.ts'

/** A board that said what it is, with its parts. */
export interface Bench {
  turn(channel: number, on: boolean): boolean
  /** False where no such part is there, or it may not go there. */
  move(channel: number, amount: number, done: () => void): boolean
  close(): void
}

export interface BenchParts {
  bus: Bus
  clock: Clock
  parts: Part[]
  /** How long the handshake may take. */
  within: Millis
  level(part: Part & { type: 'reed' }, level: 0 | 1): void
  /** Every byte that comes goes through here. */
  hear(came: (bytes: Uint8Array) => void): void
}

const PULL_UP = 0x0b
const STEPPER = 0x08
/** What StandardFirmata takes for 0 and 180 degrees, in microseconds. */
const PULSE = [544, 2_400]
const PROMPT: Millis = 1_000

/**
 * Shakes hands with a board through johnny-five on our own line. Loaded only when a site has one. Each time the line or
 * the board is new this is done anew, with fresh objects.
 */
export async function openBench({
  bus,
  clock,
  parts,
  within,
  level,
  hear,
}: BenchParts): Promise<Bench | undefined> {
  const [{ default: five }, { default: io }] = await Promise.all([
    import('johnny-five'),
    import('firmata-io'),
  ])
  const pipe = openPipe(bytes => void tell(bus, bytes, clock.now() + PROMPT))
  hear(pipe.came)
  const firmata = new io.Firmata(pipe, { reportVersionTimeout: within })
  const board = new five.Board({ io: firmata, repl: false, debug: false, sigint: false })
  board.on('error', () => {})

  const ready = await new Promise<boolean>(resolve => {
    const cancel = clock.after(within, () => resolve(false))
    board.on('ready', () => {
      cancel()
      resolve(true)
    })
    pipe.open()
    // Asked at once: whether the board has said both by itself, before the line was there, nobody knows.
    firmata.reportVersion(() => {})
    firmata.queryFirmware(() => {})
  })
  const close = (): void => {
    hear(() => {})
    board.removeAllListeners()
    firmata.removeAllListeners()
  }
  if (!ready) {
    close()
    return undefined
  }

  const switches = new Map<number, { on(): void; off(): void }>()
  const movers = new Map<number, (amount: number, done: () => void) => boolean>()
  let steppers = 0
  for (const part of parts) wire(part)

  function wire(part: Part): void {
    switch (part.type) {
      case 'light':
      case 'buzzer': {
        const led = new five.Led({ pin: part.pin, board })
        const [on, off] = part.inverted ? [led.off, led.on] : [led.on, led.off]
        switches.set(part.channel, { on: on.bind(led), off: off.bind(led) })
        return off.call(led)
      }
      case 'relay': {
        const relay = new five.Relay({ pin: part.pin, type: part.inverted ? 'NC' : 'NO', board })
        switches.set(part.channel, { on: () => relay.close(), off: () => relay.open() })
        return relay.open()
      }
      case 'reed':
        board.pinMode(part.pin, PULL_UP)
        return board.digitalRead(part.pin, read => level(part, read))
      case 'servo': {
        const servo = new five.Servo({
          pin: part.pin,
          board,
          range: [part.least, part.most],
          pwmRange: PULSE,
        })
        movers.set(part.channel, (degrees, done) => {
          if (degrees < part.least || degrees > part.most) return false
          servo.to(degrees)
          done()
          return true
        })
        return
      }
      case 'stepper':
        return wireStepper(part)
    }
  }

  function wireStepper(part: Part & { type: 'stepper' }): void {
    const device = steppers++
    if (!firmata.pins[part.step_pin]?.supportedModes.includes(STEPPER)) return
    firmata.accelStepperConfig({
      deviceNum: device,
      type: firmata.STEPPER.TYPE.DRIVER,
      stepPin: part.step_pin,
      directionPin: part.direction_pin,
    })
    firmata.accelStepperSpeed(device, part.steps_per_second)
    movers.set(part.channel, (steps, done) => {
      firmata.accelStepperStep(device, steps, done)
      return true
    })
  }

  return {
    turn(channel, on) {
      const part = switches.get(channel)
      if (on) part?.on()
      else part?.off()
      return part !== undefined
    },
    move: (channel, amount, done) => movers.get(channel)?.(amount, done) ?? false,
    close,
  }
}
