import { z } from 'zod'
import { Name } from './words.ts'

const BADGE = 'the digits of a badge in quotes, 0–9 and A–F, as `pawl bring-up` shows them'

export const StaffConfig = z
  .strictObject({
    name: Name.describe('Who it is, as the journal names them.'),
    badge: z
      .string(BADGE)
      .regex(/^[0-9A-F]{4,32}$/, BADGE)
      .describe('What their badge says, in hexadecimal and in quotes.'),
    roles: z
      .array(Name)
      .max(8)
      .default([])
      .describe('What they may do at the console, by name of the role under commands.'),
    pin: z
      .string()
      .regex(/^scrypt\$4096\$[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=$/, 'a sealed PIN: `pawl pin` makes one')
      .optional()
      .describe('Their PIN, sealed by `pawl pin`: with the badge it opens the doors that wait for staff.'),
  })
  .describe(
    'One of the staff, known by a badge. A badge can be copied: it begins work, it never opens for a customer.',
  )

export type StaffConfig = z.output<typeof StaffConfig>
