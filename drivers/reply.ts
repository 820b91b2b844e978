import { type Codec, concat } from './codec.ts'

/** Whether a device, or the adapter before it, repeats what it is sent. */
export type Echo = 'unknown' | 'yes' | 'no'

export interface Found<Reply> {
  reply?: Reply
  /** What this shows about echo; undefined when it shows nothing. */
  echo?: 'yes' | 'no'
  /** Whether an exact copy of what was sent is among the bytes. */
  copied: boolean
  /** All that is neither the reply nor the copy, in the order it came: perhaps something nobody asked for. */
  spare: Uint8Array
  /** How many of the spare bytes belong to no frame. */
  noise: number
}

interface Search<Reply> {
  gathered: Uint8Array
  sent: Uint8Array
  echo: Echo
  codec: Pick<Codec<never, Reply>, 'decode'>
  wanted: (reply: Reply) => boolean
}

/**
 * Looks for the reply among all that came since the request was sent. One exact copy of the request is an echo and
 * is cut out, and only what follows it counts, unless it is known that there is none: on some boards a reply may be byte for byte the request
 * (`8A 01 01 11 9B` says "open" and also "did not open"), so until it is known such a reply is not believed.
 */
export function findReply<Reply>({ gathered, sent, echo, codec, wanted }: Search<Reply>): Found<Reply> {
  const at = indexOf(gathered, sent)
  const copied = at >= 0
  const cut = copied && echo !== 'no'
  // What stands before the copy came before the question was out: it cannot be its answer.
  const before = cut ? gathered.subarray(0, at) : new Uint8Array()
  const after = cut ? gathered.subarray(at + sent.length) : gathered
  const waiting = echo === 'yes' ? !copied : echo === 'unknown' && !copied && begins(sent, gathered)
  if (waiting) return { copied, spare: gathered, noise: gathered.length }

  const { reply, from, to, noise: skipped } = search(after, codec, wanted)
  const noise = before.length + skipped
  if (reply === undefined) return { copied, spare: concat(before, after), noise: noise + after.length - to }
  const spare = concat(before, concat(after.subarray(0, from), after.subarray(to)))
  if (cut || (copied && from >= at + sent.length)) return { reply, echo: 'yes', copied, spare, noise }
  // Only when nothing stood before it: a damaged copy in front would be an echo, too.
  if (!copied && from === 0) return { reply, echo: 'no', copied, spare, noise }
  return { reply, copied, spare, noise }
}

/** The first frame that is wanted, where it lies, and the noise before it. Without one, `to` is where the half frame begins. */
function search<Reply>(bytes: Uint8Array, codec: Search<Reply>['codec'], wanted: Search<Reply>['wanted']) {
  let noise = 0
  let at = 0
  for (;;) {
    const found = codec.decode(bytes.subarray(at))
    const from = at + found.noise
    const to = bytes.length - found.rest.length
    noise += found.noise
    if (found.reply === undefined) return { from: to, to, noise }
    if (wanted(found.reply)) return { reply: found.reply, from, to, noise }
    // A frame that takes no bytes would be found for ever.
    if (to <= at) throw new Error('The codec found a frame without taking bytes.')
    at = to
  }
}

const begins = (whole: Uint8Array, part: Uint8Array): boolean =>
  part.length < whole.length && part.every((byte, index) => byte === whole[index])

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  if (part.length === 0) return -1
  for (let at = 0; at + part.length <= bytes.length; at++)
    if (part.every((byte, index) => byte === bytes[at + index])) return at
  return -1
}
