import { readFileSync } from 'node:fs'
import { readSite } from '../../config/load.ts'
import { explain } from '../../config/problem.ts'
import { driverChecks } from '../../drivers/site-checks.ts'
import { CannotStart, loadRules, loadSite } from '../run.ts'
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
      const rules = rulesOf(file)
      call.tell({ ok: true, problems: [], ...(rules === undefined ? {} : { policy: rules }) })
      call.say(
        `${file} is good: ${unit}, ${lines.length} lines, ${devices.length} devices, ${compartments.length} compartments.`,
      )
      if (rules !== undefined) call.say(rules)
      return 'ok'
    }
    call.tell({ ok: false, problems: loaded.problems })
    for (const problem of loaded.problems) call.say(explain(file, problem))
    return 'no'
  },
}

/** What the policy pack of a kiosk is worth; nothing for what does not dispense. */
function rulesOf(file: string): string | undefined {
  try {
    const rules = loadRules(loadSite(file))
    if (!rules) return undefined
    return rules.signed
      ? `Its policy pack ${rules.pack.name} is signed off by ${rules.by}.`
      : `Its policy pack does not count, so it gives nothing out: ${rules.why}.`
  } catch (error) {
    if (error instanceof CannotStart) return error.message
    throw error
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Stop('usage', `${file} cannot be read: name a site file, such as config/sites/minimal.yaml.`)
  }
}
