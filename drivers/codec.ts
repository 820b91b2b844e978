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

export const concat = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  if (a.length === 0) return b
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}

/** Bytes as technicians write them: `8A 01 01 11 9B`. */
export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ')
