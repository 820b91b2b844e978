import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LineConfig, Site } from '../config/site.ts'
import { writeCapture } from '../drivers/capture.ts'
import type { Report } from '../drivers/device.ts'
import type { Clock, Millis } from '../drivers/host/clock.ts'
import { linePace, portOf } from '../drivers/host/open-line.ts'
import type { Devices } from './devices.ts'

/** No line is written down more often: a board that comes and goes must not wear the flash out. */
const AGAIN: Millis = 60_000
/** Files that are kept, all lines together. */
const MOST = 20

/** What passed on a line of late, as people read it. */
export function captureOf(line: LineConfig, devices: Devices, clock: Clock, why: string): string {
  const { baud } = linePace(line)
  return writeCapture(devices.captured(line.name), {
    line: line.name,
    about: line.hid ? portOf(line) : `${portOf(line)}, ${baud} baud`,
    why,
    when: new Date(clock.wall()).toISOString(),
    now: clock.now(),
  })
}

/** Hears every report, and has the conversation that led to each fault written down. */
export function captureFaults(
  site: Site,
  clock: Clock,
  write: (line: string, text: string) => void,
): (devices: Devices, device: string, report: Report) => void {
  const lines = new Map(site.lines.map(line => [line.name, line]))
  const lineOf = new Map(site.devices.map(({ name, line }) => [name, lines.get(line)]))
  const last = new Map<string, Millis>()

  return (devices, device, report) => {
    // A port that is not there has nothing to tell.
    if (report.type !== 'offline' || report.why === 'line-down') return
    const line = lineOf.get(device)
    const now = clock.now()
    if (!line || now - (last.get(line.name) ?? -Infinity) < AGAIN) return
    last.set(line.name, now)
    write(line.name, captureOf(line, devices, clock, `${device} went offline: ${report.why}`))
  }
}

/** Keeps the newest captures in a folder that only the agent may read. What cannot be written is not worth a stop. */
export function captureFolder(
  folder: string,
  clock: Clock,
  failed: (why: string) => void,
): (line: string, text: string) => void {
  return (line, text) => {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const stamp = new Date(clock.wall()).toISOString().replace(/[:.]/g, '-')
      writeFileSync(join(folder, `${stamp}-${line}.txt`), text, { mode: 0o600 })
      const old = readdirSync(folder).sort().slice(0, -MOST)
      for (const name of old) rmSync(join(folder, name))
    } catch (error) {
      failed(error instanceof Error ? error.message : String(error))
    }
  }
}
