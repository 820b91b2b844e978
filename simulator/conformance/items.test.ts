import { expect, test } from 'vitest'
import { connect, lockTwins } from './lock-bench.ts'

const twins = await lockTwins()
const cu16 = twins.find(({ driver, name }) => driver === 'kerong-cu16' && name === 'plain')

/** A board with item sensors at its first three doors. */
function withSensors() {
  if (!cu16) throw new Error('there is no CU16 board to try')
  return connect({ ...cu16, options: { ...cu16.options, item_sensors: [1, 2, 3] } })
}

test('what lies behind each door that has a sensor is told first, and then each change once', async () => {
  const { pass, door } = withSensors()
  door(2).openByHand()
  door(2).put('keys')
  const told = await pass(2_000)
  expect(told.slice(1, 4)).toEqual(['1 is empty (first)', '2 holds something (first)', '3 is empty (first)'])
  door(2).take()
  expect(await pass(60_000)).toEqual(['2 is empty'])
})

test('a door that closes is judged by what lies there then: the item is told before the door', async () => {
  const { pass, door } = withSensors()
  await pass(2_000)
  door(1).openByHand()
  expect(await pass(2_000)).toEqual(['1 open'])
  door(1).put('keys')
  door(1).push()
  expect(await pass(2_000)).toEqual(['1 holds something', '1 closed'])
})

test('a channel without a sensor says nothing of items', async () => {
  const { pass, door } = withSensors()
  await pass(2_000)
  door(4).openByHand()
  door(4).put('keys')
  expect(await pass(2_000)).toEqual(['4 open'])
})
