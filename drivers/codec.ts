/** Both directions of one wire format. Pure: bytes in, values out, nothing kept. */
export interface Codec<Request, Reply> {
  encode(request: Request): Uint8Array
  /**
   * Takes the first whole reply off the front of `bytes`. Wrong sum, wrong board and half a frame are all simply
   * "no reply yet"; a bad frame costs one byte, never its whole length, because a good one may start inside it.
   */
  decode(bytes: Uint8Array): Decoded<Reply>
}

export interface Decoded<Reply> {
  reply?: Reply
  /** What to keep for next time. */
  rest: Uint8Array
  /** Bytes thrown away to find the frame: line noise, worth counting. */
  noise: number
}

/**
 * Looks for a frame at every place of `bytes`. `parse` gets them from there on and says what stands at the front. A bad
 * frame costs one byte, never its whole length: the next good one may start inside it. What lies further back than a
 * frame can be long (`longest`) is noise.
 */
export function findFrame<Reply>(
  bytes: Uint8Array,
  longest: number,
  parse: (frame: Uint8Array) => { reply: Reply; length: number } | undefined,
): Decoded<Reply> {
  for (let start = 0; start < bytes.length; start++) {
    const found = parse(bytes.subarray(start))
    if (found) return { reply: found.reply, rest: bytes.subarray(start + found.length), noise: start }
  }
  const noise = Math.max(0, bytes.length - (longest - 1))
  return { rest: bytes.subarray(noise), noise }
}

export const concat = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  if (a.length === 0) return b
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}

/** How many bits of a number are set. */
export const countBits = (number: number): number => number.toString(2).replaceAll('0', '').length

/** Bytes as technicians write them: `8A 01 01 11 9B`. */
export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ')
