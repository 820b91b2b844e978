import { z } from 'zod'

/** Which half of a booking: something is put in, or taken out. */
export const Leg = z.enum(['deposit', 'collect'])
export type Leg = z.output<typeof Leg>

export const Alarm = z.enum(['forced', 'wrong-door', 'left-open', 'will-not-open', 'in-doubt'])
export type Alarm = z.output<typeof Alarm>

const text = z.string()
const compartment = text
const booking = text
/** Names one actuation for ever: ordered, then opened, failed or in doubt. */
const order = text
const count = z.int()

const entry = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  z.strictObject({ type: z.literal(type), ...fields })

/** What happened, in order, for ever: the audit trail, the queue to the cloud and the witness of the rig. No codes, no persons' names. */
export const Entry = z.discriminatedUnion('type', [
  entry('started', { version: text, after: z.enum(['first', 'stop', 'crash']) }),
  entry('stopped', {}),
  entry('device-online', { device: text }),
  entry('device-offline', { device: text, why: text, frame: text.optional() }),

  entry('door-opened', { compartment, order: order.optional() }),
  entry('door-closed', { compartment }),
  /** The first reading after a silence differs from the last one before it: nobody saw when it changed. */
  entry('door-found', { compartment, open: z.boolean() }),
  entry('alarm-raised', { alarm: Alarm, compartment, order: order.optional() }),
  entry('alarm-cleared', { alarm: Alarm, compartment }),

  entry('booked', { booking, size: text, low_reach: z.boolean() }),
  entry('booking-ended', { booking, why: z.enum(['collected', 'cancelled', 'expired', 'cleared']) }),
  entry('overdue', { booking, compartment }),
  entry('recoded', { booking, leg: Leg }),
  entry('claimed', { booking, leg: Leg, by: text, reader: text }),
  entry('claim-refused', { booking, leg: Leg, why: text }),
  entry('code-refused', { reader: text, booking: booking.optional(), tries: count.optional() }),
  entry('code-burnt', { booking, leg: Leg }),
  entry('locked-out', { reader: text, seconds: count }),
  entry('lock-out-ended', { reader: text }),

  entry('unlock-ordered', { order, compartment, attempt: count, purpose: text }),
  entry('unlock-failed', { order, compartment, fault: text, sent: z.boolean() }),
  entry('deposited', { booking, compartment }),
  entry('collected', { booking, compartment }),
  entry('stuck', { order, compartment, why: z.enum(['will-not-open', 'unreachable']) }),
  entry('in-doubt', { order, compartment }),
  entry('doubt-resolved', { order, compartment, how: text }),

  entry('open-asked', { compartment, reason: text, by: text }),
  entry('open-ended', { compartment, how: text }),
  entry('held', { compartment, why: text, by: text }),
  entry('released', { compartment, by: text }),

  entry('instruction-accepted', { id: text, kind: text }),
  /** The same id came again with other content: the first one stands. */
  entry('instruction-conflict', { id: text }),
  entry('instruction-ended', {
    id: text,
    kind: text,
    outcome: z.enum(['done', 'refused', 'expired', 'in-doubt']),
    why: text.optional(),
  }),
])

export type Entry = z.output<typeof Entry>

/** One journal row as it is kept and as the cloud gets it. */
export const Row = z.strictObject({
  /** From 1, without a gap, within one epoch. */
  seq: z.int().min(1),
  /** Unix time in milliseconds; never below the row before. */
  at: z.int(),
  entry: Entry,
  /** SHA-256 in hexadecimal over the hash before (32 bytes), then `seq`, `at` and the entry's JSON, each after a newline. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
})

export type Row = z.output<typeof Row>
