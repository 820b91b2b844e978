import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '../../agent/store/open.ts'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { type Keep, within } from './ending.ts'
import { type Bench, figure, round } from './figure.ts'
import { broker, client, fastTty, rss, scratch, shipped, start, until } from './machine.ts'
import { siteText } from './site-text.ts'

const PEER_ROWS = 20_000
/** A backlog that takes longer than this is stuck. */
const PATIENCE = 900_000
const ROOT = 'pawl/v1/bench'
const entry = { type: 'door-opened', compartment: 'D0-1', order: 'o1234' } as const

/** A journal that waited for the network, and the road that comes back, beside mqtt.js with one message a row. */
export const backlog: Bench = {
  name: 'backlog',
  about: 'rows that waited when the link returns: confirmed a second, beside one QoS 1 publish a row',
  figures: ['backlog-rate', 'backlog-memory'],
  measure: (say, { rows }) =>
    within(async keep => {
      const { folder } = keep(scratch())
      const { url, name } = keep(await broker(folder))
      const tty = keep(fastTty(join(folder, 'tty')))
      const site = join(folder, 'site.yaml')
      writeFileSync(site, siteText('bench', folder, url, [tty.path], 24))
      fill(folder, rows)
      const cloud = await openCloud(url, keep)
      const agent = keep(start(...shipped(), site))
      await until('the agent to come', () => cloud.born())
      const before = rss(agent.pid)
      let most = before
      const at = async (seq: number): Promise<number> => {
        await until(
          `row ${seq}`,
          () => {
            most = Math.max(most, rss(agent.pid))
            return cloud.got() >= seq
          },
          PATIENCE,
        )
        return performance.now()
      }
      const began = performance.now()
      const tenth = await at(rows / 10)
      const nine = await at(rows * 0.9)
      const end = await at(rows)
      await agent.kill('SIGKILL')
      const perSecond = (count: number, span: number) => count / (span / 1_000)
      const rate = perSecond(rows, end - began)
      const peer = await onePerRow(url, cloud.peers, keep)
      say(`${rows} rows on one ${name}; the peer sent ${PEER_ROWS}, each in a process of its own`)
      say(
        `first tenth ${round(perSecond(rows / 10, tenth - began))} rows/s, last tenth ${round(perSecond(rows / 10, end - nine))}`,
      )
      say(`resident memory from ${before.toFixed(0)} MB at birth to at most ${most.toFixed(0)} MB`)
      return {
        'backlog-rate': figure(rate, 'rows/s', peer, '≥ 5 × one publish a row', rate >= 5 * peer),
        'backlog-memory': figure(most - before, 'MB more', null, '≤ 20 MB more', most - before <= 20),
      }
    }),
}

/** The journal of a unit that heard nothing of the network for long. */
function fill(folder: string, rows: number): void {
  const key = new Uint8Array(32)
  writeFileSync(join(folder, 'unit.key'), Buffer.from(key).toString('hex'), { mode: 0o600 })
  const store = openStore(join(folder, 'journal.db'), key, systemEntropy)
  for (let row = 0; row < rows; row += 1_000)
    store.atomically(() => {
      for (let each = row; each < Math.min(rows, row + 1_000); each++) store.journal.append(Date.now(), entry)
    })
  store.close()
}

/** A cloud that confirms what came without a gap, and counts what the peer sent. */
async function openCloud(url: string, keep: Keep) {
  const hub = keep(await client(url, `${ROOT}/journal`, `${ROOT}/birth`, 'peer'))
  let born = false
  let got = 0
  let peers = 0
  hub.mqtt.on('message', (topic, payload) => {
    if (topic === 'peer') return void peers++
    const { epoch, rows = [] } = JSON.parse(payload.toString())
    if (topic === `${ROOT}/birth`) born = true
    else if (rows[0].seq <= got + 1) got = Math.max(got, rows.at(-1).seq)
    hub.mqtt.publish(`${ROOT}/confirm`, JSON.stringify({ v: 1, epoch, seq: got }), { qos: 1 })
  })
  return { born: () => born, got: () => got, peers: () => peers }
}

async function onePerRow(url: string, arrived: () => number, keep: Keep): Promise<number> {
  keep(start('scripts/bench/one-per-row.mjs', url, String(PEER_ROWS)))
  await until('the peer to begin', () => arrived() > 0)
  const [from, count] = [performance.now(), arrived()]
  await until('every message of the peer', () => arrived() >= PEER_ROWS)
  return (PEER_ROWS - count) / ((performance.now() - from) / 1_000)
}
