import { findDriver } from '../../drivers/catalog.ts'
import { faults } from '../../drivers/faults.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { type Bench, NotProved, next, type Proof } from './bench.ts'
import { proveLocks } from './locks.ts'
import { proveOther } from './others.ts'

const ONLINE_WITHIN: Millis = 30_000
const STEADY_FOR: Millis = 5_000

/**
 * Brings a device up: reads first, asks before it moves anything, and proves what its kind promises. For locks each door
 * is read closed, opened, and read closed again, and the three must agree.
 */
export async function bringUp(bench: Bench): Promise<Proof> {
  const doors = new Map<number, boolean>()
  const stop = bench.follow(report => {
    if (report.type === 'door') doors.set(report.channel, report.open)
    if (report.type === 'offline') doors.clear()
  })
  try {
    const proved = [await proveAnswers(bench)]
    const kind = findDriver(driverOf(bench))?.kind
    const locks = kind === 'locks' ? await proveLocks(bench, doors) : []
    if (kind === 'locks') proved.push(`${locks.length} doors read closed, open and closed again, each alone`)
    else proved.push(...(await proveOther(bench, kind)))
    return { proved, locks }
  } finally {
    stop()
  }
}

const driverOf = ({ site, device }: Bench): string =>
  site.devices.find(({ name }) => name === device)?.driver ?? ''

/** It answers, nothing but it answers, and it goes on answering. */
async function proveAnswers(bench: Bench): Promise<string> {
  const { technician, stats, device } = bench
  technician.say('Reading it, moving nothing …')
  const first = await next(bench, ({ type }) => type === 'online' || type === 'offline', ONLINE_WITHIN)
  if (first?.type !== 'online') {
    const why = first?.type === 'offline' ? first.why : 'no-reply'
    const frame = first?.type === 'offline' && first.frame ? ` It was asked ${first.frame}.` : ''
    throw new NotProved(`${device} does not answer (${why}).${frame} ${faults[why].tryThis}`)
  }
  const before = stats()
  const lost = await next(bench, ({ type }) => type === 'offline', STEADY_FOR)
  if (lost) throw new NotProved(`${device} answered, and then no more. Look at its plugs and its power.`)
  const now = stats()
  const noise = now.noise - before.noise
  const own = now.devices[device]
  const failed = (own?.failed ?? 0) - (before.devices[device]?.failed ?? 0)
  if (noise > 0 || failed > 0)
    throw new NotProved(
      `Within ${STEADY_FOR / 1_000} seconds ${noise} bytes came that belong to nothing, and ${failed} questions were not answered. ` +
        'Look for a second device with the same address, for A and B, and for the end of the line.',
    )
  technician.say('It answers, and nothing else does.')
  return `it answers, and for ${STEADY_FOR / 1_000} seconds nothing else did`
}
