import { expect, test } from 'vitest'
import { virtualClock } from '../world/clock.ts'
import { type CardReader, cardReader, type QibixxMdbSettings, qibixxMdb } from './qibixx-mdb.ts'

function table(settings: QibixxMdbSettings = {}, reader: CardReader = cardReader()) {
  const clock = virtualClock({ wall: 0 })
  const mains = clock.mortal()
  const pieces: string[] = []
  const { receive } = qibixxMdb(
    settings,
    reader,
  )({
    now: mains.now,
    after: mains.after,
    send: bytes => void pieces.push(Buffer.from(bytes).toString('latin1')),
    ruined: () => {},
  })
  const hear = (text: string) => receive(Buffer.from(text, 'latin1'))
  const lines = () => pieces.join('').split(/\r?\n/).slice(0, -1)
  return {
    clock,
    reader,
    pieces,
    hear,
    powerFails: mains.stop,
    /** The lines that follow, until `wait` is over. */
    async wait(wait: number): Promise<string[]> {
      pieces.length = 0
      await clock.pass(wait)
      return lines()
    },
    /** Says these lines, and tells what was heard until `wait` is over. */
    async say(said: string, wait = 50): Promise<string[]> {
      pieces.length = 0
      hear(`${said}\n`)
      await clock.pass(wait)
      return lines()
    },
  }
}

/** Switched on, with the reader enabled. */
async function ready(settings: QibixxMdbSettings = {}, reader = cardReader()) {
  const made = table(settings, reader)
  await made.clock.pass(1_000)
  await made.say('D,READER,1', 20)
  return made
}

const INIT = 'd,STATUS,INIT,1,#,3,1756,1,2,30,8'

test('at power-up it resets the reader and tells how it is set up', async () => {
  expect(await table().wait(1_000)).toEqual(['d,STATUS,RESET', INIT])
  expect(await table({ tellsReader: false }).wait(1_000)).toEqual(['d,STATUS,RESET', 'd,STATUS,INIT,1'])
})

test('one that is off at power-up takes no order until it is switched on, and then not twice', async () => {
  const { wait, say } = table({ startsAs: 0 })
  expect(await wait(1_000)).toEqual([])
  expect(await say('D,STATUS')).toEqual(['d,STATUS,OFF'])
  expect(await say('D,READER,1')).toEqual(['d,ERR,-1'])
  expect(await say('D,REQ,1.50,10')).toEqual(['d,ERR,-1'])
  expect(await say('D,2', 1_000)).toEqual(['d,STATUS,RESET', INIT])
  expect(await say('D,2')).toEqual(['d,ERR,"cashless master is on"'])
  expect(await say('D,1')).toEqual(['d,ERR,"cashless master is on"'])
  expect(await say('D,0')).toEqual(['d,STATUS,OFF'])
  expect(await say('D,0', 1_000)).toEqual(['d,STATUS,OFF'])
})

test('switched off and on at once it resets the reader once', async () => {
  const { say } = await ready()
  const said = await say('D,0\nD,1\nD,0\nD,2', 2_000)
  expect(said).toEqual([...['d,STATUS,OFF', 'd,STATUS,RESET', 'd,STATUS,OFF', 'd,STATUS,RESET'], INIT])
})

test('an approved vend is charged when it is ended, in the order in the book', async () => {
  const { say, reader } = table({}, cardReader(5))
  await say('', 1_000)
  expect(await say('D,READER,1')).toEqual(['d,STATUS,IDLE'])
  expect(await say('D,REQ,1.50,10', 1_000)).toEqual(['d,STATUS,VEND', 'd,STATUS,RESULT,1,1.50'])
  expect(reader).toMatchObject({ open: [1.5], charged: [], refunded: [] })
  expect(await say('D,STATUS')).toEqual(['d,STATUS,RESULT,1,1.50'])
  expect(await say('D,END')).toEqual(['d,STATUS,IDLE'])
  expect(reader).toMatchObject({ open: [], charged: [1.5], refunded: [] })
})

test('a vend may be ended with its product, unless the firmware is old', async () => {
  const young = await ready({}, cardReader(5))
  await young.say('D,REQ,2,10', 1_000)
  expect(await young.say('D,END,10')).toEqual(['d,STATUS,IDLE'])
  expect(young.reader.charged).toEqual([2])

  const old = await ready({ endTakesProduct: false }, cardReader(5))
  await old.say('D,REQ,2,10', 1_000)
  expect(await old.say('D,END,10')).toEqual(['d,ERR,-1'])
  expect(old.reader).toMatchObject({ open: [2], charged: [] })
})

test('a failed vend is refunded', async () => {
  const { say, reader } = await ready({}, cardReader(5))
  await say('D,REQ,2.05,10', 1_000)
  expect(await say('D,END,-1')).toEqual(['d,STATUS,IDLE'])
  expect(reader).toMatchObject({ open: [], charged: [], refunded: [2.05] })
  expect(await say('D,END,-1')).toEqual(['d,ERR,-1'])
})

test('a vend is denied by the reader, for want of credit, and for want of a card', async () => {
  const { say, reader } = await ready({ patienceMillis: 5_000 }, cardReader(1))
  const denied = ['d,STATUS,VEND', 'd,STATUS,RESULT,-1', 'd,STATUS,IDLE']
  expect(await say('D,REQ,1.50,10', 1_000)).toEqual(denied)
  reader.approves = false
  expect(await say('D,REQ,1.00,10', 1_000)).toEqual(denied)
  reader.credit = undefined
  expect(await say('D,REQ,1.00,10', 4_900)).toEqual(['d,STATUS,VEND'])
  expect(await say('D,STATUS', 1_000)).toEqual(['d,STATUS,VEND', 'd,STATUS,RESULT,-1', 'd,STATUS,IDLE'])
  expect(reader).toMatchObject({ open: [], charged: [], refunded: [] })
})

test('a request waits for its card', async () => {
  const { say, wait, reader } = await ready()
  expect(await say('D,REQ,1.50,10', 5_000)).toEqual(['d,STATUS,VEND'])
  reader.credit = 10
  expect(await wait(1_000)).toEqual(['d,STATUS,RESULT,1,1.50'])
})

test('a request can be cancelled as long as there is no result', async () => {
  const { say, reader } = await ready()
  expect(await say('D,REQ,-1')).toEqual(['d,ERR,-1'])
  await say('D,REQ,1.50,10')
  expect(await say('D,REQ,-1', 1_000)).toEqual(['d,STATUS,RESULT,-1', 'd,STATUS,IDLE'])
  reader.credit = 5
  await say('D,REQ,1.50,10', 1_000)
  expect(await say('D,REQ,-1')).toEqual(['d,ERR,-1'])
  expect(reader.open).toEqual([1.5])
})

test('with D,1 a card comes first, and once', async () => {
  const { say, wait, reader } = await ready({ startsAs: 1 })
  expect(await say('D,REQ,1.50,10')).toEqual(['d,ERR,-1'])
  reader.credit = 5
  expect(await wait(100)).toEqual(['d,STATUS,CREDIT,5.00'])
  expect(await say('D,STATUS')).toEqual(['d,STATUS,CREDIT,5.00'])
  expect(await say('D,REQ,1.50,10', 1_000)).toEqual(['d,STATUS,VEND', 'd,STATUS,RESULT,1,1.50'])
  expect(await say('D,END', 1_000)).toEqual(['d,STATUS,IDLE'])
  reader.credit = undefined
  await wait(100)
  reader.credit = 3
  expect(await wait(100)).toEqual(['d,STATUS,CREDIT,3.00'])
  expect(await say('D,REQ,-1')).toEqual(['d,STATUS,IDLE'])
})

test('with D,1 a card that goes ends the session, unless a vend is under way', async () => {
  const { say, wait, reader } = await ready({ startsAs: 1 }, cardReader(5))
  await wait(100)
  reader.credit = undefined
  expect(await wait(100)).toEqual(['d,STATUS,IDLE'])
  reader.credit = 5
  await wait(100)
  await say('D,REQ,1.50,10')
  reader.credit = undefined
  expect(await wait(1_000)).toEqual(['d,STATUS,RESULT,1,1.50'])
})

test.each([
  'D,3',
  'D,REQ,1.50',
  'D,REQ,0,1',
  'D,REQ,1.505,1',
  'D,REQ,a,1',
  'D,END',
  'D,END,1',
  'D',
  'D,status',
  'D,STATUS ',
])('%j is a wrong order', async order => {
  const { say } = await ready()
  expect(await say(order, 1_000)).toEqual(['d,ERR,-1'])
})

test('a second request is a wrong order and leaves the first alone', async () => {
  const { say } = await ready({}, cardReader(5))
  expect(await say('D,REQ,1.50,10\nD,REQ,2.50,11', 1_000)).toEqual([
    'd,STATUS,VEND',
    'd,ERR,-1',
    'd,STATUS,RESULT,1,1.50',
  ])
})

test.each(['', 'C,1', 'X,0', 'V', 'd,STATUS,IDLE', '\x00\xff'])('%j meets with silence', async line => {
  const { say } = await ready()
  expect(await say(line, 1_000)).toEqual([])
})

test('lines may come in pieces, many at once, and with either end', async () => {
  const { hear, wait } = await ready()
  for (const character of 'D,STATUS\r\nD,STA') hear(character)
  expect(await wait(1_000)).toEqual(['d,STATUS,IDLE'])
  hear('TUS\nD,STATUS\r\n')
  expect(await wait(100)).toEqual(['d,STATUS,IDLE', 'd,STATUS,IDLE'])
})

test('it ends its lines as it is set up, and sends them in pieces if it does that', async () => {
  const plain = table()
  await plain.wait(100)
  expect(plain.pieces).toEqual(['d,STATUS,RESET\r\n'])
  const cut = table({ lineEnd: '\n', pieces: 6 })
  await cut.wait(100)
  expect(cut.pieces).toEqual(['d,STAT', 'US,RES', 'ET\n'])
})

test('a vend that the power cut off stays open, neither charged nor refunded', async () => {
  const { say, powerFails, reader } = await ready({}, cardReader(5))
  await say('D,REQ,1.50,10', 1_000)
  powerFails()
  const again = await ready({}, reader)
  expect(await again.say('D,END')).toEqual(['d,ERR,-1'])
  expect(reader).toMatchObject({ open: [1.5], charged: [], refunded: [] })
  await again.say('D,REQ,1.50,10', 1_000)
  await again.say('D,END')
  expect(reader).toMatchObject({ open: [1.5], charged: [1.5] })
})

test('a request that the power cut off before its result took nothing', async () => {
  const { say, powerFails, clock, reader } = await ready({}, cardReader(5))
  await say('D,REQ,1.50,10', 50)
  powerFails()
  await clock.pass(5_000)
  expect(reader).toMatchObject({ open: [], charged: [], refunded: [] })
})

test('a reader off its cable is reset until it is back', async () => {
  const { say, wait, reader } = await ready({}, cardReader(5))
  await say('D,REQ,1.50,10', 50)
  reader.unplugged = true
  expect(await wait(5_000)).toEqual(['d,STATUS,RESET'])
  expect(await say('D,READER,1')).toEqual(['d,ERR,-1'])
  reader.unplugged = false
  expect(await wait(1_000)).toEqual([INIT])
  expect(reader.open).toEqual([])
})
