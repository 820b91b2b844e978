import type { Log } from '../../agent/log.ts'
import { startUnit } from '../../agent/start.ts'
import { openStore, type Store } from '../../agent/store/open.ts'
import type { OpenUplink } from '../../agent/sync/uplink.ts'
import type { Unit } from '../../agent/unit.ts'
import type { AnyWorkflow } from '../../agent/workflows/all.ts'
import type { PolicyPack } from '../../config/policy-pack.ts'
import { type Site, SiteConfig } from '../../config/site.ts'
import type { Clock } from '../../drivers/host/clock.ts'
import type { Entropy } from '../../drivers/host/entropy.ts'
import type { OpenLine } from '../../drivers/host/line.ts'
import type { VirtualClock } from '../world/clock.ts'
import type { Wire } from '../world/wire.ts'
import type { BoardKind } from './boards.ts'
import { operator } from './signers.ts'

export const LEFT = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6']
export const RIGHT = ['B1', 'B2', 'B3', 'B4', 'B5', 'B6']
const SIZES = ['S', 'S', 'M', 'M', 'L', 'L']

export const UNIT = 'rig'
export const KEY = new Uint8Array(32).fill(7)

const compartments = (names: string[], device: string) =>
  names.map((name, index) => ({
    name,
    size: SIZES[index],
    height_mm: 1_700 - index * 220,
    device,
    channel: index + 1,
  }))

const timing = { poll_ms: 500, stale_ms: 2_500 }

/** `statusBytes`: what the left board answers a query of all with; with one, it is read lock by lock. */
export const siteOf = (
  statusBytes: number,
  right: Pick<BoardKind, 'driver' | 'baud' | 'options'>,
  withPhones: boolean,
): Site =>
  SiteConfig.parse({
    unit: UNIT,
    lines: [
      { name: 'left', serial: { path: '/rig/left', baud: 9_600 } },
      { name: 'right', serial: { path: '/rig/right', baud: right.baud } },
      { name: 'counter', serial: { path: '/rig/counter' } },
    ],
    devices: [
      {
        name: 'left',
        line: 'left',
        driver: 'lock-8a',
        options: { channels: 6, status_bytes: statusBytes, ...timing },
      },
      { name: 'right', line: 'right', driver: right.driver, options: { ...right.options, ...timing } },
      { name: 'scanner', line: 'counter', driver: 'line-scanner', options: { same_code_ms: 0 } },
    ],
    compartments: [...compartments(LEFT, 'left'), ...compartments(RIGHT, 'right')],
    cloud: { broker: 'mqtt://127.0.0.1' },
    ...(withPhones ? { access: { token_keys: [{ id: operator.id, key: operator.key }] } } : {}),
    // A whole life lasts minutes here: a lock-out of a quarter of an hour would be most of it.
    policy: { lockout_seconds: 10, lockout_window_seconds: 30 },
  })

/** What a test that plants a defect puts in the place of the house's own. */
export interface Planted {
  workflows?: AnyWorkflow[]
  store?(store: Store): Store
  /** `name`: of the line, as in the site file. */
  line?(open: OpenLine, name: string): OpenLine
  uplink?(open: OpenUplink): OpenUplink
  entropy?: Entropy
}

/** The power is gone in the middle of something. */
class PowerOut extends Error {}

export interface Life {
  unit: Unit
  /** Ends it at once; what was committed is what the next life finds. */
  end(): Buffer
  /** Cuts the power at the next commit: before anything of it is on the disk, or right after all of it. */
  doom(when: 'before' | 'after'): void
}

interface Beginning {
  site: Site
  rules?: PolicyPack
  disk: Buffer | ':memory:'
  clock: VirtualClock
  wires: Record<string, Wire>
  entropy: Entropy
  uplink(mortal: Clock): OpenUplink
  planted: Planted
  /** Called when a doomed life has ended itself. */
  died(disk: Buffer): void
}

const silent: Log = { info() {}, warn() {}, error() {}, debug() {} }

/** One life of the real agent: from the moment the power comes until it goes. */
export function beginLife({
  site,
  rules,
  disk,
  clock,
  wires,
  entropy,
  uplink,
  planted,
  died,
}: Beginning): Life {
  const mortal = clock.mortal(0)
  const opened = openStore(disk, KEY, entropy)
  let doomed: 'before' | 'after' | undefined
  let over = false

  const stop = (): Buffer => {
    over = true
    mortal.stop()
    for (const wire of Object.values(wires)) wire.hangUp()
    const left = opened.snapshot()
    opened.close()
    return left
  }

  const survive = (run: () => void) => (): void => {
    try {
      run()
    } catch (error) {
      if (!(error instanceof PowerOut)) throw error
      if (!over) died(stop())
    }
  }

  const guarded: Clock = {
    now: mortal.now,
    wall: mortal.wall,
    after: (delay, wake) => mortal.after(delay, survive(wake)),
    soon: run => mortal.soon(survive(run)),
  }

  const whole: Store = {
    ...opened,
    atomically(work) {
      const when = doomed
      doomed = undefined
      if (when === 'before') throw new PowerOut()
      const result = opened.atomically(work)
      if (when === 'after') throw new PowerOut()
      return result
    },
  }

  const open = uplink(guarded)
  const unit = startUnit({
    site,
    clock: guarded,
    entropy: planted.entropy ?? entropy,
    key: KEY,
    store: planted.store?.(whole) ?? whole,
    opener({ name }) {
      const open = wires[name]?.open ?? (() => Promise.reject(new Error(`no wire ${name}`)))
      return planted.line?.(open, name) ?? open
    },
    openUplink: planted.uplink?.(open) ?? open,
    version: { agent: 'rig', node: 'rig' },
    rules,
    log: silent,
    ...(planted.workflows ? { workflows: planted.workflows } : {}),
  })

  return {
    unit,
    end: stop,
    doom(when) {
      doomed = when
    },
  }
}
