import { expect, test } from 'vitest'
import { concat } from './codec.ts'
import { handClock } from './host/hand-clock.ts'
import { memoryLine } from './host/memory-line.ts'
import { openSharedLine } from './shared-line.ts'
import { toyCodec, toyFrame } from './toy-board.ts'

const middle = { bytes: (length: number) => new Uint8Array(length), fraction: () => 0.5 }

/** What the board says to a value; it may say the very bytes it was asked with. */
type Says = (value: number) => number | undefined

async function cable(echoes: boolean, echo: 'auto' | 'yes' | 'no', says: Says) {
  const clock = handClock()
  const board = { echoes, says, damage: (bytes: Uint8Array) => bytes }
  const wire = memoryLine({
    clock,
    baud: 9_600,
    answer(sent) {
      const [, address = 0, value = 0] = sent
      const answer = board.says(value)
      const copy = board.echoes ? board.damage(Uint8Array.from(sent)) : new Uint8Array()
      return { bytes: concat(copy, answer === undefined ? new Uint8Array() : toyFrame(address, answer)) }
    },
  })
  const line = openSharedLine({ open: wire.open, clock, entropy: middle, baud: 9_600, echo })
  const bus = line.join('board')
  await clock.pass(0)

  async function ask(value: number): Promise<number | string> {
    const asked = bus.ask(toyCodec(1), value)
    await clock.pass(1_500)
    const answer = await asked
    return answer.ok ? answer.reply : answer.fault
  }
  return { clock, wire, board, bus, ask }
}

const SAME = 0x33
const OTHER = 0x34

for (const echo of ['auto', 'yes'] as const)
  test(`on a line that echoes, with echo ${echo}, only what follows the copy is a reply`, async () => {
    const { ask } = await cable(true, echo, value => (value === SAME ? SAME : 7))
    expect([await ask(OTHER), await ask(SAME), await ask(OTHER)]).toEqual([7, SAME, 7])
  })

test('a silent board on a line that echoes is silent, known or not', async () => {
  const { ask, board } = await cable(true, 'auto', () => undefined)
  expect(await ask(SAME)).toBe('no-reply')
  board.says = () => 7
  expect(await ask(OTHER)).toBe(7)
  board.says = () => undefined
  expect(await ask(SAME)).toBe('no-reply')
})

test('without echo a reply like its request is believed once another reply has shown that there is none', async () => {
  const { ask } = await cable(false, 'auto', value => (value === SAME ? SAME : 7))
  expect([await ask(SAME), await ask(OTHER), await ask(OTHER), await ask(SAME)]).toEqual([
    'no-reply',
    7,
    7,
    SAME,
  ])
})

test('a board that can only be told from its echo by asking otherwise first is understood in the end', async () => {
  const { ask } = await cable(false, 'auto', value => (value === SAME ? SAME : 7))
  expect(await ask(SAME)).toBe('no-reply')
  // As a driver does: something whose answer differs from the question, then the question again.
  const tries = []
  for (let round = 0; round < 2; round++) tries.push(await ask(OTHER), await ask(SAME))
  expect(tries.at(-1)).toBe(SAME)
})

test('where a person said that there is no echo, a reply like its request is believed at once', async () => {
  const { ask } = await cable(false, 'no', value => value)
  expect(await ask(SAME)).toBe(SAME)
})

test('a damaged echo before a reply does not make the next echo a reply', async () => {
  const { ask, board } = await cable(true, 'auto', () => 7)
  board.damage = bytes => bytes.with(2, 0x7f)
  expect(await ask(OTHER)).toBe(7)
  board.damage = bytes => bytes
  board.says = () => undefined
  expect(await ask(SAME)).toBe('no-reply')
})

test('a late reply in front of an echo does not make the next echo a reply', async () => {
  const { ask, bus, wire, clock } = await cable(true, 'auto', () => undefined)
  expect(await ask(SAME)).toBe('no-reply')
  const asked = bus.ask(toyCodec(1), OTHER)
  wire.say(toyFrame(1, 7))
  await clock.pass(1_000)
  expect(await asked).toEqual({ ok: true, reply: 7 })
  expect(await ask(SAME)).toBe('no-reply')
})

test('on a line known to echo a late reply in front of the echo is not taken for the present one', async () => {
  const { ask, bus, wire, clock } = await cable(true, 'auto', () => 7)
  expect(await ask(OTHER)).toBe(7)
  const asked = bus.ask(toyCodec(1), OTHER)
  wire.say(toyFrame(1, 99))
  await clock.pass(1_000)
  expect(await asked).toEqual({ ok: true, reply: 7 })
})

test('an adapter that is changed for one that does not echo is found out, and back', async () => {
  const { ask, board, wire, clock } = await cable(true, 'auto', () => 7)
  expect(await ask(OTHER)).toBe(7)
  board.echoes = false
  wire.lose('another adapter')
  await clock.pass(1_000)
  expect(await ask(OTHER)).toBe(7)
  expect(await ask(OTHER)).toBe(7)
  board.says = value => value
  expect(await ask(SAME)).toBe(SAME)
  board.echoes = true
  board.says = () => undefined
  wire.lose('the old adapter')
  await clock.pass(1_000)
  expect(await ask(SAME)).toBe('no-reply')
})

test('a device that stops echoing in the midst of it is understood again after one failed ask', async () => {
  const { ask, board } = await cable(true, 'auto', () => 7)
  expect(await ask(OTHER)).toBe(7)
  board.echoes = false
  expect(await ask(OTHER)).toBe(7)
})
