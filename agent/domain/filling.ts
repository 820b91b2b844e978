import type { Millis } from '../../drivers/host/clock.ts'
import { type Effect, record } from './effect.ts'
import type { Need } from './round.ts'

/** Who walked away must not leave the scanner bound to a lane. */
export const QUIET: Millis = 600_000

/** A pharmacy technician who fills a lane. */
export interface Filling {
  lane: string
  /** So that nobody is served meanwhile. */
  machine: { lane: string }
  by: string
  loaded: number
  until: Millis
  /** Lanes this round has been to, when a badge leads it. */
  visited?: string[]
}

export const fill = ({ lane }: Need, by: string, at: Millis): Filling => ({
  lane,
  machine: { lane },
  by,
  loaded: 0,
  until: at + QUIET,
})

export const began = ({ lane, wanted, barred }: Need, by: string): Effect =>
  record({ type: 'load-began', lane, by, wanted, barred })

export const ended = ({ lane, loaded }: Filling, how: 'ended' | 'idle' | 'restart'): Effect =>
  record({ type: 'load-ended', lane, loaded, how })

export interface BadgeShown {
  device: string
  /** Undefined: nobody of the staff has that badge. */
  by: string | undefined
  round: Need[]
  /** A patient is at the machine. */
  busy: boolean
  at: Millis
}

/** A badge begins a round at the lane that lacks most, leads it on, and ends it once it has been everywhere. */
export function ledOn(
  state: Filling | undefined,
  { device, by, round, busy, at }: BadgeShown,
): { state: Filling | undefined; effects: Effect[] } {
  const no = (says: string) => ({
    state,
    effects: [record({ type: 'badge-refused', device, ...(by === undefined ? {} : { by }), says })],
  })
  if (by === undefined) return no('nobody of the staff in the site file has it')
  if (busy) return no('somebody is being served: wait until the machine is free')
  if (state && state.by !== by) return no(`${state.by} fills lane ${state.lane}: end that first`)
  const visited = state ? [...(state.visited ?? []), state.lane] : []
  const next = round.find(({ lane }) => !visited.includes(lane))
  if (!state && !next) return no('no lane needs filling')
  return {
    state: next && { ...fill(next, by, at), visited },
    effects: [...(state ? [ended(state, 'ended')] : []), ...(next ? [began(next, by)] : [])],
  }
}
