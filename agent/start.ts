import type { PolicyPack } from '../config/policy-pack.ts'
import type { LineConfig, Site } from '../config/site.ts'
import type { Clock, Millis } from '../drivers/host/clock.ts'
import type { Entropy } from '../drivers/host/entropy.ts'
import type { OpenLine } from '../drivers/host/line.ts'
import type { Accepted } from './acceptance.ts'
import { actor } from './acts.ts'
import { captureFaults } from './captures.ts'
import { openDevices } from './devices.ts'
import type { Answer } from './domain/ask.ts'
import { edgeOf } from './domain/edge.ts'
import type { Row } from './domain/journal.ts'
import { type Log, logRow } from './log.ts'
import { type Loop, startLoop } from './loop.ts'
import { openPresent } from './present.ts'
import { openProcesses } from './processes.ts'
import type { Store } from './store/open.ts'
import { type CloudLink, openCloudLink } from './sync/cloud-link.ts'
import { topicsOf } from './sync/messages.ts'
import type { OpenUplink } from './sync/uplink.ts'
import { unitTime } from './time.ts'
import type { Unit } from './unit.ts'
import { telemetryOf } from './views.ts'
import { type AnyWorkflow, workflows } from './workflows/all.ts'

/** All of the world that a unit needs: real in the field, simulated in the rig. */
export interface World {
  site: Site
  clock: Clock
  entropy: Entropy
  /** The unit's key: seals codes and the journal. */
  key: Uint8Array
  store: Store
  opener(line: LineConfig): OpenLine
  /** Absent for a unit that works alone. */
  openUplink?: OpenUplink
  version: { agent: string; node: string }
  log: Log
  /** The policy pack of a kiosk, if its pharmacist signed it off. */
  rules?: PolicyPack | undefined
  /** What technicians' codes are made with at this unit. */
  technicianSecret?: Uint8Array | undefined
  /** Whether that device was brought up as it is now. */
  accepted?(device: string): Accepted
  /** Keeps what passed on a line before a fault. */
  capture?(line: string, text: string): void
  /** Other workflows than the house's own: for the tests that plant defects. */
  workflows?: AnyWorkflow[]
}

/** How often at most the cloud's confirmation is worth a write of its own. */
const REMEMBER_CONFIRMED: Millis = 30_000
/** How fresh rights are is needed to some minutes only. */
const REMEMBER_CONTACT: Millis = 600_000
/** What an orderly end waits for the cloud to have the last row; the next start would send it, too. */
const LAST_WORD: Millis = 1_000

/** Wires one unit together and starts it. The only place that knows every part. */
export function startUnit(world: World): Unit {
  const { site, clock, entropy, store, log } = world
  const all = world.workflows ?? workflows
  const time = unitTime(clock, store.journal.lastAt)
  const processes = openProcesses(store.processes, all)
  const { key, rules, technicianSecret } = world
  const about = { site, store, processes, time, key, rules, technicianSecret }
  const present = openPresent({ ...about, contact: () => contact })
  const followers = new Set<(rows: Row[]) => void>()
  const waiting = new Map<string, (answer: Answer) => void>()
  let asked = 0
  let cloud: CloudLink | undefined
  let confirmed = store.facts.confirmed()
  let contact = store.facts.contact()
  let cancelRemember: (() => void) | undefined
  let heardAll = () => {}

  const last = store.journal.lastEntry()
  const after = last === undefined ? 'first' : last.type === 'stopped' ? 'stop' : 'crash'
  write({ type: 'started', version: world.version.agent, after })

  const loop: Loop = startLoop({
    clock,
    time,
    store,
    workflows: all,
    processes,
    present,
    act: act => acts(act),
    committed(rows, happened) {
      publish(rows)
      scrub(rows)
      for (const each of happened)
        if (each.type === 'answered' && 'console' in each.to) settle(each.to.console, each.answer)
    },
  })
  const noteFault = captureFaults(site, clock, world.capture ?? (() => {}))
  const devices = openDevices(site, {
    clock,
    entropy,
    opener: world.opener,
    heard(device, report) {
      loop.happen({ type: 'report', device, report })
      noteFault(devices, device, report)
    },
    bug: (device, why) => log.error({ device, why }, 'driver-failed'),
  })
  const acts = actor({ site, devices, store, key, time, happen: loop.happen })

  function write(entry: Row['entry']): void {
    publish([store.atomically(() => store.journal.append(time.wall(), entry))])
  }

  function publish(rows: Row[]): void {
    if (rows.length === 0) return
    for (const row of rows) logRow(log, row)
    for (const follower of followers) follower(rows)
    cloud?.grew()
  }

  /** What was destroyed must not live on in the log of the store. */
  function scrub(rows: Row[]): void {
    if (rows.some(({ entry }) => entry.type === 'personal-data-destroyed')) store.scrub()
  }

  function settle(id: string, answer: Answer): void {
    waiting.get(id)?.(answer)
    waiting.delete(id)
  }

  /** Losing it costs only sending some rows again, so it is not worth a commit each time. */
  function remember(seq: number): void {
    confirmed = seq
    if (seq >= store.journal.head().seq) heardAll()
    cancelRemember ??= clock.after(REMEMBER_CONFIRMED, saveConfirmed)
  }

  function saveConfirmed(): void {
    cancelRemember?.()
    cancelRemember = undefined
    const stale = (contact ?? 0) - (store.facts.contact() ?? 0) >= REMEMBER_CONTACT
    if (stale || store.facts.confirmed() !== confirmed)
      store.atomically(() => {
        store.facts.saveConfirmed(confirmed)
        if (contact !== undefined) store.facts.saveContact(contact)
      })
  }

  function lastWord(): Promise<void> {
    return new Promise(resolve => {
      if (!cloud?.status().up) return resolve()
      const cancel = clock.after(LAST_WORD, resolve)
      heardAll = () => {
        cancel()
        resolve()
      }
    })
  }

  function openCloud(): CloudLink | undefined {
    if (!world.openUplink) return undefined
    return openCloudLink({
      clock,
      edge: edgeOf(site.unit, key, entropy),
      confirmed,
      journal: store.journal,
      openUplink: world.openUplink,
      topics: topicsOf(site.cloud?.topic_root ?? 'pawl/v1', site.unit),
      unit: site.unit,
      epoch: store.facts.epoch() ?? '',
      version: world.version,
      wall: time.wall,
      nextSession: () => {
        const session = store.facts.session() + 1
        store.atomically(() => store.facts.saveSession(session))
        return session
      },
      heard: (instruction, done) => loop.happen({ type: 'instruction', ...instruction }, done),
      unreadable: (instruction, done) => loop.happen({ type: 'unreadable', ...instruction }, done),
      heardFrom: () => {
        contact = time.wall()
        // The first time it counts at once: without it a restart would take the unit for one that nobody ever heard.
        if (store.facts.contact() === undefined) return saveConfirmed()
        cancelRemember ??= clock.after(REMEMBER_CONFIRMED, saveConfirmed)
      },
      telemetry: () => telemetryOf(unit),
      refused: (channel, says) => log.warn({ channel, says }, 'message-refused'),
      confirmedUpTo: remember,
    })
  }

  const unit: Unit = {
    site,
    store,
    devices,
    present,
    processes,
    accepted: world.accepted ?? (() => 'none'),
    get cloud() {
      return cloud
    },
    clock,
    startedAt: clock.now(),
    ask: (ask, people = []) =>
      new Promise(resolve => {
        const id = `c${++asked}`
        waiting.set(id, resolve)
        loop.happen({ type: 'commanded', ask, from: { console: id }, people })
      }),
    follow(listener) {
      followers.add(listener)
      return () => void followers.delete(listener)
    },
    async stop() {
      loop.stop()
      devices.close()
      write({ type: 'stopped' })
      await lastWord()
      saveConfirmed()
      cloud?.close()
      store.close()
    },
  }
  cloud = openCloud()
  return unit
}
