import { z } from 'zod'
import { Alarm, by, compartment, count, entry, order, text } from './journal-words.ts'

/** What happens to doors and their locks. */
export const doorEntries = [
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
  entry('item-changed', 'The sensor in a compartment sees something that was not there before, or no more.', {
    compartment,
    present: z.boolean(),
    opened: z
      .boolean()
      .describe(
        'Whether its door was opened since it was seen before; false: it changed behind a closed door.',
      ),
  }),
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
      'forced: opened unasked. wrong-door: moved when another was told to. left-open: longer than the policy allows. will-not-open: every try failed. in-doubt: nobody saw whether it opened. not-latched: sprang open after it was closed. sensor-broken: its sensor flutters. emptied: what lay in it is not seen any more, and its door was not opened.',
    ),
    compartment,
    order: order.optional(),
  }),
  entry('alarm-cleared', 'What the alarm was about is over.', { alarm: Alarm, compartment }),
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
  entry('open-asked', 'Somebody had a door opened, with a reason.', {
    compartment,
    reason: text,
    by,
    token: text.optional().describe('From afar: the id of the grant (cti), in hexadecimal.'),
    key: text.optional().describe('Whose signature the grant bears (kid).'),
  }),
  entry('open-ended', 'That opening is over.', {
    compartment,
    how: text.describe('closed, will-not-open or unreachable.'),
  }),
  entry('open-all-began', 'Every door is opened, one after the other.', {
    by,
    reason: text.describe('`fire`, or in the words of whoever asked.'),
    doors: count.describe('How many that are.'),
  }),
  entry('command-refused', 'Somebody at the console may not do that, or did not prove who they are.', {
    kind: text.describe('What they asked for.'),
    by: by
      .optional()
      .describe('Who of the staff they said that they are; absent where nobody has that name.'),
    why: text,
  }),
  entry('technician-challenged', 'A challenge is shown for a technician to have answered.', {
    challenge: text.describe('It is no secret.'),
  }),
  entry('technician-proved', 'The operator answered it: a technician is there.', {
    by,
    seconds: count.describe('For how long that counts.'),
  }),
  entry('technician-refused', 'What was answered was not right.', {
    by,
    why: text.describe('unreadable, wrong, void or no-challenge.'),
  }),
  entry('technician-left', 'The proof that a technician is there is too old.', { by }),
  entry('held', 'A compartment was taken out of use.', { compartment, why: text, by }),
  entry('released', 'A compartment is back in use.', { compartment, by }),
] as const
