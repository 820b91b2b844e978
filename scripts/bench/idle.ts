import { within } from './ending.ts'
import { type Bench, figure } from './figure.ts'
import { cpuSeconds, shipped, sleep, start, until, written } from './machine.ts'
import { openStation } from './station.ts'

const SETTLE = 3_000
const SPAN = 20_000

export const idle: Bench = {
  name: 'idle-cpu',
  about: 'what eight boards cost that are polled and do not change: processor time, and writes to flash',
  figures: ['idle-cpu', 'idle-flash'],
  measure: say =>
    within(async keep => {
      const station = await openStation(8, 6, keep)
      const agent = keep(start(...shipped(), station.site))
      await until('every board', () => station.online() >= 8)
      await sleep(SETTLE)
      const before = { cpu: cpuSeconds(agent.pid), written: written(agent.pid) }
      const from = performance.now()
      await sleep(SPAN)
      const seconds = (performance.now() - from) / 1_000
      const share = (100 * (cpuSeconds(agent.pid) - before.cpu)) / seconds
      const bytes = written(agent.pid) - before.written
      say(`48 doors, each board polled every 250 ms, over ${seconds.toFixed(0)} s`)
      if (before.written === 0) say('the kernel counted no write of the agent at all: no disk to count on')
      return {
        'idle-cpu': figure(share, '% of a core', null, '≤ 1.5 % of a core', share <= 1.5),
        'idle-flash': figure(bytes, 'bytes', null, '0: nothing changed', before.written > 0 && bytes === 0),
      }
    }),
}
