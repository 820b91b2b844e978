import { join } from 'node:path'
import { sealWith } from '../../agent/domain/codes.ts'
import { startLoop } from '../../agent/loop.ts'
import { openPresent } from '../../agent/present.ts'
import { openProcesses } from '../../agent/processes.ts'
import { openStore } from '../../agent/store/open.ts'
import { unitTime } from '../../agent/time.ts'
import { workflows } from '../../agent/workflows/all.ts'
import { readSite } from '../../config/load.ts'
import { systemClock as clock } from '../../drivers/host/clock.ts'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { type Bench, figure } from './figure.ts'
import { scratch, siteText } from './machine.ts'

const BURST = 30_000

/** The loop, the store on the disk and every workflow; only the devices are left out. */
export function openBare(folder: string, name: string) {
  const read = readSite(siteText('bench', folder, undefined, ['/dev/a', '/dev/b'], 24))
  if (!read.ok) throw new Error('the site of the bench is not right')
  const store = openStore(join(folder, name), new Uint8Array(32), systemEntropy)
  const processes = openProcesses(store.processes, workflows)
  const time = unitTime(clock, store.journal.lastAt)
  const present = openPresent(read.site, store, processes, time, sealWith(new Uint8Array(32)))
  let commits = 0
  let heard = 0
  let wake = () => {}
  const counted = {
    ...store,
    atomically<Result>(work: () => Result): Result {
      commits++
      return store.atomically(work)
    },
  }
  const loop = startLoop({
    clock,
    time,
    store: counted,
    workflows,
    processes,
    present,
    act: () => {},
    committed: (_rows, happened) => {
      heard += happened.length
      wake()
    },
  })
  return {
    store,
    commits: () => commits,
    /** A door's report, as its driver gives it. */
    door: (board: number, channel: number, open: boolean, was: boolean | undefined) =>
      loop.happen({ type: 'report', device: `board-${board}`, report: { type: 'door', channel, open, was } }),
    /** Resolves when at least so many happenings were committed. */
    done: (count: number) =>
      new Promise<void>(resolve => {
        wake = () => heard >= count && resolve()
        wake()
      }),
    heard: () => heard,
    close() {
      loop.stop()
      store.close()
    },
  }
}

export const loop: Bench = {
  name: 'loop',
  about: 'door reports through decide, commit, act, with FULL sync',
  async measure(say) {
    const { folder, end } = scratch()
    const bare = openBare(folder, 'loop.db')
    try {
      for (let door = 0; door < 48; door++) bare.door(door % 2, (door >> 1) + 1, false, undefined)
      await bare.done(48)
      const burst = async (): Promise<number> => {
        const before = bare.heard()
        const from = performance.now()
        for (let report = 0; report < BURST; report++) {
          const turn = Math.floor(report / 48)
          const door = report % 48
          bare.door(door % 2, (door >> 1) + 1, turn % 2 === 0, turn % 2 !== 0)
        }
        await bare.done(before + BURST)
        return BURST / ((performance.now() - from) / 1_000)
      }
      await burst()
      const head = bare.store.journal.head().seq
      const from = bare.commits()
      const rate = await burst()
      const rows = bare.store.journal.head().seq - head
      say(`${BURST} changes gave ${rows} rows in ${bare.commits() - from} commits`)
      const before = bare.commits()
      const seen = bare.heard()
      bare.door(0, 1, true, false)
      await bare.done(seen + 1)
      const alone = bare.commits() - before
      return {
        'loop-rate': figure(rate, 'reports/s', null, '≥ 30000 in bursts', rate >= 30_000),
        'loop-alone': figure(alone, 'commits', 1, '≤ 1 for one report', alone <= 1),
      }
    } finally {
      bare.close()
      await end()
    }
  },
}
