import { expect, test } from 'vitest'
import { checkPower } from './cross-check-power.ts'

test('a board that the battery plan names must be there', () => {
  const told: string[] = []
  const power = {
    mains_lost: { device: 'ups', input: 'mains-lost' },
    battery_low: { device: 'usp', input: 'battery-low' },
    settle_seconds: 30,
  }
  checkPower(
    { devices: [{ name: 'ups' }], power },
    (path, says) => void told.push(`${path.join('.')} ${says}`),
  )
  expect(told).toEqual(['power.battery_low.device there is no device "usp"'])
})
