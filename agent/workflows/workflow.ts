import type { Millis } from '../../drivers/host/clock.ts'
import type { Effect } from '../domain/effect.ts'
import type { Known } from '../domain/known.ts'
import type { Happening } from '../happenings.ts'

/** A process in the world, written as pure functions. The loop does everything else. */
export interface Workflow<State, Event> {
  name: string
  /**
   * Which process a happening concerns and what it means there, so that the loop never learns what a door is.
   * Whatever of the present the step needs (a door's reading, a free compartment) is put into the event here.
   */
  hears(happening: Happening, known: Known): { key: string; event: Event } | undefined
  /** `state` is undefined before the process began; a returned undefined means it is over and forgotten. */
  step(state: State | undefined, event: Event): Step<State>
  /** When to send `overdue` if nothing else happens, on the unit's steady clock. Kept in the state, so it survives a restart. */
  deadline(state: State): Millis | undefined
}

export interface Step<State> {
  state: State | undefined
  effects: Effect[]
}
