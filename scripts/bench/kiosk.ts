import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Ask } from '../../agent/domain/ask.ts'
import { digestOf } from '../../agent/domain/prescription.ts'
import type { Log } from '../../agent/log.ts'
import { startUnit } from '../../agent/start.ts'
import { openStore } from '../../agent/store/open.ts'
import type { Clock } from '../../drivers/host/clock.ts'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import type { OpenLine } from '../../drivers/host/line.ts'
import { type Clinic, openClinic } from '../../simulator/clinic/clinic.ts'
import { packLabel } from '../../simulator/clinic/hardware.ts'
import { LANES, UNIT } from '../../simulator/clinic/site.ts'
import { patient } from '../../simulator/world/patient.ts'
import { within } from './ending.ts'
import { type Bench, figure, lay, percentile } from './figure.ts'
import { scratch } from './machine.ts'

/** As many packs of one product fit into the machine. */
const PATIENTS = 12
const GOAL = 50
const SECONDS = 60
const silent: Log = { info() {}, warn() {}, error() {}, debug() {} }
const LABEL = ['A. Patient', 'Take one tablet daily']

/** The ordinary patient, from the code to the hand: how long that takes there, and how much of it is the agent's own work. */
export const kiosk: Bench = {
  name: 'kiosk',
  about: 'a patient at a kiosk on simulated devices at true speed, the store on the real disk',
  figures: ['kiosk-visit', 'kiosk-own-share', 'kiosk-in-doubt'],
  measure: say =>
    within(async keep => {
      const { folder } = keep(scratch())
      const clinic = calmClinic()
      const spent = stopwatch()
      const store = openStore(join(folder, 'kiosk.db'), KEY, systemEntropy)
      const unit = startUnit({
        site: clinic.site,
        rules: clinic.rules,
        clock: spent.clock(clinic.clock),
        entropy: systemEntropy,
        key: KEY,
        store,
        opener: ({ name }) => spent.line(clinic.wires[name as keyof Clinic['wires']].open),
        openUplink: clinic.road.uplink(clinic.clock),
        version: { agent: 'bench', node: 'bench' },
        log: silent,
      })
      let rows = 0
      let commits = 0
      let handed = -1
      let doubts = 0
      unit.follow(told => {
        rows += told.length
        commits++
        for (const { entry } of told) {
          if (entry.type === 'handed-over') handed = clinic.clock.now()
          if (entry.type === 'dispense-held') doubts++
        }
      })
      await fill(clinic, unit.ask)

      const visits: number[] = []
      const own: number[] = []
      for (let each = 0; each < PATIENTS; each++) {
        const prescription = await released(clinic, each)
        const [before, begun] = [spent.millis(), clinic.clock.now()]
        handed = -1
        come(clinic, prescription)
        await clinic.clock.passUntil(() => handed >= 0, SECONDS * 1_000)
        visits.push((handed - begun) / 1_000)
        own.push(spent.millis() - before)
        await clinic.clock.pass(20_000)
      }
      const stopped = unit.stop()
      await clinic.clock.pass(2_000)
      await stopped
      const floor = bare(folder, Math.round(commits / PATIENTS))
      say(
        `${PATIENTS} patients, ${Math.round(rows / PATIENTS)} rows and ${Math.round(commits / PATIENTS)} commits each; visit ${lay(visits, 's')}; own share ${lay(own, 'ms')}`,
      )
      const share = percentile(own, 0.5)
      return {
        'kiosk-visit': figure(percentile(visits, 0.5), 's', null, 'shown', true),
        'kiosk-own-share': figure(share, 'ms', floor, `<= ${GOAL} ms a patient`, share <= GOAL),
        'kiosk-in-doubt': figure(doubts, 'doubts', null, '0 without faults', doubts === 0),
      }
    }),
}

const KEY = new Uint8Array(32).fill(9)

/** The first seed in which nothing goes wrong. */
function calmClinic(): Clinic {
  for (let seed = 1; ; seed++) {
    const clinic = openClinic(seed)
    if (clinic.swarm.calm) return clinic
  }
}

/** Counts the real time in which the agent does something: whatever wakes it, wakes it through here. */
function stopwatch() {
  let total = 0
  let depth = 0
  const counted =
    <Given extends unknown[], Result>(run: (...given: Given) => Result) =>
    (...given: Given): Result => {
      const begun = performance.now()
      depth++
      try {
        return run(...given)
      } finally {
        depth--
        if (depth === 0) total += performance.now() - begun
      }
    }
  return {
    millis: () => total,
    clock: (clock: Clock): Clock => ({
      now: clock.now,
      wall: clock.wall,
      after: (delay, wake) => clock.after(delay, counted(wake)),
      soon: run => clock.soon(counted(run)),
    }),
    line:
      (open: OpenLine): OpenLine =>
      listener =>
        open({ ...listener, read: counted(listener.read) }),
  }
}

async function fill({ clock, hardware }: Clinic, ask: (ask: Ask) => Promise<unknown>): Promise<void> {
  await clock.pass(5_000)
  let packs = 0
  for (const lane of LANES.filter(({ product }) => product === LANES[0]?.product)) {
    void ask({ kind: 'load', lane: lane.name, by: 'bench' })
    await clock.pass(100)
    for (let pack = 0; pack < lane.capacity; pack++) {
      const serial = `B${++packs}`
      const label = packLabel(lane.product, serial, 'LOT1', '401231')
      hardware.packs.scan(label, ']d2')
      await clock.pass(200)
      hardware.machine.feed(lane.name, { id: serial, label })
    }
    void ask({ kind: 'load-end', lane: lane.name, by: 'bench' })
    await clock.pass(100)
  }
}

/** A prescription that a pharmacist has released. */
async function released({ clock, road, pharmacist, trueTime, dice }: Clinic, index: number) {
  const id = `B-${index}`
  const until = trueTime() + 3_600_000
  const gtin = LANES[0]?.product ?? ''
  const terms = { refill: false, first_time: false, due: 0, items: [{ gtin, packs: 1 }] }
  const personal = { label: LABEL, nonce: '0'.repeat(32) }
  const digest = digestOf({ unit: UNIT, prescription: id, until, ...terms, ...personal })
  const expires = trueTime() + 60_000
  road.instruct(`p${index}`, expires, {
    ...{ kind: 'prescribe', prescription: id, until, ...terms, partial: false, factor: '4711', personal },
  })
  await clock.pass(1_000)
  const statement = pharmacist.statement({
    ...{ says: 'release', prescription: id, unit: UNIT, at: trueTime(), digest },
    id: dice.fork(`release ${index}`).bytes(12),
  })
  road.instruct(`r${index}`, expires, { kind: 'state', statement })
  await clock.pass(1_000)
  return id
}

function come({ clock, dice, hardware, operator, trueTime }: Clinic, subject: string): void {
  const at = trueTime()
  void patient({
    clock,
    random: dice.fork(subject),
    vending: hardware.machine,
    code: operator.token({
      ...{ subject, unit: UNIT, action: 'collect', notBefore: at - 1_000, expires: at + 600_000 },
      id: dice.fork(`token ${subject}`).bytes(12),
    }),
    factor: '4711#',
    scan: text => hardware.patients.scan(text, ']Q1'),
    press: hardware.pad.press,
    manner: {
      ...{ comesAfter: 0, shows: ['own'], types: ['right'], keyEvery: 400, patience: 60_000 },
      ...{ reachesAfter: 1_500, takes: 'all', shutsAfter: 1_000 },
    },
  })
}

/** The same number of commits of one row each, in a bare table. */
function bare(folder: string, commits: number): number {
  const db = new Database(join(folder, 'bare.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('create table t (id integer primary key, text text)')
  const insert = db.prepare('insert into t (text) values (?)')
  const begun = performance.now()
  for (let each = 0; each < commits; each++) insert.run('x'.repeat(200))
  const took = performance.now() - begun
  db.close()
  return took
}
