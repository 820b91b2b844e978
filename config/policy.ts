import { z } from 'zod'

/** What the operator decides, as data. Every value has a default that is safe. */
export const Policy = z
  .strictObject({
    unlock_seconds: z
      .number()
      .min(0.5)
      .max(30)
      .default(3)
      .describe('How long a door may take to open, in seconds, before its lock is fired again.'),
    unlock_attempts: z
      .int()
      .min(1)
      .max(5)
      .default(3)
      .describe('How often a lock is fired before its door counts as stuck.'),
    order_seconds: z
      .number()
      .min(0.2)
      .max(5)
      .default(1.5)
      .describe('An unlock that is not sent within so many seconds is dropped, never sent late.'),
    left_open_seconds: z
      .int()
      .min(10)
      .max(3_600)
      .default(120)
      .describe('How long a door may stand open, in seconds, before an alarm says so.'),
    reopen_seconds: z
      .int()
      .min(0)
      .max(900)
      .default(0)
      .describe(
        'How many seconds after a door was closed whoever it was for may open it once more (forgot something, does not fit). 0: not at all.',
      ),
    min_days_to_expiry: z
      .int()
      .min(0)
      .max(730)
      .default(30)
      .describe('A pack that expires within so many days is not loaded.'),
    session_seconds: z
      .int()
      .min(30)
      .max(900)
      .default(120)
      .describe('How long a kiosk waits for whoever stands there to go on, in seconds.'),
    pack_check_seconds: z
      .number()
      .min(2)
      .max(60)
      .default(8)
      .describe('How long a pack that fell may take to be read in the tray, in seconds.'),
    code_tries: z
      .int()
      .min(1)
      .max(10)
      .default(5)
      .describe(
        'Wrong tries before the code of a booking, or the second factor of a prescription, is burnt.',
      ),
    lockout_failures: z
      .int()
      .min(3)
      .max(100)
      .default(10)
      .describe(
        'Refused scans at one reader, within lockout_window_seconds, before it locks out; three times as many at all of them.',
      ),
    lockout_window_seconds: z
      .int()
      .min(10)
      .max(86_400)
      .default(600)
      .describe('How far back refused scans count, in seconds.'),
    lockout_seconds: z
      .int()
      .min(10)
      .max(86_400)
      .default(900)
      .describe(
        'How long a reader that locked out takes no code, in seconds; the next time twice as long, up to a day.',
      ),
    remove_overdue_hours: z
      .int()
      .min(0)
      .max(8_760)
      .optional()
      .describe(
        'A round of staff also takes out what a customer should have collected so many hours ago. Absent: it stays.',
      ),
    remote_opens_per_hour: z
      .int()
      .min(0)
      .max(1_000)
      .default(12)
      .describe('Doors the cloud may have opened within an hour; more are refused. 0: none.'),
    remote_opens_at_once: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .describe(
        'Doors that may stand open for the cloud at the same time; more are refused until one is closed.',
      ),
    low_reach_mm: z
      .int()
      .min(300)
      .max(2_000)
      .default(1_200)
      .describe('The highest door for somebody who asks for low reach, in millimetres.'),
  })
  .describe('What the operator decides. Whatever is not said has a safe default.')

export type Policy = z.output<typeof Policy>
