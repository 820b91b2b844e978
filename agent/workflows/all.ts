import { instruction } from '../sync/instructions.ts'
import { availability } from './availability.ts'
import { booking } from './booking.ts'
import { climate } from './climate.ts'
import { collect } from './collect.ts'
import { commandGuard } from './command-guard.ts'
import { count } from './count.ts'
import { deposit } from './deposit.ts'
import { deviceWatch } from './device-watch.ts'
import { dispense } from './dispense.ts'
import { doorWatch } from './door-watch.ts'
import { duty } from './duty.ts'
import { found } from './found.ts'
import { inputWatch } from './input-watch.ts'
import { itemWatch } from './item-watch.ts'
import { latchWatch } from './latch-watch.ts'
import { maintenance } from './maintenance.ts'
import { openAll } from './open-all.ts'
import { power } from './power.ts'
import { prescription } from './prescription.ts'
import { reader } from './reader.ts'
import { recall } from './recall.ts'
import { removal } from './removal.ts'
import { restock } from './restock.ts'
import { revocation } from './revocation.ts'
import { round } from './round.ts'
import { sweep } from './sweep.ts'
import { tagCheck } from './tag-check.ts'
import { technician } from './technician.ts'
import type { Workflow } from './workflow.ts'

/** A workflow with its own types forgotten: all the loop may know of one. */
export type AnyWorkflow = Workflow<unknown, unknown>

/** Hides a workflow's state and event types. Sound, because only its own `hears` and `step` ever make and read them. */
const listed = <State, Event>(workflow: Workflow<State, Event>): AnyWorkflow =>
  workflow as unknown as AnyWorkflow

/** Every process a unit knows, in the order in which they hear. The door is written down before what it means. */
export const workflows: AnyWorkflow[] = [
  listed(deviceWatch),
  listed(inputWatch),
  listed(power),
  listed(doorWatch),
  listed(itemWatch),
  listed(latchWatch),
  listed(reader),
  listed(commandGuard),
  listed(revocation),
  listed(instruction),
  listed(booking),
  listed(tagCheck),
  listed(deposit),
  listed(collect),
  listed(round),
  listed(maintenance),
  listed(found),
  listed(technician),
  listed(openAll),
  listed(restock),
  listed(removal),
  listed(recall),
  listed(count),
  listed(prescription),
  listed(duty),
  listed(dispense),
  listed(sweep),
  listed(climate),
  listed(availability),
]
