import type { Policy } from '../../config/policy.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { type Booking, legOf, partsOf, reopens } from './booking.ts'
import { readShown, type Shown } from './codes.ts'
import { judgeAtDoor, rightsBar } from './door-token.ts'
import { type Effect, record, tell } from './effect.ts'
import type { Leg, Proof } from './journal-words.ts'
import type { Known } from './known.ts'
import { pinIsRight } from './pin.ts'
import { powerBar, type Stage } from './power.ts'
import { judgeToken, type Token, type TokenRead } from './token.ts'

/** What somebody showed or typed, with all that is known of it. */
export type Showing =
  /** At the scanner of a kiosk. */
  | { as: 'prescription'; read: TokenRead; why: string | undefined }
  | {
      as: 'token'
      read: TokenRead
      verdict: { leg: Leg } | { why: string }
      booking: Booking | undefined
    }
  /** `leg`: undefined for a wrong code. */
  /** Typed after a badge. */
  | { as: 'pin'; by: string; right: boolean }
  /** `group`: that booking and all that is under the same code. */
  | {
      as: 'code'
      booking: Booking | undefined
      leg: Leg | undefined
      bar: string | undefined
      group: Booking[]
    }

/** Whether somebody may go on, and what follows. `guess`: what was shown was no right at all; too early or too late is none. */
export type Judged = { ok: boolean; guess: boolean; effects: Effect[] }

/** Reads what came from a scanner: a booking's code, a signed token, or nothing at all. */
export function seeShown(device: string, bytes: Uint8Array, known: Known): Showing {
  const { unit, kiosk, access } = known.site
  if (device === kiosk?.dispense?.patient_scanner) {
    const read = known.readToken(bytes)
    const why = read.ok ? judgeToken(read.token, { unit, action: 'collect', wall: known.wall }) : read.why
    return { as: 'prescription', read, why }
  }
  const shown = readShown(bytes)
  if (shown || !access) return seeCode(shown, known)
  const read = known.readToken(bytes)
  const verdict = read.ok ? judgeAtDoor(read.token, known) : { why: read.why }
  const group = read.ok ? partsOf(read.token.subject, known) : []
  return {
    as: 'token',
    read,
    verdict,
    booking: turnOf(group, 'leg' in verdict ? verdict.leg : undefined, known),
  }
}

function seeCode(shown: Shown | undefined, known: Known): Showing {
  const group = shown ? partsOf(shown.booking, known) : []
  const [first] = group
  const leg = shown && first && known.legFor(first, shown.code)
  return {
    as: 'code',
    booking: turnOf(group, leg, known),
    leg,
    bar: known.site.access && rightsBar(known),
    group,
  }
}

/** Which of several things is next: what waits before what could be opened once more, and what will not open last. */
function turnOf(group: Booking[], leg: Leg | undefined, known: Known): Booking | undefined {
  const stage = leg === 'deposit' ? 'expected' : 'stored'
  const waits = group.filter(each => each.stage === stage)
  const stuck = ({ compartment = '' }: Booking) => known.held(compartment) === 'will-not-open'
  const { at, site } = known
  const { policy } = site
  return (
    waits.find(each => !stuck(each)) ??
    waits[0] ??
    group.find(each => leg && reopens(each, leg, { at, policy })) ??
    group[0]
  )
}

/** Reads what was typed at a keypad of the doors; undefined while it goes on. */
export function seeTyped(device: string, known: Known): Showing | undefined {
  const typed = known.typed(device)
  const asked = known.pinOf
  if (typed !== undefined && asked && !typed.includes('*'))
    return { as: 'pin', by: asked.by, right: pinIsRight(typed, asked.sealed) }
  return typed === undefined ? undefined : seeCode(readShown(Buffer.from(typed.replace('*', ':'))), known)
}

export interface Gate {
  reader: string
  policy: Policy
  /** It is outside the hours of customers. */
  closed: boolean
  /** On the unit's steady clock. */
  at: Millis
  wall: Millis
  /** How far the unit is down on its battery. */
  stage: Stage
}

export function judgeShowing(showing: Showing, gate: Gate): Judged {
  switch (showing.as) {
    case 'prescription':
      return judgePrescription(showing, gate)
    case 'token':
      return judgeDoorToken(showing, gate)
    case 'code':
      return judgeCode(showing, gate)
    case 'pin': {
      const { by, right } = showing
      const { reader } = gate
      return right
        ? { ok: true, guess: false, effects: [tell({ type: 'staff-proved', by, reader })] }
        : no(record({ type: 'pin-refused', reader, by }))
    }
  }
}

type As<Name extends Showing['as']> = Showing & { as: Name }

const no = (...effects: Effect[]): Judged => ({ ok: false, guess: true, effects })
const notNow = (...effects: Effect[]): Judged => ({ ok: false, guess: false, effects })

/** A token is worth something when its signature is right, and it is for here and now. What else is wrong the kiosk finds. */
function judgePrescription({ read, why }: As<'prescription'>, { reader }: Gate): Judged {
  if (!read.ok || why !== undefined) {
    const said = record({ type: 'token-refused', reader, why: why ?? '' })
    return read.ok ? notNow(said) : no(said)
  }
  const { subject: prescription, id: token } = read.token
  const effects = [tell({ type: 'presented', prescription, token, reader })]
  return { ok: true, guess: false, effects }
}

function judgeDoorToken({ read, verdict, booking }: As<'token'>, gate: Gate): Judged {
  const { reader } = gate
  const about = booking ? { booking: booking.id } : {}
  const refuse = (why: string) => {
    const said = record({ type: 'token-refused', reader, why, ...about })
    return read.ok ? notNow(said) : no(said)
  }
  if (!read.ok) return refuse(read.why)
  if ('why' in verdict) return refuse(verdict.why)
  if (!booking) return refuse('unknown')
  const { leg } = verdict
  const why = tooEarlyOrLate(booking, leg, gate)
  if (why !== undefined) return refuse(why)
  const { id, key, subject, expires, notBefore }: Token = read.token
  if (notBefore < (booking.legs[leg].tokens_from ?? -Infinity)) return refuse('handed-over')
  const claimed = claim(booking, leg, reader, { how: 'token', token: id, key })
  return { ok: true, guess: false, effects: [{ type: 'use-token', id, subject, expires }, claimed] }
}

function judgeCode({ booking, leg, bar, group }: As<'code'>, gate: Gate): Judged {
  const { reader, policy } = gate
  if (!booking) return no(record({ type: 'code-refused', reader }))
  const turn = legOf(booking)
  const refuse = (why: string, at = turn) =>
    no(record({ type: 'claim-refused', booking: booking.id, leg: at, why }))
  // Whatever was shown: once one code was guessed away, nobody learns anything of the other by guessing on.
  const once = leg !== undefined && reopens(booking, leg, gate)
  if (group.some(each => each.legs[legOf(each)].burnt) && !once) return refuse('burnt')
  if (!leg) return no(...wrongCode(booking, group, reader, policy.code_tries))
  if (booking.legs[leg].burnt) return refuse('burnt', leg)
  const why = tooEarlyOrLate(booking, leg, gate) ?? bar
  if (why !== undefined) return notNow(record({ type: 'claim-refused', booking: booking.id, leg, why }))
  return { ok: true, guess: false, effects: [claim(booking, leg, reader, { how: 'code' })] }
}

/** What the booking itself says to a leg that somebody may open. */
function tooEarlyOrLate(booking: Booking, leg: Leg, gate: Gate): string | undefined {
  const { wall } = gate
  const weak = powerBar(gate.stage, leg)
  if (weak !== undefined) return weak
  if (reopens(booking, leg, gate)) return undefined
  if (booking.stage === 'collected') return 'used'
  if (leg !== legOf(booking)) return leg === 'deposit' ? 'used' : 'too-early'
  const { from, until, by } = booking.legs[leg]
  if (leg === 'collect' && booking.after !== undefined) return 'exchange-first'
  if (by === 'customer' && gate.closed) return 'closed'
  if (from !== undefined && wall < from) return 'too-early'
  if (leg === 'deposit' && booking.curfew) return undefined
  return until <= wall ? 'expired' : undefined
}

/** A booking whose things have a tag waits for that to be read, once: whoever opens the door once more put them in already. */
const claim = ({ id, tag, stage }: Booking, leg: Leg, reader: string, proof: Proof): Effect =>
  tag !== undefined && leg === 'deposit' && stage === 'expected'
    ? tell({ type: 'tag-awaited', booking: id, reader, proof })
    : tell({ type: 'claimed', booking: id, leg, reader, proof })

/** A wrong code counts against the leg whose turn it is, of all that is under the code; the last try burns it. */
function wrongCode(booking: Booking, group: Booking[], reader: string, most: number): Effect[] {
  const tries = Math.max(...group.map(each => each.legs[legOf(each)].tries)) + 1
  const now = { tries, burnt: tries >= most }
  return [
    record({ type: 'code-refused', reader, booking: booking.id, tries }),
    ...(now.burnt ? [record({ type: 'code-burnt', booking: booking.id, leg: legOf(booking) })] : []),
    ...group.map(each => {
      const terms = { leg: legOf(each), ...now }
      return { type: 'amend-booking', booking: each.id, terms } as const
    }),
  ]
}
