import { z } from 'zod'

/** What the operator decides, as data. Every value has a default that is safe. */
export const Policy = z.strictObject({
  unlock_seconds: z
    .number()
    .min(0.5)
    .max(30)
    .default(3)
    .describe('How long a door may take to open before the next try.'),
  unlock_attempts: z.int().min(1).max(5).default(3),
  order_seconds: z
    .number()
    .min(0.2)
    .max(5)
    .default(1.5)
    .describe('An unlock not sent by then is dropped, never sent late.'),
  left_open_seconds: z.int().min(10).max(3_600).default(120),
  code_tries: z
    .int()
    .min(1)
    .max(10)
    .default(5)
    .describe('Wrong tries before the code of a booking is burnt.'),
  lockout_failures: z
    .int()
    .min(3)
    .max(100)
    .default(10)
    .describe('Refused scans at one reader before it locks out.'),
  lockout_window_seconds: z.int().min(10).max(86_400).default(600),
  lockout_seconds: z.int().min(10).max(86_400).default(900),
  remote_opens_per_hour: z.int().min(0).max(1_000).default(12),
  low_reach_mm: z
    .int()
    .min(300)
    .max(2_000)
    .default(1_200)
    .describe('The highest door for somebody who asks for low reach.'),
})

export type Policy = z.output<typeof Policy>
