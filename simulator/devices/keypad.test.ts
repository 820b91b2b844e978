import { expect, test } from 'vitest'
import { workbench } from '../workbench.ts'
import { keypad } from './keypad.ts'

function table() {
  const pad = keypad()
  const { say, hear } = workbench(() => pad.plug)
  return { say, pressed: (keys: string) => hear(50, () => pad.press(keys)) }
}

test('each key is one byte, sent by itself', async () => {
  expect(await table().pressed('0123456789')).toEqual(
    ['30', '31', '32', '33', '34'].concat('35', '36', '37', '38', '39'),
  )
  expect(await table().pressed('*#')).toEqual(['2A', '23'])
  expect(await table().pressed('ABCD')).toEqual(['41', '42', '43', '44'])
})

test('Enter is a carriage return', async () => {
  expect(await table().pressed('7\r')).toEqual(['37', '0D'])
})

test('where there is no key nothing is pressed', async () => {
  const { pressed, say } = table()
  await expect(pressed('1E')).rejects.toThrow('no key "E"')
  expect(await say('')).toEqual([])
})

test('it hears nothing', async () => {
  expect(await table().say('31 0D FF', 1_000)).toEqual([])
})

test('without power a key does nothing', () => {
  expect(() => keypad().press('1')).not.toThrow()
})
