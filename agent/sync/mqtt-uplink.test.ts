import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { CloudConfig } from '../../config/site.ts'
import { handClock } from '../../drivers/host/hand-clock.ts'
import { mqttUplink } from './mqtt-uplink.ts'
import type { UplinkEvent } from './uplink.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

const CONNECT = 1
const PUBLISH = 3
const SUBSCRIBE = 8
const CONNACK = (reason: number, ...properties: number[]) =>
  Uint8Array.of(0x20, 3 + properties.length, 0, reason, properties.length, ...properties)
const RECEIVE_MAXIMUM_5 = [0x21, 0, 5]
const SUBACK = (id: number[], reason: number) => Uint8Array.of(0x90, 4, ...id, 0, reason)
const PUBACK = (id: number[], reason: number) => Uint8Array.of(0x40, 3, ...id, reason)
const DISCONNECT = (reason: number) => Uint8Array.of(0xe0, 1, reason)

interface Packet {
  type: number
  body: Buffer
  socket: Socket
}

/** The whole packets at the front of what came; none here is longer than two length bytes say. */
function* packetsIn(bytes: Buffer): Generator<{ type: number; body: Buffer; rest: Buffer }> {
  let rest = bytes
  while (rest.length >= 2) {
    const [first = 0, low = 0, high = 0] = rest
    const start = low < 128 ? 2 : 3
    const end = start + (low < 128 ? low : (low & 0x7f) + high * 128)
    if (rest.length < end) return
    const body = rest.subarray(start, end)
    rest = rest.subarray(end)
    yield { type: first >> 4, body, rest }
  }
}

/** A broker of MQTT 5 that does only what a test says, and a unit on a clock of its own. */
async function stubborn(answer: (packet: Packet) => Uint8Array | undefined) {
  const clock = handClock()
  const heard: UplinkEvent[] = []
  const arrived: Packet[] = []
  const waiting = new Set<() => void>()
  const look = () => {
    for (const check of [...waiting]) check()
  }
  const server = createServer(socket => {
    ends.push(() => socket.destroy())
    let kept: Buffer = Buffer.alloc(0)
    socket.on('error', () => socket.destroy())
    socket.on('data', bytes => {
      kept = Buffer.concat([kept, bytes])
      for (const { type, body, rest } of packetsIn(kept)) {
        kept = rest
        const packet = { type, body, socket }
        arrived.push(packet)
        const reply = answer(packet)
        if (reply) socket.write(reply)
      }
      look()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  const { port } = server.address() as AddressInfo
  const uplink = mqttUplink({
    cloud: CloudConfig.parse({ broker: `mqtt://127.0.0.1:${port}`, mqtt: '5' }),
    clientId: 'unit',
    clock,
    entropy: { bytes: length => new Uint8Array(length), fraction: () => 0.999 },
  })({
    subscribe: ['down'],
    introduce: () => ({ session: 1, will: { topic: 'deaths', payload: '1' } }),
    hear(event) {
      heard.push(event)
      look()
    },
  })
  ends.push(() => uplink.close())

  const until = (happened: () => boolean) =>
    new Promise<void>(resolve => {
      const check = (): void => {
        if (!happened()) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })
  const heardAll = (...types: string[]) =>
    until(() => types.every((type, index) => heard[index]?.type === type))
  const gotten = (type: number, count = 1) =>
    until(() => arrived.filter(packet => packet.type === type).length >= count)
  const why = () => heard.flatMap(event => (event.type === 'down' ? [event.why] : []))
  await clock.pass(0)
  return { clock, uplink, heard, arrived, heardAll, gotten, why }
}

/** Does as a broker should, but acknowledges no message. */
const silent =
  (...properties: number[]) =>
  ({ type, body }: Packet): Uint8Array | undefined => {
    if (type === CONNECT) return CONNACK(0, ...properties)
    if (type === SUBSCRIBE) return SUBACK([...body.subarray(0, 2)], 1)
    return undefined
  }

/** The id of a PUBLISH: after the topic and its length. */
const idOf = ({ body }: Packet): number[] => {
  const at = 2 + body.readUInt16BE(0)
  return [...body.subarray(at, at + 2)]
}

test('a broker that accepts the connection and then says nothing is given up after 15 s, then tried again', async () => {
  const { clock, gotten, heardAll, why } = await stubborn(() => undefined)
  await gotten(CONNECT)
  await clock.pass(14_999)
  expect(why()).toEqual([])
  await clock.pass(1)
  await heardAll('down')
  expect(why()).toEqual(['the broker does not answer'])
  await clock.pass(1_000)
  await gotten(CONNECT, 2)
})

test('a broker that never confirms the subscription is given up after 15 s', async () => {
  const { clock, gotten, heardAll, why } = await stubborn(({ type }) =>
    type === CONNECT ? CONNACK(0) : undefined,
  )
  await gotten(SUBSCRIBE)
  await clock.pass(15_000)
  await heardAll('down')
  expect(why()).toEqual(['the broker does not answer'])
})

test('a broker that refuses the unit says why, and is asked ever more rarely, up to five minutes', async () => {
  const { clock, arrived, gotten, heard, heardAll, why } = await stubborn(() => CONNACK(0x86))
  const waits: number[] = []
  for (let attempt = 1; attempt <= 11; attempt++) {
    await gotten(CONNECT, attempt)
    await heardAll(...Array.from({ length: attempt }, () => 'down'))
    const from = clock.now()
    // A second at a time, until it tries again: whether it did shows at the next socket, so look at introductions only.
    const most = Math.min(300_000, 1_000 * 2 ** (attempt - 1))
    await clock.pass(most * 0.99)
    expect(arrived).toHaveLength(attempt)
    await clock.pass(most * 0.01)
    waits.push(clock.now() - from)
  }
  expect(waits.slice(-3)).toEqual([256_000, 300_000, 300_000])
  expect(heard.some(({ type }) => type === 'up')).toBe(false)
  expect(new Set(why())).toEqual(new Set(['Connection refused: Bad User Name or Password']))
})

test('a broker that refuses the subscription is no road', async () => {
  const { heardAll, why } = await stubborn(({ type, body }) =>
    type === CONNECT ? CONNACK(0) : type === SUBSCRIBE ? SUBACK([...body.subarray(0, 2)], 0x87) : undefined,
  )
  await heardAll('down')
  expect(why()[0]).toMatch(/refused the subscription: .*Not authorized/)
})

test('the broker’s receive maximum is kept', async () => {
  const { uplink, arrived, gotten, heardAll } = await stubborn(silent(...RECEIVE_MAXIMUM_5))
  await heardAll('up')
  const taken = Array.from({ length: 20 }, (_, row) => uplink.publish('up', `row ${row}`))
  expect(taken.filter(Boolean)).toHaveLength(5)
  await gotten(PUBLISH, 5)
  const [first] = arrived.filter(({ type }) => type === PUBLISH)
  if (!first) throw new Error('nothing came')
  first.socket.write(PUBACK(idOf(first), 0))
  await heardAll('up', 'roomy')
  expect([uplink.publish('up', 'row 5'), uplink.publish('up', 'row 6')]).toEqual([true, false])
})

test('a broker that acknowledges nothing for 30 s has lost it, and is left', async () => {
  const { clock, uplink, gotten, heardAll, why } = await stubborn(silent())
  await heardAll('up')
  uplink.publish('up', 'row')
  await gotten(PUBLISH)
  await clock.pass(30_000)
  await heardAll('up', 'down')
  expect(why()).toEqual(['the broker acknowledges nothing'])
})

test('a broker that refuses a message is left: the row must not be skipped', async () => {
  const { uplink, heardAll, why } = await stubborn(packet =>
    packet.type === PUBLISH ? PUBACK(idOf(packet), 0x87) : silent()(packet),
  )
  await heardAll('up')
  uplink.publish('up', 'row')
  await heardAll('up', 'down')
  expect(why()[0]).toMatch(/refused a message: .*Not authorized/)
})

test.each([
  [0x8e, 'somebody else connected under the name of this unit'],
  [0x8b, 'the broker hung up: Server shutting down'],
])('a broker that hangs up with reason %i is quoted', async (reason, says) => {
  const { arrived, heardAll, why } = await stubborn(silent())
  await heardAll('up')
  arrived[0]?.socket.write(DISCONNECT(reason))
  await heardAll('up', 'down')
  expect(why()).toEqual([says])
})

test('after it was closed it neither connects nor says anything', async () => {
  const { clock, uplink, arrived, gotten, heard, heardAll } = await stubborn(() => undefined)
  await gotten(CONNECT)
  uplink.close()
  await clock.pass(600_000)
  expect(heard).toEqual([])
  expect(arrived).toHaveLength(1)
  expect(uplink.publish('up', 'row')).toBe(false)
  await heardAll()
})
