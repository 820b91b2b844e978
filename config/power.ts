import { z } from 'zod'
import { Name } from './words.ts'

// As in site.ts, messages go after "Give it".

const Contact = z
  .strictObject({
    device: Name.describe(
      'The board it is wired to, by name. The battery must feed that board: one that is silent tells nothing.',
    ),
    input: z
      .string()
      .min(1)
      .max(32)
      .describe('The contact, by the name that the options of that board give it, such as mains-lost.'),
  })
  .describe('One contact of a board.')

const minutes = z.int().min(1).max(1_440)

export const PowerConfig = z
  .strictObject({
    mains_lost: Contact.optional().describe(
      'The contact that is on while there is no mains. Without it the unit is on battery while one of the others is on.',
    ),
    battery_low: Contact.optional().describe(
      'The contact that is on while the battery is low: on battery, things are only taken out then.',
    ),
    battery_critical: Contact.optional().describe(
      'The contact that is on while the battery is nearly empty: on battery, no door opens for customers or staff then.',
    ),
    low_after_minutes: minutes
      .default(60)
      .describe('On battery for this many minutes, the battery counts as low even when no contact says so.'),
    hibernate_after_minutes: minutes
      .default(240)
      .describe(
        'On battery for this many minutes, counted from the same moment, it counts as nearly empty even when no contact says so.',
      ),
    settle_seconds: z
      .int()
      .min(5)
      .max(600)
      .default(30)
      .describe('How many seconds mains must be back without a break before everything is as it was.'),
  })
  .refine(
    ({ mains_lost, battery_low, battery_critical }) => mains_lost ?? battery_low ?? battery_critical,
    'one of mains_lost, battery_low and battery_critical at least',
  )
  .check(({ value: { low_after_minutes: low, hibernate_after_minutes: hibernate }, issues }) => {
    // What is out of bounds by itself is told of already.
    if (issues.length === 0 && hibernate < low)
      issues.push({
        code: 'custom',
        input: hibernate,
        path: ['hibernate_after_minutes'],
        message: `${low} or more, as low_after_minutes is ${low}`,
      })
  })
  .describe('What a locker bank still does on its battery: less and less, and in the end it only waits.')

export type PowerConfig = z.output<typeof PowerConfig>
