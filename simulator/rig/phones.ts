import type { ClearAsk } from '../../agent/domain/ask.ts'
import type { Leg } from '../../agent/domain/journal-words.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import type { Door } from '../world/door.ts'
import type { Random } from '../world/random.ts'
import { UNIT } from './life.ts'
import { operator, stranger } from './signers.ts'
import type { Witness } from './witness.ts'

const MINUTE: Millis = 60_000

interface Street {
  random: Random
  witness: Witness
  scan(text: string): void
  order(ask: ClearAsk): void
  trueTime(): Millis
}

/** What phones show: tokens of the operator, and what thieves make of them. */
export function phones({ random, witness, scan, order, trueTime }: Street) {
  /** Bookings whose tokens the operator took back, with the number of the list that says so. */
  const revoked = new Map<string, number>()
  let lists = 0
  const shown: { token: string; booking: string; leg: Leg }[] = []

  /** What it was for is done: whoever shows it again has no right to anything. */
  const used = ({ booking, leg }: { booking: string; leg: Leg }): boolean =>
    witness.rows.some(
      ({ entry }) =>
        entry.type === (leg === 'deposit' ? 'deposited' : 'collected') && entry.booking === booking,
    )

  const granted: { door: string; grant: string; id: string }[] = []

  const mint = (
    booking: string,
    action: string,
    signer = operator,
    unit = UNIT,
    id = random.bytes(12),
  ): string =>
    signer.token({
      ...{ subject: booking, unit, action, id },
      ...{ notBefore: trueTime() - MINUTE, expires: trueTime() + 60 * MINUTE },
    })

  return {
    /** Whether the unit has that list, so that a token of this booking is worth nothing any more. */
    isRevoked: (booking: string): boolean =>
      witness.rows.some(
        ({ entry }) =>
          entry.type === 'revocations-taken' && entry.number >= (revoked.get(booking) ?? Infinity),
      ),
    /**
     * The operator's leave to open that door once, from afar; or, now and then, what somebody makes of it who has the broker
     * and no key: then `honest` is false.
     */
    leave(compartment: string, other: string): { door: string; grant: string; honest: boolean } {
      const forged = (grant: string, door = compartment) => ({ door, grant, honest: false })
      const what = random.between(1, 12)
      if (what === 1) return forged('')
      if (what === 2) return forged(mint(compartment, 'enter', stranger))
      if (what === 3) return forged(mint(compartment, 'collect'))
      if (what === 4 && other !== compartment) return forged(mint(other, 'enter'))
      const old = granted.filter(({ id }) => usedTokens(witness).has(id))
      if (what <= 6 && old.length > 0) {
        const { door, grant } = random.pick(old)
        return forged(grant, door)
      }
      const id = random.bytes(12)
      const grant = mint(compartment, 'enter', operator, UNIT, id)
      granted.push({ door: compartment, grant, id: Buffer.from(id).toString('hex') })
      return { door: compartment, grant, honest: true }
    },
    show(booking: string, leg: Leg): void {
      const token = mint(booking, leg)
      shown.push({ token, booking, leg })
      scan(token)
    },
    /** Signed by somebody else, for another unit, or for the other leg; or one that was used. */
    forge(booking: string, leg: Leg): void {
      const other = leg === 'deposit' ? 'collect' : 'deposit'
      const what = random.between(1, 4)
      if (what === 1) return scan(mint(booking, leg, stranger))
      if (what === 2) return scan(mint(booking, leg, operator, 'rig-2'))
      if (what === 3) return scan(mint(booking, random.pick([other, 'enter'])))
      const old = shown.filter(used)
      if (old.length > 0) scan(random.pick(old).token)
    },
    revoke(booking: string): void {
      const number = ++lists
      if (!revoked.has(booking)) revoked.set(booking, number)
      order({
        kind: 'revoke',
        list: operator.revocations({
          ...{ unit: random.pick(['*', UNIT]), number, at: trueTime() },
          ...{ tokens: [], bookings: [...revoked.keys()] },
        }),
      })
    },
  }
}

/** Ids of the grants that opened something. */
const usedTokens = ({ rows }: Witness): Set<string | undefined> =>
  new Set(rows.map(({ entry }) => (entry.type === 'open-asked' ? entry.token : undefined)))

/** Nobody takes another's door for their own: they see what lies in it. */
export const fits = (door: Door, booking: string, leg: Leg): boolean =>
  leg === 'deposit' ? door.item === undefined : door.item === booking

/** The last time that the unit told a door to open, as it wrote it down. */
export function lastOrderIn({ rows }: Witness, door: string) {
  const told = rows.findLast(
    ({ entry }) => entry.type === 'unlock-ordered' && entry.compartment === door,
  )?.entry
  return told?.type === 'unlock-ordered' ? told : undefined
}
