import { within } from './ending.ts'
import { type Bench, figure } from './figure.ts'
import { bareNode, rss, shipped, sleep, start, until } from './machine.ts'
import { openStation } from './station.ts'

const SETTLE = 10_000
const OPENS = 200

export const memory: Bench = {
  name: 'memory',
  about: 'resident memory with 48 doors, idle and under load, beside bare Node with the same libraries',
  figures: ['memory-idle', 'memory-loaded'],
  measure: say =>
    within(async keep => {
      const station = await openStation(8, 6, keep)
      const agent = keep(start(...shipped(), station.site))
      await until('every board', () => station.online() >= 8)
      await sleep(SETTLE)
      const idle = rss(agent.pid)
      let loaded = idle
      for (let turn = 0; turn < OPENS; turn++) {
        station.open(`D${turn % 8}-${((turn >> 3) % 6) + 1}`)
        if (turn % 8 === 7) await until('the doors to open', () => station.ended() >= turn + 1)
        loaded = Math.max(loaded, rss(agent.pid))
      }
      const { megabytes } = bareNode()
      say(
        `8 boards, polled every 250 ms; idle after ${SETTLE / 1_000} s; load: ${OPENS} doors opened, eight at a time`,
      )
      return {
        'memory-idle': figure(idle, 'MB', megabytes, '≤ 80 MB', idle <= 80),
        'memory-loaded': figure(loaded, 'MB', megabytes, '≤ 110 MB', loaded <= 110),
      }
    }),
}
