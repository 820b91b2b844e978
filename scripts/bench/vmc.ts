import { join } from 'node:path'
import type { Seen } from './controllers.ts'
import { type Keep, within } from './ending.ts'
import { type Bench, type Figures, figure, lay, percentile, round } from './figure.ts'
import { converse, scratch, shipped, sleep, start, until } from './machine.ts'
import type { Stands, Vended } from './slow-unit.ts'
import { openStation } from './station.ts'

const SPAN = 40_000
const SETTLE = 3_000
const BOARDS = 8
const DOORS = 6
const ONLINE = BOARDS + 1
const GOAL = 20
const COMMIT = 200

type Station = Awaited<ReturnType<typeof openStation>>

/** What both controllers saw in the same span: the unit's, and the script's. */
interface Phase {
  unit: Seen
  script: Seen
}

interface SlowPhase extends Phase {
  commits: number
  seconds: number
  /** How often each of the lanes turned that were ordered. */
  turns: number[]
  vends: Vended[]
}

export const vmc: Bench = {
  name: 'vmc',
  about:
    'a vending controller that polls every 200 ms beside 48 doors: POLL → answer, idle, under load and with a card that takes 200 ms for each commit',
  figures: [
    ...['vmc-idle-p50', 'vmc-idle-p99', 'vmc-load-p50', 'vmc-load-p99', 'vmc-unanswered'],
    ...['vmc-slow-p99', 'vmc-slow-given-up', 'vmc-slow-wrong'],
    ...['vmc-jam-p99', 'vmc-jam-given-up', 'vmc-jam-wrong'],
  ],
  measure: say =>
    within(async keep => {
      const { station, count } = await openKiosk(keep)
      const agent = keep(start(...shipped(), station.site))
      await until('every device', () => station.online() >= ONLINE)
      const idle = await phase(count, async () => {})
      const before = station.ended()
      const load = await phase(count, goesOn => crowd(station, goesOn))
      const ordered = station.ended() - before
      await agent.kill('SIGTERM')

      const unit = keep(
        converse('--max-semi-space-size=1', 'scripts/bench/slow-unit.ts', station.site, `${COMMIT}`),
      )
      while ((await unit.ask<Stands>('stands')).online < ONLINE) await sleep(100)
      const slow = await slowPhase(unit, count, 1, goesOn => people(station, goesOn))
      const jam = await slowPhase(unit, count, 31, goesOn => crowd(station, goesOn))

      say(`${SPAN / 1_000} s each; load: 24 doors opened by hand four times a second, ${ordered} by order`)
      for (const [name, each] of Object.entries({ idle, load, slow, jam })) say(described(name, each))
      for (const [name, each] of Object.entries({ slow, jam })) say(vended(name, each))
      say(
        'slow: one door every two seconds; jam: the load above, so that the unit does nothing but wait for its card',
      )
      return { ...answering(idle, load), ...slowFigures('slow', slow), ...slowFigures('jam', jam) }
    }),
}

/** A bank and two controllers on ttys alike; the script answers one of them. */
async function openKiosk(keep: Keep) {
  const { folder } = keep(scratch())
  const [tty, other] = [join(folder, 'tty-unit'), join(folder, 'tty-script')]
  const controllers = keep(converse('scripts/bench/controllers.ts', tty, other))
  const count = async (): Promise<Phase> => {
    const [unit, script] = await controllers.ask<Seen[]>('count')
    if (!unit || !script) throw new Error('a controller did not tell what it saw')
    return { unit, script }
  }
  await count()
  const station = await openStation(BOARDS, DOORS, keep, {
    line: `{ name: vmc, serial: { path: ${tty}, baud: 57600 } }`,
    device: '{ name: vmc, line: vmc, driver: fa-fb-vmc, options: { lanes: 60 } }',
  })
  keep(start('scripts/bench/ack-lines.mjs', other))
  return { station, count }
}

/** What was seen while `work` went on, after it went on for a while. */
async function phase(
  count: () => Promise<Phase>,
  work: (goesOn: () => boolean) => Promise<void>,
): Promise<Phase> {
  let over = false
  await count()
  const working = work(() => !over)
  await sleep(SETTLE)
  const before = await count()
  const all = await gather(count, SPAN)
  over = true
  await working
  // The last doors are closed again.
  await sleep(SETTLE)
  const after = await count()
  return {
    unit: together([untimed(before.unit), all.unit, untimed(after.unit)]),
    script: together([untimed(before.script), all.script, untimed(after.script)]),
  }
}

/** The controller keeps its last hundred answers only, so it is asked often. */
async function gather(count: () => Promise<Phase>, span: number): Promise<Phase> {
  const parts: Phase[] = []
  for (let at = 0; at < span; at += 5_000) {
    await sleep(5_000)
    parts.push(await count())
  }
  return {
    unit: together(parts.map(({ unit }) => unit)),
    script: together(parts.map(({ script }) => script)),
  }
}

/** What came of its packets, without how fast. */
const untimed = (seen: Seen): Seen => ({ ...seen, answers: [], unanswered: 0, asked: 0 })

function together(parts: Seen[]): Seen {
  const sum = (key: 'unanswered' | 'asked' | 'gaveUp' | 'drives' | 'staleDrives') =>
    parts.reduce((all, part) => all + part[key], 0)
  return {
    answers: parts.flatMap(({ answers }) => answers),
    unanswered: sum('unanswered'),
    asked: sum('asked'),
    gaveUp: sum('gaveUp'),
    drives: sum('drives'),
    staleDrives: sum('staleDrives'),
    turned: parts.at(-1)?.turned ?? [],
  }
}

/** Doors by hand on half of the locks, and eight at a time by order on the others. */
async function crowd(station: Station, goesOn: () => boolean): Promise<void> {
  for (let turn = 0; goesOn(); turn++) {
    for (let door = 0; door < 24; door++) station.pry(door % BOARDS, 4 + (door >> 3))
    if (turn % 4 === 0)
      for (let board = 0; board < BOARDS; board++) station.open(`D${board}-${((turn >> 2) % 3) + 1}`)
    await sleep(250)
  }
}

/** As busy as a bank is when somebody comes every two seconds. */
async function people(station: Station, goesOn: () => boolean): Promise<void> {
  for (let turn = 0; goesOn(); turn++) {
    station.open(`D${turn % BOARDS}-${(turn % 3) + 1}`)
    await sleep(2_000)
  }
}

/** One lane after the other, from `first` on, while doors open and every commit takes its time. */
async function slowPhase(
  unit: ReturnType<typeof converse>,
  count: () => Promise<Phase>,
  first: number,
  work: (goesOn: () => boolean) => Promise<void>,
): Promise<SlowPhase> {
  const vends: Vended[] = []
  const commits = async () => (await unit.ask<Stands>('stands')).commits
  const [from, before] = [performance.now(), await commits()]
  const seen = await phase(count, async goesOn => {
    const working = work(goesOn)
    while (goesOn()) vends.push(await unit.ask<Vended>(`vend ${first + vends.length}`))
    await working
  })
  const seconds = (performance.now() - from) / 1_000
  const turned = new Map(seen.unit.turned)
  const turns = vends.map((_, index) => turned.get(first + index) ?? 0)
  return { ...seen, commits: (await commits()) - before, seconds, turns, vends }
}

function described(name: string, { unit, script }: Phase): string {
  const late = `${unit.unanswered} of ${unit.asked} not within 100 ms`
  return `${name}: ${lay(unit.answers, 'ms')}, ${late}; script ${lay(script.answers, 'ms')}, ${script.unanswered} of ${script.asked}`
}

function vended(name: string, { unit, vends, turns, commits, seconds }: SlowPhase): string {
  const stages = new Map<string, number>()
  for (const { outcome, stage } of vends) {
    const what = outcome.ok ? stage : `${stage} (${outcome.fault}, ${outcome.sent ? 'sent' : 'not sent'})`
    stages.set(what, (stages.get(what) ?? 0) + 1)
  }
  const ended = Array.from(stages, ([what, times]) => `${times} × ${what}`).join(', ')
  return `${name}: ${round(commits / seconds)} commits a second; vends: ${ended}; ${turns.filter(each => each === 0).length} lanes never turned, ${turns.filter(each => each > 1).length} more than once; ${unit.drives} drives heard, ${unit.staleDrives} in answer to a poll older than 100 ms; ${unit.gaveUp} packets given up`
}

function answering(idle: Phase, load: Phase): Figures {
  const figures: Figures = {}
  for (const [name, { unit, script }] of Object.entries({ idle, load })) {
    const [median, floor] = [percentile(unit.answers, 0.5), percentile(script.answers, 0.5)]
    const [last, lastFloor] = [percentile(unit.answers, 0.99), percentile(script.answers, 0.99)]
    figures[`vmc-${name}-p50`] = figure(median, 'ms', floor, 'shown', true)
    figures[`vmc-${name}-p99`] = figure(last, 'ms', lastFloor, `≤ ${GOAL} ms`, last <= GOAL)
  }
  const missed = idle.unit.unanswered + load.unit.unanswered
  figures['vmc-unanswered'] = figure(missed, 'polls', null, '0', missed === 0)
  return figures
}

function slowFigures(name: string, { unit, script, turns }: SlowPhase): Figures {
  const wrong = turns.filter(each => each !== 1).length
  const last = percentile(unit.answers, 0.99)
  return {
    [`vmc-${name}-p99`]: figure(last, 'ms', percentile(script.answers, 0.99), 'shown', true),
    [`vmc-${name}-given-up`]: figure(unit.gaveUp, 'packets', null, '0', unit.gaveUp === 0),
    [`vmc-${name}-wrong`]: figure(wrong, `of ${turns.length} vends`, null, '0: each turns once', wrong === 0),
  }
}
