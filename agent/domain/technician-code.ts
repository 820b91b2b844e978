import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Millis } from '../../drivers/host/clock.ts'

// A technician proves to a unit without a network that the operator sent them. The unit shows a challenge, the technician
// reads it out to the operator's desk, the desk answers with a response, the technician types it. The format is published
// in TECHNICIAN-CODES.md.

/** What a unit keeps of technicians' codes. Nothing in it is secret. */
export interface TechnicianGate {
  /** The challenge that may be answered now; there is never more than one. */
  live?: { challenge: string; until: Millis; triesLeft: number }
  /** When responses were wrong within the last day, on the unit's steady clock, the oldest first. */
  wrong: Millis[]
}

/** Answers a challenge as the operator's desk would. A function, so that no secret stands in an event or in a log. */
export type Responder = (challenge: string) => string | undefined

export type ResponseJudged =
  | { ok: true; state: TechnicianGate }
  /**
   * `unreadable`: not eight digits, which costs no try. `wrong`: one try less. `void`: that was the last one, a new challenge
   * is needed. `no-challenge`: none was shown, or it was used, void or too old.
   */
  | { ok: false; why: 'unreadable' | 'wrong' | 'void' | 'no-challenge'; state: TechnicianGate }

export const noTechnician: TechnicianGate = { wrong: [] }

/** How long a challenge may be answered. */
export const GOOD_FOR: Millis = 10 * 60_000
export const TRIES = 3
/** Wrong responses within a day before no challenge is shown any more: 30 in 10^8, for ever, is 1 in 9,000 a year. */
export const WRONG_A_DAY = 30

const DAY: Millis = 86_400_000
const SUITE = 'OCRA-1:HOTP-SHA256-8:QA08'
const DIGITS = 8
/** The question field of RFC 6287, section 5.1, whatever the length of the question. */
const QUESTION_BYTES = 128
/** 31 of them, a prime, so that the check finds every wrong character and every two that changed places. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRTVWXYZ'
const LENGTH = 8

/** The secret of one unit, 32 bytes, from the operator's one master secret (HKDF of RFC 5869 with SHA-256). */
export const unitSecret = (master: Uint8Array, unit: string): Uint8Array =>
  Buffer.from(hkdfSync('sha256', master, '', `pawl technician 1\n${unit}`, 32))

/** OCRA of RFC 6287 for the one suite OCRA-1:HOTP-SHA256-8:QA08. `question`: ASCII, at most 128 characters. */
export function ocra(key: Uint8Array, question: string): string {
  const field = Buffer.alloc(QUESTION_BYTES)
  field.write(question, 'ascii')
  const mac = createHmac('sha256', key).update(`${SUITE}\0`).update(field).digest()
  // RFC 4226, section 5.3: the last four bits say where to read 31 bits.
  const value = mac.readUInt32BE((mac[mac.length - 1] ?? 0) & 0xf) & 0x7fffffff
  return String(value % 10 ** DIGITS).padStart(DIGITS, '0')
}

/** A challenge from eight random bytes: seven characters of chance (34 bits) and one that checks them. */
export function newChallenge(bytes: Uint8Array): string {
  if (bytes.length !== 8) throw new Error(`a challenge is made of 8 random bytes, not of ${bytes.length}`)
  let rest = Buffer.from(bytes).readBigUInt64BE()
  let text = ''
  for (let place = 1; place < LENGTH; place++) {
    text += ALPHABET[Number(rest % 31n)]
    rest /= 31n
  }
  return text + ALPHABET[(31 - (weighed(`${text}0`) % 31)) % 31]
}

/**
 * Reads a challenge as somebody heard or typed it: small letters, blanks, dashes, and I, L, O, S for the digits they look
 * like. Undefined when it is none, or a character is wrong.
 */
export function readChallenge(typed: string): string | undefined {
  const bare = typed.toUpperCase().replace(/[\s-]/g, '')
  const text = bare.replace(/[IL]/g, '1').replace(/O/g, '0').replace(/S/g, '5')
  const known = text.length === LENGTH && Array.from(text).every(letter => ALPHABET.includes(letter))
  return known && weighed(text) % 31 === 0 ? text : undefined
}

/** What the operator's desk answers: eight digits. Undefined for a challenge that was misheard. */
export function responseTo(secret: Uint8Array, challenge: string): string | undefined {
  const read = readChallenge(challenge)
  return read === undefined ? undefined : ocra(secret, read)
}

/** Shows a challenge from eight fresh random bytes; whatever was shown before is void. `why`: too many were wrong today. */
export function challenged(
  { wrong }: TechnicianGate,
  bytes: Uint8Array,
  at: Millis,
): { ok: true; challenge: string; state: TechnicianGate } | { ok: false; why: 'worn-out'; until: Millis } {
  const recent = within(wrong, at)
  const [oldest] = recent
  if (oldest !== undefined && recent.length >= WRONG_A_DAY)
    return { ok: false, why: 'worn-out', until: oldest + DAY }
  const challenge = newChallenge(bytes)
  const live = { challenge, until: at + GOOD_FOR, triesLeft: TRIES }
  return { ok: true, challenge, state: { live, wrong: recent } }
}

/** Judges what a technician typed. Right or not, it takes as long, and no challenge is good twice. */
export function judgeResponse(
  state: TechnicianGate,
  typed: string,
  { at, respond }: { at: Millis; respond: Responder },
): ResponseJudged {
  const wrong = within(state.wrong, at)
  const { live } = state
  if (!live || at >= live.until) return { ok: false, why: 'no-challenge', state: { wrong } }
  if (!/^[0-9]{8}$/.test(typed)) return { ok: false, why: 'unreadable', state }
  const right = respond(live.challenge)
  // Both are eight digits here: what differs in length would throw.
  if (right?.length === DIGITS && timingSafeEqual(Buffer.from(right), Buffer.from(typed)))
    return { ok: true, state: { wrong } }
  const triesLeft = live.triesLeft - 1
  const counted = [...wrong, at]
  if (triesLeft === 0 || counted.length >= WRONG_A_DAY)
    return { ok: false, why: 'void', state: { wrong: counted } }
  return { ok: false, why: 'wrong', state: { live: { ...live, triesLeft }, wrong: counted } }
}

/** When the live challenge is over, for a deadline. */
export const challengeEnd = ({ live }: TechnicianGate): Millis | undefined => live?.until

const within = (wrong: readonly Millis[], at: Millis): Millis[] => wrong.filter(when => when > at - DAY)

/** The sum of the characters' values, the first eight times, the last once: a multiple of 31 where none is wrong. */
const weighed = (text: string): number =>
  Array.from(text).reduce((sum, letter, place) => sum + (LENGTH - place) * ALPHABET.indexOf(letter), 0)
