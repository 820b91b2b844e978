import { z } from 'zod'
import { AccessConfig } from './access.ts'
import { KioskConfig, LaneConfig, ProductConfig } from './kiosk.ts'
import { Policy } from './policy.ts'
import { PowerConfig } from './power.ts'
import { CommandsConfig } from './roles.ts'
import { StaffConfig } from './staff.ts'
import { file, Name } from './words.ts'

// Messages are what a person is told to give instead: they go after "Give it".

const baud = z.int().min(300).max(921_600).default(9_600)
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
    zone: Name.optional().describe('Where it is, such as indoors: a booking may ask for a zone.'),
    sensor: z
      .enum(['normal', 'inverted'])
      .default('normal')
      .describe('inverted: the switch of this one door reads the other way round than its board documents.'),
  })
  .describe('One door with its lock and its sensor.')

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
    staff: z.array(StaffConfig).max(256).default([]).describe('Who works here, by badge.'),
    access: AccessConfig.optional(),
    commands: CommandsConfig.optional(),
    kiosk: KioskConfig.optional(),
    power: PowerConfig.optional(),
    cloud: CloudConfig.optional(),
    policy: Policy.prefault({}),
  })
  .describe('A site: one unit with its lines, devices and compartments.')

export type LineConfig = z.output<typeof LineConfig>
export type DeviceConfig = z.output<typeof DeviceConfig>
export type CompartmentConfig = z.output<typeof CompartmentConfig>
export type CloudConfig = z.output<typeof CloudConfig>
export type Site = z.output<typeof SiteConfig>
export type Size = (typeof SIZES)[number]
