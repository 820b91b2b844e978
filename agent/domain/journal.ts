import { z } from 'zod'
import { kioskEntries } from './journal-kiosk.ts'
import { count, device, entry, reader, text } from './journal-words.ts'

export const Leg = z
  .enum(['deposit', 'collect'])
  .describe('Which half of a booking: something is put in, or taken out.')
export type Leg = z.output<typeof Leg>

export const Alarm = z.enum(['forced', 'wrong-door', 'left-open', 'will-not-open', 'in-doubt'])
export type Alarm = z.output<typeof Alarm>

const compartment = text.describe('By its name in the site file.')
const booking = text.describe('The booking, by the id the cloud gave it.')
const order = text.describe('Names one actuation for ever: ordered, then opened, failed or in doubt.')
const by = text.describe('Who, in the words of whoever asked.')

/** How somebody proved that they may. */
export const Proof = z.object({
  how: z
    .enum(['code', 'token', 'staff'])
    .describe('A code of the booking, a signed token, or a badge of the staff with its PIN.'),
  token: text.optional().describe('The id of the token (cti), in hexadecimal.'),
  key: text.optional().describe('Whose signature it bears (kid).'),
  who: text.optional().describe('Which of the staff, by their name in the site file.'),
})
export type Proof = z.output<typeof Proof>

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
  entry('latch-slow', 'A lock took more than twice as long as it usually does, three times in a row.', {
    compartment,
    typical_ms: count.describe('What it usually takes from the order to the open door, in milliseconds.'),
    took_ms: count.describe('What it took last, in milliseconds.'),
    cycles: count.describe('How often it was opened so far.'),
  }),
  entry('latch-recovered', 'A slow lock is as fast as it was again.', {
    compartment,
    took_ms: count.describe('What it took last, in milliseconds.'),
    cycles: count.describe('How often it was opened so far.'),
  }),

  entry('door-opened', 'The sensor of a door saw it open.', {
    compartment,
    order: order.optional().describe('The order that explains it; absent where there is none.'),
  }),
  entry('door-closed', 'The sensor of a door saw it close.', { compartment }),
  entry(
    'door-found',
    'The first reading after a silence differs from the last one before it: nobody saw it change.',
    {
      compartment,
      open: z.boolean(),
    },
  ),
  entry('alarm-raised', 'Something is wrong at a door, and a person should know.', {
    alarm: Alarm.describe(
      'forced: opened unasked. wrong-door: moved when another was told to. left-open: longer than the policy allows. will-not-open: every try failed. in-doubt: nobody saw whether it opened.',
    ),
    compartment,
    order: order.optional(),
  }),
  entry('alarm-cleared', 'What the alarm was about is over.', { alarm: Alarm, compartment }),

  entry('booked', 'A booking was taken in.', { booking, size: text, low_reach: z.boolean() }),
  entry('booking-ended', 'A booking is over, and its codes with it.', {
    booking,
    why: z
      .enum(['collected', 'cancelled', 'expired', 'cleared'])
      .describe(
        'collected: taken out. cancelled: by the cloud. expired: nothing was put in in time. cleared: taken out by an opening with `clear`.',
      ),
  }),
  entry('overdue', 'The time to collect is over, and the things are still there.', { booking, compartment }),
  entry('recoded', 'A leg of a booking has a new code.', { booking, leg: Leg }),
  entry('claimed', 'The right code or token was shown in time.', {
    booking,
    leg: Leg,
    by: text,
    reader,
    ...Proof.shape,
  }),
  entry('informed', 'The cloud said how far the work is.', {
    booking,
    status: text,
    ready_at: count.optional().describe('Unix time in milliseconds.'),
  }),
  entry('reopened', 'Whoever closed that door opens it once more, within the time the policy gives.', {
    booking,
    leg: Leg,
    compartment,
    reader,
    ...Proof.shape,
  }),
  entry('reclosed', 'It was opened once more and closed again.', { booking, leg: Leg, compartment }),
  entry('refitted', 'What was to be put in did not fit: a larger compartment opens.', {
    booking,
    from: text.describe('The compartment in which it did not fit.'),
    compartment,
  }),
  entry('claim-refused', 'The right code or token was shown, but it opens nothing now.', {
    booking,
    leg: Leg,
    why: text.describe(
      'burnt, used, too-early, expired, closed, time-unknown, offline-too-long, in-progress, nothing-stored, full, doors-unknown, door-open or door-unknown.',
    ),
  }),
  entry('code-refused', 'A wrong code was shown.', {
    reader,
    booking: booking.optional().describe('The booking it named, where that is here.'),
    tries: count.optional().describe('Wrong tries at this booking so far.'),
  }),
  entry('code-burnt', 'Too many wrong tries: this code opens nothing any more.', { booking, leg: Leg }),
  entry(
    'locked-out',
    'Too much was refused: no code is taken for a while, each time for longer. Tokens are.',
    {
      reader: text.describe('The reader or keypad, by its name in the site file; `*`: all of them.'),
      seconds: count,
    },
  ),
  entry('pin-refused', 'A wrong PIN was typed after a badge.', { reader, by }),
  entry(
    'round-began',
    'One of the staff proved who they are: doors that wait for staff open, one after the other.',
    {
      by,
      reader,
      waiting: count.describe('Doors that wait for staff.'),
    },
  ),
  entry('round-ended', 'That round is over.', {
    by,
    doors: count.describe('Doors that were led to.'),
    how: z.enum(['done', 'restart']),
  }),
  entry('lock-out-ended', 'Codes are taken again.', { reader: text.describe('As in locked-out.') }),
  entry(
    'revocations-taken',
    'A signed list of tokens that open nothing any more, in the place of the one before.',
    {
      number: count.describe('Higher than that of every list before it.'),
      at: count.describe('When it was signed; Unix time in milliseconds.'),
      key: text.describe('Whose signature it bears (kid).'),
      tokens: count.describe('How many tokens are on it.'),
      bookings: count.describe('How many bookings, no token of which opens anything.'),
    },
  ),

  entry('unlock-ordered', 'A lock was told to open. No evidence that it did: wait for door-opened.', {
    order,
    compartment,
    attempt: count.describe('From 1.'),
    purpose: text.describe('`deposit` or `collect` with the booking, or `maintenance`.'),
  }),
  entry('unlock-failed', 'The order could not be given, or not without doubt.', {
    order,
    compartment,
    fault: text,
    sent: z.boolean().describe('false: not one byte of it left, so nothing moved.'),
    frame: text.optional().describe('What got no answer or a wrong one, in hexadecimal.'),
  }),
  entry('deposited', 'The door was opened for a deposit and closed again.', { booking, compartment }),
  entry('collected', 'The door was opened to collect and closed again.', { booking, compartment }),
  entry('stuck', 'Nothing moved, and there is evidence of that.', {
    order,
    compartment,
    why: z.enum(['will-not-open', 'unreachable']),
  }),
  entry('in-doubt', 'The lock was told to open, and nobody saw whether the door did. A person must look.', {
    order,
    compartment,
  }),
  entry('doubt-resolved', 'The doubt is over.', {
    order,
    compartment,
    how: text.describe('opened, claimed-again, opened-again, or `released by` whom.'),
  }),

  entry('open-asked', 'Somebody had a door opened, with a reason.', { compartment, reason: text, by }),
  entry('open-ended', 'That opening is over.', {
    compartment,
    how: text.describe('closed, will-not-open or unreachable.'),
  }),
  entry('held', 'A compartment was taken out of use.', { compartment, why: text, by }),
  entry('released', 'A compartment is back in use.', { compartment, by }),

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
