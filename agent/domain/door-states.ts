import type { Alarm } from './journal-words.ts'

/** What is wrong at a door, and what follows from it. Nothing in it names a person or says what lies inside. */
export interface DoorState {
  /** What it is, and on which evidence. */
  means: string
  /** For whoever stands before it. */
  person: string
  /** What staff are asked to do. */
  staff: string
  /** Nothing new goes into that compartment until staff gave it back (`pawl return`). What lies in it is still handed out. */
  outOfUse: boolean
}

const LOOK = 'Look at the door and at what lies in it, then `pawl return` it.'

/** Every alarm of a door: raised once, cleared once, and each with a way out. */
export const doorStates: Record<Alarm, DoorState> = {
  forced: {
    means: 'The door opened and nobody was told to open it.',
    person: 'This door was not opened for you. Please close it: staff have been told.',
    staff: LOOK,
    outOfUse: true,
  },
  'wrong-door': {
    means: 'The door opened when another one on its board was told to.',
    person: 'The wrong door opened. Please close it without taking anything: staff have been told.',
    staff:
      'Check cabling and channel numbers (`pawl bring-up`), look at what lies in it, then `pawl return` it.',
    outOfUse: true,
  },
  'left-open': {
    means: 'The door stands open for longer than the policy permits.',
    person: 'Please close the door.',
    staff: 'Close the door. If it is closed, look at its sensor.',
    outOfUse: false,
  },
  'will-not-open': {
    means:
      'Its lock was fired as often as the policy permits, and its sensor says that the door is still closed.',
    person: 'The door does not open. What is inside stays yours: please call staff, or try again.',
    staff: 'Free the latch or the door, then `pawl return` it.',
    outOfUse: true,
  },
  'in-doubt': {
    means: 'Its lock was told to open, and nobody saw whether the door did.',
    person: 'Please look whether the door is open, and show your code again.',
    staff: 'Look whether the door is open and what lies in it, then `pawl release` it.',
    outOfUse: false,
  },
  'not-latched': {
    means: 'The door was closed and sprang open again within seconds.',
    person: 'The door is not shut yet: please push until it clicks.',
    staff: 'Shut the door, clean or set its latch, then `pawl return` it.',
    outOfUse: true,
  },
  'sensor-broken': {
    means: 'The sensor says open and closed faster than a hand can move a door: nothing it says counts.',
    person: 'This door is out of order: staff have been told.',
    staff: 'Mend its sensor or its plug, then `pawl return` it.',
    outOfUse: true,
  },
  emptied: {
    means: 'Its item sensor sees nothing any more of what was put in, and its door was not opened.',
    person: 'This door is out of order: staff have been told.',
    staff: 'Look whether the things are there and whether the compartment is whole, then `pawl return` it.',
    outOfUse: true,
  },
}

/** Alarms that end only when staff gave the compartment back. */
export const UNTIL_RETURNED: readonly Alarm[] = ['will-not-open', 'not-latched', 'sensor-broken', 'emptied']
