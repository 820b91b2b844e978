import { z } from 'zod'

const pin = z.int().min(0).max(127).describe('The pin of the board, as printed on it.')
const channel = z.int().min(1).max(64).describe('What the agent calls it by, from 1; each once.')
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a name of small letters, digits and dashes such as tray-shut')

const Output = z.strictObject({
  channel,
  type: z
    .enum(['light', 'buzzer', 'relay'])
    .describe('light: guides to a compartment. buzzer: one that sounds by itself.'),
  pin,
  inverted: z.boolean().default(false).describe('Whether it is on while the pin is low.'),
})

const Reed = z.strictObject({
  type: z.literal('reed'),
  pin,
  name: name.describe('What its report is called.'),
  on: z
    .literal([0, 1])
    .default(0)
    .describe('The level that counts as on; with the pull-up of the board a closed contact is 0.'),
})

const Servo = z.strictObject({
  channel,
  type: z.literal('servo'),
  pin,
  least: z.int().min(0).max(180).default(0).describe('The smallest angle it may go to, in degrees.'),
  most: z.int().min(0).max(180).default(180).describe('The largest, in degrees.'),
})

const Stepper = z.strictObject({
  channel,
  type: z.literal('stepper'),
  step_pin: pin,
  direction_pin: pin,
  steps_per_second: z.int().min(1).max(5_000).default(200).describe('How fast it turns.'),
})

/** What is wired to a Firmata board. */
export const Part = z.discriminatedUnion('type', [Output, Reed, Servo, Stepper])
export type Part = z.output<typeof Part>

export const pinsOf = (part: Part): number[] =>
  part.type === 'stepper' ? [part.step_pin, part.direction_pin] : [part.pin]
