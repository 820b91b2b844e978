type Heard = (what?: unknown) => void

/** The byte pipe that firmata-io wants: something with `on` and `write` that says when it is open and what came. */
export interface Pipe {
  on(event: string, heard: Heard): void
  write(bytes: Uint8Array, done?: () => void): void
  /** Says that it is open: without that the library waits for ever. */
  open(): void
  came(bytes: Uint8Array): void
}

export function openPipe(send: (bytes: Uint8Array) => void): Pipe {
  const ears = new Map<string, Heard[]>()
  const say = (event: string, what?: unknown): void => {
    for (const heard of ears.get(event) ?? []) heard(what)
  }
  return {
    on(event, heard) {
      ears.set(event, [...(ears.get(event) ?? []), heard])
    },
    write(bytes, done) {
      send(Uint8Array.from(bytes))
      done?.()
    },
    open: () => say('open'),
    came: bytes => say('data', bytes),
  }
}
