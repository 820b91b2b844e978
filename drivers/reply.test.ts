import { expect, test } from 'vitest'
import { concat } from './codec.ts'
import { type Echo, findReply } from './reply.ts'
import { toyCodec, toyFrame } from './toy-board.ts'

const sent = toyFrame(1, 0x33)
const reply = toyFrame(1, 7)

const find = (echo: Echo, wanted: (value: number) => boolean, ...parts: Uint8Array[]) =>
  findReply({ gathered: parts.reduce(concat), sent, echo, codec: toyCodec(1), wanted })

const any = () => true

test('a clean reply shows that there is no echo', () => {
  expect(find('unknown', any, reply)).toMatchObject({ reply: 7, echo: 'no', noise: 0 })
})

test('a copy of the request with a reply after it shows that there is an echo', () => {
  expect(find('unknown', any, sent, reply)).toMatchObject({ reply: 7, echo: 'yes', noise: 0 })
})

test('the copy is cut wherever it lies', () => {
  const noise = Uint8Array.of(0xff, 0x00)
  expect(find('yes', any, noise, sent, noise, reply)).toMatchObject({ reply: 7, noise: 4 })
})

test('a reply in front of the copy came before the question was out, so it is not its reply', () => {
  const late = toyFrame(1, 99)
  expect(find('yes', any, late, sent, reply)).toMatchObject({ reply: 7, spare: late })
  expect(find('yes', any, late, sent).reply).toBeUndefined()
})

test('only one copy is cut: a second is the reply of a board that answers with the same bytes', () => {
  expect(find('yes', any, sent, sent)).toMatchObject({ reply: 0x33, echo: 'yes' })
})

test('until it is known, a reply that is a copy of the request is not believed', () => {
  const found = find('unknown', any, sent)
  expect(found.reply).toBeUndefined()
  expect(found).toMatchObject({ copied: true, noise: 0 })
  expect(found.spare).toHaveLength(0)
})

test('where there is no echo, a reply that is a copy of the request is a reply', () => {
  expect(find('no', any, sent)).toMatchObject({ reply: 0x33 })
})

test('where there is an echo, nothing counts before it came', () => {
  expect(find('yes', any, reply).reply).toBeUndefined()
})

test('the first bytes of a copy are never taken for a reply', () => {
  // A codec that would find a frame in any two bytes.
  const codec = {
    decode: (bytes: Uint8Array) => ({ reply: bytes[0] ?? 0, rest: bytes.subarray(2), noise: 0 }),
  }
  const gathered = sent.subarray(0, 2)
  expect(findReply({ gathered, sent, echo: 'unknown', codec, wanted: any }).reply).toBeUndefined()
})

test('a damaged copy in front of a reply teaches nothing', () => {
  const damaged = Uint8Array.of(0xa5, 1, 0x32, sent[3] ?? 0)
  expect(find('unknown', any, damaged, reply)).toMatchObject({ reply: 7, noise: 4 })
  expect(find('unknown', any, damaged, reply).echo).toBeUndefined()
})

test('a device thought to have no echo is found out by a copy before its reply', () => {
  expect(find('no', value => value === 7, sent, reply)).toMatchObject({ reply: 7, echo: 'yes' })
})

test('a frame that is not wanted is spare, not the reply and not noise', () => {
  const push = toyFrame(1, 0x82)
  const found = find('no', value => value === 7, push, reply)
  expect(found).toMatchObject({ reply: 7, noise: 0 })
  expect(found.spare).toEqual(push)
})

test('what follows the reply is spare', () => {
  const push = toyFrame(1, 0x82)
  expect(find('unknown', any, sent, reply, push).spare).toEqual(push)
})

test('half a frame is no reply yet', () => {
  expect(find('no', any, reply.subarray(0, 3)).reply).toBeUndefined()
})

test('a codec that finds frames without taking bytes does not hang the line', () => {
  const codec = { decode: (bytes: Uint8Array) => ({ reply: 1, rest: bytes, noise: 0 }) }
  expect(() => findReply({ gathered: reply, sent, echo: 'no', codec, wanted: () => false })).toThrow(
    'without taking',
  )
})
