import mqtt, { type IClientOptions, type MqttClient, ReasonCodes } from 'mqtt'
import type { CloudConfig } from '../../config/site.ts'
import type { Clock, Millis } from '../../drivers/host/clock.ts'
import type { Entropy } from '../../drivers/host/entropy.ts'
import { readCredentials } from './credentials.ts'
import type { Introduction, OpenUplink, Uplink, UplinkEvent, UplinkSettings } from './uplink.ts'

interface Road {
  cloud: CloudConfig
  /** Stays the same for ever, so that the broker keeps what was sent meanwhile. */
  clientId: string
  clock: Clock
  entropy: Entropy
}

const SOONEST: Millis = 1_000
const LATEST: Millis = 300_000
/** A connection that held so long was a good one: the next failure starts again from the soonest. */
const GOOD: Millis = 60_000
/** From the first packet to the broker's word that we are subscribed. */
const UP_WITHIN: Millis = 15_000
/** A broker that owes us an acknowledgement for so long has lost it, even if it still answers pings. */
const ACKNOWLEDGED_WITHIN: Millis = 30_000
/** What `close` waits for, so that the last row still leaves. */
const LAST_WORDS: Millis = 1_000
/** mqtt.js pings after this long without an answer of any kind, and gives up after half as long again. */
export const KEEPALIVE_SECONDS = 30
export const SESSION_SECONDS = 7 * 24 * 3_600
export const IN_FLIGHT = 16
/** Far above what we accept, so that a message that is too large still gets its sentence. */
export const LARGEST_PACKET = 256 * 1024

/**
 * MQTT as a bare wire: mqtt.js queues nothing, stores nothing and reconnects nothing for us. Each attempt is a fresh
 * client; a message is acknowledged when we say so; at most `min(receive maximum, 16)` of ours are in flight.
 */
export const mqttUplink =
  (road: Road): OpenUplink =>
  settings => {
    const { clock, entropy } = road
    let connection: Uplink | undefined
    let failures = 0
    let upSince: Millis | undefined
    let closed = false
    let cancelRetry = () => {}

    function connect(): void {
      try {
        const introduction = settings.introduce()
        const client = mqtt.connect(road.cloud.broker, optionsOf(road, introduction))
        connection = converse(client, clock, { ...settings, hear }, introduction.session)
      } catch (error) {
        hear({ type: 'down', why: sentence(error) })
      }
    }

    function hear(event: UplinkEvent): void {
      if (event.type === 'up') upSince = clock.now()
      if (event.type === 'down') {
        if (upSince !== undefined && clock.now() - upSince >= GOOD) failures = 0
        upSince = undefined
        connection = undefined
        const most = Math.min(LATEST, SOONEST * 2 ** failures++)
        cancelRetry = clock.after(Math.max(50, entropy.fraction() * most), connect)
      }
      settings.hear(event)
    }

    clock.soon(() => closed || connect())
    return {
      publish: (topic, payload) => connection?.publish(topic, payload) ?? false,
      close() {
        closed = true
        cancelRetry()
        connection?.close()
        connection = undefined
      },
    }
  }

/** One client's whole life, from its first packet to its one `down`. */
function converse(
  client: MqttClient,
  clock: Clock,
  { subscribe, hear }: Pick<UplinkSettings, 'subscribe' | 'hear'>,
  session: number,
): Uplink {
  let life: 'connecting' | 'up' | 'leaving' | 'over' = 'connecting'
  let inFlight = 0
  let window = IN_FLIGHT
  let refusedSome = false
  let cancelDeadline = clock.after(UP_WITHIN, () => giveUp('the broker does not answer'))

  function giveUp(why: string): void {
    if (life === 'over') return
    const wanted = life !== 'leaving'
    life = 'over'
    cancelDeadline()
    client.end(true)
    if (wanted) hear({ type: 'down', why })
  }

  function setDeadline(): void {
    cancelDeadline()
    if (inFlight > 0)
      cancelDeadline = clock.after(ACKNOWLEDGED_WITHIN, () => giveUp('the broker acknowledges nothing'))
  }

  client.handleMessage = (packet, acknowledge) => {
    if (life === 'leaving' || life === 'over') return
    const { topic, payload } = packet
    let owed = true
    const done = (): void => {
      if (owed && life !== 'over') acknowledge()
      owed = false
    }
    hear({
      type: 'message',
      topic,
      payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
      done,
    })
  }
  client.on('connect', ({ properties }) => {
    noDelay(client.stream)
    window = Math.min(properties?.receiveMaximum ?? IN_FLIGHT, IN_FLIGHT)
    client.subscribe(subscribe, { qos: 1 }, error => {
      if (life !== 'connecting') return
      if (error) return giveUp(`the broker refused the subscription: ${error.message}`)
      life = 'up'
      cancelDeadline()
      hear({ type: 'up', session })
    })
  })
  client.on('disconnect', ({ reasonCode }) => giveUp(farewell(reasonCode)))
  client.on('error', error => giveUp(sentence(error)))
  client.on('close', () => giveUp('the connection was closed'))

  function acknowledged(error?: Error): void {
    if (life === 'over') return
    inFlight--
    if (life === 'leaving') return inFlight === 0 ? hangUp() : undefined
    if (error) return giveUp(`the broker refused a message: ${error.message}`)
    setDeadline()
    if (!refusedSome) return
    refusedSome = false
    hear({ type: 'roomy' })
  }

  /** Without a DISCONNECT, so that the broker publishes the last will: gone is gone. */
  const hangUp = (): void => void client.stream.end(() => giveUp('closed'))

  return {
    publish(topic, payload) {
      if (life !== 'up' || !client.connected) return false
      refusedSome = inFlight >= window
      if (refusedSome) return false
      inFlight++
      if (inFlight === 1) setDeadline()
      client.publish(topic, payload, { qos: 1 }, acknowledged)
      return true
    },
    close() {
      const wasUp = life === 'up'
      if (life !== 'over') life = 'leaving'
      if (!wasUp) return giveUp('closed')
      cancelDeadline()
      cancelDeadline = clock.after(LAST_WORDS, () => giveUp('closed'))
      if (inFlight === 0) hangUp()
    },
  }
}

function optionsOf({ cloud, clientId }: Road, { will }: Introduction): IClientOptions {
  const modern = cloud.mqtt === '5'
  return {
    ...readCredentials(cloud),
    clientId,
    protocolVersion: modern ? 5 : 4,
    clean: false,
    ...(modern
      ? {
          properties: {
            sessionExpiryInterval: SESSION_SECONDS,
            receiveMaximum: IN_FLIGHT,
            maximumPacketSize: LARGEST_PACKET,
          },
        }
      : {}),
    keepalive: KEEPALIVE_SECONDS,
    connectTimeout: UP_WITHIN,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    // A buffer ready for each of the 65,536 packet ids costs seven megabytes, and a unit sends a few a minute.
    writeCache: false,
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: false },
  }
}

/** Small messages both ways with Nagle's algorithm on cost 40 ms a hop. WebSockets have it off already. */
function noDelay(stream: MqttClient['stream']): void {
  if ('setNoDelay' in stream && typeof stream.setNoDelay === 'function') stream.setNoDelay(true)
}

const TAKEN_OVER = 0x8e

function farewell(reason = 0): string {
  if (reason === TAKEN_OVER) return 'somebody else connected under the name of this unit'
  return `the broker hung up: ${ReasonCodes[reason as keyof typeof ReasonCodes] || `reason ${reason}`}`
}

const sentence = (error: unknown): string =>
  error instanceof Error
    ? error.message || ('code' in error ? String(error.code) : error.name)
    : String(error)
