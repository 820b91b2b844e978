import type { PolicyPack } from '../../config/policy-pack.ts'
import { type Site, SiteConfig } from '../../config/site.ts'
import type { Outcome, Report } from '../../drivers/device.ts'
import type { Entropy } from '../../drivers/host/entropy.ts'
import { handClock } from '../../drivers/host/hand-clock.ts'
import type { Answer, Ask } from '../domain/ask.ts'
import { sealWith } from '../domain/codes.ts'
import { edgeOf } from '../domain/edge.ts'
import type { Act } from '../domain/effect.ts'
import type { Entry } from '../domain/journal.ts'
import type { Claimant } from '../domain/permission.ts'
import { type Loop, startLoop } from '../loop.ts'
import { openPresent } from '../present.ts'
import { openProcesses } from '../processes.ts'
import { openStore } from '../store/open.ts'
import { unitTime } from '../time.ts'
import { workflows } from './all.ts'

const KEY = new Uint8Array(32)
const counting: Entropy = { bytes: length => new Uint8Array(length), fraction: () => 0 }

/** Three doors on one board, S, M and L from the bottom up, and a reader: enough for every story. */
export const site = SiteConfig.parse({
  unit: 'story',
  lines: [{ name: 'bus', serial: { path: '/dev/null' } }],
  devices: [
    { name: 'board', line: 'bus', driver: 'lock-8a' },
    { name: 'scanner', line: 'bus', driver: 'line-scanner' },
  ],
  compartments: [
    { name: 'S1', size: 'S', height_mm: 500, device: 'board', channel: 1 },
    { name: 'M1', size: 'M', height_mm: 1_000, device: 'board', channel: 2 },
    { name: 'L1', size: 'L', height_mm: 1_700, device: 'board', channel: 3 },
  ],
})

export type Story = ReturnType<typeof story>

/** The real loop, store and workflows on a clock of our own, played by hand and told back as lines. */
export function story(at: Site = site, rules?: PolicyPack, technicianSecret?: Uint8Array) {
  const clock = handClock()
  const seal = sealWith(KEY)
  const told: string[] = []
  const acts: Act[] = []
  const steps: { entries: Entry[]; acts: Act[] }[] = []
  let pending: Act[] = []
  const answers: Answer[] = []
  const doors = new Map<string, boolean>()
  const names = at.compartments.map(({ name }) => name)
  let contact: number | undefined
  let file: Buffer | string = ':memory:'
  let life = boot()

  function boot() {
    const store = openStore(file, KEY, counting)
    const processes = openProcesses(store.processes, workflows)
    const time = unitTime(clock, store.journal.lastAt)
    const about = { site: at, store, processes, time, key: KEY, rules, technicianSecret }
    const present = openPresent({ ...about, contact: () => contact })
    const loop: Loop = startLoop({
      clock,
      time,
      store,
      workflows,
      processes,
      present,
      act(act) {
        acts.push(act)
        pending.push(act)
      },
      committed(rows, happened) {
        steps.push({ entries: rows.map(({ entry }) => entry), acts: pending })
        pending = []
        for (const { entry } of rows) told.push(tellEntry(entry))
        for (const each of happened) if (each.type === 'answered') answers.push(each.answer)
      },
    })
    return { store, processes, present, loop }
  }

  const report = async (device: string, said: Report) => {
    life.loop.happen({ type: 'report', device, report: said })
    await clock.pass(0)
  }

  async function door(name: string, open: boolean, was: boolean | undefined = doors.get(name)) {
    doors.set(name, open)
    await report('board', { type: 'door', channel: names.indexOf(name) + 1, open, was })
  }

  const played = {
    clock,
    acts,
    /** What each commit wrote down, and what was done in the world because of it. */
    steps,
    /** Puts seals in the place of secrets, as where a message of the cloud comes in. */
    edge: edgeOf(at.unit, KEY, counting),
    /** The compartments that were told to open, in order. */
    opened: () => acts.flatMap(act => (act.type === 'unlock' ? [act.compartment] : [])),
    answers,
    known: () => life.present.known,
    store: () => life.store,
    /** What was written down since this was last called. */
    lines: () => told.splice(0),
    report,
    door,
    /** Every door is read as closed for the first time. */
    async closedAll() {
      for (const name of names) await door(name, false, undefined)
      return played.lines()
    },
    async silence() {
      doors.clear()
      await report('board', { type: 'offline', why: 'no-reply' })
    },
    scan: (text: string) =>
      report('scanner', { type: 'scan', bytes: new TextEncoder().encode(text), aim: undefined }),
    async ask(ask: Ask) {
      life.loop.happen({ type: 'asked', ask, from: { console: 'c' } })
      await clock.pass(0)
    },
    /** As the console asks for somebody. */
    async command(ask: Ask, people: Claimant[]) {
      life.loop.happen({ type: 'commanded', ask, from: { console: 'c' }, people })
      await clock.pass(0)
    },
    async instruct(id: string, ask: Ask, expires = clock.wall() + 60_000) {
      life.loop.happen({ type: 'instruction', id, ask, expires })
      await clock.pass(0)
    },
    async garbled(id: string, says: string) {
      life.loop.happen({ type: 'unreadable', id, says })
      await clock.pass(0)
    },
    book: (booking: string, more: Partial<Ask & { kind: 'book' }> = {}) =>
      played.ask({ ...bookAsk(booking, clock.wall()), ...more }),
    outcome: async (order: string, compartment: string, sent: boolean) => {
      const outcome = { ok: false, fault: 'no-reply', sent } as const
      life.loop.happen({ type: 'outcome', order, compartment, outcome })
      await clock.pass(0)
    },
    /** What a device that is no lock said of its order. */
    took: async (order: string, outcome: Outcome = { ok: true }) => {
      life.loop.happen({ type: 'outcome', order, outcome })
      await clock.pass(0)
    },
    /** The cloud was heard; it never was before. */
    heard(when = clock.wall()) {
      contact = when
    },
    pass: (seconds: number) => clock.pass(seconds * 1_000),
    /** The power goes, for so many seconds; then the unit starts with what was committed. */
    async cutPower(seconds: number) {
      life.loop.stop()
      file = life.store.snapshot()
      life.store.close()
      await clock.pass(seconds * 1_000)
      doors.clear()
      life = boot()
      await clock.pass(0)
    },
  }

  const bookAsk = (booking: string, now: number): Ask & { kind: 'book' } => ({
    kind: 'book',
    booking,
    size: 'S',
    low_reach: false,
    deposit: { by: 'customer', code: seal(booking, 'deposit', '1111'), until: now + 3_600_000 },
    collect: { by: 'staff', code: seal(booking, 'collect', '2222'), until: now + 7_200_000 },
  })

  return played
}

/** One entry as one short line: its type, then its values. */
const tellEntry = ({ type, ...facts }: Entry): string =>
  [type, ...Object.values(facts).map(value => String(value))].join(' ')
