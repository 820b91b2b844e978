/** A byte pipe to hardware that is open now: a serial port, a TCP converter, a simulated wire. */
export interface Line {
  /** Hands bytes to the machine. After `lost` was called, or after `close`, it does nothing. */
  write(bytes: Uint8Array): void
  /** Gives the pipe up. `lost` is not called for it. May be called twice. */
  close(): void
}

/** Who hears a line. */
export interface Listener {
  read(bytes: Uint8Array): void
  /** The pipe is gone for good (unplugged, wedged, closed by the far end). Called at most once; open a fresh one. */
  lost(why: string): void
}

/** Opens a fresh pipe, or rejects with one sentence that says why not. Never reuses an old object. */
export type OpenLine = (listener: Listener) => Promise<Line>
