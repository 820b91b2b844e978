import type { ZodType } from 'zod'
import type { Bus } from './bus.ts'
import type { Fault } from './faults.ts'
import type { Clock, Millis } from './host/clock.ts'
import type { Manners } from './seat.ts'

// All that a driver and the agent know of each other. Channels are numbered as printed on the board, from 1.

/** What the agent may ask of a device. `by` is on the steady clock: not one byte is written after it. */
export type Command =
  /** Fires one latch. */
  | { type: 'unlock'; channel: number; by: Millis }
  /** Turns one lane of a dispenser, once. What became of it is told by `dispense` reports. */
  | { type: 'vend'; channel: number; by: Millis }
  /** Prints and cuts. Refused before a byte of it leaves unless the printer said just now that it is ready. */
  | { type: 'print'; page: Page; by: Millis }
  /** A scanner's aim and light: `on` begins one reading, off ends it. */
  | { type: 'trigger'; on: boolean; by: Millis }
  /** Asks the card in the terminal for `amount`, in the smallest unit of money. */
  | { type: 'charge'; amount: number; product: number; by: Millis }
  /** Ends an approved charge: `kept` where the thing was handed over, or else the money goes back. */
  | { type: 'settle'; kept: boolean; by: Millis }
  /** A light, a buzzer or a relay. */
  | { type: 'switch'; channel: number; on: boolean; by: Millis }
  /** A stepper by `amount` steps, or a servo to `amount` degrees. */
  | { type: 'move'; channel: number; amount: number; by: Millis }

/** What a printer puts on paper: lines of text, and one code under them. */
export interface Page {
  lines: string[]
  /** Printed as a QR code. */
  code?: string
}

/** What a device saw with its own sensors: the only evidence a workflow may act on. */
export type Report =
  /** `was` is the reading before this one; undefined when it is the first after a silence, so not a change that was seen. */
  | { type: 'door'; channel: number; open: boolean; was: boolean | undefined }
  /** Whether something lies behind that door, where the board has a sensor for it. `was` as with doors; told before the door. */
  | { type: 'item'; channel: number; present: boolean; was: boolean | undefined }
  /** One barcode: its bytes as read (AIM identifier and suffix taken off), and the AIM identifier such as `]d2` if one came. */
  | { type: 'scan'; bytes: Uint8Array; aim: string | undefined }
  /** How one turn of a lane goes. After a `last` one nothing more comes of that turn. `code`: as the controller said it. */
  | {
      type: 'dispense'
      channel: number
      stage: DispenseStage
      evidence: Evidence
      last: boolean
      code: string
      fault?: Fault
    }
  | { type: 'payment'; state: PaymentState; amount?: number }
  /** Said when it changes, and after a silence. `soon`: ready, but paper or ribbon runs low. */
  | { type: 'printer'; ready: boolean; soon?: Fault; why?: Fault }
  /** A badge was held before the reader; its id in hexadecimal. */
  | { type: 'badge'; id: string }
  | { type: 'key'; key: string }
  | { type: 'climate'; celsius: number; humidity: number }
  /** A contact that is not a door: tamper, mains, battery, a reed switch. */
  | { type: 'input'; name: string; on: boolean; was: boolean | undefined }
  /** A stepper or servo says that it is where it was told to go. */
  | { type: 'moved'; channel: number }
  | { type: 'online' }
  /** From here on nothing it said before counts. `frame`: what got no answer or a wrong one, in hexadecimal. */
  | { type: 'offline'; why: Fault; frame?: string }

/** `dropped`: something fell. `turned`: the motor made its turn, and nobody saw more. `in-doubt`: told to turn, and not heard of since. */
export type DispenseStage = 'moving' | 'lifting' | 'dropped' | 'turned' | 'jammed' | 'not-moved' | 'in-doubt'

/** What a report of a dispenser stands on. */
export type Evidence = 'drop-sensor' | 'motor' | 'elevator' | 'controller' | 'silence'

/** `credit`: a card is there. `asked` until `approved` or `denied`. `in-doubt`: the terminal lost its power with a charge under way. */
export type PaymentState =
  | 'off'
  | 'idle'
  | 'credit'
  | 'asked'
  | 'approved'
  | 'denied'
  | 'settled'
  | 'returned'
  | 'in-doubt'

/**
 * Whether the device took the command, not whether the thing happened: for that, wait for a report.
 * `sent: false` is positive evidence that nothing moved: not one byte of the command left.
 */
export type Outcome = { ok: true } | { ok: false; fault: Fault; sent: boolean; frame?: string }

export interface Device {
  send(command: Command): Promise<Outcome>
  /** Stops polling and reports nothing more. */
  close(): void
}

/** Everything a driver may touch, so that nothing else needs faking in a test. */
export interface Host {
  /** This device's own place on its line. */
  bus: Bus
  clock: Clock
  report(report: Report): void
}

/** What a device is for: the promises of its class are in `simulator/conformance` and `pawl bring-up`. */
export type Kind =
  | 'locks'
  | 'dispenser'
  | 'scanner'
  | 'sensor'
  | 'printer'
  | 'payment'
  | 'reader'
  | 'controls'

export interface Driver<Options> {
  /** As written in the site file. */
  name: string
  /** One line for people who choose a driver. */
  about: string
  kind: Kind
  options: ZodType<Options>
  /** What must be unique among the devices of one line, such as `address 3`; undefined where the device is alone on its line. */
  address(options: Options): string | undefined
  /** How many channels `unlock` has; 0 for a device without locks. */
  channels(options: Options): number
  /** What the line must know before it speaks with it, such as the silence between two frames. */
  manners?: Manners
  /** `hid`: it hangs on a USB HID line, whose pieces are whole reports. */
  wire?: 'bytes' | 'hid'
  /** Set where it reads what is nobody's business, such as customers' codes: captures then keep lengths, not bytes. */
  secret?: true
  /** How to find it on a line of which nothing is known. Absent for what cannot be asked. */
  probe?: Probe<Options>
  open(host: Host, options: Options): Device
}

export interface Probe<Options> {
  /** From the factory first. */
  bauds: number[]
  /** Options to try, as a site file gives them. */
  candidates: object[]
  /** Asks for the state once, moving and setting nothing; what to tell a technician of the answer, if one came. */
  ask(bus: Bus, options: Options, clock: Clock): Promise<string | undefined>
}

/** How the doors of a board read, for a technician who stands before them. `mend`: the option for the other kind of contact. */
export const tellClosed = (closed: number, all: number, mend: string): string =>
  closed === 0
    ? `none of ${all} locks reads closed: if the doors are shut, its options want ${mend}`
    : `${closed} of ${all} locks read closed`

/** What a device answers to a command that is not of its kind. */
export const REFUSED: Outcome = { ok: false, fault: 'refused', sent: false }
