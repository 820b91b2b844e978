import { z } from 'zod'
import { day, Week } from './hours.ts'
import { file, Name, TimeZone } from './words.ts'

export const PublicKey = z
  .strictObject({
    id: Name.describe('What tokens and statements call it by (kid).'),
    key: z
      .string()
      .regex(/^[A-Za-z0-9+/]{43}=$/, 'the 32 bytes of an Ed25519 public key in base64')
      .describe('Ed25519 public key: its 32 bytes in base64.'),
  })
  .describe('A key that signs.')

export const AccessConfig = z
  .strictObject({
    token_keys: z
      .array(PublicKey)
      .min(1)
      .max(8)
      .describe(
        'Whose tokens open doors: the keys of the operator, the old one and the new one while they change.',
      ),
    keypads: z.array(Name).max(8).default([]).describe('Where numbers are typed, by name: BOOKING * CODE #.'),
    badge_readers: z
      .array(Name)
      .max(8)
      .default([])
      .describe('Where staff hold their badge, by name; their PIN is typed at any of the keypads.'),
    tag_readers: z
      .array(Name)
      .max(8)
      .default([])
      .describe('Where tags on key sets are held before a door opens for them, by name.'),
    time_zone: TimeZone.default('UTC').describe('By whose clock on the wall the hours go.'),
    hours: Week.optional().describe('When customers may open doors; staff always may. Absent: always.'),
    closed_on: z
      .array(day)
      .max(400)
      .default([])
      .describe('Days on which customers open nothing, such as holidays.'),
    fire: z
      .strictObject({
        device: Name.describe('Whose contact it is, by name.'),
        input: z.string().min(1).max(32).describe('The contact that is on while there is a fire alarm.'),
      })
      .optional()
      .describe('The contact of the fire alarm: while it is on, every door is opened, one after the other.'),
    technician_secret_file: file(
      "The file with this unit's secret for technicians' codes, 64 hexadecimal digits: they prove offline who the operator sent.",
    ).optional(),
    signed_opens: z
      .boolean()
      .default(true)
      .describe(
        'Whether an opening from afar needs a grant signed with one of token_keys: the broker alone then opens nothing.',
      ),
    max_offline_hours: z
      .number()
      .min(0.1)
      .max(8_760)
      .default(168)
      .describe('How long the cloud may be silent before tokens and codes open nothing: rights grow old.'),
  })
  .describe('Who may open the doors of a locker bank, beyond the codes of bookings.')

export type AccessConfig = z.output<typeof AccessConfig>
