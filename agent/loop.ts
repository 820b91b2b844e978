import type { Clock, Millis } from '../drivers/host/clock.ts'
import { type Act, type Effect, isAct } from './domain/effect.ts'
import type { Row } from './domain/journal.ts'
import type { Happening } from './happenings.ts'
import type { Present } from './present.ts'
import type { Processes } from './processes.ts'
import type { Store } from './store/open.ts'
import type { UnitTime } from './time.ts'
import type { AnyWorkflow } from './workflows/all.ts'

export interface LoopParts {
  clock: Clock
  time: UnitTime
  store: Store
  workflows: AnyWorkflow[]
  processes: Processes
  present: Present
  /** Called for each act, after its commit and never before. */
  act(act: Act): void
  /** Called after each commit with what it wrote down. */
  committed(rows: Row[], happened: Happening[]): void
}

export interface Loop {
  /** Puts it on the queue. `kept` is called once everything that follows from it is on the disk. */
  happen(happening: Happening, kept?: () => void): void
  /** Takes nothing more from the queue and rings no more deadlines. */
  stop(): void
}

/** So that one commit never keeps the doors waiting long. */
const BATCH = 512

/** A commit that takes longer holds up whatever answers devices: it is followed by a pause somewhat longer than itself. */
const SLOW: Millis = 60
const PAUSE = 1.2

/** A timer of Node that is told to wait for longer rings at once: then it is set again. */
const LONGEST: Millis = 2 ** 31 - 1

/** One queue: decide, commit, act. What is queued together commits together. */
export function startLoop({
  clock,
  time,
  store,
  workflows,
  processes,
  present,
  act,
  committed,
}: LoopParts): Loop {
  let queue: { happening: Happening; kept: (() => void) | undefined }[] = []
  let scheduled = false
  let stopped = false
  let cancelWake = () => {}
  let notBefore: Millis = 0

  function happen(happening: Happening, kept?: () => void): void {
    if (stopped) return
    queue.push({ happening, kept })
    schedule()
  }

  function schedule(): void {
    if (scheduled) return
    scheduled = true
    const wait = notBefore - clock.now()
    if (wait > 0) clock.after(wait, run)
    else clock.soon(run)
  }

  function run(): void {
    scheduled = false
    if (stopped) return
    const batch = queue.slice(0, BATCH)
    queue = queue.slice(BATCH)
    const rows: Row[] = []
    const acts: Act[] = []
    const happened: Happening[] = []
    const begun = clock.now()
    store.atomically(() => {
      for (const { happening } of batch) settle(happening, { rows, acts, happened })
      processes.save()
    })
    const took = clock.now() - begun
    notBefore = took > SLOW ? clock.now() + took * PAUSE : 0
    for (const each of acts) act(each)
    for (const { kept } of batch) kept?.()
    committed(rows, happened)
    if (queue.length > 0) schedule()
    else scheduleWake()
  }

  /** Decides one happening and all that it makes happen, inside the transaction. */
  function settle(first: Happening, done: { rows: Row[]; acts: Act[]; happened: Happening[] }): void {
    const pending = [first]
    for (let next = pending.shift(); next; next = pending.shift()) {
      done.happened.push(next)
      present.observe(next)
      for (const effect of decide(next)) {
        if (effect.type === 'record') done.rows.push(store.journal.append(time.wall(), effect.entry))
        else if (effect.type === 'tell') pending.push(effect.happening)
        else if (isAct(effect)) done.acts.push(effect)
        else present.keep(effect)
      }
    }
  }

  /** Everyone hears of it as things stand before anyone moves; then each takes its step. */
  function decide(happening: Happening): Effect[] {
    const heard = workflows.flatMap(workflow => {
      const meant = workflow.hears(happening, present.known)
      return meant ? [{ workflow, ...meant }] : []
    })
    return heard.flatMap(({ workflow, key, event }) => {
      const { state, effects } = workflow.step(processes.get(workflow.name, key), event)
      processes.set(workflow, key, state)
      return effects
    })
  }

  function scheduleWake(): void {
    cancelWake()
    const next = processes.deadlines.soonest()
    if (!next || stopped) return
    cancelWake = clock.after(Math.min(LONGEST, Math.max(0, next.at - time.at())), () => {
      for (const { workflow, key } of processes.deadlines.passed(time.at()))
        happen({ type: 'overdue', workflow, key })
      if (!scheduled) scheduleWake()
    })
  }

  // Whatever was under way hears of the restart before anything else.
  for (const { workflow, key } of [...processes.all()]) happen({ type: 'restarted', workflow, key })
  scheduleWake()

  return {
    happen,
    stop() {
      stopped = true
      cancelWake()
    },
  }
}
