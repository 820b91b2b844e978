import { within } from './ending.ts'
import { type Bench, figure, lay, percentile } from './figure.ts'
import { bareNode, shipped, start, until } from './machine.ts'
import { openStation } from './station.ts'

const RESTARTS = 7

export const startTime: Bench = {
  name: 'start',
  about: 'exec → every door known and able to open one, beside importing the libraries; and after kill -9',
  figures: ['start-first', 'start-after-kill'],
  measure: say =>
    within(async keep => {
      const station = await openStation(2, 24, keep)
      const words = shipped()
      const ready = async (): Promise<number> => {
        const seen = station.online()
        const from = performance.now()
        const agent = keep(start(...words, station.site))
        await until('both boards', () => station.online() >= seen + 2)
        const span = (performance.now() - from) / 1_000
        await agent.kill('SIGKILL')
        return span
      }
      const first = await ready()
      const again: number[] = []
      for (let turn = 0; turn < RESTARTS; turn++) again.push(await ready())
      const bare = bareNode()
      const restart = percentile(again, 0.5)
      say('48 doors on two boards; ready when the broker has heard that both answer')
      say(`${RESTARTS} restarts after SIGKILL: ${lay(again, 's')}`)
      return {
        'start-first': figure(first, 's', bare.seconds, '≤ 0.6 s', first <= 0.6),
        'start-after-kill': figure(restart, 's', bare.seconds, '≤ 0.6 s', restart <= 0.6),
      }
    }),
}
