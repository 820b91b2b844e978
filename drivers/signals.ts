import { z } from 'zod'
import type { Report } from './device.ts'

/** Contacts that are no doors, by the name the journal calls them. */
const Signal = z
  .strictObject({
    channel: z.int().min(1).max(64).describe('The input as printed on the board, from 1.'),
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a name of small letters, digits and dashes such as tamper')
      .describe('What it says when it is on: tamper, mains-lost, battery-low, fire.'),
    on: z
      .literal([1, 0])
      .default(1)
      .describe('Which state of the contact that is; 0 for contacts that open when something is wrong.'),
  })
  .describe('One contact.')

export type Signal = z.output<typeof Signal>

/** For the options of a driver. */
export const signalOption = z
  .array(Signal)
  .refine(all => new Set(all.map(({ name }) => name)).size === all.length, 'each name once')
  .refine(all => new Set(all.map(({ channel }) => channel)).size === all.length, 'each channel once')

/** How many inputs must be read to know them all. */
export const reach = (signals: Signal[]): number => Math.max(0, ...signals.map(({ channel }) => channel))

/** Reports those that changed, the first input first in both readings. */
export function reportSignals(
  report: (report: Report) => void,
  signals: Signal[],
  now: boolean[],
  before: boolean[] | undefined,
): void {
  for (const { channel, name, on } of signals) {
    const state = (bits: boolean[]) => bits[channel - 1] === (on === 1)
    const was = before && state(before)
    if (was !== state(now)) report({ type: 'input', name, on: state(now), was })
  }
}
