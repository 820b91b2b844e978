import { ear } from './ear.ts'
import * as frames from './firmata-frames.ts'
import { degrees, MODE, NO_MODE, type Pin, startOf, sysex } from './firmata-frames.ts'
import type { Plug, Socket } from './peripheral.ts'

// both ways  90+port low7 bit7    the pins 8 × port … + 7        E0+channel low7 high7    an analog value
// to it      F4 PIN MODE   F5 PIN 0/1   C0+channel 0/1   D0+port 0/1   F9 its version?   FF begin anew   F0 … F7
// At power-up it tells its version and name unasked. Outputs are low then, and nothing is reported.

/** What the pins of the board are wired to. */
export interface Pins {
  /** Whether something pulls the pin high; undefined for a wire that ends in an open contact. */
  high(pin: number): boolean | undefined
  /** From 0 to 1023. */
  analog(channel: number): number
  /**
   * Hears every output change, and a low for each pin as the power comes. `as` says what the value is:
   * a level 0 or 1, a duty of 255, the degrees a servo is sent to.
   */
  driven(pin: number, value: number, as: Signal): void
  /** Hears where a stepper came to stand. */
  stepped?(device: number, position: number): void
  /** Hears of each input that changes, until the returned function is called. */
  watch(changed: (pin: number) => void): () => void
}

/** How an output speaks. */
export type Signal = 'level' | 'pwm' | 'servo'

/** How it was bought and what was loaded into it. */
export interface FirmataSettings {
  pins?: number
  /** Tells its version and name only when asked. */
  silentBoot?: boolean
  /** Never tells its name, as firmware does that was not given one. */
  noFirmware?: boolean
  bootMillis?: number
  /** Speaks AccelStepper. */
  stepper?: boolean
}

const VERSION = [2, 5]
const NAME = 'StandardFirmata.ino'
/** As much as the serial port holds while the board boots. */
const EARLY_BYTES = 64
/** A hobby board with StandardFirmata, as its line sees it. */
export function firmataBoard(settings: FirmataSettings, world: Pins): Plug {
  const { silentBoot = false, noFirmware = false, bootMillis = 1_000, stepper = false } = settings

  return socket => {
    const pins = Array.from({ length: settings.pins ?? 20 }, (_, number) => startOf(number))
    const digital = digitalReports(socket, pins, world)
    const analog = analogReports(socket, pins, world)
    const motors = frames.steppers(socket, (device, position) => world.stepped?.(device, position))
    let booted = false
    let early: number[] = []

    function tell(number: number, value: number, as: Signal): void {
      const pin = pins[number]
      if (!pin || pin.told === `${as} ${value}`) return
      pin.told = `${as} ${value}`
      world.driven(number, value, as)
    }

    function drive(number: number, value: number, as: Signal): void {
      Object.assign(pins[number] ?? {}, { state: value })
      tell(number, value, as)
    }

    function setMode(number: number, mode: number): void {
      const pin = pins[number]
      if (!pin || !frames.modesOf(number, stepper).some(([each]) => each === mode)) return
      pin.mode = mode
      pin.state = mode === MODE.pullUp ? 1 : 0
      if (mode !== MODE.analog) analog.report(number - frames.pinOf(0), false)
      // A servo stays where it is until it is sent somewhere.
      if (mode !== MODE.servo && mode !== MODE.stepper) tell(number, 0, mode === MODE.pwm ? 'pwm' : 'level')
      digital.check(number >> 3)
    }

    function setLevel(number: number, high: boolean): void {
      const mode = pins[number]?.mode
      if (mode === MODE.output) drive(number, high ? 1 : 0, 'level')
      // What is older than the pull-up mode asks for it this way.
      if (mode === MODE.input && high) setMode(number, MODE.pullUp)
    }

    function setPort(port: number, levels: number): void {
      for (let bit = 0; bit < 8; bit++) setLevel(port * 8 + bit, (levels & (1 << bit)) !== 0)
    }

    function setAnalog(number: number, value: number): void {
      const pin = pins[number]
      if (pin?.mode === MODE.pwm) drive(number, Math.min(255, value), 'pwm')
      if (pin?.mode === MODE.servo) drive(number, degrees(value, pin.pulse), 'servo')
    }

    function beginAnew(): void {
      analog.forget()
      digital.forget()
      motors.forget()
      for (const [number, pin] of pins.entries()) {
        Object.assign(pin, startOf(number), { told: pin.told })
        if (pin.mode !== NO_MODE) tell(number, 0, 'level')
      }
    }

    const tellVersion = () => socket.send(Uint8Array.of(0xf9, ...VERSION))
    const tellName = () => {
      if (!noFirmware) socket.send(sysex(0x79, ...VERSION, ...frames.textInSevens(NAME)))
    }

    /** A question, or whatever has no command of its own. */
    function answer(id: number, data: Uint8Array): void {
      const [number = 0] = data
      const pin = pins[number]
      if (id === 0x62 && stepper) for (const wire of motors.hear(data)) setMode(wire, MODE.stepper)
      if (id === 0x69) socket.send(sysex(0x6a, ...frames.channels(pins.length)))
      if (id === 0x6b) socket.send(sysex(0x6c, ...frames.capabilities(pins.length, stepper)))
      if (id === 0x6d)
        socket.send(sysex(0x6e, number, ...(pin ? [pin.mode, ...frames.toSevens(pin.state)] : [])))
      if (id === 0x6f) setAnalog(number, frames.fromSevens(data.subarray(1)))
      if (id === 0x70 && pin) {
        pin.pulse = [frames.fromSevens(data.subarray(1, 3)), frames.fromSevens(data.subarray(3, 5))]
        setMode(number, MODE.servo)
      }
      if (id === 0x79) tellName()
      if (id === 0x7a) analog.every(frames.fromSevens(data.subarray(0, 2)))
    }

    function obey(message: Uint8Array): void {
      const [command = 0, first = 0, second = 0] = message
      const channel = command & 0xf
      if (command === 0xf0) answer(first, message.subarray(2, -1))
      else if (command === 0xf4) setMode(first, second)
      else if (command === 0xf5) setLevel(first, second !== 0)
      else if (command === 0xf9) tellVersion()
      else if (command === 0xff) beginAnew()
      else if (command >= 0xe0) setAnalog(channel, frames.fromSevens([first, second]))
      else if (command >= 0xd0) digital.report(channel, first !== 0)
      else if (command >= 0xc0) analog.report(channel, first !== 0)
      else setPort(channel, frames.fromSevens([first, second]))
    }

    const { hear } = ear({ forgetAfter: Infinity, measure: frames.measure, heard: obey }, socket.now)

    beginAnew()
    world.watch(number => digital.check(number >> 3))
    socket.after(bootMillis, () => {
      booted = true
      if (!silentBoot) tellVersion()
      if (!silentBoot) tellName()
      hear(Uint8Array.from(early))
    })

    return {
      receive(bytes) {
        if (booted) hear(bytes)
        else early = [...early, ...bytes].slice(0, EARLY_BYTES)
      },
    }
  }
}

interface Digital {
  report(port: number, on: boolean): void
  /** Tells of the port if it is to be reported and reads otherwise than last told. */
  check(port: number): void
  forget(): void
}

function digitalReports(socket: Socket, pins: Pin[], world: Pins): Digital {
  /** What was last told of each port that is reported. */
  const told = new Map<number, number>()

  /** Outputs read as low. */
  function levels(port: number): number {
    let all = 0
    for (let bit = 0; bit < 8; bit++) {
      const { mode, state } = pins[port * 8 + bit] ?? startOf(0)
      const reads = mode === MODE.input || mode === MODE.pullUp
      if (reads && (world.high(port * 8 + bit) ?? state === 1)) all |= 1 << bit
    }
    return all
  }

  function tell(port: number, value: number): void {
    told.set(port, value)
    socket.send(Uint8Array.of(0x90 + port, ...frames.toSevens(value, 2)))
  }

  return {
    report(port, on) {
      told.delete(port)
      if (on && port * 8 < pins.length) tell(port, levels(port))
    },
    check(port) {
      if (told.has(port) && told.get(port) !== levels(port)) tell(port, levels(port))
    },
    forget: () => told.clear(),
  }
}

interface Analog {
  report(channel: number, on: boolean): void
  every(interval: number): void
  forget(): void
}

function analogReports(socket: Socket, pins: Pin[], world: Pins): Analog {
  const channels = new Set<number>()
  let interval = 19
  let stop = () => {}

  function tell(channel: number): void {
    if (pins[frames.pinOf(channel)]?.mode !== MODE.analog) return
    const value = Math.max(0, Math.min(1_023, Math.round(world.analog(channel))))
    socket.send(Uint8Array.of(0xe0 + channel, ...frames.toSevens(value, 2)))
  }

  function wait(): void {
    stop()
    if (channels.size === 0) return
    stop = socket.after(interval, () => {
      for (const channel of [...channels].sort((a, b) => a - b)) tell(channel)
      wait()
    })
  }

  return {
    report(channel, on) {
      const ran = channels.size > 0
      channels.delete(channel)
      if (on) {
        channels.add(channel)
        tell(channel)
      }
      if (!ran || !on) wait()
    },
    every(millis) {
      interval = Math.max(1, millis)
      wait()
    },
    forget() {
      channels.clear()
      stop()
    },
  }
}
