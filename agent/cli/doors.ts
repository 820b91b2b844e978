import { doorStates } from '../domain/door-states.ts'
import type { Command } from './command.ts'
import { table } from './table.ts'

export const doors: Command = {
  name: 'doors',
  usage: '[DOOR…]',
  about: 'every compartment: its door, what is booked in it, its alarms',
  words: [0, 10_000],
  examples: ['pawl doors', 'pawl doors A1 A2', 'pawl doors --json'],
  async run(call) {
    const { doors: all = [] } = await call.agent().ask({ ask: 'doors' })
    const unknown = call.words.find(word => !all.some(({ compartment }) => compartment === word))
    if (unknown !== undefined) {
      call.say(`There is no compartment ${unknown}.`)
      call.tell({ error: `there is no compartment ${unknown}` })
      return 'no'
    }
    const shown = all.filter(({ compartment }) => call.words.length === 0 || call.words.includes(compartment))
    call.tell({ doors: shown })
    const rows = shown.map(each => [
      each.compartment,
      each.size,
      each.door,
      each.booking ?? '',
      each.visit ?? '',
      each.held ?? '',
      each.alarms.join(', '),
      `${each.device}/${each.channel}`,
    ])
    const head = ['door', 'size', 'state', 'booking', 'visit', 'out of use', 'alarms', 'channel']
    for (const line of table(head, rows)) call.say(line)
    for (const { compartment, alarms } of shown)
      for (const alarm of alarms) call.say(`${compartment} ${alarm}: ${doorStates[alarm].staff}`)
    return 'ok'
  },
}
