import type { Driver, Report } from '../../drivers/device.ts'
import { openSharedLine } from '../../drivers/shared-line.ts'
import type { Plug } from '../devices/peripheral.ts'
import { virtualClock } from '../world/clock.ts'
import { entropy, random } from '../world/random.ts'
import { openWire, QUIET } from '../world/wire.ts'

export interface Plugged<Options> {
  driver: Driver<Options>
  /** As a site file gives them. */
  options?: object
  plugs: Plug[]
  baud?: number
  seed?: number
}

/** One driver, and what hangs on its cable: everything it reported, in order. */
export function plugged<Options>({ driver, options = {}, plugs, baud = 9_600, seed = 1 }: Plugged<Options>) {
  const clock = virtualClock({ wall: 1_800_000_000_000 })
  const dice = random(seed)
  const faults = { ...QUIET }
  const struck = new Map<string, number>()
  const wire = openWire({
    clock,
    random: dice.fork('wire'),
    baud,
    plugs,
    faults,
    struck: fault => void struck.set(fault, (struck.get(fault) ?? 0) + 1),
  })
  const line = openSharedLine({ open: wire.open, clock, entropy: entropy(dice), baud, echo: 'auto' })
  const reports: Report[] = []
  const device = driver.open(
    { bus: line.join('it', driver.manners), clock, report: report => void reports.push(report) },
    driver.options.parse(options),
  )
  const shown = (): string[] => reports.splice(0).map(show)

  return {
    clock,
    wire,
    line,
    faults,
    struck,
    device,
    reports,
    by: (span = 1_500) => clock.now() + span,
    /** Lives on for `span` and tells what was reported in it. */
    async pass(span: number): Promise<string[]> {
      await clock.pass(span)
      return shown()
    },
    async online(): Promise<void> {
      const up = await clock.passUntil(() => reports.some(({ type }) => type === 'online'), 30_000)
      if (!up) throw new Error(`not online after 30 seconds: ${shown()}`)
      // What a first reading brings along.
      await clock.pass(50)
      reports.length = 0
    },
  }
}

/** A report in a few words, for tests that read like a conversation. */
export function show(report: Report): string {
  switch (report.type) {
    case 'door':
      return `${report.channel} ${report.open ? 'open' : 'closed'}${report.was === undefined ? ' (first)' : ''}`
    case 'item':
      return `${report.channel} ${report.present ? 'holds something' : 'is empty'}${report.was === undefined ? ' (first)' : ''}`
    case 'scan':
      return `${report.aim ?? ''}${Buffer.from(report.bytes).toString('latin1')}`
    case 'dispense': {
      const { channel, stage, evidence, last, fault } = report
      return `${channel} ${stage} by ${evidence}${fault === undefined ? '' : ` (${fault})`}${last ? '.' : ''}`
    }
    case 'payment':
      return `${report.state}${report.amount === undefined ? '' : ` ${report.amount}`}`
    case 'printer':
      return report.ready ? `ready${report.soon ? `, ${report.soon}` : ''}` : `not ready: ${report.why}`
    case 'badge':
      return `badge ${report.id}`
    case 'key':
      return `key ${report.key}`
    case 'climate':
      return `${report.celsius} °C ${report.humidity} %`
    case 'input':
      return `${report.name} ${report.on ? 'on' : 'off'}${report.was === undefined ? ' (first)' : ''}`
    case 'moved':
      return `${report.channel} moved`
    case 'online':
      return 'online'
    case 'offline':
      return `offline: ${report.why}`
  }
}
