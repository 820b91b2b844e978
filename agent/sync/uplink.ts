/** The road to the cloud: mqtt.js in the field, a simulated broker in the rig. It may lose, repeat or reorder anything. */
export interface Uplink {
  /**
   * Puts one message on the road at QoS 1. False when the road is down or too much is in flight:
   * nothing was kept, try again at `roomy` or `up`.
   */
  publish(topic: string, payload: string): boolean
  close(): void
}

export type UplinkEvent =
  /** Connected, subscribed, and `session` stands in the last will. */
  | { type: 'up'; session: number }
  | { type: 'down'; why: string }
  /** There is room again after `publish` said no. */
  | { type: 'roomy' }
  /** The broker keeps the message until `done` is called: call it once what it says is committed. */
  | { type: 'message'; topic: string; payload: Uint8Array; done(): void }

/** What a road needs at each new connection: a fresh session number, and the last will that carries it. */
export interface Introduction {
  session: number
  will: { topic: string; payload: string }
}

export interface UplinkSettings {
  /** Called before each attempt to connect. */
  introduce(): Introduction
  subscribe: string[]
  hear(event: UplinkEvent): void
}

export type OpenUplink = (settings: UplinkSettings) => Uplink
