import type { Codec } from './codec.ts'
import type { Fault } from './faults.ts'
import type { Millis } from './host/clock.ts'

/** One device's place on a line that it may share: one conversation at a time, orders before read-backs before polls. */
export interface Bus {
  /**
   * Asks for a reading: waits, asks again where the line was noisy, gives up. Only for requests that move nothing.
   * Overtakes polls when `urgent`.
   */
  ask<Request, Reply>(
    codec: Codec<Request, Reply>,
    request: Request,
    how?: Asking<Reply>,
  ): Promise<Answer<Reply>>
  /**
   * Tells a device to move something: written once, never repeated, never after `by`, never to a line that was
   * reopened since. Goes before everything but the exchange under way.
   */
  order<Request, Reply>(
    codec: Codec<Request, Reply>,
    request: Request,
    how: Ordering<Reply>,
  ): Promise<Ordered<Reply>>
  /** Hears frames that nobody asked for, such as barcodes and pushed changes. */
  overhear<Reply>(decode: Codec<never, Reply>['decode'], heard: (reply: Reply) => void): void
  /** Every byte that reaches this line, as it comes, for devices that frame by silence. */
  listen(heard: (bytes: Uint8Array) => void): void
  /** Calls at once, and at each change after, with whether the line is there. */
  watch(changed: (up: boolean) => void): void
}

export interface Asking<Reply> {
  urgent?: boolean
  /** Which of the frames that the codec finds answers this request; the others count as unasked. */
  wanted?: (reply: Reply) => boolean
  /** Patience after the last byte was sent; the device's own default where absent. */
  within?: Millis
}

export interface Ordering<Reply> {
  /** On the steady clock. */
  by: Millis
  wanted?: (reply: Reply) => boolean
  /** How long to leave the line to the device, whether or not it answers; 0 for those that never do. */
  within: Millis
  /** For a device that may say nothing for long: a silent line after it is no sign that it is dead. */
  unheard?: boolean
}

export type Answer<Reply> = { ok: true; reply: Reply } | { ok: false; fault: Fault; frame: string }

/** `reply` is absent when the device said nothing: for a command that is no evidence either way. */
export type Ordered<Reply> =
  | { ok: true; reply?: Reply }
  | { ok: false; fault: Fault; sent: boolean; frame: string }
