import type { ZodType } from 'zod'
import type { Bus } from './bus.ts'
import type { Fault } from './faults.ts'
import type { Clock, Millis } from './host/clock.ts'

// All that a driver and the agent know of each other. Channels are numbered as printed on the board, from 1.

/** What the agent may ask of a device. `by` is on the steady clock: not one byte is written after it. */
export type Command = { type: 'unlock'; channel: number; by: Millis }

/** What a device saw with its own sensors: the only evidence a workflow may act on. */
export type Report =
  /** `was` is the reading before this one; undefined when it is the first after a silence, so not a change that was seen. */
  | { type: 'door'; channel: number; open: boolean; was: boolean | undefined }
  /** One barcode: its bytes as read (AIM identifier and suffix taken off), and the AIM identifier such as `]d2` if one came. */
  | { type: 'scan'; bytes: Uint8Array; aim: string | undefined }
  | { type: 'online' }
  /** From here on nothing it said before counts. `frame`: what got no answer or a wrong one, in hexadecimal. */
  | { type: 'offline'; why: Fault; frame?: string }

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

export interface Driver<Options> {
  /** As written in the site file. */
  name: string
  /** One line for people who choose a driver. */
  about: string
  options: ZodType<Options>
  /** What must be unique among the devices of one line, such as `address 3`; undefined where the device is alone on its line. */
  address(options: Options): string | undefined
  /** How many lock channels it has; 0 for a device without locks. */
  channels(options: Options): number
  open(host: Host, options: Options): Device
}
