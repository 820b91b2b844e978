import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, figure, percentile } from './figure.ts'
import { instantBoard } from './instant-board.ts'
import {
  broker,
  client,
  cpuSeconds,
  type Ending,
  fastTty,
  rss,
  scratch,
  shipped,
  siteText,
  sleep,
  start,
  until,
} from './machine.ts'

const ROOT = 'pawl/v1/bench'
const STARTS = 7
const LIBRARIES = ['better-sqlite3', 'mqtt', 'pino', 'serialport', 'yaml', 'zod']

/** A site of boards on fast ttys, one a line, and whoever hears its journal. */
async function openStation(
  boards: number,
  doors: number,
  ending: <Thing extends Ending>(thing: Thing) => Thing,
) {
  const { folder } = ending(scratch())
  const { url } = ending(await broker(folder))
  const ttys = Array.from({ length: boards }, (_, index) => ending(fastTty(join(folder, `tty-${index}`))))
  const hands = ttys.map(tty => {
    const board = instantBoard(tty.send)
    tty.onBytes(board.hear)
    return board
  })
  const site = join(folder, 'site.yaml')
  writeFileSync(
    site,
    siteText(
      'bench',
      join(folder, 'data'),
      url,
      ttys.map(({ path }) => path),
      doors,
    ),
  )
  const hub = ending(await client(url, `${ROOT}/journal`, `${ROOT}/birth`))
  let online = 0
  let ended = 0
  hub.mqtt.on('message', (topic, payload) => {
    const message = JSON.parse(payload.toString())
    const seq = topic === `${ROOT}/birth` ? message.confirmed : message.rows.at(-1).seq
    hub.mqtt.publish(`${ROOT}/confirm`, JSON.stringify({ v: 1, epoch: message.epoch, seq }), { qos: 1 })
    if (topic === `${ROOT}/birth`) return
    for (const { entry } of message.rows) {
      if (entry.type === 'device-online') online++
      if (entry.type === 'instruction-ended') ended++
      // Whoever opened it closes it.
      if (entry.type === 'door-opened') {
        const [, board = '0', lock = '1'] = /^D(\d+)-(\d+)$/.exec(entry.compartment) ?? []
        hands[Number(board)]?.close(Number(lock))
      }
    }
  })
  let number = 0
  return {
    site,
    hands,
    online: () => online,
    ended: () => ended,
    open(compartment: string): void {
      const ask = { kind: 'open', compartment, reason: 'bench', by: 'bench', clear: false }
      const message = { v: 1, id: `i${Date.now()}-${++number}`, expires: Date.now() + 60_000, ask }
      hub.mqtt.publish(`${ROOT}/instruction`, JSON.stringify(message), { qos: 1 })
    },
  }
}

const within = async <Result>(
  work: (ending: <Thing extends Ending>(thing: Thing) => Thing) => Promise<Result>,
): Promise<Result> => {
  const endings: Ending[] = []
  try {
    return await work(thing => {
      endings.unshift(thing)
      return thing
    })
  } finally {
    for (const thing of endings) await thing.end()
  }
}

/** Node with the libraries loaded and nothing else: how long it takes, and how much it holds. */
function bareNode(): { seconds: number; megabytes: number } {
  const script = `${LIBRARIES.map(name => `await import('${name}');`).join('')}const { readFileSync } = await import('node:fs');console.log(/VmRSS:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1])`
  const times: number[] = []
  let megabytes = 0
  for (let turn = 0; turn < STARTS; turn++) {
    const from = performance.now()
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    })
    times.push(performance.now() - from)
    megabytes = Number(stdout) / 1_024
  }
  return { seconds: percentile(times, 0.5) / 1_000, megabytes }
}

export const startTime: Bench = {
  name: 'start',
  about: 'exec → every door known and able to open one, beside importing the libraries; and after kill -9',
  measure: say =>
    within(async ending => {
      const station = await openStation(2, 24, ending)
      const words = shipped()
      const ready = async (): Promise<number> => {
        const seen = station.online()
        const from = performance.now()
        const agent = ending(start(...words, station.site))
        await until('both boards', () => station.online() >= seen + 2)
        const span = (performance.now() - from) / 1_000
        await agent.kill('SIGKILL')
        return span
      }
      const first = await ready()
      const again: number[] = []
      for (let turn = 0; turn < STARTS; turn++) again.push(await ready())
      const bare = bareNode()
      const restart = percentile(again, 0.5)
      say(
        `48 doors on two boards; ready when the broker has heard that both answer; ${STARTS} restarts after SIGKILL`,
      )
      return {
        'start-first': figure(first, 's', bare.seconds, '≤ 0.6', first <= 0.6),
        'start-after-kill': figure(restart, 's', bare.seconds, '≤ 0.6', restart <= 0.6),
      }
    }),
}

const IDLE_SECONDS = 20
const OPENS = 200

export const memory: Bench = {
  name: 'memory',
  about:
    'resident memory idle and under load, and idle processor time, beside bare Node with the same libraries',
  measure: say =>
    within(async ending => {
      const station = await openStation(8, 6, ending)
      const agent = ending(start(...shipped(), station.site))
      await until('every board', () => station.online() >= 8)
      const pid = agent.child.pid ?? 0
      await sleep(3_000)
      const from = cpuSeconds(pid)
      await sleep(IDLE_SECONDS * 1_000)
      const share = (100 * (cpuSeconds(pid) - from)) / IDLE_SECONDS
      const idle = rss(pid)
      let loaded = idle
      for (let turn = 0; turn < OPENS; turn++) {
        station.open(`D${turn % 8}-${((turn >> 3) % 6) + 1}`)
        if (turn % 8 === 7) await until('the doors to open', () => station.ended() >= turn + 1)
        loaded = Math.max(loaded, rss(pid))
      }
      const bare = bareNode()
      say(
        `48 doors on 8 boards, polled every 250 ms; idle over ${IDLE_SECONDS} s; load: ${OPENS} doors opened eight at a time`,
      )
      return {
        'memory-idle': figure(idle, 'MB', bare.megabytes, '≤ 80', idle <= 80),
        'memory-loaded': figure(loaded, 'MB', bare.megabytes, '≤ 110', loaded <= 110),
        'cpu-idle': figure(share, '% of a core', null, '≤ 1.5', share <= 1.5),
      }
    }),
}
