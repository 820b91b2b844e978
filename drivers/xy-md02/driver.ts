import { z } from 'zod'
import type { Answer } from '../bus.ts'
import { hex } from '../codec.ts'
import { type Driver, REFUSED } from '../device.ts'
import { keepAsking, outlivesPoll, rhythmOf, rhythmOptions, TOO_STALE } from '../keep-asking.ts'
import { exchange } from '../modbus-rtu.ts'
import { MODBUS_MANNERS, type ModbusUnit, modbusOptions, modbusUnit } from '../modbus-unit.ts'

const Options = z
  .strictObject({
    ...modbusOptions,
    scale: z
      .literal([10, 100])
      .default(10)
      .describe('What the sensor multiplies degrees and per cent with; a few are built with 100.'),
    ...rhythmOptions(5_000, 30_000),
  })
  .refine(outlivesPoll, TOO_STALE)
  .refine(({ poll_ms }) => poll_ms >= 1_000, {
    path: ['poll_ms'],
    error: 'at least 1000: the sensor is not newer sooner',
  })

type Options = z.output<typeof Options>

export interface Climate {
  celsius: number
  humidity: number
}

const FIRST = 1
const COUNT = 2
/** What the sensor can measure. */
const COLDEST = -40
const HOTTEST = 125

/** Temperature and relative humidity over Modbus: XY-MD02 and others with an SHT20 behind RS-485. */
export const xyMd02: Driver<Options> = {
  name: 'xy-md02',
  about: 'Temperature and humidity sensor XY-MD02 / SHT20 over Modbus (9600 8N1)',
  kind: 'sensor',
  options: Options,
  address: ({ address }) => `address ${address}`,
  channels: () => 0,
  manners: MODBUS_MANNERS,
  probe: {
    bauds: [9_600, 4_800, 19_200],
    candidates: [1, 2, 3, 4, 5, 6, 7, 8].map(address => ({ address })),
    async ask(bus, { address, reply_within_ms: within, scale }) {
      const answer = await readClimate(modbusUnit(bus, { address, within }), address, scale)
      return answer.ok ? `${answer.reply.celsius} °C, ${answer.reply.humidity} % humidity` : undefined
    },
  },

  open(host, options) {
    const { address, reply_within_ms: within, scale } = options
    const unit = modbusUnit(host.bus, { address, within })
    const watch = keepAsking<Climate>(
      host,
      {
        read: () => readClimate(unit, address, scale),
        heard(now, before) {
          if (now.celsius !== before?.celsius || now.humidity !== before.humidity)
            host.report({ type: 'climate', ...now })
        },
      },
      rhythmOf(options),
    )
    return { send: async () => REFUSED, close: watch.close }
  },
}

/** Input registers 1 and 2: temperature with a sign, humidity. What no such sensor can measure is a fault, no reading. */
async function readClimate(unit: ModbusUnit, address: number, scale: number): Promise<Answer<Climate>> {
  const answer = await unit.registers('read-input-registers', FIRST, COUNT)
  if (!answer.ok) return answer
  const [raw = 0, wet = 0] = answer.reply
  const celsius = (raw > 0x7fff ? raw - 0x1_0000 : raw) / scale
  const humidity = wet / scale
  if (celsius >= COLDEST && celsius <= HOTTEST && humidity <= 100)
    return { ok: true, reply: { celsius, humidity } }
  const request = { type: 'read-input-registers', from: FIRST, count: COUNT } as const
  return { ok: false, fault: 'out-of-range', frame: hex(exchange(address, request).encode(request)) }
}
