import { z } from 'zod'
import { Name } from './words.ts'

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
    max_offline_hours: z
      .number()
      .min(0.1)
      .max(8_760)
      .default(168)
      .describe('How long the cloud may be silent before tokens and codes open nothing: rights grow old.'),
  })
  .describe('Who may open the doors of a locker bank, beyond the codes of bookings.')

export type AccessConfig = z.output<typeof AccessConfig>
