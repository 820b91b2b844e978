import type { Answers } from '../code-reader.ts'

// Honeywell: SYN T CR begins a reading, SYN U CR ends it; neither is answered.
// Newland: 7E 01 "0000" # TAG SUBTAG data ; 03, answered by 02 01 "0000" … 06 (or 15, 05) ; 03

export type Commands = 'none' | 'honeywell' | 'newland'

const ascii = (text: string): Uint8Array => Uint8Array.from(text, letter => letter.charCodeAt(0))

const NEWLAND = ascii('\u0002\u00010000')
/** `#`: until it loses its power, so that nothing wears its memory out. */
const newland = (command: string): Uint8Array => ascii(`\u007e\u00010000#${command};\u0003`)

const TRIGGERS: Record<Exclude<Commands, 'none'>, Record<'on' | 'off', Uint8Array>> = {
  honeywell: { on: Uint8Array.of(0x16, 0x54, 0x0d), off: Uint8Array.of(0x16, 0x55, 0x0d) },
  newland: { on: newland('SCNTRG1'), off: newland('SCNTRG0') },
}

/** Begins or ends one reading; undefined for a scanner that takes no commands. */
export const triggerOf = (commands: Commands, on: boolean): Uint8Array | undefined =>
  commands === 'none' ? undefined : TRIGGERS[commands][on ? 'on' : 'off']

const LONGEST = 64
const END = [0x3b, 0x03]

/** Newland's answers come in the same stream as codes; Honeywell's trigger has none. */
export const answersOf =
  (commands: Commands): Answers =>
  bytes => {
    if (commands !== 'newland' || bytes[0] !== NEWLAND[0]) return undefined
    const head = bytes.subarray(0, NEWLAND.length)
    if (!head.every((byte, index) => byte === NEWLAND[index])) return undefined
    // Not further than an answer can be long: what is cut out must not depend on how it came in pieces.
    const near = bytes.subarray(0, LONGEST)
    const end = near.findIndex((byte, index) => byte === END[0] && near[index + 1] === END[1])
    if (end >= 0) return end + END.length
    return bytes.length < LONGEST ? 'begins' : undefined
  }
