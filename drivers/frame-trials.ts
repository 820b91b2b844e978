import type { Decoded } from './codec.ts'

// What every codec of this house is put through in its frames.test.ts, whatever its frames look like.

type Decode<Reply> = (bytes: Uint8Array) => Decoded<Reply>

/** Bytes written the way manuals write them: `8A 01 01 11 9B`. */
export const bytes = (text: string): Uint8Array =>
  Uint8Array.from(text.split(' ').filter(Boolean), pair => Number.parseInt(pair, 16))

export const hex = (frame: Uint8Array): string =>
  Array.from(frame, byte => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ')

/** The same dice on every machine: whole numbers below `below`. */
export function dice(seed: number): (below: number) => number {
  let state = seed | 0
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap(part => [...part]))

/** Feeds pieces as a line would; returns every reply and how many bytes were thrown away. */
export function feed<Reply>(
  decode: Decode<Reply>,
  pieces: Iterable<Uint8Array>,
): { replies: Reply[]; noise: number } {
  const replies: Reply[] = []
  let kept: Uint8Array = new Uint8Array()
  let noise = 0
  for (const piece of pieces) {
    kept = join(kept, piece)
    for (;;) {
      const found = decode(kept)
      noise += found.noise
      kept = found.rest
      if (found.reply === undefined) break
      replies.push(found.reply)
    }
  }
  return { replies, noise }
}

/** Every way to cut a frame in two, and byte by byte. */
export function* splits(frame: Uint8Array): Generator<Uint8Array[]> {
  for (let at = 0; at <= frame.length; at++) yield [frame.subarray(0, at), frame.subarray(at)]
  yield Array.from(frame, byte => Uint8Array.of(byte))
}

/** Noise of every length up to `longest` in front of a frame: random bytes, and the frame's own beginning cut short. */
export function* prefixes(frame: Uint8Array, longest: number): Generator<Uint8Array> {
  const roll = dice(7)
  for (let length = 0; length <= longest; length++) {
    yield Uint8Array.from({ length }, () => roll(256))
    yield frame.subarray(0, Math.min(length, frame.length - 1))
    yield new Uint8Array(length).fill(frame[0] ?? 0)
  }
}

/** A frame with one or two bits wrong, and which bytes they are in. */
export interface Damaged {
  frame: Uint8Array
  at: number[]
}

/** All one-bit and all two-bit errors. */
export function* damaged(frame: Uint8Array): Generator<Damaged> {
  const bits = frame.length * 8
  const flip = (...which: number[]): Damaged => {
    const copy = frame.slice()
    for (const bit of which) copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    return { frame: copy, at: which.map(bit => bit >> 3) }
  }
  for (let one = 0; one < bits; one++) {
    yield flip(one)
    for (let two = one + 1; two < bits; two++) yield flip(one, two)
  }
}

/** The damaged frames that are taken for whole ones, written as a manual would. */
export const falseAccepts = <Reply>(decode: Decode<Reply>, frame: Uint8Array): string[] =>
  [...damaged(frame)].filter(each => decode(each.frame).reply !== undefined).map(each => hex(each.frame))

/**
 * Random bytes in random pieces, now and then with the frames' own bytes among them. Says what a codec did that none may do;
 * `accepted` counts the replies it found.
 */
export function fuzz<Reply>(
  decode: Decode<Reply>,
  frames: Uint8Array[],
  inputs: number,
  longest: number,
): { wrongs: string[]; accepted: number } {
  const roll = dice(42)
  const heads = frames.map(frame => frame[0] ?? 0)
  const wrongs: string[] = []
  let accepted = 0
  for (let input = 0; input < inputs && wrongs.length === 0; input++) {
    const length = roll(24)
    const text = Uint8Array.from({ length }, () =>
      roll(3) === 0 ? (heads[roll(heads.length)] ?? 0) : roll(256),
    )
    const sane = (found: Decoded<Reply>): boolean =>
      found.noise >= 0 &&
      found.noise + found.rest.length <= text.length &&
      hex(found.rest) === hex(text.subarray(text.length - found.rest.length)) &&
      (found.reply !== undefined || found.rest.length < longest)
    try {
      const found = decode(text)
      if (!sane(found)) wrongs.push(`keeps what it should not of ${hex(text)}`)
      if (found.reply !== undefined) accepted++
    } catch (error) {
      wrongs.push(`throws at ${hex(text)}: ${error}`)
    }
  }
  return { wrongs, accepted }
}
