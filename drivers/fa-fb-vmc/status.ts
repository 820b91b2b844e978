import type { DispenseStage, Evidence } from '../device.ts'
import type { Fault } from '../faults.ts'

/** What a status of a controller is to us. */
export interface Meaning {
  stage: DispenseStage
  evidence: Evidence
  last: boolean
  fault?: Fault
}

const going = (stage: 'moving' | 'lifting', evidence: Evidence): Meaning => ({ stage, evidence, last: false })
const ended = (stage: DispenseStage, evidence: Evidence, fault: Fault): Meaning => ({
  stage,
  evidence,
  last: true,
  fault,
})

const MOVING = going('moving', 'controller')
const LIFTING = going('lifting', 'elevator')
/** Something went wrong after the motor was told to turn: a pack may hang, lie in the elevator, or have fallen. */
const DOUBT = ended('in-doubt', 'controller', 'machine-fault')
const ELEVATOR = ended('in-doubt', 'elevator', 'elevator-fault')

/** Status of 04 (dispensing). 14 to 32 are those of the microwave. */
const DISPENSING: Record<number, Meaning> = {
  1: MOVING,
  4: ended('in-doubt', 'motor', 'motor-runs-on'),
  6: ended('not-moved', 'controller', 'no-motor'),
  7: ELEVATOR,
  16: LIFTING,
  17: LIFTING,
  18: ELEVATOR,
  19: ELEVATOR,
  20: MOVING,
  21: DOUBT,
  22: MOVING,
  23: DOUBT,
  24: MOVING,
  25: MOVING,
  32: DOUBT,
  33: DOUBT,
  34: MOVING,
  35: MOVING,
  36: { stage: 'turned', evidence: 'controller', last: true },
  37: DOUBT,
  38: MOVING,
  39: MOVING,
  40: DOUBT,
  41: DOUBT,
  48: DOUBT,
  49: DOUBT,
  50: DOUBT,
  255: ended('in-doubt', 'controller', 'terminated'),
}

/** With the drop sensor on, success means that something fell; with it off, only that the motor made its turn. */
export function dispensing(status: number, dropSensor: boolean): Meaning {
  if (status === 0x02)
    return dropSensor
      ? { stage: 'dropped', evidence: 'drop-sensor', last: true }
      : { stage: 'turned', evidence: 'motor', last: true }
  if (status === 0x03) return ended('jammed', dropSensor ? 'drop-sensor' : 'motor', 'jammed')
  return DISPENSING[status] ?? DOUBT
}

/** Why a lane cannot be driven, by the status of 02 (check); undefined when it can. */
export function checked(status: number): Fault | undefined {
  switch (status) {
    case 0x01:
      return undefined
    case 0x02:
      return 'sold-out'
    case 0x03:
      return 'no-motor'
    case 0x04:
      return 'lane-paused'
    case 0x05:
      return 'elevator-occupied'
    case 0x06:
      return 'delivery-door-open'
    case 0x07:
    case 0x08:
      return 'elevator-fault'
    default:
      return 'machine-fault'
  }
}
