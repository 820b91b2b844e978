import { z } from 'zod'
import { Policy } from './policy.ts'

// Messages are what a person is told to give instead: they go after "Give it".

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** A name a person gives: what every other part of the file, the journal and the CLI call it by. */
const Name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, {
  error: 'a name of 1 to 32 letters, digits, dots, dashes and underscores, a letter or digit first',
})

const baud = z.int().min(300).max(921_600).default(9_600)
const file = (about: string) =>
  z.string().min(1).describe(`${about} A relative path counts from the folder of this file.`)

const Serial = z
  .strictObject({
    path: z
      .string()
      .regex(/^\//, 'a path such as /dev/serial/by-id/usb-FTDI_FT232R_A10K1X2C-if00-port0')
      .describe(
        'The port. Best is a name under /dev/serial/by-id or /dev/serial/by-path: /dev/ttyUSB0 is whatever was plugged in first.',
      ),
    baud: baud.describe('Speed in bits per second, as set on the boards.'),
    data_bits: z.literal([7, 8]).default(8).describe('Data bits of a character.'),
    parity: z.enum(['none', 'even', 'odd']).default('none').describe('Parity of a character.'),
    stop_bits: z.literal([1, 2]).default(1).describe('Stop bits of a character.'),
  })
  .describe('A port of this machine.')

const Tcp = z
  .strictObject({
    host: z.string().min(1).describe('Name or address of the converter.'),
    port: z.int().min(1).max(65_535).describe('TCP port on which the converter passes bytes through.'),
    baud: baud.describe(
      'Speed behind the converter in bits per second: set it there, too. Here it only tells how long bytes take.',
    ),
  })
  .describe('An Ethernet–RS-485 converter in raw TCP server mode.')

const usbId = (what: string) =>
  z.int().min(1).max(0xffff).describe(`The ${what} id of the device, such as 0x0C2E: \`lsusb\` shows it.`)

const Hid = z
  .strictObject({
    vendor: usbId('vendor'),
    product: usbId('product').optional(),
    serial: z.string().min(1).optional().describe('Its serial number, where two are alike.'),
    usage_page: z
      .int()
      .min(1)
      .max(0xffff)
      .default(0x8c)
      .describe('What it is for, as HID says it: 0x8C is bar code scanners.'),
    usage: z.int().min(1).max(0xffff).default(2).describe('Which of those: 2 is a scanner.'),
  })
  .describe('A USB device of the human interface class, such as a scanner in HID-POS mode.')

/** One of `serial`, `tcp` and `hid`. */
export const LineConfig = z
  .strictObject({
    name: Name.describe('What devices call this line by.'),
    serial: Serial.optional(),
    tcp: Tcp.optional(),
    hid: Hid.optional(),
    echo: z
      .enum(['auto', 'yes', 'no'])
      .default('auto')
      .describe(
        'Whether what the unit sends comes back to it, as some two-wire adapters do. auto: found out.',
      ),
  })
  .describe('One cable with everything on it: serial, tcp or hid.')

export const DeviceConfig = z
  .strictObject({
    name: Name.describe('What compartments and the journal call this device by.'),
    line: Name.describe('The line it hangs on, by name.'),
    driver: z.string().min(1).describe('Which driver speaks with it.'),
    options: z.record(z.string(), z.unknown()).default({}).describe('What this driver needs to know.'),
  })
  .describe('A board or a scanner on a line.')

export const SIZES = ['XS', 'S', 'M', 'L', 'XL'] as const

export const CompartmentConfig = z
  .strictObject({
    name: Name.describe('As printed on the door.'),
    size: z
      .enum(SIZES)
      .describe('How large it is inside. A booking gets the smallest free one that is large enough.'),
    height_mm: z
      .int()
      .min(0)
      .max(3_000)
      .describe('From the floor to the middle of the door, in millimetres: who can reach it.'),
    device: Name.describe('The lock board, by name.'),
    channel: z.int().min(1).max(256).describe('Its lock on that board as printed there, from 1.'),
    sensor: z
      .enum(['normal', 'inverted'])
      .default('normal')
      .describe('inverted: the switch of this one door reads the other way round than its board documents.'),
  })
  .describe('One door with its lock and its sensor.')

const GTIN = 'fourteen digits in quotes: a GTIN-14'
const gtin = z
  .string(GTIN)
  .regex(/^\d{14}$/, GTIN)
  .describe('GTIN-14 of the product, in quotes.')

export const ProductConfig = z
  .strictObject({
    gtin,
    name: z.string().min(1).max(80).describe('As the pharmacist calls it.'),
    controlled: z.boolean().default(false).describe('A controlled substance: never loaded.'),
    refrigerated: z.boolean().default(false).describe('Must be kept cold: never loaded.'),
  })
  .describe('One product of the formulary.')

export const LaneConfig = z
  .strictObject({
    name: Name.describe('As written at the lane.'),
    device: Name.describe('The dispenser, by name.'),
    channel: z.int().min(1).max(999).describe('Its number at the controller, from 1.'),
    product: gtin,
    capacity: z.int().min(1).max(100).describe('How many packs it holds.'),
  })
  .describe('One lane of a dispenser: a spiral or a belt, packs one behind another.')

export const KioskConfig = z
  .strictObject({
    pack_scanner: Name.describe('The scanner before which packs are held when they are loaded, by name.'),
    time_zone: z
      .string()
      .refine(isTimeZone, 'a time zone of the IANA list such as America/New_York')
      .default('UTC')
      .describe('Where it stands: what day it is there decides what has expired.'),
  })
  .describe('What makes a unit a prescription kiosk.')

export const CloudConfig = z
  .strictObject({
    broker: z
      .url({ protocol: /^(mqtts?|wss?)$/, error: 'an address such as mqtts://broker.example.com:8883' })
      .describe('The MQTT broker: mqtts:// or wss:// (with TLS), mqtt:// or ws:// (without).'),
    username: z.string().min(1).optional().describe('The name under which the broker knows this unit.'),
    password_file: file('A file that holds the password and nothing else.').optional(),
    ca_file: file(
      'The certificate authority (PEM) that vouches for the broker, where it is not a public one.',
    ).optional(),
    cert_file: file('The certificate (PEM) of this unit.').optional(),
    key_file: file('The private key (PEM) of that certificate.').optional(),
    mqtt: z
      .enum(['auto', '5', '3.1.1'])
      .default('auto')
      .describe('Version of MQTT. auto: 3.1.1, which every broker speaks.'),
    topic_root: z
      .string()
      .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+){0,2}$/, 'one to three levels such as pawl/v1')
      .default('pawl/v1')
      .describe('What all topics of this unit begin with: ROOT/UNIT/…'),
  })
  .describe('The way to the operator. Without it the unit works alone.')

/** A whole site, as a person writes it in YAML. */
export const SiteConfig = z
  .strictObject({
    unit: Name.describe('The name of this unit, its own among all of the operator.'),
    data: file(
      'The folder for the journal, the key and the console socket, made where it is missing.',
    ).default('run'),
    lines: z.array(LineConfig).min(1).describe('The cables: serial ports and converters.'),
    devices: z.array(DeviceConfig).min(1).describe('The boards and scanners on the lines.'),
    compartments: z.array(CompartmentConfig).default([]).describe('The doors.'),
    products: z.array(ProductConfig).default([]).describe('The formulary: what may be in a kiosk.'),
    lanes: z.array(LaneConfig).default([]).describe('The lanes of a kiosk: its planogram.'),
    kiosk: KioskConfig.optional(),
    cloud: CloudConfig.optional(),
    policy: Policy.prefault({}),
  })
  .describe('A site: one unit with its lines, devices and compartments.')

export type LineConfig = z.output<typeof LineConfig>
export type DeviceConfig = z.output<typeof DeviceConfig>
export type LaneConfig = z.output<typeof LaneConfig>
export type CompartmentConfig = z.output<typeof CompartmentConfig>
export type CloudConfig = z.output<typeof CloudConfig>
export type Site = z.output<typeof SiteConfig>
export type Size = (typeof SIZES)[number]
