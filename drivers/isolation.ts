import { AsyncLocalStorage } from 'node:async_hooks'
import type { Bus } from './bus.ts'
import type { Command, Device, Host, Outcome, Report } from './device.ts'
import type { Clock, Millis } from './host/clock.ts'

// A driver's own code runs inside its cage, also after an await or in a timer. What it does to the line, and what it
// reports, is outside of it again: a defect of ours there is never taken for one of the driver's.

interface Cage {
  failed(why: string): void
}

const cages = new AsyncLocalStorage<Cage | undefined>()

/**
 * For whoever catches what nobody caught: takes down the device whose driver threw it, or says false where it was no
 * driver's doing.
 */
export function blameDriver(error: unknown): boolean {
  const cage = cages.getStore()
  cage?.failed(sentence(error))
  return cage !== undefined
}

export interface Isolated extends Device {
  /** How often it was started again, and what it did wrong last. */
  restarts(): { count: number; gaveUp: boolean; last?: string }
}

interface Settings {
  host: Host
  open(host: Host): Device
  /** Hears of each time it went wrong. */
  bug(why: string): void
}

/** More reports than any device has reason for, in one second. */
const FLOOD = 500
const SECOND: Millis = 1_000
/** So often it is started again; each of those is forgotten after an hour. */
const BUDGET = 5
const FORGIVEN: Millis = 3_600_000
const FIRST_WAIT: Millis = 1_000

/** How long after its deadline a command may still be under way. Paper takes its time. */
const PATIENCE: Record<Command['type'], Millis> = {
  unlock: 10_000,
  vend: 15_000,
  print: 90_000,
  trigger: 10_000,
  charge: 10_000,
  settle: 10_000,
  switch: 10_000,
  move: 10_000,
}

/**
 * Runs one driver so that what it does wrong takes down its own device only: it is offline, and started again within a
 * budget. A driver that throws, rejects, floods or never settles is caught; one that never gives the processor back is not.
 */
export function isolate({ host, open, bug }: Settings): Isolated {
  const { clock } = host
  let life = 0
  let device: Device | undefined
  let closed = false
  let last: string | undefined
  let count = 0
  let gaveUp = false
  let recent: Millis[] = []
  let cancelRestart = () => {}

  function begin(): void {
    const mine = ++life
    const cage: Cage = { failed: why => fail(mine, why) }
    cages.run(cage, () =>
      attempt(cage, () => {
        device = open(insideOf(host, cage, () => mine === life && !closed, flood(clock, cage)))
      }),
    )
  }

  function fail(mine: number, why: string): void {
    if (mine !== life || closed) return
    life++
    last = why
    const broken = device
    device = undefined
    cages.exit(() => {
      bug(why)
      try {
        broken?.close()
      } catch {
        // It is being taken down for what it did before.
      }
      host.report({ type: 'offline', why: 'driver-failed' })
      again()
    })
  }

  function again(): void {
    const now = clock.now()
    recent = recent.filter(at => now - at < FORGIVEN)
    gaveUp = recent.length >= BUDGET
    if (gaveUp) return
    recent.push(now)
    cancelRestart = clock.after(FIRST_WAIT * 2 ** (recent.length - 1), () => {
      count++
      begin()
    })
  }

  cages.exit(begin)

  return {
    send(command) {
      const mine = life
      const at = device
      if (!at) return Promise.resolve({ ok: false, fault: 'driver-failed', sent: false })
      return settled(
        clock,
        command,
        () => cages.run({ failed: why => fail(mine, why) }, () => at.send(command)),
        why => fail(mine, why),
      )
    },
    close() {
      closed = true
      cancelRestart()
      try {
        device?.close()
      } catch (error) {
        bug(sentence(error))
      }
    },
    restarts: () => ({ count, gaveUp, ...(last === undefined ? {} : { last }) }),
  }
}

/** Whatever a driver does with a command, it ends: at the latest as a doubt. */
function settled(
  clock: Clock,
  command: Command,
  send: () => Promise<Outcome>,
  failed: (why: string) => void,
): Promise<Outcome> {
  const doubt: Outcome = { ok: false, fault: 'driver-failed', sent: true }
  return new Promise(resolve => {
    const wrong = (why: string): void => {
      cancel()
      resolve(doubt)
      failed(why)
    }
    const within = Math.max(0, command.by - clock.now()) + PATIENCE[command.type]
    const cancel = clock.after(within, () => wrong(`it never said what became of ${command.type}`))
    // Called at once, in this turn of the loop: an order must not wait behind anything.
    let sent: Promise<Outcome>
    try {
      sent = send()
    } catch (error) {
      return wrong(sentence(error))
    }
    sent.then(
      outcome => {
        cancel()
        resolve(outcome)
      },
      error => wrong(sentence(error)),
    )
  })
}

function flood(clock: Clock, cage: Cage): () => boolean {
  let since = clock.now()
  let reports = 0
  return () => {
    if (clock.now() - since >= SECOND) {
      since = clock.now()
      reports = 0
    }
    if (++reports <= FLOOD) return true
    cage.failed(`it reported more than ${FLOOD} times in a second`)
    return false
  }
}

/** What a driver sees of the world: whatever it hands out to be called later is called inside its cage, and only in this life. */
function insideOf(
  { bus, clock, report }: Host,
  cage: Cage,
  alive: () => boolean,
  bearable: () => boolean,
): Host {
  const inside =
    <Args extends unknown[]>(run: (...args: Args) => void) =>
    (...args: Args): void => {
      if (alive()) cages.run(cage, () => attempt(cage, () => run(...args)))
    }
  const outside = <Result>(run: () => Result): Result => cages.exit(run)

  return {
    bus: {
      ask: (codec, request, how) => outside(() => bus.ask(codec, request, how)),
      order: (codec, request, how) => outside(() => bus.order(codec, request, how)),
      overhear: (decode, heard) => outside(() => bus.overhear(decode, inside(heard))),
      listen: heard => outside(() => bus.listen(inside(heard))),
      watch: changed => outside(() => bus.watch(inside(changed))),
    } satisfies Bus,
    clock: {
      now: clock.now,
      wall: clock.wall,
      after: (delay, wake) => outside(() => clock.after(delay, inside(wake))),
      soon: run => outside(() => clock.soon(inside(run))),
    },
    report(said: Report) {
      if (alive() && bearable()) outside(() => report(said))
    },
  }
}

function attempt(cage: Cage, run: () => void): void {
  try {
    run()
  } catch (error) {
    cage.failed(sentence(error))
  }
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error))
