import { type Codec, concat } from './codec.ts'
import { guarded, noteBug, type Seat } from './seat.ts'

/** Those on a line who want to hear what nobody asked for. */
export interface Ears {
  overhear<Reply>(seat: Seat, decode: Codec<never, Reply>['decode'], heard: (reply: Reply) => void): void
  listen(seat: Seat, heard: (bytes: Uint8Array) => void): void
  /** Every byte, as it comes. */
  raw(bytes: Uint8Array): void
  /** Bytes that answered no request. Returns how many of them nobody could use. */
  spare(bytes: Uint8Array): number
  /** Forgets half frames: what follows comes from a fresh line. */
  forget(): void
}

interface Overhearer {
  hear(bytes: Uint8Array): number
  forget(): void
}

export function openEars(): Ears {
  const overhearers: Overhearer[] = []
  const listeners: ((bytes: Uint8Array) => void)[] = []

  return {
    overhear(seat, decode, heard) {
      overhearers.push(overhearer(seat, decode, heard))
    },
    listen(seat, heard) {
      listeners.push(bytes => guarded(seat, () => heard(bytes)))
    },
    raw(bytes) {
      for (const listener of listeners) listener(bytes)
    },
    spare(bytes) {
      if (bytes.length === 0) return 0
      // A frame for one is noise to its neighbours, so it is noise only if it is to all of them.
      const useless = overhearers.map(each => each.hear(bytes))
      return listeners.length > 0 ? 0 : Math.min(bytes.length, ...useless)
    },
    forget() {
      for (const each of overhearers) each.forget()
    },
  }
}

function overhearer<Reply>(
  seat: Seat,
  decode: Codec<never, Reply>['decode'],
  heard: (reply: Reply) => void,
): Overhearer {
  let unread: Uint8Array = new Uint8Array()

  function next(): { reply?: Reply; noise: number } {
    const before = unread.length
    const { reply, rest, noise } = decode(unread)
    unread = rest
    if (reply === undefined) return { noise }
    // A frame that takes no bytes would be found for ever.
    if (rest.length >= before) throw new Error('The codec found a frame without taking bytes.')
    return { reply, noise }
  }

  return {
    hear(bytes) {
      unread = concat(unread, bytes)
      let noise = 0
      try {
        for (let found = next(); ; found = next()) {
          noise += found.noise
          const { reply } = found
          if (reply === undefined) return noise
          guarded(seat, () => heard(reply))
        }
      } catch (error) {
        noteBug(seat, error)
        unread = new Uint8Array()
        return noise
      }
    },
    forget() {
      unread = new Uint8Array()
    },
  }
}
