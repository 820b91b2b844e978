import { modbusSlave } from './modbus-slave.ts'
import type { Plug } from './peripheral.ts'

// input registers 0001 temperature × 10 with a sign, 0002 humidity × 10; holding 0101 address, 0102 baud, 0103 and 0104 corrections

/** What a technician sets once, on the bench. */
const SETTINGS = new Map([
  [0x0101, 'address'],
  [0x0102, 'baud rate'],
  [0x0103, 'correction of temperature'],
  [0x0104, 'correction of humidity'],
])

/** The air around it. */
export interface Air {
  celsius: number
  humidity: number
}

export interface XyMd02Settings {
  address: number
  scale?: 10 | 100
  thinkMillis?: number
  echoes?: boolean
}

export const xyMd02Sensor =
  (settings: XyMd02Settings, air: Air): Plug =>
  socket => {
    const { address, scale = 10 } = settings
    return modbusSlave(
      { ...settings, unit: address },
      {
        inputRegister(at) {
          if (at === 1) return Math.round(air.celsius * scale) & 0xffff
          return at === 2 ? Math.round(air.humidity * scale) & 0xffff : undefined
        },
        holding: at => (at === 0x0101 ? address : at === 0x0102 ? 9_600 : undefined),
        writeHolding(at) {
          const setting = SETTINGS.get(at)
          if (setting) socket.ruined(`told to change its ${setting}`)
          return setting !== undefined
        },
      },
      socket,
    )
  }
