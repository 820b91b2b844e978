import { type Discovery, discover, type Found } from '../../drivers/discovery.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { findPorts } from '../../drivers/host/ports.ts'
import { serialLine } from '../../drivers/host/serial-line.ts'
import type { Call } from './command.ts'
import { type Exit, Stop } from './exit.ts'
import { wrap } from './table.ts'

interface Scanned extends Discovery {
  port: string
}

/** Looks on each port for whatever can be asked, and prints what to write into a site file. */
export async function scanLines(call: Call): Promise<Exit> {
  const ports = call.words.length > 0 ? call.words : findPorts().map(({ best }) => best)
  const bad = ports.find(port => !port.startsWith('/'))
  if (bad !== undefined) throw new Stop('usage', `"${bad}" is no port: name one such as /dev/ttyUSB0.`)
  if (ports.length === 0) {
    call.tell({ scanned: [] })
    call.say('No serial ports on this machine: plug the adapter in, or name a port.')
    return 'no'
  }
  const scanned: Scanned[] = []
  for (const port of ports) {
    call.say(`${port}: asking for states, moving nothing …`)
    scanned.push({ port, ...(await scan(port, call)) })
  }
  call.tell({ scanned })
  for (const each of scanned) report(each, call)
  const found = scanned.flatMap(each => each.found)
  if (found.length > 0) for (const line of siteLines(scanned)) call.say(line)
  return found.length > 0 && found.every(({ doubts }) => doubts.length === 0) ? 'ok' : 'no'
}

const scan = (path: string, call: Call): Promise<Discovery> =>
  discover({
    opener: baud => serialLine({ path, baud, data_bits: 8, parity: 'none', stop_bits: 1 }),
    clock: systemClock,
    entropy: systemEntropy,
    thorough: call.flag('thorough'),
    trying: (driver, baud) => call.say(`  ${driver} at ${baud}`),
  })

function report({ port, found, why }: Scanned, call: Call): void {
  const say = (text: string): void => {
    for (const line of wrap(text, 2)) call.say(line)
  }
  if (why !== undefined) return say(`${port}: ${why}`)
  if (found.length === 0)
    say(`${port}: nothing answered. Check power, A and B, and the baud rate (--thorough tries others).`)
  for (const { driver, baud, options, says, doubts } of found) {
    say(`${port}: ${driver} ${JSON.stringify(options)} at ${baud}: ${says}.`)
    for (const doubt of doubts) say(`  Doubt: ${doubt}.`)
  }
}

/** As they go into a site file. */
export function siteLines(scanned: Scanned[]): string[] {
  const cables = scanned.flatMap(({ port, found }) =>
    [...Map.groupBy(found, ({ baud }) => baud)].map(([baud, devices]) => ({ port, baud, devices })),
  )
  const named = cables.map((cable, index) => ({ ...cable, name: `line-${index + 1}` }))
  return [
    '',
    'For the site file, to paste:',
    '',
    'lines:',
    ...named.map(({ name, port, baud }) => `  - { name: ${name}, serial: { path: ${port}, baud: ${baud} } }`),
    'devices:',
    ...named.flatMap(({ name, devices }) => devices.map(each => `  - ${deviceLine(name, each)}`)),
  ]
}

function deviceLine(line: string, { driver, options }: Found): string {
  const said = Object.entries(options).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  const number = 'address' in options ? `-${options.address}` : ''
  const about = said.length === 0 ? '' : `, options: { ${said.join(', ')} }`
  return `{ name: ${driver}${number}-on-${line}, line: ${line}, driver: ${driver}${about} }`
}
