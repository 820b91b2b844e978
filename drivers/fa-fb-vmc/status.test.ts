import { describe, expect, test } from 'vitest'
import { checked, dispensing } from './status.ts'

// The maker prints statuses as their hexadecimal bytes: 24 is 0x24.

const MOVING = 'moving by controller'
const LIFTING = 'lifting by elevator'
const DOUBT = 'in-doubt by controller: machine-fault, last'
const ELEVATOR = 'in-doubt by elevator: elevator-fault, last'

const DISPENSING: [status: number, says: string, means: string][] = [
  [0x01, 'dispensing', MOVING],
  [0x04, 'the motor does not stop', 'in-doubt by motor: motor-runs-on, last'],
  [0x06, 'there is no such motor', 'not-moved by controller: no-motor, last'],
  [0x07, 'elevator error', ELEVATOR],
  [0x10, 'the elevator goes up', LIFTING],
  [0x11, 'the elevator goes down', LIFTING],
  [0x12, 'error on the way up', ELEVATOR],
  [0x13, 'error on the way down', ELEVATOR],
  [0x14, 'microwave', MOVING],
  [0x15, 'microwave error', DOUBT],
  [0x16, 'microwave', MOVING],
  [0x17, 'microwave error', DOUBT],
  [0x18, 'microwave', MOVING],
  [0x19, 'microwave', MOVING],
  [0x20, 'microwave error', DOUBT],
  [0x21, 'microwave error', DOUBT],
  [0x22, 'microwave', MOVING],
  [0x23, 'seconds that remain', MOVING],
  [0x24, 'take it out', 'turned by controller, last'],
  [0x25, 'microwave error', DOUBT],
  [0x26, 'microwave', MOVING],
  [0x27, 'microwave', MOVING],
  [0x28, 'microwave error', DOUBT],
  [0x29, 'microwave error', DOUBT],
  [0x30, 'microwave error', DOUBT],
  [0x31, 'microwave error', DOUBT],
  [0x32, 'microwave error', DOUBT],
  [0xff, 'terminated', 'in-doubt by controller: terminated, last'],
]

const told = (status: number, dropSensor: boolean): string => {
  const { stage, evidence, fault, last } = dispensing(status, dropSensor)
  return `${stage} by ${evidence}${fault ? `: ${fault}` : ''}${last ? ', last' : ''}`
}

const inHex = (status: number): string => status.toString(16).padStart(2, '0').toUpperCase()

describe('status of 04, dispensing', () => {
  for (const [status, says, means] of DISPENSING)
    test(`${inHex(status)}, ${says}, is ${means}`, () => {
      expect(told(status, true)).toBe(means)
      expect(told(status, false)).toBe(means)
    })

  test('02 is something that fell where a drop sensor looked, and a turn of the motor where none did', () => {
    expect(told(0x02, true)).toBe('dropped by drop-sensor, last')
    expect(told(0x02, false)).toBe('turned by motor, last')
  })

  test('03 is a jam, seen by the drop sensor or by the motor alone', () => {
    expect(told(0x03, true)).toBe('jammed by drop-sensor: jammed, last')
    expect(told(0x03, false)).toBe('jammed by motor: jammed, last')
  })

  test('every other byte is in doubt and ends the turn: nobody knows what it means', () => {
    const known = new Set([0x02, 0x03, ...DISPENSING.map(([status]) => status)])
    for (let status = 0; status < 256; status++)
      if (!known.has(status)) for (const sensor of [true, false]) expect(told(status, sensor)).toBe(DOUBT)
  })

  test('nothing but 02 with the drop sensor on is ever called a drop', () => {
    for (let status = 0; status < 256; status++)
      for (const sensor of [true, false])
        expect(dispensing(status, sensor).stage === 'dropped').toBe(status === 0x02 && sensor)
  })
})

const CHECKED: [status: number, says: string, fault: string | undefined][] = [
  [0x01, 'normal', undefined],
  [0x02, 'out of stock', 'sold-out'],
  [0x03, 'does not exist', 'no-motor'],
  [0x04, 'paused', 'lane-paused'],
  [0x05, 'something lies in the elevator', 'elevator-occupied'],
  [0x06, 'the delivery door is unlocked', 'delivery-door-open'],
  [0x07, 'elevator error', 'elevator-fault'],
  [0x08, 'elevator self-check', 'elevator-fault'],
  ...[0x09, 0x10, 0x11, 0x14].map((each): [number, string, string] => [
    each,
    'microwave door',
    'machine-fault',
  ]),
  [0x12, 'no box', 'machine-fault'],
  [0x13, 'heating', 'machine-fault'],
  [0x15, 'take the box out', 'machine-fault'],
  [0x16, 'staypole does not come back', 'machine-fault'],
  [0x17, 'main motor', 'machine-fault'],
  [0x18, 'translation motor', 'machine-fault'],
  [0x19, 'staypole does not push', 'machine-fault'],
  ...[0x20, 0x21, 0x22, 0x23].map((each): [number, string, string] => [
    each,
    'elevator or pushrod',
    'machine-fault',
  ]),
]

describe('status of 02, whether a lane can be driven', () => {
  for (const [status, says, fault] of CHECKED)
    test(`${inHex(status)}, ${says}, is ${fault ?? 'a lane that can be driven'}`, () =>
      expect(checked(status)).toBe(fault))

  test('every other byte is a fault: a lane is driven on nothing but 01', () => {
    const known = new Set(CHECKED.map(([status]) => status))
    for (let status = 0; status < 256; status++)
      if (!known.has(status)) expect(checked(status)).toBe('machine-fault')
  })
})
