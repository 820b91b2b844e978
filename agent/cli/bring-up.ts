import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { Site } from '../../config/site.ts'
import { findDriver } from '../../drivers/catalog.ts'
import type { Report } from '../../drivers/device.ts'
import { systemClock } from '../../drivers/host/clock.ts'
import { systemEntropy } from '../../drivers/host/entropy.ts'
import { lineOpener, linePace } from '../../drivers/host/open-line.ts'
import { isolate } from '../../drivers/isolation.ts'
import { openSharedLine } from '../../drivers/shared-line.ts'
import { criticalSettings, saveAcceptance, sealAcceptance } from '../acceptance.ts'
import { type Bench, NotProved, type Technician } from '../bring-up/bench.ts'
import { bringUp as prove } from '../bring-up/prove.ts'
import { unitKey } from '../key.ts'
import { CannotStart, loadSite, makeFolder } from '../run.ts'
import type { Call, Command } from './command.ts'
import { Stop } from './exit.ts'
import { wrap } from './table.ts'

export const bringUp: Command = {
  name: 'bring-up',
  usage: 'DEVICE --site FILE',
  about: 'proves with you, step by step, what a device does',
  details: [
    'Reads first, and asks before it moves anything. For a lock board each door is read closed, opened and read closed again,',
    'alone; contacts of the other kind and wrong channels are found, and how long each latch takes is learned. What was',
    "proved is written down, sealed with the unit's key, and void as soon as a setting it stands on is changed. Stop the agent",
    'first: a port has one owner.',
  ],
  words: [1, 1],
  examples: ['pawl bring-up board-left --site /etc/pawl/site.yaml'],
  async run(call) {
    const site = siteOf(call)
    const [device = ''] = call.words
    const names = site.devices.map(({ name }) => name)
    if (!names.includes(device))
      throw new Stop('usage', `The site has no device "${device}". Choose: ${names.join(', ')}.`)
    await refuseBesideAgent(call)
    const terminal = createInterface({
      input: process.stdin,
      output: call.json ? process.stderr : process.stdout,
    })
    const { bench, close } = openBench(site, device, technicianAt(terminal, call))
    try {
      const { proved, locks } = await prove(bench)
      makeFolder(site.data)
      const key = unitKey(join(site.data, 'unit.key'), systemEntropy)
      const record = sealAcceptance(key, {
        device,
        driver: site.devices.find(({ name }) => name === device)?.driver ?? '',
        settings: criticalSettings(site, device),
        by: call.user,
        at: Math.round(systemClock.wall()),
        proved,
        locks,
      })
      const file = saveAcceptance(site.data, record)
      call.tell({ ok: true, file, ...record })
      call.say(`${device} is accepted: ${file}`)
      return 'ok'
    } catch (error) {
      if (!(error instanceof NotProved)) throw error
      call.tell({ ok: false, device, says: error.message })
      for (const line of wrap(`Not accepted. ${error.message}`, 2)) call.say(line)
      return 'no'
    } finally {
      close()
      terminal.close()
    }
  },
}

function siteOf(call: Call): Site {
  if (call.site === undefined)
    throw new Stop('usage', 'Say which site file: pawl bring-up DEVICE --site FILE.')
  try {
    return loadSite(call.site)
  } catch (error) {
    if (error instanceof CannotStart) throw new Stop('usage', error.message)
    throw error
  }
}

async function refuseBesideAgent(call: Call): Promise<void> {
  try {
    await call.agent().ask({ ask: 'lines' })
  } catch (error) {
    if (error instanceof Stop && error.exit === 'away') return
    throw error
  }
  throw new Stop('refused', 'The agent is running and owns the ports: stop it first.')
}

/** Asks on the terminal. The end of the input is no. */
function technicianAt(terminal: ReturnType<typeof createInterface>, call: Call): Technician {
  const answers: AsyncIterator<string> = terminal[Symbol.asyncIterator]()
  return {
    say(text) {
      for (const line of wrap(text, 2)) call.say(line)
    },
    async asks(question) {
      const to = call.json ? process.stderr : process.stdout
      to.write(`${wrap(question, 2).join('\n')} [y/N] `)
      const { value, done } = await answers.next()
      return !done && /^\s*y(es)?\s*$/i.test(value)
    },
  }
}

/** The device alone on its line: its neighbours are not asked, so that nothing they say is taken for its. */
function openBench(site: Site, device: string, technician: Technician): { bench: Bench; close(): void } {
  const own = site.devices.find(({ name }) => name === device)
  const cable = site.lines.find(({ name }) => name === own?.line)
  const driver = own && findDriver(own.driver)
  if (!own || !cable || !driver) throw new Error(`the site was loaded without ${device}`)
  const clock = systemClock
  const hearers = new Set<(report: Report) => void>()
  const line = openSharedLine({
    open: lineOpener(cable),
    clock,
    entropy: systemEntropy,
    echo: cable.echo,
    ...linePace(cable),
  })
  const caged = isolate({
    host: {
      bus: line.join(device, driver.manners),
      clock,
      report: report => {
        for (const heard of [...hearers]) heard(settled(site, device, report))
      },
    },
    open: host => driver.open(host, own.options),
    bug: why => technician.say(`The driver went wrong: ${why}.`),
  })
  const bench: Bench = {
    site,
    device,
    clock,
    technician,
    send: caged.send,
    follow(heard) {
      hearers.add(heard)
      return () => void hearers.delete(heard)
    },
    stats: line.stats,
  }
  return {
    bench,
    close() {
      caged.close()
      line.close()
    },
  }
}

/** A switch that reads the other way round than its board documents, as the site file says. */
function settled({ compartments }: Site, device: string, report: Report): Report {
  if (report.type !== 'door') return report
  const place = compartments.find(each => each.device === device && each.channel === report.channel)
  if (place?.sensor !== 'inverted') return report
  return { ...report, open: !report.open, was: report.was === undefined ? undefined : !report.was }
}
