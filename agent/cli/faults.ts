import { nearest } from '../../config/problem.ts'
import { type Fault, faults as handbook } from '../../drivers/faults.ts'
import type { Command } from './command.ts'
import { Stop } from './exit.ts'
import { wrap } from './table.ts'

export const faults: Command = {
  name: 'faults',
  usage: '[NAME]',
  about: "the technician's handbook: what each fault means and what to try",
  details: ['Needs no agent.'],
  words: [0, 1],
  examples: ['pawl faults', 'pawl faults no-reply'],
  async run(call) {
    const [name] = call.words
    const all = Object.entries(handbook) as [Fault, (typeof handbook)[Fault]][]
    const shown = all.filter(([fault]) => name === undefined || fault === name)
    if (shown.length === 0) {
      const names = all.map(([fault]) => fault)
      const meant = nearest(name ?? '', names)
      throw new Stop('usage', `There is no fault "${name}".${meant ? ` Did you mean ${meant}?` : ''}`)
    }
    call.tell(Object.fromEntries(shown))
    for (const [fault, { means, tryThis }] of shown) {
      call.say(fault)
      for (const line of [...wrap(`  ${means}`, 2), ...wrap(`  → ${tryThis}`, 4)]) call.say(line)
    }
    return 'ok'
  },
}
