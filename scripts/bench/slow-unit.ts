// A whole unit whose card is slow: nothing else differs from the agent's own start.
// slow-unit.ts SITE COMMIT_MILLIS   "vend N" on stdin turns lane N, any other line tells how it stands
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { unitKey } from '../../agent/key.ts'
import { openLog } from '../../agent/log.ts'
import { loadSite } from '../../agent/run.ts'
import { startUnit } from '../../agent/start.ts'
import { openStore } from '../../agent/store/open.ts'
import { mqttUplink } from '../../agent/sync/mqtt-uplink.ts'
import { findDriver } from '../../drivers/catalog.ts'
import type { Device, DispenseStage, Outcome } from '../../drivers/device.ts'
import { systemClock as clock, sleep } from '../../drivers/host/clock.ts'
import { systemEntropy as entropy } from '../../drivers/host/entropy.ts'
import { lineOpener } from '../../drivers/host/open-line.ts'

/** What became of one order to a lane. */
export interface Vended {
  outcome: Outcome
  /** What was reported last of it. */
  stage: DispenseStage | 'nothing'
}

/** How many commits there were, and how many devices are there. */
export interface Stands {
  commits: number
  online: number
}

const [file = '', millis = '200'] = process.argv.slice(2)
const VEND_BY = 10_000
/** Nothing more is said of a lane after so long. */
const ENDED_BY = 70_000

/** The card: every thread that waits for it sleeps, as in fsync. */
const held = new Int32Array(new SharedArrayBuffer(4))
let commits = 0

function slowStore(path: string, key: Uint8Array) {
  const store = openStore(path, key, entropy)
  return {
    ...store,
    atomically<Result>(work: () => Result): Result {
      commits++
      const result = store.atomically(work)
      Atomics.wait(held, 0, 0, Number(millis))
      return result
    },
  }
}

/** The unit's own device, and the stage of each lane that ended. */
function takeHold() {
  const listed = findDriver('fa-fb-vmc')
  if (!listed) throw new Error('there is no such driver')
  const { open } = listed
  const ended = new Map<number, DispenseStage>()
  let device: Device | undefined
  listed.open = (host, options) => {
    const report: typeof host.report = said => {
      if (said.type === 'dispense' && said.last) ended.set(said.channel, said.stage)
      host.report(said)
    }
    device = open({ ...host, report }, options)
    return device
  }
  return async (lane: number): Promise<Vended> => {
    if (!device) throw new Error('the device was not opened')
    ended.delete(lane)
    const outcome = await device.send({ type: 'vend', channel: lane, by: clock.now() + VEND_BY })
    const until = clock.now() + ENDED_BY
    while ((outcome.ok || outcome.sent) && !ended.has(lane) && clock.now() < until) await sleep(clock, 20)
    return { outcome, stage: ended.get(lane) ?? 'nothing' }
  }
}

const vend = takeHold()
const site = loadSite(file)
mkdirSync(site.data, { recursive: true, mode: 0o700 })
const key = unitKey(join(site.data, 'unit.key'), entropy)
const clientId = `pawl-${site.unit}`
const { devices } = startUnit({
  site,
  clock,
  entropy,
  key,
  store: slowStore(join(site.data, 'journal.db'), key),
  log: openLog('fatal', site.unit),
  opener: lineOpener,
  ...(site.cloud ? { openUplink: mqttUplink({ cloud: site.cloud, clientId, clock, entropy }) } : {}),
  version: { agent: 'bench', node: process.version.slice(1) },
})

const answer = (said: object) => process.stdout.write(`${JSON.stringify(said)}\n`)
createInterface(process.stdin)
  .on('line', line => {
    const [word, lane] = line.split(' ')
    if (word === 'vend') void vend(Number(lane)).then(answer)
    else answer({ commits, online: site.devices.filter(({ name }) => devices.health(name).online).length })
  })
  .on('close', () => process.exit(0))
