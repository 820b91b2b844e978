import { createHmac, timingSafeEqual } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Site } from '../config/site.ts'

/** What a technician saw and proved when a device was brought up. */
export const Acceptance = z.strictObject({
  device: z.string(),
  driver: z.string(),
  /** The settings that it stands on: with others it is void. */
  settings: z.string().regex(/^[0-9a-f]{64}$/),
  by: z.string(),
  /** Unix time. */
  at: z.int(),
  /** What was proved, a sentence each. */
  proved: z.array(z.string()),
  /** What was learned of each lock, in milliseconds from the order to the open door. */
  locks: z.array(z.strictObject({ compartment: z.string(), channel: z.int(), latch_ms: z.int() })),
  /** HMAC-SHA-256 over all of the above under the unit's key, in hexadecimal. */
  seal: z.string().regex(/^[0-9a-f]{64}$/),
})
export type Acceptance = z.output<typeof Acceptance>

/** `void`: a setting that it stands on was changed since. `forged`: its seal does not fit. */
export type Accepted = 'accepted' | 'none' | 'void' | 'forged'

const sealOf = (key: Uint8Array, record: Omit<Acceptance, 'seal'>): string =>
  createHmac('sha256', key)
    .update(`acceptance\n${JSON.stringify(record)}`)
    .digest('hex')

export const sealAcceptance = (key: Uint8Array, record: Omit<Acceptance, 'seal'>): Acceptance => ({
  ...record,
  seal: sealOf(key, record),
})

/** Everything in a site file that, changed, makes another device of it: driver, options, line, and which door hangs where. */
export function criticalSettings(site: Site, device: string): string {
  const own = site.devices.find(({ name }) => name === device)
  const line = site.lines.find(({ name }) => name === own?.line)
  const doors = site.compartments
    .filter(each => each.device === device)
    .map(({ name, channel, sensor }) => ({ name, channel, sensor }))
  const text = JSON.stringify([own?.driver, own?.options, { ...line, name: undefined }, doors])
  // A hash, so that a record does not repeat a site; keyed with nothing, because the record is sealed.
  return createHmac('sha256', '').update(text).digest('hex')
}

const fileOf = (data: string, device: string): string => join(data, 'acceptance', `${device}.json`)

export function saveAcceptance(data: string, record: Acceptance): string {
  const file = fileOf(data, record.device)
  mkdirSync(join(data, 'acceptance'), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.new`, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return file
}

/** Whether a device was brought up as it is now. */
export function acceptedAs(site: Site, device: string, key: Uint8Array): Accepted {
  const record = read(fileOf(site.data, device))
  if (record === undefined) return 'none'
  if (record === 'unreadable') return 'forged'
  const { seal, ...rest } = record
  if (!timingSafeEqual(Buffer.from(seal, 'hex'), Buffer.from(sealOf(key, rest), 'hex'))) return 'forged'
  return rest.device === device && rest.settings === criticalSettings(site, device) ? 'accepted' : 'void'
}

function read(file: string): Acceptance | undefined | 'unreadable' {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  try {
    return Acceptance.parse(JSON.parse(text))
  } catch {
    return 'unreadable'
  }
}
