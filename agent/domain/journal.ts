import { z } from 'zod'
import { accessEntries } from './journal-access.ts'
import { doorEntries } from './journal-doors.ts'
import { kioskEntries } from './journal-kiosk.ts'
import { device, entry, text } from './journal-words.ts'
import { POWER_WHYS, STAGES } from './power.ts'

/** What happened, in order, for ever: the audit trail, the queue to the cloud and the witness of the rig. No codes, no persons' names. */
export const Entry = z.discriminatedUnion('type', [
  entry('started', 'The agent began to run.', {
    version: text.describe('Of the agent.'),
    after: z
      .enum(['first', 'stop', 'crash'])
      .describe('first: with a new journal. stop: it had ended in order. crash: it had not.'),
  }),
  entry('stopped', 'The agent ended in order.', {}),
  entry('device-online', 'A device answers.', { device }),
  entry('device-offline', 'A device does not answer: nothing it said before counts any more.', {
    device,
    why: text.describe('The fault, by its name in the handbook of faults.'),
    frame: text.optional().describe('What got no answer or a wrong one, in hexadecimal.'),
  }),
  entry('input-changed', 'A contact that is no door changed: tamper, mains, battery.', {
    device,
    input: text.describe('By its name in the site file.'),
    on: z.boolean(),
  }),
  entry('power-changed', 'What the unit still does, by mains and battery, changed.', {
    stage: z
      .enum(STAGES)
      .describe(
        'on-battery: everything goes on. low: things are only taken out. hibernating: no door opens but by a technician at the unit.',
      ),
    why: z
      .enum(POWER_WHYS)
      .describe(
        'What a contact says or, with time-on-battery, how long it lasts. no-plan: the site file says nothing of mains and battery any more.',
      ),
  }),
  ...doorEntries,
  ...accessEntries,
  ...kioskEntries,
  entry(
    'instruction-accepted',
    'An instruction arrived and is written down: it may be forgotten by the broker.',
    {
      id: text,
      kind: text,
    },
  ),
  entry('instruction-conflict', 'The same id came again with other content: the first one stands.', {
    id: text,
  }),
  entry('instruction-ended', 'The answer to an instruction.', {
    id: text,
    kind: text.describe('What it asked for; `unreadable` where that could not be read.'),
    outcome: z
      .enum(['done', 'refused', 'expired', 'in-doubt'])
      .describe('in-doubt: it may or may not have happened.'),
    why: text.optional().describe('In one sentence; absent where it is done.'),
  }),
])

export type Entry = z.output<typeof Entry>

/** One journal row as it is kept and as the cloud gets it. */
export const Row = z.strictObject({
  seq: z.int().min(1).describe('From 1, without a gap, within one epoch.'),
  at: z.int().describe('Unix time in milliseconds; never below the row before.'),
  entry: Entry,
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe(
      "SHA-256 in hexadecimal over the hash before (32 bytes), then `seq`, `at` and the entry's JSON, each after a newline.",
    ),
})

export type Row = z.output<typeof Row>
