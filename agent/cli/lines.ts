import { systemClock } from '../../drivers/host/clock.ts'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { lineOpener, portOf } from '../../drivers/host/open-line.ts'
import { findPorts } from '../../drivers/host/ports.ts'
import { openDevices } from '../devices.ts'
import { CannotStart, loadSite } from '../run.ts'
import type { LineView } from '../views.ts'
import type { Call, Command } from './command.ts'
import { Stop } from './exit.ts'
import { scanLines } from './scan.ts'
import { table } from './table.ts'

export const lines: Command = {
  name: 'lines',
  usage: '[--scan [PORT…]]',
  about: 'serial ports found, the lines of the site, and what answers on them',
  details: [
    'With an agent running, it says what it sees. Without one, and with --site FILE, each line is',
    'opened for up to 4 seconds and its devices are asked for their state; nothing is moved.',
    'With --scan every port, or those that are named, is searched for devices of every kind by status requests, and what',
    'to write into a site file is printed. Stop the agent first: a port has one owner. A receipt printer may print a line',
    'of rubbish.',
  ],
  options: { scan: { type: 'boolean' }, thorough: { type: 'boolean' } },
  optionHelp: {
    scan: 'search for devices of which nothing is known yet',
    thorough: 'with --scan: every speed a device can have, not only that from the factory',
  },
  words: [0, 16],
  examples: [
    'pawl lines',
    'pawl lines --site /etc/pawl/site.yaml',
    'pawl lines --scan',
    'pawl lines --scan /dev/ttyUSB0 --thorough',
  ],
  async run(call) {
    if (call.flag('scan')) return scanLines(call)
    if (call.words.length > 0)
      throw new Stop('usage', 'Ports are named with --scan only: pawl lines --scan PORT.')
    const ports = findPorts()
    const found = await linesOf(call)
    call.tell({ ports, ...found })
    call.say(ports.length === 0 ? 'No serial ports on this machine.' : 'Serial ports of this machine')
    for (const line of table(
      ['port', 'write in the site file'],
      ports.map(({ path, best }) => [path, best]),
    ).slice(ports.length === 0 ? 1 : 0))
      call.say(line)
    call.say('')
    call.say(SOURCE[found.source])
    for (const line of report(found.lines)) call.say(line)
    return found.lines.every(({ up, devices }) => up && Object.values(devices).every(answers)) ? 'ok' : 'no'
  },
}

interface Found {
  source: 'agent' | 'asked' | 'none'
  lines: LineView[]
}

const SOURCE: Record<Found['source'], string> = {
  agent: 'Lines, as the running agent sees them',
  asked: 'Lines of the site, asked just now',
  none: 'No agent is running, and no --site FILE was given: nothing was asked.',
}

const answers = ({ asked, answered, resting }: LineView['devices'][string]): boolean =>
  asked === 0 || (answered > 0 && !resting)

async function linesOf(call: Call): Promise<Found> {
  try {
    return { source: 'agent', lines: (await call.agent().ask({ ask: 'lines' })).lines ?? [] }
  } catch (error) {
    if (!(error instanceof Stop) || error.exit !== 'away') throw error
    return call.site === undefined
      ? { source: 'none', lines: [] }
      : { source: 'asked', lines: await ask(call.site) }
  }
}

/** Long enough for three unanswered questions to each of a few boards. */
const PATIENCE = 4_000

async function ask(file: string): Promise<LineView[]> {
  const site = siteOf(file)
  const waiting = new Set(site.devices.map(({ name }) => name))
  let settled = () => {}
  const everyone = new Promise<void>(resolve => {
    settled = resolve
  })
  const devices = openDevices(site, {
    clock: systemClock,
    entropy: systemEntropy,
    opener: lineOpener,
    heard(device, { type }) {
      if (type === 'online') waiting.delete(device)
      if (waiting.size === 0) settled()
    },
  })
  const cancel = systemClock.after(PATIENCE, settled)
  await everyone
  cancel()
  const seen = site.lines.map(line => ({
    name: line.name,
    port: portOf(line),
    ...devices.lineStats(line.name),
  }))
  devices.close()
  return seen
}

function siteOf(file: string) {
  try {
    return loadSite(file)
  } catch (error) {
    if (error instanceof CannotStart) throw new Stop('usage', error.message)
    throw error
  }
}

const report = (all: LineView[]): string[] =>
  table(
    ['line', 'port', 'device', 'state', 'noise'],
    all.flatMap(({ name, port, up, why, noise, devices }) => {
      const each = Object.entries(devices)
      return each.length === 0 || !up
        ? [[name, port, each.map(([device]) => device).join(', '), up ? 'up' : `down: ${why}`, String(noise)]]
        : each.map(([device, stats], index) => [
            index === 0 ? name : '',
            index === 0 ? port : '',
            device,
            stats.asked === 0 ? 'listening' : answers(stats) ? 'answers' : 'does not answer',
            index === 0 ? String(noise) : '',
          ])
    }),
  ).slice(all.length === 0 ? 1 : 0)
