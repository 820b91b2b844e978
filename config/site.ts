import { z } from 'zod'
import { Policy } from './policy.ts'

/** A name a person gives: what every other part of the file, the journal and the CLI call it by. */
const Name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/,
    'a name of up to 32 letters, digits, dots, dashes and underscores',
  )

const Serial = z.strictObject({
  path: z.string().startsWith('/').describe('The port, best under /dev/serial/by-id or /dev/serial/by-path.'),
  baud: z.int().min(300).max(921_600).default(9_600),
  data_bits: z.union([z.literal(7), z.literal(8)]).default(8),
  parity: z.enum(['none', 'even', 'odd']).default('none'),
  stop_bits: z.union([z.literal(1), z.literal(2)]).default(1),
})

const Tcp = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  baud: z.int().min(300).max(921_600).default(9_600).describe('The speed behind the converter, for timing.'),
})

/** Either `serial` or `tcp`. */
export const LineConfig = z.strictObject({
  name: Name,
  serial: Serial.optional(),
  tcp: Tcp.optional(),
  echo: z
    .enum(['auto', 'yes', 'no'])
    .default('auto')
    .describe('Whether the adapter or the boards repeat what the unit sends.'),
})

export const DeviceConfig = z.strictObject({
  name: Name,
  line: Name,
  driver: z.string().min(1),
  options: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('What this driver needs to know; see its PROTOCOL.md.'),
})

export const SIZES = ['XS', 'S', 'M', 'L', 'XL'] as const

export const CompartmentConfig = z.strictObject({
  name: Name,
  size: z.enum(SIZES),
  height_mm: z.int().min(0).max(3_000).describe('From the floor to the middle of the door.'),
  device: Name,
  channel: z.int().min(1).max(256).describe('As printed on the board, from 1.'),
  sensor: z
    .enum(['normal', 'inverted'])
    .default('normal')
    .describe('inverted: this door switch reads the other way round than the board documents.'),
})

export const CloudConfig = z.strictObject({
  broker: z.url({ protocol: /^(mqtts?|wss?)$/ }).describe('mqtt://, mqtts://, ws:// or wss://.'),
  username: z.string().optional(),
  password_file: z.string().optional(),
  ca_file: z.string().optional(),
  cert_file: z.string().optional(),
  key_file: z.string().optional(),
  mqtt: z
    .enum(['auto', '5', '3.1.1'])
    .default('auto')
    .describe('auto: 5, or 3.1.1 where the broker knows no better.'),
  topic_root: z
    .string()
    .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+){0,2}$/)
    .default('pawl/v1'),
})

/** A whole site, as a person writes it in YAML. */
export const SiteConfig = z.strictObject({
  unit: Name.describe('This unit among all of the operator.'),
  data: z.string().default('run').describe('The folder for the store, the key and the console socket.'),
  lines: z.array(LineConfig).min(1),
  devices: z.array(DeviceConfig).min(1),
  compartments: z.array(CompartmentConfig).default([]),
  cloud: CloudConfig.optional().describe('Without it the unit works alone.'),
  policy: Policy.prefault({}),
})

export type LineConfig = z.output<typeof LineConfig>
export type DeviceConfig = z.output<typeof DeviceConfig>
export type CompartmentConfig = z.output<typeof CompartmentConfig>
export type CloudConfig = z.output<typeof CloudConfig>
export type Site = z.output<typeof SiteConfig>
export type Size = (typeof SIZES)[number]
