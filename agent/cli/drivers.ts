import { z } from 'zod'
import { nearest } from '../../config/problem.ts'
import { catalog, findDriver, type Listed } from '../../drivers/catalog.ts'
import type { Command } from './command.ts'
import { Stop } from './exit.ts'
import { table, wrap } from './table.ts'

export const drivers: Command = {
  name: 'drivers',
  usage: '[NAME]',
  about: 'the boards and other devices it can drive, and their options',
  details: ['Needs no agent. The bytes of each are in drivers/NAME/PROTOCOL.md of the sources.'],
  words: [0, 1],
  examples: ['pawl drivers', 'pawl drivers fa-fb-vmc'],
  async run(call) {
    const [name] = call.words
    if (name === undefined) {
      call.tell(catalog.map(({ name: each, kind, about }) => ({ name: each, kind, about })))
      const rows = catalog.map(({ name: each, kind, about }) => [each, kind, about])
      for (const line of table(['driver', 'kind', 'for'], rows)) call.say(line)
      return 'ok'
    }
    const driver = findDriver(name)
    if (!driver) {
      const names = catalog.map(each => each.name)
      const meant = nearest(name, names)
      throw new Stop('usage', `There is no driver "${name}".${meant ? ` Did you mean ${meant}?` : ''}`)
    }
    const options = optionsOf(driver)
    call.tell({ name, kind: driver.kind, about: driver.about, options })
    for (const line of wrap(`${name}: ${driver.about}`)) call.say(line)
    for (const { option, fallback, about } of options)
      for (const line of wrap(`  ${option}${fallback === undefined ? '' : ` (${fallback})`}: ${about}`, 4))
        call.say(line)
    return 'ok'
  },
}

/** Each option with its default, as the site file takes it. */
function optionsOf({ options }: Listed): { option: string; fallback?: string; about: string }[] {
  const { properties = {} } = z.toJSONSchema(options, { io: 'input' })
  return Object.entries(properties).map(([option, schema]) => {
    const { default: fallback, description = '' } = typeof schema === 'object' ? schema : {}
    return {
      option,
      ...(fallback === undefined ? {} : { fallback: JSON.stringify(fallback) }),
      about: description,
    }
  })
}
