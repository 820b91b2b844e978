import type { Command, Kind, Report } from '../../drivers/device.ts'
import { faults } from '../../drivers/faults.ts'
import type { Millis } from '../../drivers/host/clock.ts'
import { type Bench, NotProved, next, pause } from './bench.ts'

const SHOWN_WITHIN: Millis = 60_000
const DISPENSED_WITHIN: Millis = 90_000
const PAGE = { lines: ['Pawl: a page to prove that it prints.', 'Keep it with the papers of this unit.'] }

/** What a device that is no lock board must prove, by its kind. Nothing moves before the technician said yes. */
export async function proveOther(bench: Bench, kind: Kind | undefined): Promise<string[]> {
  switch (kind) {
    case 'scanner':
      return proveScanner(bench)
    case 'reader':
      return proveReader(bench)
    case 'printer':
      return provePrinter(bench)
    case 'dispenser':
      return proveDispenser(bench)
    case 'sensor':
      return proveSensor(bench)
    case 'controls':
      return proveControls(bench)
    case 'payment':
      return ['a charge was not tried: that is for the bank and a real card']
    case 'locks':
    case undefined:
      return []
  }
}

async function proveScanner(bench: Bench): Promise<string[]> {
  const { technician, clock, send } = bench
  technician.say('Show a code to it. What is in the code is not kept.')
  const heard = next(bench, ({ type }) => type === 'scan', SHOWN_WITHIN)
  // Those that read by themselves refuse it, and that is well.
  await send({ type: 'trigger', on: true, by: clock.now() + 1_500 })
  const scan = await heard
  if (scan?.type !== 'scan')
    throw new NotProved('No code came within a minute. Look at its light, its mode and its suffix.')
  const kind = scan.aim === undefined ? 'without an AIM identifier' : `with the AIM identifier ${scan.aim}`
  technician.say(`A code of ${scan.bytes.length} bytes came, ${kind}.`)
  if (scan.bytes.includes(0x1d)) return ['it reads a code, and its separators come through']
  return [`it reads a code of ${scan.bytes.length} bytes, ${kind}`]
}

async function proveReader(bench: Bench): Promise<string[]> {
  const { technician } = bench
  technician.say('Hold a badge before it, or press a key.')
  const heard = await next(bench, ({ type }) => type === 'badge' || type === 'key', SHOWN_WITHIN)
  if (!heard) throw new NotProved('Nothing came within a minute. Look at its power and its plug.')
  return [heard.type === 'badge' ? 'it reads a badge' : 'its keys come through']
}

async function provePrinter(bench: Bench): Promise<string[]> {
  const { technician } = bench
  if (!(await technician.asks('May it print one page?'))) throw new NotProved('Nothing was printed.')
  await command(bench, { type: 'print', page: PAGE, by: bench.clock.now() + 10_000 })
  if (!(await technician.asks('Is the page out, whole and readable?')))
    throw new NotProved(
      'The printer said that it had printed. Look at ribbon, head and the size of the label.',
    )
  return ['it printed a page, and said so']
}

async function proveDispenser(bench: Bench): Promise<string[]> {
  const { technician } = bench
  if (!(await technician.asks('Lane 1 will be turned once. Is one pack in it, and nobody in the way?')))
    throw new NotProved('Nothing was turned.')
  const ended = next(bench, report => report.type === 'dispense' && report.last, DISPENSED_WITHIN)
  await command(bench, { type: 'vend', channel: 1, by: bench.clock.now() + 3_000 })
  const end = await ended
  if (end?.type !== 'dispense')
    throw new NotProved('It was told to turn, and said nothing more. Look at the lane.')
  if (end.stage !== 'dropped' && end.stage !== 'turned')
    throw new NotProved(
      `It ended as ${end.stage}${end.fault ? ` (${end.fault}). ${faults[end.fault].tryThis}` : '.'}`,
    )
  if (!(await technician.asks('Did one pack fall, and no other?')))
    throw new NotProved('What fell and what it said do not agree. Clean the drop sensor and count the lane.')
  return [end.stage === 'dropped' ? 'one pack fell, and its drop sensor saw it' : 'its motor turned once']
}

async function proveSensor(bench: Bench): Promise<string[]> {
  const { technician, clock } = bench
  const seen = new Map<string, string>()
  const stop = bench.follow(report => {
    const [name, value] = tell(report)
    if (name !== undefined && value !== undefined) seen.set(name, value)
  })
  technician.say('Reading it for a quarter of a minute: breathe on it, or move its contact.')
  await pause(clock, 15_000)
  stop()
  for (const [name, value] of seen) technician.say(`${name}: ${value}`)
  if (seen.size === 0)
    throw new NotProved('Nothing changed in that time. Move its contact, or breathe on it, while it is read.')
  if (!(await technician.asks('Is that so?')))
    throw new NotProved('Look at its options: scale, or which state means on.')
  return [...seen].map(([name, value]) => `${name} reads ${value}`)
}

function tell(report: Report): [name?: string, value?: string] {
  if (report.type === 'climate') return ['climate', `${report.celsius} °C, ${report.humidity} %`]
  return report.type === 'input' ? [report.name, report.on ? 'on' : 'off'] : []
}

async function proveControls(bench: Bench): Promise<string[]> {
  const { technician, clock, site, device } = bench
  const options = site.devices.find(({ name }) => name === device)?.options
  const parts = Array.isArray(options?.parts) ? (options.parts as { channel?: number; type: string }[]) : []
  const proved: string[] = []
  for (const { channel, type } of parts) {
    if (channel === undefined || !['light', 'buzzer', 'relay'].includes(type)) continue
    if (!(await technician.asks(`${type} ${channel} will be on for two seconds. May it?`))) continue
    await command(bench, { type: 'switch', channel, on: true, by: clock.now() + 1_500 })
    await pause(clock, 2_000)
    await command(bench, { type: 'switch', channel, on: false, by: clock.now() + 1_500 })
    if (!(await technician.asks(`Was it ${type} ${channel}, and no other?`)))
      throw new NotProved(`${type} ${channel} is not where the site file says. Compare the pins.`)
    proved.push(`${type} ${channel} went on and off`)
  }
  return proved
}

async function command(bench: Bench, what: Command): Promise<void> {
  const outcome = await bench.send(what)
  if (!outcome.ok) throw new NotProved(`It refused (${outcome.fault}). ${faults[outcome.fault].tryThis}`)
}
