// A device seen from its connectors. It knows nothing of our drivers: the two must meet only at the bytes.

/** What a device is plugged into. */
export interface Socket {
  /** Milliseconds since some fixed moment. */
  now(): number
  /** Wakes once, unless the power fails first. The returned function cancels. */
  after(delay: number, wake: () => void): () => void
  /** Drives the line at once. */
  send(bytes: Uint8Array): void
  /** The device was told something that no agent may ever tell one. */
  ruined(why: string): void
}

export interface Peripheral {
  /** Whatever was on the line, other devices' words too. May come in pieces. */
  receive(bytes: Uint8Array): void
}

/** Switches a device on: each power-up begins with a fresh memory. */
export type Plug = (socket: Socket) => Peripheral

/** The locks wired to a board. Channels as printed on it, from 1; one with nothing wired reads as an open contact. */
export interface Latches {
  /** Current through the coil: the bolt lets go, if it can. */
  energise(channel: number): void
  /** Whether the switch in the lock is in the position that its maker calls locked. */
  locked(channel: number): boolean
  /** Whether the infrared sensor sees something inside. */
  item(channel: number): boolean
  /** Hears each switch that changes, until the returned function is called. */
  watch(changed: (channel: number) => void): () => void
}

/** A lock board as it may stand in a site: what the site file says of it, and what it is. Exported by its device as `lockTwins`. */
export interface LockTwin {
  /** What is special about it. */
  name: string
  /** The driver it is for, by its name in a site file. */
  driver: string
  baud: number
  /** As the site file gives them, for eight doors. */
  options: object
  plug(latches: Latches): Plug
}
