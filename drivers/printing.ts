import type { Answer } from './bus.ts'
import { type Device, type Host, type Outcome, type Page, REFUSED } from './device.ts'
import type { Fault } from './faults.ts'
import type { Millis } from './host/clock.ts'
import { keepAsking, type Rhythm } from './keep-asking.ts'
import { tell } from './raw-request.ts'

/** What a printer says of itself. */
export interface PrinterState {
  /** Absent when it is ready. */
  why?: Fault
  /** Ready, but something runs low. */
  soon?: Fault
  /** Something that was sent before is not on paper yet. */
  underWay?: boolean
}

/** A printer as its driver explains it. */
export interface Printer {
  state(urgent: boolean): Promise<Answer<PrinterState>>
  render(page: Page): Uint8Array
  /** Rids the printer of a page that broke off, so that it does not run into the next one. */
  forget: Uint8Array
  /** Whether all that was sent is on paper; asked until it is, or until `by`. */
  printed(): Promise<boolean>
}

const FORGET_WITHIN: Millis = 5_000
/** Between two questions whether a page is on paper. */
const AGAIN: Millis = 100

/**
 * Keeps asking a printer, and prints only after it said just now that it is ready: a label that vanished cannot be
 * printed again without doubt. Ends when the page is on paper, or says that nobody knows.
 */
export function keepPrinter(host: Host, printer: Printer, rhythm: Rhythm, within: Millis): Device {
  const { bus, clock, report } = host
  let busy = false
  /** Nothing lies there of a page that a life before this one, or a pulled cable, broke off. */
  let whole = false
  let closed = false

  /** Before anything else is said: half a command takes what comes next for its own. */
  async function forget(): Promise<Outcome> {
    const told = await tell(bus, printer.forget, clock.now() + FORGET_WITHIN)
    whole = told.ok
    return told
  }

  bus.watch(up => {
    whole = false
    if (up && !closed) void forget()
  })

  const watch = keepAsking<PrinterState>(
    host,
    {
      read: ({ urgent }) => printer.state(urgent),
      heard(now, before) {
        if (before && now.why === before.why && now.soon === before.soon) return
        report({ type: 'printer', ready: now.why === undefined, ...now })
      },
      // Many printers say nothing at all while paper is out or the head is open.
      silence: 'not-ready',
    },
    rhythm,
  )

  /** Why it does not print now, or undefined. */
  async function refusal(): Promise<Outcome | undefined> {
    const state = await printer.state(true)
    if (!state.ok) {
      const fault = state.fault === 'no-reply' ? 'not-ready' : state.fault
      return { ok: false, fault, sent: false, frame: state.frame }
    }
    watch.look()
    if (state.reply.why !== undefined) return { ok: false, fault: state.reply.why, sent: false }
    // Nobody could tell this page from the one before.
    return whole && state.reply.underWay ? { ok: false, fault: 'busy', sent: false } : undefined
  }

  async function print(page: Page, by: Millis): Promise<Outcome> {
    const why = await refusal()
    if (why) return why
    if (!whole) {
      const told = await forget()
      if (!told.ok) return { ...told, sent: false }
      const still = await refusal()
      if (still) return still
    }
    const told = await tell(bus, printer.render(page), by)
    const outcome = told.ok ? await onPaper() : told
    whole = outcome.ok
    return outcome
  }

  async function onPaper(): Promise<Outcome> {
    const until = clock.now() + within
    while (clock.now() < until) {
      if (await printer.printed()) return { ok: true }
      await new Promise<void>(resolve => clock.after(AGAIN, resolve))
    }
    watch.look()
    return { ok: false, fault: watch.reading()?.why ?? 'in-doubt', sent: true }
  }

  return {
    async send(command) {
      if (command.type !== 'print') return REFUSED
      if (busy) return { ok: false, fault: 'busy', sent: false }
      busy = true
      try {
        return await print(command.page, command.by)
      } finally {
        busy = false
      }
    },
    close() {
      closed = true
      watch.close()
    },
  }
}
