import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readSite } from '../config/load.ts'
import { type PolicyPack, readPolicyPack, signedOff } from '../config/policy-pack.ts'
import { explain } from '../config/problem.ts'
import type { CloudConfig, Site } from '../config/site.ts'
import { systemClock } from '../drivers/host/clock.ts'
import { systemEntropy } from '../drivers/host/entropy.ts'
import { lineOpener } from '../drivers/host/open-line.ts'
import { driverChecks } from '../drivers/site-checks.ts'
import { acceptedAs } from './acceptance.ts'
import { captureFolder } from './captures.ts'
import { serveConsole } from './console.ts'
import { readKey, unitKey } from './key.ts'
import { openLog } from './log.ts'
import { startUnit } from './start.ts'
import { openStore } from './store/open.ts'
import { mqttUplink } from './sync/mqtt-uplink.ts'
import { VERSION } from './version.ts'

/** What a person must mend before the agent can start. */
export class CannotStart extends Error {}

/** Reads a site file whole, or says every problem in it, one a line. Paths in it count from the file's own folder. */
export function loadSite(file: string): Site {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new CannotStart(`${file} cannot be read: name a site file, such as config/sites/minimal.yaml`)
  }
  const loaded = readSite(text, [driverChecks])
  if (!loaded.ok) throw new CannotStart(loaded.problems.map(problem => explain(file, problem)).join('\n'))
  return locate(loaded.site, dirname(file))
}

function locate(site: Site, folder: string): Site {
  const at = (path: string) => resolve(folder, path)
  const files = (cloud: CloudConfig): CloudConfig =>
    Object.fromEntries(
      Object.entries(cloud).map(([name, value]) => [
        name,
        name.endsWith('_file') ? at(String(value)) : value,
      ]),
    ) as CloudConfig
  const { kiosk, access } = site
  const secret = access?.technician_secret_file
  const dispense = kiosk?.dispense && { ...kiosk.dispense, policy_pack: at(kiosk.dispense.policy_pack) }
  return {
    ...site,
    data: at(site.data),
    ...(site.cloud ? { cloud: files(site.cloud) } : {}),
    ...(access
      ? { access: { ...access, ...(secret === undefined ? {} : { technician_secret_file: at(secret) }) } }
      : {}),
    ...(kiosk ? { kiosk: { ...kiosk, ...(dispense ? { dispense } : {}) } } : {}),
  }
}

/** What a policy pack is worth here: it counts only when a pharmacist of this site has signed it off. */
export type Rules = { signed: true; pack: PolicyPack; by: string } | { signed: false; why: string }

/** Reads the policy pack of a kiosk; undefined for a unit that does not dispense. */
export function loadRules(site: Site): Rules | undefined {
  const dispense = site.kiosk?.dispense
  if (!dispense) return undefined
  const file = dispense.policy_pack
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new CannotStart(`${file} cannot be read: name a policy pack under kiosk.dispense.policy_pack`)
  }
  const read = readPolicyPack(text)
  if (!read.ok) throw new CannotStart(read.problems.map(problem => explain(file, problem)).join('\n'))
  const { pack } = read
  if (pack.permit_in_records && dispense.permit === undefined)
    throw new CannotStart(
      `${file} asks for the permit's number in every record: say it under kiosk.dispense.permit`,
    )
  const verdict = signedOff(pack, dispense.pharmacists)
  return verdict.ok ? { signed: true, pack, by: verdict.by } : { signed: false, why: verdict.why }
}

/** The unit's own secret for technicians' codes; undefined where the site names none. */
function technicianSecret({ access }: Site): Uint8Array | undefined {
  const file = access?.technician_secret_file
  if (file === undefined) return undefined
  try {
    return readKey(file)
  } catch {
    throw new CannotStart(
      `${file} holds no secret: give it the unit's 64 hexadecimal digits (TECHNICIAN-CODES.md)`,
    )
  }
}

/** The data folder, for its owner alone. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
}

export const socketOf = (site: Site): string => join(site.data, 'pawl.sock')

export interface Running {
  /** Ends it in order, once, however often it is asked for; resolves when the socket is gone. */
  stop(): Promise<void>
}

/** Runs the agent for a site on this machine. */
export async function runAgent(file: string, level = 'info'): Promise<Running> {
  const site = loadSite(file)
  const rules = loadRules(site)
  makeFolder(site.data)
  const clock = systemClock
  const entropy = systemEntropy
  const key = unitKey(join(site.data, 'unit.key'), entropy)
  const log = openLog(level, site.unit)
  if (rules?.signed === false) log.warn({ why: rules.why }, 'policy-pack-not-signed-off')
  const console = await serveConsole(socketOf(site), message => new CannotStart(message))
  const store = openStore(join(site.data, 'journal.db'), key, entropy)
  const clientId = `pawl-${site.unit}`
  const unit = startUnit({
    site,
    clock,
    entropy,
    key,
    store,
    log,
    opener: lineOpener,
    rules: rules?.signed ? rules.pack : undefined,
    technicianSecret: technicianSecret(site),
    accepted: device => acceptedAs(site, device, key),
    capture: captureFolder(join(site.data, 'captures'), clock, why =>
      log.warn({ why }, 'capture-not-written'),
    ),
    ...(site.cloud ? { openUplink: mqttUplink({ cloud: site.cloud, clientId, clock, entropy }) } : {}),
    version: { agent: VERSION, node: NODE },
  })
  console.answerFor(unit, key)
  let ending: Promise<void> | undefined
  async function end(): Promise<void> {
    await console.close()
    await unit.stop()
  }
  return { stop: () => (ending ??= end()) }
}

const NODE = globalThis.navigator?.userAgent.replace('Node.js/', '') ?? ''
