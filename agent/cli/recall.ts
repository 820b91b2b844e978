import { Scope } from '../domain/recall.ts'
import type { Call, Command } from './command.ts'
import { Stop } from './exit.ts'
import { gtinOf, order, reasonOf } from './order.ts'
import { table } from './table.ts'

export const recall: Command = {
  name: 'recall',
  usage: '[NAME --gtin GTIN|--lane LANE|--unit --reason TEXT]',
  about: 'keeps packs from being given out; without a name, lists recalls',
  details: ['Obeyed at once, also offline, until it is lifted with `pawl lift NAME`.'],
  options: {
    gtin: { type: 'string' },
    lot: { type: 'string' },
    serial: { type: 'string' },
    lane: { type: 'string' },
    unit: { type: 'boolean' },
    reason: { type: 'string' },
  },
  optionHelp: {
    gtin: 'a product',
    lot: 'a lot of that product',
    serial: 'one pack of that product',
    lane: 'whatever lies in that lane',
    unit: 'everything in the machine',
    reason: 'why, in a few words; required',
  },
  words: [0, 1],
  examples: ['pawl recall', 'pawl recall R-17 --gtin 00312345678906 --lot LOT7 --reason "by the maker"'],
  async run(call) {
    const [name] = call.words
    if (name === undefined) return list(call)
    const reason = reasonOf(call)
    const said = Object.fromEntries(
      ['gtin', 'lot', 'serial', 'lane'].flatMap(option => {
        const text = call.text(option)
        return text === undefined ? [] : [[option, option === 'gtin' ? gtinOf(text) : text]]
      }),
    )
    const scope = Scope.safeParse({ ...said, ...(call.flag('unit') ? { unit: true } : {}) })
    if (!scope.success)
      throw new Stop('usage', 'Say which packs: --gtin (with --lot or --serial), --lane or --unit.')
    const what = { kind: 'recall', recall: name, scope: scope.data, reason, by: call.user } as const
    return order(call, what, `${name} is in force.`)
  },
}

async function list(call: Call): Promise<'ok'> {
  const { recalls = [] } = await call.agent().ask({ ask: 'recalls' })
  call.tell({ recalls })
  const rows = recalls.map(({ id, scope, packs, why }) => [id, scope, String(packs), why])
  for (const line of table(['recall', 'packs that', 'here', 'why'], rows)) call.say(line)
  return 'ok'
}

export const lift: Command = {
  name: 'lift',
  usage: 'NAME --reason TEXT',
  about: 'ends a recall or quarantine',
  options: { reason: { type: 'string' } },
  optionHelp: { reason: 'why, in a few words; required' },
  words: [1, 1],
  examples: ['pawl lift climate-room --reason "pharmacist judged the excursion"'],
  run(call) {
    const [name = ''] = call.words
    const what = { kind: 'lift', recall: name, reason: reasonOf(call), by: call.user } as const
    return order(call, what, `${name} is lifted.`)
  },
}
