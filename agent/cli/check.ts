import { readFileSync } from 'node:fs'
import { readSite } from '../../config/load.ts'
import { explain } from '../../config/problem.ts'
import { driverChecks } from '../../drivers/site-checks.ts'
import type { Command } from './command.ts'
import { Stop } from './exit.ts'

export const check: Command = {
  name: 'check',
  usage: 'FILE',
  about: 'says every problem of a site file, each with its line and what to do',
  details: ['Needs no agent. Exit code 1 when there is a problem.'],
  words: [1, 1],
  examples: ['pawl check site.yaml'],
  async run(call) {
    const [file = ''] = call.words
    const loaded = readSite(read(file), [driverChecks])
    if (loaded.ok) {
      const { unit, lines, devices, compartments } = loaded.site
      call.tell({ ok: true, problems: [] })
      call.say(
        `${file} is good: ${unit}, ${lines.length} lines, ${devices.length} devices, ${compartments.length} compartments.`,
      )
      return 'ok'
    }
    call.tell({ ok: false, problems: loaded.problems })
    for (const problem of loaded.problems) call.say(explain(file, problem))
    return 'no'
  },
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Stop('usage', `${file} cannot be read: name a site file, such as config/sites/minimal.yaml.`)
  }
}
