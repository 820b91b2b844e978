import { closeSync, fdatasyncSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, type Figures, figure, percentile } from './figure.ts'
import { instantBoard } from './instant-board.ts'
import { broker, client, type Ending, fastTty, scratch, shipped, siteText, start, until } from './machine.ts'

const SAMPLES = 200
const WARM = 20
const ROOT = 'pawl/v1/bench'

/** How long one small write and its fdatasync take here, in milliseconds, at the median. */
export function fsyncTime(folder: string): number {
  const file = openSync(join(folder, 'fsync'), 'w')
  const page = Buffer.alloc(4_096)
  const times = Array.from({ length: 200 }, () => {
    const from = performance.now()
    writeSync(file, page)
    fdatasyncSync(file)
    return performance.now() - from
  })
  closeSync(file)
  return percentile(times, 0.5)
}

interface Sample {
  firstByte: number
  event: number
}

/** The agent and the ten-line script, each on a tty of its own with an instant board, on one broker, taking turns. */
export const actuation: Bench = {
  name: 'actuation',
  about:
    'instruction → first byte on the tty, and → door seen → event at the broker, beside a ten-line script',
  async measure(say) {
    const endings: Ending[] = []
    const ending = <Thing extends Ending>(thing: Thing): Thing => {
      endings.unshift(thing)
      return thing
    }
    try {
      const { folder } = ending(scratch())
      const { url, name } = ending(await broker(folder))
      const ttys = [
        ending(fastTty(join(folder, 'tty-agent'))),
        ending(fastTty(join(folder, 'tty-script'))),
      ] as const
      const boards = ttys.map(tty => {
        const board = instantBoard(tty.send)
        tty.onBytes(board.hear)
        return board
      })
      const [ours, theirs] = boards
      if (!ours || !theirs) throw new Error('no boards')
      const site = join(folder, 'site.yaml')
      writeFileSync(site, siteText('bench', join(folder, 'data'), url, [ttys[0].path], 24))
      const hub = ending(await client(url, `${ROOT}/journal`, `${ROOT}/birth`, 'script/event'))
      ending(start(...shipped(), site))
      ending(start('scripts/bench/ten-lines.mjs', url, ttys[1].path))

      const waiting = new Map<string, (at: number) => void>()
      const next = (what: string) => new Promise<number>(resolve => waiting.set(what, resolve))
      const seen = (what: string) => {
        waiting.get(what)?.(performance.now())
        waiting.delete(what)
      }
      let online = false
      hub.mqtt.on('message', (topic, payload) => {
        if (topic === 'script/event') return seen('script')
        const message = JSON.parse(payload.toString())
        if (topic === `${ROOT}/birth`) {
          // The cloud has nothing yet: it says so, and the rows come.
          hub.mqtt.publish(`${ROOT}/confirm`, JSON.stringify({ v: 1, epoch: message.epoch, seq: 0 }), {
            qos: 1,
          })
          return
        }
        for (const { entry } of message.rows) {
          if (entry.type === 'device-online') online = true
          if (entry.type === 'door-opened') seen('opened')
          if (entry.type === 'open-ended') seen('ended')
        }
        const { seq } = message.rows.at(-1)
        hub.mqtt.publish(`${ROOT}/confirm`, JSON.stringify({ v: 1, epoch: message.epoch, seq }), { qos: 1 })
      })
      await until('the agent to see its board', () => online)

      let number = 0
      async function ourTurn(lock: number): Promise<Sample> {
        const [opened, ended] = [next('opened'), next('ended')]
        let first = Number.NaN
        ours?.onOrder((_lock, at) => {
          first = at
        })
        const ask = { kind: 'open', compartment: `D0-${lock}`, reason: 'bench', by: 'bench', clear: false }
        const from = performance.now()
        const message = { v: 1, id: `i${++number}`, expires: Date.now() + 60_000, ask }
        hub.mqtt.publish(`${ROOT}/instruction`, JSON.stringify(message), { qos: 1 })
        const at = await opened
        ours?.close(lock)
        await ended
        return { firstByte: first - from, event: at - from }
      }
      async function theirTurn(lock: number): Promise<Sample> {
        const event = next('script')
        let first = Number.NaN
        theirs?.onOrder((_lock, at) => {
          first = at
        })
        const from = performance.now()
        hub.mqtt.publish('script/do', Buffer.of(lock), { qos: 1 })
        const at = await event
        theirs?.close(lock)
        return { firstByte: first - from, event: at - from }
      }

      const [mine, scripts]: [Sample[], Sample[]] = [[], []]
      for (let turn = 0; turn < SAMPLES + WARM; turn++) {
        const lock = (turn % 24) + 1
        const [one, other] = [await ourTurn(lock), await theirTurn(lock)]
        if (turn < WARM) continue
        mine.push(one)
        scripts.push(other)
      }
      const fsync = fsyncTime(folder)
      say(`broker ${name}, ${SAMPLES} samples each in turn, fdatasync p50 ${fsync.toFixed(2)} ms`)
      return figuresOf(mine, scripts, fsync)
    } finally {
      for (const thing of endings) await thing.end()
    }
  },
}

function figuresOf(mine: Sample[], scripts: Sample[], fsync: number): Figures {
  const of = (samples: Sample[], key: keyof Sample, share: number) =>
    percentile(
      samples.map(each => each[key]),
      share,
    )
  const [byte, byteFloor] = [of(mine, 'firstByte', 0.5), of(scripts, 'firstByte', 0.5)]
  const [event, eventFloor] = [of(mine, 'event', 0.5), of(scripts, 'event', 0.5)]
  const p99 = of(mine, 'firstByte', 0.99)
  return {
    'first-byte-p50': figure(
      byte,
      'ms',
      byteFloor,
      '≤ 2 × script + one fsync',
      byte <= 2 * byteFloor + fsync,
    ),
    'first-byte-p99': figure(p99, 'ms', of(scripts, 'firstByte', 0.99), '≤ 10 ms', p99 <= 10),
    // Two commits lie on the way: the order before the first byte, and the opening before it is told.
    'round-trip-p50': figure(
      event,
      'ms',
      eventFloor,
      '≤ 3 × script + two fsyncs',
      event <= 3 * eventFloor + 2 * fsync,
    ),
    'round-trip-p99': figure(of(mine, 'event', 0.99), 'ms', of(scripts, 'event', 0.99), 'shown', true),
    'fsync-p50': figure(fsync, 'ms', null, 'shown', true),
  }
}
