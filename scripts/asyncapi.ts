import { z } from 'zod'
import { ClearAsk } from '../agent/domain/ask.ts'
import { Entry, Row } from '../agent/domain/journal.ts'
import { type Channel, channels, topicsOf, VERSION } from '../agent/sync/messages.ts'
import { KEEPALIVE_SECONDS, LARGEST_PACKET, SESSION_SECONDS } from '../agent/sync/mqtt-uplink.ts'
import { CloudConfig, SiteConfig } from '../config/site.ts'
import { examples } from './asyncapi-examples.ts'
import { type Generated, keepCurrent } from './generated.ts'

const names = Object.keys(channels) as Channel[]
const topics = topicsOf('{root}', '{unit}')
const each = <Value>(make: (name: Channel) => Value): Record<string, Value> =>
  Object.fromEntries(names.map(name => [name, make(name)]))

const title = (name: string): string => name[0]?.toUpperCase() + name.slice(1)
const ref = (...path: string[]) => ({ $ref: `#/${path.join('/')}` })
/** Both ways at least once, and nothing kept for whoever subscribes later. */
const mqtt = (binding: object) => ({ mqtt: { ...binding, bindingVersion: '0.2.0' } })

/** Every schema by name, each said once: what a message carries, and each kind of entry and of ask. */
function schemas() {
  const registry = z.registry<{ id: string }>()
  for (const name of names) registry.add(channels[name].message, { id: title(name) })
  registry.add(Row, { id: 'Row' })
  registry.add(Entry, { id: 'Entry' })
  registry.add(ClearAsk, { id: 'Ask' })
  for (const option of Entry.options) registry.add(option, { id: `entry-${option.shape.type.value}` })
  for (const option of ClearAsk.options) registry.add(option, { id: `ask-${option.shape.kind.value}` })
  const { schemas: made } = z.toJSONSchema(registry, {
    io: 'input',
    target: 'draft-7',
    uri: id => ref('components', 'schemas', id).$ref,
    override({ jsonSchema }) {
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
    },
  })
  return Object.fromEntries(
    Object.entries(made).map(([id, { $schema: _draft, $id: _own, ...schema }]) => [
      id,
      { title: id, ...schema },
    ]),
  )
}

const channel = (name: Channel) => ({
  address: topics[name],
  title: title(name),
  description: channels[name].about,
  servers: [ref('servers', 'broker')],
  messages: { [name]: ref('components', 'messages', name) },
  parameters: {
    root: ref('components', 'parameters', 'root'),
    unit: ref('components', 'parameters', 'unit'),
  },
})

const message = (name: Channel) => ({
  name,
  title: title(name),
  summary: channels[name].about,
  contentType: 'application/json',
  payload: ref('components', 'schemas', title(name)),
  ...(name === 'instruction'
    ? { correlationId: { description: 'Its answer carries it.', location: '$message.payload#/id' } }
    : {}),
  examples: examples[name],
})

/** Where an operation is answered: rows by a confirmation, instructions by entries in the journal. */
const REPLIES: Partial<Record<Channel, Channel>> = { journal: 'confirm', instruction: 'journal' }

function operation(name: Channel) {
  const reply = REPLIES[name]
  const messageOf = (channel: Channel) => ref('channels', channel, 'messages', channel)
  return {
    action: channels[name].from === 'unit' ? 'send' : 'receive',
    channel: ref('channels', name),
    title: title(name),
    summary: channels[name].about,
    messages: [messageOf(name)],
    ...(reply ? { reply: { channel: ref('channels', reply), messages: [messageOf(reply)] } } : {}),
    bindings: mqtt(channels[name].from === 'unit' ? { qos: 1, retain: false } : { qos: 1 }),
  }
}

const operations = Object.fromEntries(
  names.map(name => [
    `${channels[name].from === 'unit' ? 'send' : 'receive'}${title(name)}`,
    operation(name),
  ]),
)

const [death] = examples.death

/** The conversation between a unit and its cloud, from the unit's side, as an AsyncAPI 3 document. */
export const asyncapi: Generated = {
  file: 'agent/sync/asyncapi.json',
  script: 'asyncapi',
  value: {
    asyncapi: '3.0.0',
    info: {
      title: 'Pawl: a unit and its cloud',
      version: `${VERSION}`,
      description:
        'What a unit sends and receives, from its side. How the two sides deal with loss, repetition and a lost journal, and how rows are verified, is told in the README beside this document.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      broker: {
        host: '{host}:{port}',
        protocol: 'secure-mqtt',
        protocolVersion: '3.1.1',
        title: "The operator's broker",
        description:
          'MQTT 3.1.1, or 5 where the site says so; over TCP or WebSocket, with TLS or, inside one machine or network, without.',
        variables: {
          host: { default: 'broker.example.com', description: 'The address in the site file of the unit.' },
          port: { default: '8883', description: 'As in the site file.' },
        },
        security: [
          ref('components', 'securitySchemes', 'password'),
          ref('components', 'securitySchemes', 'certificate'),
        ],
        bindings: mqtt({
          clientId: 'pawl-{unit}',
          cleanSession: false,
          lastWill: { topic: topics.death, qos: 1, message: JSON.stringify(death?.payload), retain: false },
          keepAlive: KEEPALIVE_SECONDS,
          sessionExpiryInterval: SESSION_SECONDS,
          maximumPacketSize: LARGEST_PACKET,
        }),
      },
    },
    channels: each(channel),
    operations,
    components: {
      messages: each(message),
      schemas: schemas(),
      parameters: {
        root: { description: CloudConfig.shape.topic_root.description, default: 'pawl/v1' },
        unit: { description: SiteConfig.shape.unit.description, examples: [death?.payload.unit] },
      },
      securitySchemes: {
        password: {
          type: 'userPassword',
          description: 'The name under which the broker knows this unit, and a password.',
        },
        certificate: {
          type: 'X509',
          description: 'A certificate of this unit, where the broker asks for one.',
        },
      },
    },
  },
}

if (import.meta.main)
  process.exitCode = keepCurrent(asyncapi, process.argv.slice(2), line => process.stdout.write(`${line}\n`))
