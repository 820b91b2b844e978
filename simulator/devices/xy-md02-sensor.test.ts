import { expect, test } from 'vitest'
import { workbench } from '../workbench.ts'
import { xyMd02Sensor } from './xy-md02-sensor.ts'

const sensor = (celsius: number, humidity: number) =>
  workbench(() => xyMd02Sensor({ address: 1 }, { celsius, humidity }))

test.each([
  [30.5, 54.6, '01 04 00 01 00 01 60 0A', '01 04 02 01 31 79 74'],
  [30.5, 54.6, '01 04 00 02 00 01 90 0A', '01 04 02 02 22 38 49'],
  [30.5, 54.6, '01 04 00 01 00 02 20 0B', '01 04 04 01 31 02 22 2A CE'],
  [30.5, 54.6, '01 03 01 01 00 01 D4 36', '01 03 02 00 01 79 84'],
  [-20.5, 0, '01 04 00 01 00 01 60 0A', '01 04 02 FF 33 B8 D5'],
])('at %f °C and %f %% it answers %s with %s', async (celsius, humidity, asked, said) => {
  expect(await sensor(celsius, humidity).say(asked)).toEqual([said])
})

test('what it has not is an exception', async () => {
  expect(await sensor(20, 50).say('01 04 00 03 00 01 C1 CA')).toEqual(['01 84 02 C2 C1'])
  expect(await sensor(20, 50).say('01 05 00 00 FF 00 8C 3A')).toEqual(['01 85 01 83 50'])
})

test('told to change a setting it does, and says that it was: an agent must never', async () => {
  const bench = sensor(20, 50)
  expect(await bench.say('01 06 01 01 00 07 98 34')).toEqual(['01 06 01 01 00 07 98 34'])
  expect(bench.ruined).toEqual(['told to change its address'])
  expect(await bench.say('01 06 01 05 00 07 D9 F5')).toEqual(['01 86 02 C3 A1'])
  expect(bench.ruined).toHaveLength(1)
})
