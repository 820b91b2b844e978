import { deadlines } from './deadlines.ts'
import type { AtMachine, Standing } from './domain/known.ts'
import type { Visit } from './domain/visit.ts'
import type { Store } from './store/open.ts'
import type { AnyWorkflow } from './workflows/all.ts'

/** The states of all processes, in memory as they are on the disk once a batch is committed. */
export function openProcesses(store: Store['processes'], workflows: AnyWorkflow[]) {
  const states = new Map(workflows.map(({ name }) => [name, new Map<string, unknown>()]))
  const visits = new Map<string, Standing>()
  let machine: AtMachine | undefined
  const changed = new Map<string, { workflow: AnyWorkflow; key: string }>()
  const alarms = deadlines()

  const of = (workflow: string) => {
    const found = states.get(workflow)
    if (!found) throw new Error(`the store holds a process of ${workflow}, which this agent does not know`)
    return found
  }

  function note({ name, deadline }: AnyWorkflow, key: string, before: unknown, state: unknown): void {
    alarms.set(name, key, state === undefined ? undefined : deadline(state))
    const there = machineOf(state)
    if (there) machine = { workflow: name, key, machine: there }
    else if (machine?.workflow === name && machine.key === key) machine = undefined
    const [was, is] = [visitOf(before), visitOf(state)]
    if (was) visits.delete(was.compartment)
    if (is) visits.set(is.compartment, { workflow: name, key, visit: is })
  }

  function put(workflow: AnyWorkflow, key: string, state: unknown): void {
    const mine = of(workflow.name)
    const before = mine.get(key)
    if (before === state) return
    if (state === undefined) mine.delete(key)
    else mine.set(key, state)
    note(workflow, key, before, state)
  }

  for (const { workflow, key, state } of store.all()) {
    of(workflow).set(key, state)
    const known = workflows.find(({ name }) => name === workflow)
    if (known) note(known, key, undefined, state)
  }

  return {
    get: (workflow: string, key: string): unknown => of(workflow).get(key),
    /** Every process, in a fixed order. */
    *all(): Generator<{ workflow: string; key: string; state: unknown }> {
      for (const [workflow, mine] of states) for (const [key, state] of mine) yield { workflow, key, state }
    },
    /** The states of one workflow's processes. */
    of: (workflow: string): Iterable<unknown> => states.get(workflow)?.values() ?? [],
    set(workflow: AnyWorkflow, key: string, state: unknown): void {
      if (of(workflow.name).get(key) === state) return
      put(workflow, key, state)
      changed.set(`${workflow.name}\n${key}`, { workflow, key })
    },
    /** Writes what changed, each process once. Inside the transaction. */
    save(): void {
      for (const { workflow, key } of changed.values()) {
        const state = of(workflow.name).get(key)
        if (state === undefined) store.remove(workflow.name, key)
        else store.save(workflow.name, key, state, workflow.deadline(state))
      }
      changed.clear()
    },
    visitAt: (compartment: string): Standing | undefined => visits.get(compartment),
    atMachine: (): AtMachine | undefined => machine,
    visits: (): Iterable<Standing> => visits.values(),
    deadlines: alarms,
  }
}

export type Processes = ReturnType<typeof openProcesses>

/** A process that stands at a door says so by having a `visit`. */
function visitOf(state: unknown): Visit | undefined {
  if (typeof state !== 'object' || state === null || !('visit' in state)) return undefined
  return state.visit as Visit
}

/** A process that has the machine to itself says so by having a `machine`. */
function machineOf(state: unknown): AtMachine['machine'] | undefined {
  if (typeof state !== 'object' || state === null || !('machine' in state)) return undefined
  return state.machine as AtMachine['machine']
}
