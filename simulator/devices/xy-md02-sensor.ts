import { modbusSlave } from './modbus-slave.ts'
import type { Plug } from './peripheral.ts'

// input registers 0001 temperature × 10 with a sign, 0002 humidity × 10; holding 0101 address, 0102 baud

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
      },
      socket,
    )
  }
