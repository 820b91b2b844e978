import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Keep } from './ending.ts'
import { instantBoard } from './instant-board.ts'
import { broker, client, fastTty, scratch } from './machine.ts'
import { type Beside, siteText } from './site-text.ts'

const ROOT = 'pawl/v1/bench'

/** A site of boards on fast ttys, one a line, a broker, and a cloud that hears and confirms the journal. */
export async function openStation(boards: number, doors: number, keep: Keep, beside?: Beside) {
  const { folder } = keep(scratch())
  const { url } = keep(await broker(folder))
  const ttys = Array.from({ length: boards }, (_, index) => keep(fastTty(join(folder, `tty-${index}`))))
  const hands = ttys.map(tty => {
    const board = instantBoard(tty.send)
    tty.onBytes(board.hear)
    return board
  })
  const site = join(folder, 'site.yaml')
  const paths = ttys.map(({ path }) => path)
  writeFileSync(site, siteText('bench', join(folder, 'data'), url, paths, doors, beside))
  const hub = keep(await client(url, `${ROOT}/journal`, `${ROOT}/birth`))
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
    /** How many boards were heard to answer so far, over all lives of the agent. */
    online: () => online,
    /** How many instructions ended so far. */
    ended: () => ended,
    /** Somebody opens a door by hand; it is closed again once that was told. */
    pry: (board: number, lock: number) => hands[board]?.pry(lock),
    /** Tells the unit over the broker to open a door, such as `D0-1`. */
    open(compartment: string): void {
      const ask = { kind: 'open', compartment, reason: 'bench', by: 'bench', clear: false }
      const message = { v: 1, id: `i${Date.now()}-${++number}`, expires: Date.now() + 60_000, ask }
      hub.mqtt.publish(`${ROOT}/instruction`, JSON.stringify(message), { qos: 1 })
    },
  }
}
