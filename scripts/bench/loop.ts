import { join } from 'node:path'
import Database from 'better-sqlite3'
import { startLoop } from '../../agent/loop.ts'
import { openPresent } from '../../agent/present.ts'
import { openProcesses } from '../../agent/processes.ts'
import { openStore } from '../../agent/store/open.ts'
import { unitTime } from '../../agent/time.ts'
import { workflows } from '../../agent/workflows/all.ts'
import { readSite } from '../../config/load.ts'
import { systemClock as clock } from '../../drivers/host/clock.ts'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { within } from './ending.ts'
import { type Bench, figure, percentile } from './figure.ts'
import { scratch } from './machine.ts'
import { siteText } from './site-text.ts'

const BURST = 30_000
const BURSTS = 5

/** The loop, the store on the disk and every workflow; only the devices are left out. */
function openLoop(folder: string) {
  const read = readSite(siteText('bench', folder, undefined, ['/dev/a', '/dev/b'], 24))
  if (!read.ok) throw new Error('the site of the bench is not right')
  const store = openStore(join(folder, 'loop.db'), new Uint8Array(32), systemEntropy)
  const processes = openProcesses(store.processes, workflows)
  const time = unitTime(clock, store.journal.lastAt)
  const present = openPresent({ site: read.site, store, processes, time, key: new Uint8Array(32) })
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
    async end() {
      loop.stop()
      store.close()
    },
  }
}

/** Seconds that SQLite itself takes for so many rows in so many commits: a bare table, no chain, nothing decided. */
function bareTable(path: string, rows: number, commits: number): number {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('create table journal (seq integer primary key, at integer, entry text, hash blob)')
  const insert = db.prepare('insert into journal (at, entry, hash) values (?, ?, ?)')
  const hash = Buffer.alloc(32)
  const text = JSON.stringify({ type: 'door-opened', compartment: 'D0-1', order: 'o1234' })
  const commit = db.transaction((count: number) => {
    for (let row = 0; row < count; row++) insert.run(row, text, hash)
  })
  const from = performance.now()
  for (let turn = 0; turn < commits; turn++) commit(Math.ceil(rows / commits))
  const seconds = (performance.now() - from) / 1_000
  db.close()
  return seconds
}

export const loop: Bench = {
  name: 'loop',
  about: 'door reports through decide, commit, act, with FULL sync, beside SQLite writing as many bare rows',
  figures: ['loop-rate', 'loop-alone'],
  measure: say =>
    within(async keep => {
      const { folder } = keep(scratch())
      const unit = keep(openLoop(folder))
      for (let door = 0; door < 48; door++) unit.door(door % 2, (door >> 1) + 1, false, undefined)
      await unit.done(48)
      const burst = async (): Promise<number> => {
        const before = unit.heard()
        const from = performance.now()
        for (let report = 0; report < BURST; report++) {
          const turn = Math.floor(report / 48)
          const door = report % 48
          unit.door(door % 2, (door >> 1) + 1, turn % 2 === 0, turn % 2 !== 0)
        }
        await unit.done(before + BURST)
        return BURST / ((performance.now() - from) / 1_000)
      }
      // The first one warms the compiler, as an agent is after its first hour.
      await burst()
      const before = { seq: unit.store.journal.head().seq, commits: unit.commits() }
      const rates: number[] = []
      for (let turn = 0; turn < BURSTS; turn++) rates.push(await burst())
      const rate = percentile(rates, 0.5)
      const rows = (unit.store.journal.head().seq - before.seq) / BURSTS
      const commits = (unit.commits() - before.commits) / BURSTS
      const bare = BURST / bareTable(join(folder, 'bare.db'), rows, commits)
      say(`${BURSTS} bursts of ${BURST} changes, each ${rows} rows in ${commits} commits; the median burst`)
      const alone = { heard: unit.heard(), commits: unit.commits() }
      unit.door(0, 1, true, false)
      await unit.done(alone.heard + 1)
      const commitsAlone = unit.commits() - alone.commits
      return {
        'loop-rate': figure(rate, 'reports/s', bare, '≥ 30000 in bursts', rate >= 30_000),
        'loop-alone': figure(commitsAlone, 'commits', null, '1 for one report', commitsAlone === 1),
      }
    }),
}
