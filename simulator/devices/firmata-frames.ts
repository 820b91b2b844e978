// Bytes from 80 on are commands; below, data of seven bits each, the lowest first.
// F0 ID data… F7 carries whatever has no command of its own; ID 62 is about steppers.

import type { Socket } from './peripheral.ts'

/** What a pin can be. */
export const MODE = { input: 0, output: 1, analog: 2, pwm: 3, servo: 4, stepper: 8, pullUp: 0x0b } as const
/** The mode of a pin that the board keeps to itself. */
export const NO_MODE = 0x7f

const SYSEX = 0xf0
const SYSEX_END = 0xf7
/** More than this between F0 and F7 does not fit into the board. */
const LONGEST_SYSEX = 64

const FIRST_DIGITAL = 2
const FIRST_ANALOG = 14
const LAST_ANALOG = 19
const PWM_PINS = [3, 5, 6, 9, 10, 11]

/** How much data follows each command, and those with a channel in their low half. */
const DATA: Record<number, number> = { 244: 2, 245: 2, 249: 0, 255: 0 }
const CHANNEL_DATA: Record<number, number> = { 144: 2, 192: 1, 208: 1, 224: 2 }

/** The length of the message at the front; 0 while more is needed, undefined if none begins here. */
export function measure(bytes: Uint8Array): number | undefined {
  const [first = 0] = bytes
  const second = bytes.subarray(1).findIndex(byte => byte >= 0x80)
  const data = second < 0 ? bytes.length - 1 : second
  if (first === SYSEX) {
    if (data > LONGEST_SYSEX) return undefined
    if (second < 0) return 0
    return bytes[data + 1] === SYSEX_END ? data + 2 : undefined
  }
  const wanted = DATA[first] ?? CHANNEL_DATA[first & 0xf0]
  if (wanted === undefined) return undefined
  if (data >= wanted) return wanted + 1
  return second < 0 ? 0 : undefined
}

/** A message that has no command of its own. */
export const sysex = (id: number, ...data: number[]): Uint8Array =>
  Uint8Array.of(SYSEX, id, ...data, SYSEX_END)

/** Seven bits a byte, the lowest first. */
export const fromSevens = (data: Iterable<number>): number => {
  let value = 0
  let weight = 1
  for (const seven of data) {
    value += seven * weight
    weight *= 128
  }
  return value
}

/** In as few bytes as hold it, but no fewer than `least`. */
export function toSevens(value: number, least = 1): number[] {
  const sevens: number[] = []
  for (let rest = value; rest > 0 || sevens.length < least; rest = Math.floor(rest / 128))
    sevens.push(rest % 128)
  return sevens
}

/** Two bytes a character. */
export const textInSevens = (text: string): number[] =>
  Array.from(Buffer.from(text, 'latin1'), byte => toSevens(byte, 2)).flat()

const MINUS = 2 ** 31

/** Five bytes, bit 31 the sign. */
export function toSteps(data: Uint8Array): number {
  const bits = fromSevens(data.subarray(0, 5))
  return bits >= MINUS ? MINUS - bits : bits
}

/** As `toSteps` reads it. */
export const fromSteps = (steps: number): number[] => toSevens(steps < 0 ? MINUS - steps : steps, 5)

/** Four bytes: 23 bits, then an exponent of ten in 4 bits, 11 too high, then the sign. */
export function toFloat(data: Uint8Array): number {
  const bits = fromSevens(data.subarray(0, 4))
  const value = (bits % 2 ** 23) * 10 ** ((Math.floor(bits / 2 ** 23) & 0xf) - 11)
  return bits >= 2 ** 27 ? -value : value
}

/** The analog channel of a pin, if it has one. */
export const channelOf = (pin: number): number | undefined =>
  pin >= FIRST_ANALOG && pin <= LAST_ANALOG ? pin - FIRST_ANALOG : undefined

/** The pin of an analog channel. */
export const pinOf = (channel: number): number => channel + FIRST_ANALOG

/** What a pin can be, each with its resolution in bits. The first two belong to the serial line. */
export function modesOf(pin: number, stepper: boolean): [mode: number, resolution: number][] {
  if (pin < FIRST_DIGITAL) return []
  const modes: [number, number][] = [
    [MODE.input, 1],
    [MODE.pullUp, 1],
    [MODE.output, 1],
  ]
  if (channelOf(pin) !== undefined) modes.push([MODE.analog, 10])
  if (PWM_PINS.includes(pin)) modes.push([MODE.pwm, 8])
  if (pin < FIRST_ANALOG) modes.push([MODE.servo, 14])
  if (stepper) modes.push([MODE.stepper, 21])
  return modes
}

/** The answer to 69. */
export const channels = (count: number): number[] =>
  Array.from({ length: count }, (_, pin) => channelOf(pin) ?? 0x7f)

/** The answer to 6B. */
export const capabilities = (count: number, stepper: boolean): number[] =>
  Array.from({ length: count }, (_, pin) => [...modesOf(pin, stepper).flat(), 0x7f]).flat()

/** What the board remembers of a pin. */
export interface Pin {
  mode: number
  /** What was last written to it; of an input, whether its resistor pulls it up. */
  state: number
  /** What the world was last told of it. */
  told: string
  /** The shortest and longest pulse of its servo, in microseconds. */
  pulse: [number, number]
}

const SERVO_PULSE: [number, number] = [544, 2_400]

/** A pin as it is at power-up. */
export function startOf(number: number): Pin {
  const analog = channelOf(number) !== undefined
  const able = modesOf(number, false).length > 0
  return {
    mode: able ? (analog ? MODE.analog : MODE.output) : NO_MODE,
    state: 0,
    told: '',
    pulse: SERVO_PULSE,
  }
}

/** Small values are degrees already; the others are the length of the pulse. */
export const degrees = (value: number, [shortest, longest]: [number, number]): number => {
  const asked = value < SERVO_PULSE[0] ? value : ((value - shortest) * 180) / (longest - shortest)
  return Math.round(Math.max(0, Math.min(180, asked)))
}

/** The motors of a board. */
export interface Steppers {
  /** Obeys what follows 62. Tells which pins it wired a motor to by that. */
  hear(data: Uint8Array): number[]
  forget(): void
}

interface Motor {
  position: number
  /** Steps in a second. */
  speed: number
  move?: { to: number; since: number; cancel: () => void }
}

/** 00 DEV KIND PINS…, 01 zero, 02 turn by, 03 turn to, 05 stop, 06 where?, 09 speed; 0A tells where it came to stand. */
export function steppers(socket: Socket, stood: (device: number, position: number) => void): Steppers {
  const motors = new Map<number, Motor>()

  const tell = (id: number, device: number, { position }: Motor) =>
    socket.send(sysex(0x62, id, device, ...fromSteps(position)))

  function reached({ position, speed, move }: Motor): number {
    if (!move) return position
    const steps = Math.floor(((socket.now() - move.since) / 1_000) * speed)
    return position + Math.sign(move.to - position) * Math.min(Math.abs(move.to - position), steps)
  }

  function halt(motor: Motor): void {
    motor.position = reached(motor)
    motor.move?.cancel()
    delete motor.move
  }

  function arrive(device: number, motor: Motor): void {
    stood(device, motor.position)
    tell(0x0a, device, motor)
  }

  function turn(device: number, motor: Motor, to: number): void {
    halt(motor)
    const span = (Math.abs(to - motor.position) * 1_000) / motor.speed
    const arrived = () => {
      delete motor.move
      motor.position = to
      arrive(device, motor)
    }
    const cancel = Number.isFinite(span) ? socket.after(span, arrived) : () => {}
    motor.move = { to, since: socket.now(), cancel }
  }

  function hasten(device: number, motor: Motor, speed: number): void {
    const { move } = motor
    halt(motor)
    motor.speed = Math.abs(speed)
    if (move) turn(device, motor, move.to)
  }

  return {
    hear(data) {
      const [id = 0, device = 0, kind = 0] = data
      const rest = data.subarray(2)
      const motor = motors.get(device)
      if (id === 0x00) {
        if (motor) halt(motor)
        motors.set(device, { position: 0, speed: 1 })
        // The high three bits of the kind tell its wires; a driver of steps and direction has two.
        return [...rest.subarray(1, 1 + Math.max(2, kind >> 4))]
      }
      if (!motor) return []
      if (id === 0x01) {
        halt(motor)
        motor.position = 0
      }
      if (id === 0x02) turn(device, motor, reached(motor) + toSteps(rest))
      if (id === 0x03) turn(device, motor, toSteps(rest))
      if (id === 0x05) {
        halt(motor)
        arrive(device, motor)
      }
      if (id === 0x06) tell(0x06, device, { ...motor, position: reached(motor) })
      if (id === 0x09) hasten(device, motor, toFloat(rest))
      return []
    },
    forget() {
      for (const motor of motors.values()) halt(motor)
      motors.clear()
    },
  }
}
