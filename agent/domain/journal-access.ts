import { z } from 'zod'
import { booking, by, compartment, count, entry, Leg, Proof, reader, text } from './journal-words.ts'

const item = z
  .boolean()
  .describe('Whether its sensor sees something inside; absent where there is none, or it cannot tell.')

/** What becomes of bookings, and of whoever comes for one. */
export const accessEntries = [
  entry('booked', 'A booking was taken in.', {
    booking,
    size: text,
    low_reach: z.boolean(),
    of: booking.optional().describe('One of several things of that booking.'),
    after: booking.optional().describe('Handed out only once the things of that booking were put in.'),
  }),
  entry('booking-ended', 'A booking is over, and its codes with it.', {
    booking,
    why: z
      .enum(['collected', 'cancelled', 'expired', 'cleared', 'removed'])
      .describe(
        'collected: taken out. cancelled: by the cloud. expired: nothing was put in in time. cleared: taken out by an opening with `clear`. removed: staff took out on a round what was left for too long.',
      ),
  }),
  entry('overdue', 'The time to collect is over, and the things are still there.', { booking, compartment }),
  entry('tag-awaited', 'Somebody may put something in, once its tag was read.', { booking, reader }),
  entry('wrong-item', 'Another tag was read than that of the things that are expected.', {
    booking,
    device: text.describe('The tag reader, by its name in the site file.'),
  }),
  entry('curfew-missed', 'What is out should be back by now. It is still taken in.', { booking }),
  entry('found', 'Somebody forgot something in a compartment: it was taken into keeping.', {
    compartment,
    what: text.describe('And where it is kept. Nothing of a person.'),
    by,
  }),
  entry('recoded', 'A leg of a booking has a new code.', { booking, leg: Leg }),
  entry('claimed', 'The right code or token was shown in time.', {
    booking,
    leg: Leg,
    by: text,
    reader,
    ...Proof.shape,
  }),
  entry('handed-over-to', 'Somebody else collects it: the rights of whoever was to are over.', {
    booking,
    to: text,
  }),
  entry('exchanged', 'What it waited for was put in: it may be handed out.', { booking, after: booking }),
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
      'burnt, used, too-early, wrong-item, no-tag, handed-over, exchange-first, battery-low, hibernating, expired, closed, time-unknown, offline-too-long, in-progress, nothing-stored, full, doors-unknown, door-open or door-unknown.',
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
  entry('deposited', 'The door was opened for a deposit and closed again.', {
    booking,
    compartment,
    item: item.optional(),
  }),
  entry('nothing-put-in', 'A door was closed after a deposit, and its sensor sees nothing inside.', {
    booking,
    compartment,
  }),
  entry('collected', 'The door was opened to collect and closed again.', {
    booking,
    compartment,
    item: item.optional(),
  }),
  entry(
    'nothing-taken',
    'A door was closed after it was opened to collect, and its sensor sees something inside.',
    {
      booking,
      compartment,
    },
  ),
] as const
