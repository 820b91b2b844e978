import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ClearAsk } from '../agent/domain/ask.ts'
import { Entry } from '../agent/domain/journal.ts'
import { type Channel, channels, readMessage, topicsOf } from '../agent/sync/messages.ts'
import { asyncapi } from './asyncapi.ts'
import { isCurrent } from './generated.ts'

const names = Object.keys(channels) as Channel[]

// What AsyncAPI 3.0.0 allows of the parts that are used here: whatever it does not know is refused.
const Ref = z.strictObject({ $ref: z.string().startsWith('#/') })
const words = { title: z.string(), description: z.string() }
const MqttBinding = <Fields extends z.ZodRawShape>(fields: Fields) =>
  z.strictObject({ mqtt: z.strictObject({ ...fields, bindingVersion: z.literal('0.2.0') }) })
const Schema = z
  .looseObject({ title: z.string() })
  .refine(schema => !('$id' in schema) && !('$schema' in schema))
const Keys = z.string().regex(/^[A-Za-z0-9._-]+$/)

const Document = z.strictObject({
  asyncapi: z.literal('3.0.0'),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    description: z.string(),
    license: z.strictObject({ name: z.string(), url: z.url() }),
  }),
  defaultContentType: z.literal('application/json'),
  servers: z.strictObject({
    broker: z.strictObject({
      ...words,
      host: z.string(),
      protocol: z.enum(['mqtt', 'secure-mqtt']),
      protocolVersion: z.string(),
      variables: z.record(Keys, z.strictObject({ default: z.string(), description: z.string() })),
      security: z.array(Ref),
      bindings: MqttBinding({
        clientId: z.string(),
        cleanSession: z.boolean(),
        lastWill: z.strictObject({
          topic: z.string(),
          qos: z.literal(1),
          message: z.string(),
          retain: z.literal(false),
        }),
        keepAlive: z.int(),
        sessionExpiryInterval: z.int(),
        maximumPacketSize: z.int(),
      }),
    }),
  }),
  channels: z.record(
    Keys,
    z.strictObject({
      ...words,
      address: z.string(),
      servers: z.array(Ref),
      messages: z.record(Keys, Ref),
      parameters: z.record(Keys, Ref),
    }),
  ),
  operations: z.record(
    Keys,
    z.strictObject({
      title: z.string(),
      summary: z.string(),
      action: z.enum(['send', 'receive']),
      channel: Ref,
      messages: z.array(Ref).min(1),
      reply: z.strictObject({ channel: Ref, messages: z.array(Ref).min(1) }).optional(),
      bindings: MqttBinding({ qos: z.literal(1), retain: z.literal(false).optional() }),
    }),
  ),
  components: z.strictObject({
    messages: z.record(
      Keys,
      z.strictObject({
        name: z.string(),
        title: z.string(),
        summary: z.string(),
        contentType: z.literal('application/json'),
        payload: Ref,
        correlationId: z
          .strictObject({ description: z.string(), location: z.string().startsWith('$message.payload#/') })
          .optional(),
        examples: z
          .array(z.strictObject({ name: z.string(), summary: z.string(), payload: z.looseObject({}) }))
          .min(1),
      }),
    ),
    schemas: z.record(Keys, Schema),
    parameters: z.record(
      Keys,
      z.strictObject({
        description: z.string(),
        default: z.string().optional(),
        examples: z.array(z.string()).optional(),
      }),
    ),
    securitySchemes: z.record(
      Keys,
      z.strictObject({ type: z.enum(['userPassword', 'X509']), description: z.string() }),
    ),
  }),
})

const text = readFileSync(asyncapi.file, 'utf8')
const document = Document.parse(JSON.parse(text))
const { components, operations } = document

/** What a reference inside the document leads to; undefined where it leads nowhere. */
const follow = (to: string): unknown =>
  to
    .slice(2)
    .split('/')
    .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document)

const references = [...new Set([...text.matchAll(/"\$ref": "([^"]+)"/g)].map(([, to = '']) => to))]

test('the committed document is the one the code makes', () => {
  expect(isCurrent(asyncapi)).toBe(true)
  expect(isCurrent({ ...asyncapi, value: {} })).toBe(false)
})

test('every reference leads somewhere, and everything under components is used', () => {
  expect(references.length).toBeGreaterThan(40)
  expect(references.filter(to => follow(to) === undefined)).toEqual([])
  const named = Object.entries(components).flatMap(([kind, parts]) =>
    Object.keys(parts).map(name => `#/components/${kind}/${name}`),
  )
  expect(named.filter(to => !references.includes(to))).toEqual([])
})

test('each channel of the unit is there with its topic, its parameters and its one message', () => {
  const topics = topicsOf('{root}', '{unit}')
  expect(Object.keys(document.channels)).toEqual(names)
  for (const name of names) {
    const { address, parameters, messages } = document.channels[name] ?? {}
    expect(address).toBe(topics[name])
    const placeholders = [...(address ?? '').matchAll(/\{(\w+)\}/g)].map(([, each]) => each)
    expect(Object.keys(parameters ?? {})).toEqual(placeholders)
    expect(messages).toEqual({ [name]: { $ref: `#/components/messages/${name}` } })
  }
})

test('the unit sends what comes from it, receives what comes from the cloud, and no operation says what its channel has not', () => {
  const told = Object.values(operations).map(({ action, channel }) => `${action} ${channel.$ref}`)
  expect(told).toEqual(
    names.map(name => `${channels[name].from === 'unit' ? 'send' : 'receive'} #/channels/${name}`),
  )
  for (const { channel, messages, reply } of Object.values(operations))
    for (const [where, what] of [
      [channel, messages] as const,
      ...(reply ? [[reply.channel, reply.messages] as const] : []),
    ])
      for (const { $ref } of what) expect($ref.startsWith(`${where.$ref}/messages/`)).toBe(true)
})

const definitions = JSON.parse(
  JSON.stringify(components.schemas).replaceAll('#/components/schemas/', '#/definitions/'),
)

/** A published schema as a program of somebody else would use it. */
const published = (id: string): z.ZodType =>
  z.fromJSONSchema({
    $schema: 'http://json-schema.org/draft-07/schema#',
    $ref: `#/definitions/${id}`,
    definitions,
  })

const examples = names.flatMap(name =>
  (components.messages[name]?.examples ?? []).map(
    example => [`${name} ${example.name}`, name, example.payload] as const,
  ),
)

test.each(examples)(
  'the example %s is accepted by the unit and by the published schema',
  (_what, name, payload) => {
    const schema: z.ZodType = channels[name].message
    expect(readMessage(schema, Buffer.from(JSON.stringify(payload)))).toMatchObject({ ok: true })
    const id = components.messages[name]?.payload.$ref.split('/').at(-1) ?? ''
    expect(published(id).safeParse(payload).error).toBeUndefined()
    expect(published(id).safeParse({ ...payload, nobody_knows: 1 }).success).toBe(false)
  },
)

test('there is an example of each kind of ask', () => {
  const kinds = components.messages.instruction?.examples.map(
    ({ payload }) => ClearAsk.parse(payload.ask).kind,
  )
  expect(kinds).toEqual(ClearAsk.options.map(({ shape }) => shape.kind.value))
})

test('every kind of entry and of ask has a schema of its own that says what it means', () => {
  const wanted = [
    ...Entry.options.map(({ shape }) => `entry-${shape.type.value}`),
    ...ClearAsk.options.map(({ shape }) => `ask-${shape.kind.value}`),
  ]
  for (const id of wanted) expect(components.schemas[id]?.description, id).toMatch(/\.$/)
})

test('the last will in the example is the message of its channel', () => {
  const { lastWill } = document.servers.broker.bindings.mqtt
  expect(lastWill.topic).toBe(document.channels.death?.address)
  expect(channels.death.message.safeParse(JSON.parse(lastWill.message)).success).toBe(true)
})
