/** How a device's firmware finds frames in what it hears. */
export interface Framing {
  /** The length of the sound frame at the front of `bytes`; 0 while more is needed, undefined if none begins here. */
  measure(bytes: Uint8Array): number | undefined
  /** Silence after which half a frame is forgotten, in milliseconds. */
  forgetAfter: number
  heard(frame: Uint8Array): void
}

export interface Ear {
  hear(bytes: Uint8Array): void
  /** Forgets what it was in the middle of. */
  forget(): void
}

/** Holds bytes until a frame is whole; a bad one costs one byte. */
export function ear({ measure, forgetAfter, heard }: Framing, now: () => number): Ear {
  let held = new Uint8Array(0)
  let lastAt = 0

  function frames(): void {
    let at = 0
    while (at < held.length) {
      const length = measure(held.subarray(at))
      if (length === 0) break
      if (length === undefined) {
        at++
        continue
      }
      heard(held.slice(at, at + length))
      at += length
    }
    held = held.slice(at)
  }

  return {
    hear(bytes) {
      if (now() - lastAt > forgetAfter) held = new Uint8Array(0)
      lastAt = now()
      held = held.length === 0 ? bytes.slice() : Uint8Array.of(...held, ...bytes)
      frames()
    },
    forget() {
      held = new Uint8Array(0)
    },
  }
}
