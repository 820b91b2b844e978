import type { Effect } from '../../agent/domain/effect.ts'
import type { Known } from '../../agent/domain/known.ts'
import type { Happening } from '../../agent/happenings.ts'
import { type AnyWorkflow, workflows } from '../../agent/workflows/all.ts'
import type { Step } from '../../agent/workflows/workflow.ts'
import type { Planted } from './life.ts'

/** A mistake somebody could make, put into an otherwise sound unit. */
export interface Defect {
  name: string
  /** How the promise that it breaks begins. */
  breaks: string
  planted(): Planted
}

type Change = (workflow: AnyWorkflow) => Partial<AnyWorkflow>

/** The house's workflows with one of them changed. */
export const changed = (name: string, change: Change): Planted => ({
  workflows: workflows.map(workflow =>
    workflow.name === name ? { ...workflow, ...change(workflow) } : workflow,
  ),
})

export const step = (
  name: string,
  spoil: (next: Step<unknown>, before: unknown, event: { type: string }) => Step<unknown>,
): Planted =>
  changed(name, workflow => ({
    step: (state, event) => spoil(workflow.step(state, event), state, event as { type: string }),
  }))

export const effects = (name: string, spoil: (effect: Effect) => Effect[]): Planted =>
  step(name, next => ({ ...next, effects: next.effects.flatMap(spoil) }))

export const hears = (
  name: string,
  spoil: (happening: Happening, known: Known) => [Happening, Known],
): Planted =>
  changed(name, workflow => ({ hears: (happening, known) => workflow.hears(...spoil(happening, known)) }))

export const knowing = (known: Known, other: Partial<Known>): Known =>
  Object.create(known, Object.getOwnPropertyDescriptors(other))

export const visitOf = (state: unknown) =>
  (state as { visit?: { phase: string; compartment: string; order: string } } | undefined)?.visit
