import { z } from 'zod'
import { Name } from './words.ts'

/** Every command that changes or moves something. What only looks is free: a technician must see a fault at once. */
export const COMMANDS = [
  'book',
  'cancel',
  'recode',
  'hand-over',
  'inform',
  'refit',
  'open',
  'hold',
  'release',
  'return',
  'challenge',
  'respond',
  'open-all',
  'found',
  'revoke',
  'load',
  'load-end',
  'remove-pack',
  'count',
  'prescribe',
  'state',
  'renew',
  'withdraw',
  'recall',
  'lift',
  'resolve',
] as const

const Kind = z.enum(COMMANDS, { error: `one of ${COMMANDS.join(', ')}` })

const Role = z
  .strictObject({
    name: Name.describe('What staff have under roles.'),
    may: z.array(Kind).min(1).describe('The commands that they may give.'),
  })
  .describe('A role, and what it may do.')

export const CommandsConfig = z
  .strictObject({
    roles: z.array(Role).min(1).max(32).describe('Who may do what at the console.'),
    two_person: z
      .array(Kind)
      .default([])
      .describe('What needs two of the staff, each with a role that may do it.'),
  })
  .describe('Rules for commands at the unit. Left out: whoever may open the console may give all of them.')

export type CommandsConfig = z.output<typeof CommandsConfig>
