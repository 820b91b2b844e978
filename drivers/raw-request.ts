import type { Bus } from './bus.ts'
import type { Codec } from './codec.ts'
import type { Outcome } from './device.ts'
import type { Millis } from './host/clock.ts'

/** Bytes as they are, to which no answer is looked for. */
const bare: Codec<Uint8Array, never> = {
  encode: bytes => bytes,
  decode: bytes => ({ rest: bytes, noise: 0 }),
}

/** Writes bytes once, in turn, not after `by`. What is said to them is heard by those who listen. */
export async function tell(bus: Bus, bytes: Uint8Array, by: Millis, pause: Millis = 0): Promise<Outcome> {
  const ordered = await bus.order(bare, bytes, { by, within: pause, unheard: true })
  return ordered.ok ? { ok: true } : ordered
}
