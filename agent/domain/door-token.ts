import type { Site } from '../../config/site.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { isOpen } from './hours.ts'
import type { Leg } from './journal-words.ts'
import { isRevoked, type RevocationList } from './revocation.ts'
import { type Action, judgeToken, type Token } from './token.ts'

/** Which leg of a booking a token opens: to bring back is to put in, to pick up is to take out. */
const LEGS: Record<Action, Leg | undefined> = {
  deposit: 'deposit',
  return: 'deposit',
  collect: 'collect',
  'pick-up': 'collect',
  enter: undefined,
}

export interface Rights {
  site: Site
  wall: Millis
  /** When the cloud was last heard, on the wall clock. */
  contact: Millis | undefined
  /** Whether the unit knows what time it is. */
  timeKnown: boolean
  revocations: RevocationList | undefined
}

/** Whether it is outside the hours in which customers may open doors. */
export const isClosed = ({ site: { access }, wall }: Pick<Rights, 'site' | 'wall'>): boolean =>
  access !== undefined &&
  !isOpen(access.hours ?? 'always', access.closed_on, { wall, timeZone: access.time_zone })

/**
 * Why nobody's rights count now, however good they are: nobody knows the time, or they are older than the policy permits.
 * A unit without a cloud has rights of its own, which do not grow old.
 */
export function rightsBar({
  site,
  wall,
  contact,
  timeKnown,
}: Rights): 'time-unknown' | 'offline-too-long' | undefined {
  if (!timeKnown) return 'time-unknown'
  const { access, cloud } = site
  if (!access || !cloud) return undefined
  const most = access.max_offline_hours * 3_600_000
  return contact === undefined || wall - contact > most ? 'offline-too-long' : undefined
}

/** The leg that a token opens at a door here and now, or why it opens none. What the booking says to it comes after. */
export function judgeAtDoor(token: Token, rights: Rights): { leg: Leg } | { why: string } {
  const { site, wall, revocations } = rights
  const { action } = token
  const leg = LEGS[action]
  const why = judgeToken(token, { unit: site.unit, action, wall })
  if (why !== undefined) return { why }
  if (!leg) return { why: 'wrong-action' }
  if (isRevoked(token, revocations)) return { why: 'revoked' }
  const barred = rightsBar(rights)
  return barred === undefined ? { leg } : { why: barred }
}
