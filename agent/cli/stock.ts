import { tellEntry } from '../domain/tell.ts'
import type { Command } from './command.ts'
import { Stop } from './exit.ts'
import { gtinOf, order, reasonOf } from './order.ts'
import { table } from './table.ts'

export const stock: Command = {
  name: 'stock',
  usage: '[LANE…]',
  about: 'every pack in the machine, lane by lane, the front first',
  words: [0, 1_000],
  examples: ['pawl stock', 'pawl stock L1 L2 --json'],
  async run(call) {
    const { stock: all = [] } = await call.agent().ask({ ask: 'stock' })
    const unknown = call.words.find(word => !all.some(({ lane }) => lane === word))
    if (unknown !== undefined) throw new Stop('usage', `There is no lane ${unknown}.`)
    const shown = all.filter(({ lane }) => call.words.length === 0 || call.words.includes(lane))
    call.tell({ stock: shown })
    const rows = shown.flatMap(({ lane, product, capacity, packs }) => [
      [lane, product, `${packs.length}/${capacity}`, '', '', '', ''],
      ...packs.map(({ position, serial, lot, expiry, barred, held_for: held }) => [
        '',
        '',
        String(position),
        serial,
        lot,
        expiry,
        barred ?? (held === undefined ? '' : `held for ${held}`),
      ]),
    ])
    for (const line of table(['lane', 'product', 'packs', 'serial', 'lot', 'expires', ''], rows))
      call.say(line)
    return 'ok'
  },
}

export const load: Command = {
  name: 'load',
  usage: 'LANE [--end]',
  about: 'begins to fill a lane, pack by pack at the pack scanner',
  details: [
    'Tells what becomes of each pack until Ctrl-C; the lane is being filled until --end, or for ten quiet minutes.',
  ],
  options: { end: { type: 'boolean' } },
  optionHelp: { end: 'the lane is filled' },
  words: [1, 1],
  examples: ['pawl load L1', 'pawl load L1 --end'],
  async run(call) {
    const [lane = ''] = call.words
    const kind = call.flag('end') ? 'load-end' : 'load'
    const exit = await order(
      call,
      { kind, lane, by: call.user },
      `Lane ${lane} is ${kind === 'load' ? 'being filled' : 'filled'}.`,
    )
    if (exit !== 'ok' || kind === 'load-end' || call.json) return exit
    await call.agent().ask({ ask: 'journal', follow: true, limit: 1 }, ({ rows = [] }) => {
      for (const { entry } of rows) if ('lane' in entry && entry.lane === lane) call.say(tellEntry(entry))
    })
    return 'ok'
  },
}

export const removePack: Command = {
  name: 'remove',
  usage: 'GTIN SERIAL --reason TEXT',
  about: 'says that a pack was taken out by hand, and why',
  options: { reason: { type: 'string' } },
  optionHelp: { reason: 'why, in a few words; required' },
  words: [2, 2],
  examples: ['pawl remove 00312345678906 SER42 --reason "expired"'],
  async run(call) {
    const [gtin = '', serial = ''] = call.words
    const what = {
      kind: 'remove-pack',
      gtin: gtinOf(gtin),
      serial,
      reason: reasonOf(call),
      by: call.user,
    } as const
    return order(call, what, `${gtin} ${serial} is out of the machine.`)
  },
}
