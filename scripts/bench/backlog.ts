import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { openStore } from '../../agent/store/open.ts'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { type Bench, figure } from './figure.ts'
import {
  broker,
  client,
  type Ending,
  fastTty,
  rss,
  scratch,
  shipped,
  siteText,
  start,
  until,
} from './machine.ts'

const ROWS = 100_000
const PEER_ROWS = 10_000
const IN_FLIGHT = 16
const ROOT = 'pawl/v1/bench'
const entry = { type: 'door-opened', compartment: 'D0-1', order: 'o1234' } as const

/** A journal that waited for the network, and the road that comes back, beside mqtt.js with one message a row. */
export const backlog: Bench = {
  name: 'backlog',
  about: `${ROWS} rows waiting when the link returns: rows confirmed a second, beside one QoS 1 publish a row`,
  async measure(say) {
    const endings: Ending[] = []
    const ending = <Thing extends Ending>(thing: Thing): Thing => {
      endings.unshift(thing)
      return thing
    }
    try {
      const { folder } = ending(scratch())
      const { url, name } = ending(await broker(folder))
      const tty = ending(fastTty(join(folder, 'tty')))
      const site = join(folder, 'site.yaml')
      writeFileSync(site, siteText('bench', folder, url, [tty.path], 24))
      writeFileSync(join(folder, 'unit.key'), '00'.repeat(32), { mode: 0o600 })
      const store = openStore(join(folder, 'journal.db'), new Uint8Array(32), systemEntropy)
      store.atomically(() => {
        for (let row = 1; row <= ROWS; row++) store.journal.append(Date.now(), entry)
      })
      store.close()
      const hub = ending(await client(url, `${ROOT}/journal`, `${ROOT}/birth`, 'peer'))
      let got = 0
      let began = 0
      let peers = 0
      hub.mqtt.on('message', (topic, payload) => {
        if (topic === 'peer') return void peers++
        const message = JSON.parse(payload.toString())
        if (topic === `${ROOT}/journal`) {
          began ||= performance.now()
          const [first] = message.rows
          if (first.seq <= got + 1) got = Math.max(got, message.rows.at(-1).seq)
        }
        hub.mqtt.publish(`${ROOT}/confirm`, JSON.stringify({ v: 1, epoch: message.epoch, seq: got }), {
          qos: 1,
        })
      })
      const agent = ending(start(...shipped(), site))
      await until('the first rows', () => got > 0)
      const before = rss(agent.child.pid ?? 0)
      let most = before
      await until(
        'every row',
        () => {
          most = Math.max(most, rss(agent.child.pid ?? 0))
          return got >= ROWS
        },
        120_000,
      )
      const rate = ROWS / ((performance.now() - began) / 1_000)
      await agent.kill('SIGKILL')
      const peer = await onePerRow(url, () => peers)
      say(`broker ${name}; memory from ${before.toFixed(0)} to at most ${most.toFixed(0)} MB`)
      return {
        'backlog-rate': figure(rate, 'rows/s', peer, '≥ 5 × one publish a row', rate >= 5 * peer),
        'backlog-memory': figure(most - before, 'MB', null, '≤ 20 more', most - before <= 20),
      }
    } finally {
      for (const thing of endings) await thing.end()
    }
  },
}

async function onePerRow(url: string, arrived: () => number): Promise<number> {
  const peer = mqtt.connect(url, { clientId: 'peer' })
  await new Promise<void>(resolve => peer.once('connect', () => resolve()))
  const from = performance.now()
  let sent = 0
  const send = async (): Promise<void> => {
    while (sent < PEER_ROWS)
      await peer.publishAsync('peer', JSON.stringify({ seq: ++sent, at: Date.now(), entry }), { qos: 1 })
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, send))
  await until('every message of the peer', () => arrived() >= PEER_ROWS)
  const rate = PEER_ROWS / ((performance.now() - from) / 1_000)
  await peer.endAsync(true)
  return rate
}
