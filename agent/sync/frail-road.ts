import type { Clock, Millis } from '../../drivers/host/clock.ts'
import type { OpenUplink, UplinkSettings } from './uplink.ts'

/** What becomes of one message on its way up: how long each copy of it takes. No copy: it is lost. */
export type Fate = () => Millis[]

export interface FrailRoad {
  open: OpenUplink
  /** The link drops. What was on its way down and not acknowledged comes again with the next connection. */
  cut(why?: string): void
  heal(): void
  /** Says something to the unit, now or when it is there again. */
  say(topic: string, payload: unknown): void
  /** Messages to the unit that it has not acknowledged. */
  unacknowledged(): number
}

const IN_FLIGHT = 16

/** A road with a broker in memory that loses, repeats, delays and reorders, for tests on a clock of their own. */
export function frailRoad(
  clock: Clock,
  fate: Fate,
  arrived: (topic: string, payload: string) => void,
): FrailRoad {
  let settings: UplinkSettings | undefined
  let connection = 0
  let up = false
  let inFlight = 0
  let refusedSome = false
  const down = new Set<{ topic: string; payload: Uint8Array }>()

  function deliver(message: { topic: string; payload: Uint8Array }): void {
    const here = connection
    clock.soon(() => {
      if (here !== connection || !up || !down.has(message)) return
      settings?.hear({
        type: 'message',
        ...message,
        done: () => up && here === connection && down.delete(message),
      })
    })
  }

  function heal(): void {
    if (up || !settings) return
    const { session } = settings.introduce()
    up = true
    connection++
    inFlight = 0
    settings.hear({ type: 'up', session })
    for (const message of down) deliver(message)
  }

  function publish(topic: string, payload: string): boolean {
    refusedSome = up && inFlight >= IN_FLIGHT
    if (!up || refusedSome) return false
    const here = connection
    const copies = fate()
    inFlight++
    for (const delay of copies) clock.after(delay, () => arrived(topic, payload))
    clock.after(Math.max(1, ...copies), () => {
      if (here !== connection || !up) return
      inFlight--
      if (!refusedSome) return
      refusedSome = false
      settings?.hear({ type: 'roomy' })
    })
    return true
  }

  return {
    open(mine) {
      settings = mine
      const close = (): void => {
        settings = undefined
      }
      return { publish, close }
    },
    cut(why = 'cut') {
      if (!up) return
      up = false
      settings?.hear({ type: 'down', why })
    },
    heal,
    say(topic, payload) {
      const message = { topic, payload: Buffer.from(JSON.stringify(payload)) }
      down.add(message)
      deliver(message)
    },
    unacknowledged: () => down.size,
  }
}
