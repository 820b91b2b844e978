import { closeSync, fdatasyncSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Ending, type Keep, within } from './ending.ts'
import { type Bench, type Figures, figure, lay, percentile } from './figure.ts'
import { instantBoard } from './instant-board.ts'
import { broker, client, fastTty, scratch, shipped, start, until } from './machine.ts'
import { siteText } from './site-text.ts'

const SAMPLES = 200
const WARM = 20
const DOORS = 24
/** A turn that takes so long will never end. */
const LOST = 10_000
const ROOT = 'pawl/v1/bench'

interface Sample {
  /** From the instruction's publish to the order's bytes at the far end of the tty. */
  firstByte: number
  /** … to the event that the door is open, received from the broker. */
  event: number
}

type Turn = (lock: number) => Promise<Sample>

export const actuation: Bench = {
  name: 'actuation',
  about:
    'instruction → first byte on the tty, and → door seen → event at the broker, beside a ten-line script',
  figures: ['first-byte-p50', 'first-byte-p99', 'round-trip-p50', 'round-trip-p99', 'fsync-p50'],
  measure: say =>
    within(async keep => {
      const { folder } = keep(scratch())
      const { url, name } = keep(await broker(folder))
      const disk = keep(openDisk(folder))
      const [our, their] = [await openAgent(folder, url, keep), await openScript(folder, url, keep)]
      const [ours, theirs, fsyncs]: [Sample[], Sample[], number[]] = [[], [], []]
      for (let turn = 0; turn < SAMPLES + WARM; turn++) {
        const lock = (turn % DOORS) + 1
        const [one, other, sync] = [await our(lock), await their(lock), disk.sync()]
        if (turn < WARM) continue
        ours.push(one)
        theirs.push(other)
        fsyncs.push(sync)
      }
      const times = (samples: Sample[], key: keyof Sample) => samples.map(each => each[key])
      say(`${SAMPLES} turns each, one after the other, on one ${name}; boards that answer at once in both`)
      say(`first byte, agent: ${lay(times(ours, 'firstByte'), 'ms')}`)
      say(`first byte, script: ${lay(times(theirs, 'firstByte'), 'ms')}`)
      say(`round trip, agent: ${lay(times(ours, 'event'), 'ms')}`)
      say(`round trip, script: ${lay(times(theirs, 'event'), 'ms')}`)
      say(`4 KiB written and fdatasync, after each turn: ${lay(fsyncs, 'ms')}`)
      return figuresOf(ours, theirs, percentile(fsyncs, 0.5))
    }),
}

/** Times one small write that must be on the disk, as a commit is. */
function openDisk(folder: string): Ending & { sync(): number } {
  const file = openSync(join(folder, 'fsync'), 'w')
  const page = Buffer.alloc(4_096)
  return {
    sync() {
      const from = performance.now()
      writeSync(file, page)
      fdatasyncSync(file)
      return performance.now() - from
    },
    end: async () => closeSync(file),
  }
}

/** What is waited for by name, and the moment at which it came. */
function moments() {
  const waiting = new Map<string, (at: number) => void>()
  return {
    next: (what: string) =>
      new Promise<number>((resolve, reject) => {
        const lost = setTimeout(() => reject(new Error(`${what}: nothing for ${LOST / 1_000} s`)), LOST)
        waiting.set(what, at => {
          clearTimeout(lost)
          resolve(at)
        })
      }),
    seen(what: string): void {
      waiting.get(what)?.(performance.now())
      waiting.delete(what)
    },
  }
}

/** A tty with an instant board on it, which tells when it read an order. */
function openBoard(path: string, keep: Keep, ordered: () => void) {
  const tty = keep(fastTty(path))
  const board = instantBoard(tty.send)
  tty.onBytes(board.hear)
  board.onOrder(ordered)
  return { path, close: board.close }
}

/** The agent as it is shipped, in a process of its own, with a cloud that confirms what it hears. */
async function openAgent(folder: string, url: string, keep: Keep): Promise<Turn> {
  const { next, seen } = moments()
  const board = openBoard(join(folder, 'tty-agent'), keep, () => seen('first byte'))
  const site = join(folder, 'site.yaml')
  writeFileSync(site, siteText('bench', join(folder, 'data'), url, [board.path], DOORS))
  const hub = keep(await client(url, `${ROOT}/journal`, `${ROOT}/birth`))
  const tell = (channel: string, message: object) =>
    hub.mqtt.publish(`${ROOT}/${channel}`, JSON.stringify({ v: 1, ...message }), { qos: 1 })
  let online = false
  hub.mqtt.on('message', (topic, payload) => {
    const { epoch, rows = [] } = JSON.parse(payload.toString())
    for (const { entry } of rows) {
      if (entry.type === 'device-online') online = true
      seen(entry.type)
    }
    // At its birth the cloud has nothing yet: it says so, and the rows come.
    tell('confirm', { epoch, seq: topic === `${ROOT}/birth` ? 0 : rows.at(-1).seq })
  })
  keep(start(...shipped(), site))
  await until('the agent to see its board', () => online)
  let number = 0
  return async lock => {
    const [first, opened, ended] = [next('first byte'), next('door-opened'), next('open-ended')]
    const ask = { kind: 'open', compartment: `D0-${lock}`, reason: 'bench', by: 'bench', clear: false }
    const from = performance.now()
    tell('instruction', { id: `i${++number}`, expires: Date.now() + 60_000, ask })
    const closed = opened.then(at => {
      board.close(lock)
      return at
    })
    const [byte, event] = await Promise.all([first, closed, ended])
    return { firstByte: byte - from, event: event - from }
  }
}

async function openScript(folder: string, url: string, keep: Keep): Promise<Turn> {
  const { next, seen } = moments()
  const board = openBoard(join(folder, 'tty-script'), keep, () => seen('first byte'))
  const hub = keep(await client(url, 'script/ready', 'script/event'))
  let ready = false
  hub.mqtt.on('message', topic => {
    if (topic === 'script/ready') ready = true
    else seen('event')
  })
  keep(start('scripts/bench/ten-lines.mjs', url, board.path))
  await until('the script to be ready', () => ready)
  return async lock => {
    const [first, told] = [next('first byte'), next('event')]
    const from = performance.now()
    hub.mqtt.publish('script/do', Buffer.of(lock), { qos: 1 })
    const [byte, event] = await Promise.all([first, told])
    board.close(lock)
    return { firstByte: byte - from, event: event - from }
  }
}

function figuresOf(ours: Sample[], theirs: Sample[], fsync: number): Figures {
  const of = (samples: Sample[], key: keyof Sample, share: number) =>
    percentile(
      samples.map(each => each[key]),
      share,
    )
  const [byte, byteFloor] = [of(ours, 'firstByte', 0.5), of(theirs, 'firstByte', 0.5)]
  const [event, eventFloor] = [of(ours, 'event', 0.5), of(theirs, 'event', 0.5)]
  const [last, lastFloor] = [of(ours, 'firstByte', 0.99), of(theirs, 'firstByte', 0.99)]
  const [lastEvent, lastEventFloor] = [of(ours, 'event', 0.99), of(theirs, 'event', 0.99)]
  const allowed = 2 * byteFloor + fsync
  // Two commits lie on the way: the order before the first byte, and the opening before it is told.
  const allowedEvent = 3 * eventFloor + 2 * fsync
  return {
    'first-byte-p50': figure(byte, 'ms', byteFloor, '≤ 2 × script + one fsync', byte <= allowed),
    'first-byte-p99': figure(last, 'ms', lastFloor, '≤ 10 ms', last <= 10),
    'round-trip-p50': figure(event, 'ms', eventFloor, '≤ 3 × script + 2 fsyncs', event <= allowedEvent),
    'round-trip-p99': figure(lastEvent, 'ms', lastEventFloor, 'shown', true),
    'fsync-p50': figure(fsync, 'ms', null, 'shown', true),
  }
}
