import { readFileSync } from 'node:fs'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import type { CloudConfig } from '../../config/site.ts'
import type { Clock, Millis } from '../../drivers/host/clock.ts'
import type { Entropy } from '../../drivers/host/entropy.ts'
import type { Introduction, OpenUplink } from './uplink.ts'

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
const CONNECT_WITHIN: Millis = 10_000
const KEEPALIVE_SECONDS = 30
const SESSION_SECONDS = 7 * 24 * 3_600
const IN_FLIGHT = 16

/**
 * MQTT as a bare wire: mqtt.js queues nothing, stores nothing and reconnects nothing for us. Each attempt is a fresh
 * client; a message is acknowledged when we say so; at most `min(receive maximum, 16)` of ours are in flight.
 */
export const mqttUplink =
  ({ cloud, clientId, clock, entropy }: Road): OpenUplink =>
  settings => {
    let client: MqttClient | undefined
    let up = false
    let inFlight = 0
    let window = IN_FLIGHT
    let full = false
    let failures = 0
    let closed = false
    let cancelRetry = () => {}

    function connect(): void {
      let introduction: Introduction
      let options: IClientOptions
      try {
        introduction = settings.introduce()
        options = optionsOf(cloud, clientId, introduction)
      } catch (error) {
        return retry(sentence(error))
      }
      const mine = mqtt.connect(cloud.broker, options)
      client = mine
      inFlight = 0
      full = false
      let upAt: Millis | undefined

      const giveUp = (why: string): void => {
        if (client !== mine) return
        client = undefined
        up = false
        if (upAt !== undefined && clock.now() - upAt > GOOD) failures = 0
        mine.end(true)
        settings.hear({ type: 'down', why })
        retry(why)
      }

      mine.handleMessage = (packet, acknowledge) => {
        if (client !== mine) return
        const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
        settings.hear({
          type: 'message',
          topic: packet.topic,
          payload,
          done: () => client === mine && acknowledge(),
        })
      }
      mine.on('connect', ({ properties }) => {
        noDelay(mine.stream)
        window = Math.min(properties?.receiveMaximum ?? IN_FLIGHT, IN_FLIGHT)
        mine.subscribe(settings.subscribe, { qos: 1 }, error => {
          if (error) return giveUp(`the broker refused the subscription: ${error.message}`)
          if (client !== mine) return
          up = true
          upAt = clock.now()
          settings.hear({ type: 'up', session: introduction.session })
        })
      })
      mine.on('error', error => giveUp(sentence(error)))
      mine.on('close', () => giveUp('the connection was closed'))
    }

    function retry(_why: string): void {
      if (closed) return
      const most = Math.min(LATEST, SOONEST * 2 ** failures++)
      cancelRetry = clock.after(Math.max(50, entropy.fraction() * most), connect)
    }

    function publish(topic: string, payload: string): boolean {
      const mine = client
      if (!mine || !up || !mine.connected) return false
      if (inFlight >= window) {
        full = true
        return false
      }
      inFlight++
      mine.publish(topic, payload, { qos: 1 }, () => {
        if (client !== mine) return
        inFlight--
        if (!full) return
        full = false
        settings.hear({ type: 'roomy' })
      })
      return true
    }

    clock.soon(() => closed || connect())
    return {
      publish,
      close() {
        closed = true
        cancelRetry()
        client?.end()
        client = undefined
      },
    }
  }

function optionsOf(cloud: CloudConfig, clientId: string, { will }: Introduction): IClientOptions {
  const file = (path: string | undefined) => (path === undefined ? undefined : readFileSync(path))
  const secrets = {
    username: cloud.username,
    password: file(cloud.password_file)?.toString('utf8').trim(),
    ca: file(cloud.ca_file),
    cert: file(cloud.cert_file),
    key: file(cloud.key_file),
  }
  return {
    ...Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== undefined)),
    clientId,
    protocolVersion: cloud.mqtt === '3.1.1' ? 4 : 5,
    clean: false,
    ...(cloud.mqtt === '3.1.1' ? {} : { properties: { sessionExpiryInterval: SESSION_SECONDS } }),
    keepalive: KEEPALIVE_SECONDS,
    connectTimeout: CONNECT_WITHIN,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: false },
  }
}

/** Small messages both ways with Nagle's algorithm on cost 40 ms a hop. */
function noDelay(stream: MqttClient['stream']): void {
  if ('setNoDelay' in stream && typeof stream.setNoDelay === 'function') stream.setNoDelay(true)
}

const sentence = (error: unknown): string =>
  error instanceof Error ? error.message || error.name : String(error)
